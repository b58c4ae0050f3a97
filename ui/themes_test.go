package ui

import (
	"errors"
	"image/color"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Every theme gives every role a colour at every depth; mono gives none.
func TestThemesAreWhole(t *testing.T) {
	for name, p := range palettes {
		for r := roleText; r < roleCount; r++ {
			c := p[r]
			switch {
			case roleNames[r] == "":
				t.Fatalf("role %d has no name", r)
			case name == themeMono && c != (colour{}):
				t.Errorf("mono has a colour for %s", roleNames[r])
			case name == themeMono || r == roleSim || r == roleLate:
			case c.rgb == 0 || c.c256 < 16:
				t.Errorf("%s: %s is %+v", name, roleNames[r], c)
			case r < roleBar && r != roleText && c.c16 == 0:
				t.Errorf("%s: %s has none of the 16 colours", name, roleNames[r])
			}
		}
	}
	for i := inkStrong; i < inkCount; i++ {
		if inkLooks[i].role == roleOwn {
			t.Errorf("ink %d has no role", i)
		}
	}
}

// What must be told apart is told apart in every theme at every depth.
func TestThemesTellApart(t *testing.T) {
	for name, p := range palettes {
		for d := depthNone; d <= depthTrue && (d == depthNone || name != themeMono); d++ {
			th := newTheme(p, d)
			pairs := [][2]ink{{inkText, inkStrong}, {inkText, inkAccent}, {inkText, inkWarn}, {inkText, inkSim}, {inkText, inkMatch}, {inkHeader, inkCursor}}
			if d != depthNone {
				pairs = append(pairs, [][2]ink{{inkCall, inkPut}, {inkAsk, inkBid}, {inkSmall, inkLarge}, {inkGood, inkBad}, {inkGood, inkPulse}}...)
			}
			for _, pair := range pairs {
				if th.sgr[groundPlain][pair[0]] == th.sgr[groundPlain][pair[1]] {
					t.Errorf("%s, depth %d: inks %d and %d look the same", name, d, pair[0], pair[1])
				}
			}
			if th.sgr[groundPlain][inkText] == th.sgr[groundSelected][inkText] {
				t.Errorf("%s, depth %d: the selection does not show", name, d)
			}
		}
	}
}

// contrast is WCAG's ratio of two colours.
func contrast(a, b uint32) float64 {
	light := func(c uint32) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v := float64(c>>(16-8*i)&0xff) / 255
			if v <= 0.03928 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += weight * v
		}
		return sum
	}
	x, y := light(a)+0.05, light(b)+0.05
	return max(x, y) / min(x, y)
}

