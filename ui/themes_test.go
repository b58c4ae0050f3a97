package ui

import (
	"image/color"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"optflow/model/memory"
	"optflow/ui/paint"
	"optflow/ui/table"
)

var sgr = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// No theme and no depth changes a word: who sees no colours loses nothing.
func TestThemesChangeNoWord(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("j", "j")
	want := sgr.ReplaceAllString(s.m.View().Content, "")
	for _, name := range s.m.opt.Themes.Names() {
		for _, p := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.ANSI, colorprofile.ANSI256, colorprofile.TrueColor} {
			s.m.Update(tea.ColorProfileMsg{Profile: p})
			if err := s.m.looks.choose(name); err != nil {
				t.Fatal(err)
			}
			if got := sgr.ReplaceAllString(s.m.View().Content, ""); got != want {
				t.Errorf("%s at %v changes the text", name, p)
			}
		}
	}
}

func TestThemeIsSwitchedLive(t *testing.T) {
	f := &fakeMemory{}
	s := newStage(t, 120, 30, remembering(f)).fill()
	before := s.m.View().Content
	s.keys(":")
	s.typed("theme classic")
	s.keys("enter")
	kept := keptOf[memory.Choices](f)
	if s.m.looks.name != "classic" || len(kept) != 1 || kept[0].Theme != "classic" {
		t.Fatalf("theme %s, kept %+v", s.m.looks.name, kept)
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
	if err := s.m.looks.choose(paint.Dark); err != nil {
		t.Fatal(err)
	}
	s.m.Update(tea.BackgroundColorMsg{Color: color.White})
	if s.m.View().Content != dark {
		t.Error("a chosen theme follows the ground")
	}
	if s.m.looks.ask() != nil {
		t.Error("asks for a ground that changes nothing")
	}
}

// Every screen has an ASCII twin, cell for cell, that says the same.
func TestASCIITwins(t *testing.T) {
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
}

func plainOf(options func(*Options), play func(*stage), t *testing.T, size [2]int) string {
	s := newStage(t, size[0], size[1], options)
	play(s)
	return s.m.View().Content
}

func TestSortIsKept(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	if k := s.m.kept.atEnd(s.m.choices()); k.Sort != "" {
		t.Errorf("kept %+v of a run that changed nothing", k)
	}
	s.m.tape.SortBy(table.TapeColumn("premium"))
	s.m.tape.SortBy(table.TapeColumn("premium"))
	k := s.m.kept.atEnd(s.m.choices())
	if k.Sort != "-premium" {
		t.Fatalf("kept %+v", k)
	}
	again := newStage(t, 120, 30, chosenBefore(k)).fill()
	if again.m.tape.List.SortText() != k.Sort || again.m.tape.Table.Following {
		t.Errorf("came back as %s", again.m.tape.List.SortText())
	}
	s = newStage(t, 120, 30, nil).fill().day()
	s.keys("v")
	if k = s.m.kept.atEnd(s.m.choices()); k.View != "contracts" {
		t.Fatalf("kept %+v", k)
	}
	again = newStage(t, 120, 30, chosenBefore(k)).fill().day()
	again.look()
	again.has(" Contracts ")
	again.keys("v", "v", "v")
	if k = again.m.kept.atEnd(again.m.choices()); k.View != "tape" {
		t.Fatalf("back on the tape: kept %+v", k)
	}
	newStage(t, 120, 30, chosenBefore(memory.Choices{Sort: "no such column"})).fill().has("newest first")
}

func TestChosenColumns(t *testing.T) {
	for _, size := range sizes {
		s := newStage(t, size[0], size[1], func(o *Options) { o.Columns = []string{"premium", "IV", "v/oi"} }).fill()
		checkCells(t, s.m.View().Content, size[0], size[1])
		head := sgr.ReplaceAllString(strings.Split(s.m.View().Content, "\n")[2], "")
		if got := strings.Join(strings.Fields(head), " "); got != "TIME↓ TICK STRIKE PREMIUM IV V/OI" {
			t.Errorf("at %v: %q", size, got)
		}
		for range table.Tape {
			s.keys("l")
		}
		checkCells(t, s.m.View().Content, size[0], size[1])
	}
	if err := table.Check([]string{"premum"}); err == nil || !strings.Contains(err.Error(), "premium") {
		t.Errorf("premum: %v", err)
	}
}
