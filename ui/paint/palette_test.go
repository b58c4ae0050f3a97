package paint

import (
	"errors"
	"math"
	"testing"
)

// Every theme gives every role a colour at every depth; mono gives none.
func TestThemesAreWhole(t *testing.T) {
	for name, p := range palettes {
		for r := roleText; r < roleCount; r++ {
			c := p[r]
			switch {
			case roleNames[r] == "":
				t.Fatalf("role %d has no name", r)
			case name == Mono && c != (colour{}):
				t.Errorf("mono has a colour for %s", roleNames[r])
			case name == Mono || r == roleSim || r == roleLate:
			case c.rgb == 0 || c.c256 < 16:
				t.Errorf("%s: %s is %+v", name, roleNames[r], c)
			case r < roleBar && r != roleText && c.c16 == 0:
				t.Errorf("%s: %s has none of the 16 colours", name, roleNames[r])
			}
		}
	}
	for i := Strong; i < inkCount; i++ {
		if inkLooks[i].role == roleOwn {
			t.Errorf("ink %d has no role", i)
		}
	}
}

// What must be told apart is told apart in every theme at every depth.
func TestThemesTellApart(t *testing.T) {
	for name, p := range palettes {
		for d := NoColours; d <= TrueColour && (d == NoColours || name != Mono); d++ {
			th := newTheme(p, d)
			pairs := [][2]Ink{{Text, Strong}, {Text, Accent}, {Text, Warn}, {Text, Sim}, {Text, Match}, {Header, Cursor}}
			if d != NoColours {
				pairs = append(pairs, [][2]Ink{{Call, Put}, {Ask, Bid}, {Small, Large}, {Good, Bad}, {Good, Pulse}}...)
			}
			for _, pair := range pairs {
				if th.sgr[OnPlain][pair[0]] == th.sgr[OnPlain][pair[1]] {
					t.Errorf("%s, depth %d: inks %d and %d look the same", name, d, pair[0], pair[1])
				}
			}
			if th.sgr[OnPlain][Text] == th.sgr[OnSelected][Text] {
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
		if name == Mono {
			continue
		}
		grounds := []uint32{0x101014, p[roleSelected].rgb, p[roleWhale].rgb}
		if name == Light {
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

func TestASCII(t *testing.T) {
	if got := ASCII("a · b ····· ░░"); got != "a | b ''''' .." {
		t.Errorf("%q", got)
	}
	if got := ASCII("V/OI ≥ 500, ≤7 漢 … \x1b[1m●"); got != "V/OI >=500, <7 ?? . \x1b[1m*" {
		t.Errorf("%q", got)
	}
}