// Inks are legible on their theme's ground (4.5, WCAG's AA), what is faint on
// purpose at 2.
func TestThemesAreLegible(t *testing.T) {
	for name, p := range palettes {
		if name == themeMono {
			continue
		}
		grounds := []uint32{0x101014, p[roleSelected].rgb, p[roleWhale].rgb}
		if name == themeLight {
			grounds[0] = 0xffffff
		}
		for r := roleText; r < roleSim; r++ {
			least := 4.5
			switch r {
			case roleFaint:
				least = 2
			case rolePulse, roleDim, roleSmall:
				least = 3
			}
			for i, g := range grounds {
				if i > 0 && (r == roleFaint || r == roleDim || r == roleSmall || r == rolePulse) {
					continue // replaced by text there, or never there
				}
				if got := contrast(p[r].rgb, g); got < least {
					t.Errorf("%s: %s on %06x has contrast %.1f, want %.1f", name, roleNames[r], g, got, least)
				}
			}
		}
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// No theme and no depth changes a word: who sees no colours loses nothing.
func TestThemesChangeNoWord(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("j", "j")
	want := sgr.ReplaceAllString(s.m.View().Content, "")
	for _, name := range s.m.opt.Themes.Names() {
		for _, p := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.ANSI, colorprofile.ANSI256, colorprofile.TrueColor} {
			s.m.Update(tea.ColorProfileMsg{Profile: p})
			if err := s.m.setTheme(name); err != nil {
				t.Fatal(err)
			}
			if got := sgr.ReplaceAllString(s.m.View().Content, ""); got != want {
				t.Errorf("%s at %v changes the text", name, p)
			}
		}
	}
}

func TestThemeIsSwitchedLive(t *testing.T) {
	var kept []Kept
	s := newStage(t, 120, 30, func(o *Options) { o.Remember = func(k Kept) error { kept = append(kept, k); return nil } }).fill()
	before := s.m.View().Content
	s.keys(":")
	s.typed("theme classic")
	s.keys("enter")
	if s.m.themeName != "classic" || len(kept) != 1 || kept[0].Theme != "classic" {
		t.Fatalf("theme %s, kept %+v", s.m.themeName, kept)
	}
	if s.m.View().Content == before {
		t.Error("nothing changed")
	}
	s.keys(":")
	s.typed("theme nosuch")
	s.keys("enter")
	s.has("there are auto, blue-orange, classic, dark, light, mono")
}

func TestGroundIsDetected(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	dark := s.m.View().Content
	s.m.Update(tea.BackgroundColorMsg{Color: color.White})
	if s.m.View().Content == dark {
		t.Error("auto stays dark on white")
	}
	s.m.Update(tea.BackgroundColorMsg{Color: color.Black})
	if s.m.View().Content != dark {
		t.Error("auto does not come back on black")
	}
	if err := s.m.setTheme(themeDark); err != nil {
		t.Fatal(err)
	}
	s.m.Update(tea.BackgroundColorMsg{Color: color.White})
	if s.m.View().Content != dark {
		t.Error("a chosen theme follows the ground")
	}
	if s.m.askGround() != nil {
		t.Error("asks for a ground that changes nothing")
	}
	for value, light := range map[string]bool{"": false, "0;15": true, "15;0": false, "0;default;7": true, "7;8": false, "x": false, "12;16": false} {
		if got := lightByEnv([]string{"COLORFGBG=" + value}); got != light {
			t.Errorf("COLORFGBG=%s is light: %v", value, got)
		}
	}
}

func TestOwnThemes(t *testing.T) {
	themes, err := NewThemes(map[string]map[string]string{"paper": {"base": "light", "call": "#005fd7 26 blue", "selected": "bright-white", "put": "130", "ask": "#000000"}})
	if err != nil {
		t.Fatal(err)
	}
	p := themes.byName["paper"]
	for r, want := range map[role]colour{
		roleCall: {0x005fd7, 26, 34}, roleSelected: {c16: 107}, rolePut: {0xaf5f00, 130, 31}, roleAsk: {0, 16, 30}, roleText: light[roleText],
	} {
		if p[r] != want {
			t.Errorf("%s is %+v, want %+v", roleNames[r], p[r], want)
		}
	}
	for key, own := range map[string]map[string]map[string]string{
		"dark":       {"dark": {}},
		"x.base":     {"x": {"base": "y"}},
		"x.calls":    {"x": {"calls": "red"}},
		"x.call":     {"x": {"call": "#12345"}},
		"x.put":      {"x": {"put": "256"}},
		"x.ask":      {"x": {"ask": "red blue"}},
		"x.bid":      {"x": {"bid": ""}},
		"x.own":      {"x": {"own": "red"}},
		"two words":  {"two words": {}},
		"x.selected": {"x": {"selected": "light-red"}},
	} {
		_, err := NewThemes(own)
		if bad, ok := errors.AsType[*ThemeError](err); !ok || bad.Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func FuzzParseColour(f *testing.F) {
	f.Add("#6fc3ff 75 bright-cyan")
	f.Add("default")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseColour(text, true)
		if err == nil && c.c16 != 0 && (c.c16 < 40 || c.c16 > 47 && c.c16 < 100 || c.c16 > 107) {
			t.Fatalf("%q is %+v", text, c)
		}
	})
}

// Every screen has an ASCII twin, cell for cell, that says the same.
func TestASCII(t *testing.T) {
	for _, sc := range scenes {
		for _, size := range sizes {
			s := newStage(t, size[0], size[1], func(o *Options) {
				if sc.options != nil {
					sc.options(o)
				}
				o.ASCII = true
			})
			sc.play(s)
			frame := s.m.View().Content
			checkCells(t, frame, size[0], size[1])
			for i := range len(frame) {
				if frame[i] >= utf8.RuneSelf {
					t.Fatalf("%s: %q is not ASCII", sc.name, frame[max(i-20, 0):min(i+4, len(frame))])
				}
			}
			if strings.Contains(frame, "?") && !strings.Contains(plainOf(sc.options, sc.play, t, size), "?") {
				t.Errorf("%s: a glyph has no twin", sc.name)
			}
		}
	}
	for _, sc := range viewScenes {
		s := newStage(t, 120, 30, func(o *Options) { o.ASCII = true })
		s.fill().day()
		sc.play(s)
		frame := s.m.View().Content
		checkCells(t, frame, 120, 30)
		if strings.ContainsFunc(frame, func(r rune) bool { return r >= utf8.RuneSelf }) {
			t.Errorf("%s is not ASCII", sc.name)
		}
	}
	if got := toASCII("a · b ····· ░░"); got != "a | b ''''' .." {
		t.Errorf("%q", got)
	}
	if got := toASCII("V/OI ≥ 500, ≤7 漢 … \x1b[1m●"); got != "V/OI >=500, <7 ?? . \x1b[1m*" {
		t.Errorf("%q", got)
	}
}

func plainOf(options func(*Options), play func(*stage), t *testing.T, size [2]int) string {
	s := newStage(t, size[0], size[1], options)
	play(s)
	return s.m.View().Content
}

func TestASCIIByEnv(t *testing.T) {
	for env, want := range map[string]bool{
		"": false, "LANG=C": true, "LANG=POSIX": true, "LANG=en_US.UTF-8": false, "LANG=de_DE.utf8": false, "LANG=de_DE.ISO-8859-1": true,
		"LANG=C LC_ALL=en_US.UTF-8": false, "LANG=en_US.UTF-8 LC_CTYPE=C": true, "TERM=linux LANG=en_US.UTF-8": true, "TERM=xterm-256color": false,
	} {
		if got := ASCIIByEnv(strings.Fields(env)); got != want {
			t.Errorf("%q: %v", env, got)
		}
	}
}

func TestSortIsKept(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	if k := s.m.atEnd(); k.Sort != "" {
		t.Errorf("kept %+v of a run that changed nothing", k)
	}
	s.m.sortBy(colPremium)
	s.m.sortBy(colPremium)
	k := s.m.atEnd()
	if k.Sort != "-premium" {
		t.Fatalf("kept %+v", k)
	}
	again := newStage(t, 120, 30, func(o *Options) { o.Before = k }).fill()
	if again.m.sortText() != k.Sort || again.m.table.following {
		t.Errorf("came back as %s", again.m.sortText())
	}
	s = newStage(t, 120, 30, nil).fill().day()
	s.keys("v")
	if k = s.m.atEnd(); k.View != "contracts" {
		t.Fatalf("kept %+v", k)
	}
	again = newStage(t, 120, 30, func(o *Options) { o.Before = k }).fill().day()
	again.look()
	again.has(" Contracts ")
	again.keys("v", "v", "v")
	if k = again.m.atEnd(); k.View != "tape" {
		t.Fatalf("back on the tape: kept %+v", k)
	}
	newStage(t, 120, 30, func(o *Options) { o.Before.Sort = "no such column" }).fill().has("newest first")
}

func TestChosenColumns(t *testing.T) {
	for _, size := range sizes {
		s := newStage(t, size[0], size[1], func(o *Options) { o.Columns = []string{"premium", "IV", "v/oi"} }).fill()
		checkCells(t, s.m.View().Content, size[0], size[1])
		head := sgr.ReplaceAllString(strings.Split(s.m.View().Content, "\n")[2], "")
		if got := strings.Join(strings.Fields(head), " "); got != "TIME↓ TICK STRIKE PREMIUM V/OI IV" {
			t.Errorf("at %v: %q", size, got)
		}
		for range columnCount {
			s.keys("l")
		}
		checkCells(t, s.m.View().Content, size[0], size[1])
	}
	if err := CheckColumns([]string{"premum"}); err == nil || !strings.Contains(err.Error(), "premium") {
		t.Errorf("premum: %v", err)
	}
}
