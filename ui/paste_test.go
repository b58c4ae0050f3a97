package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/pane"
)

// paste pastes a text as the terminal hands it over, and lets what comes of it
// end.
func (s *stage) paste(text string) {
	s.t.Helper()
	_, cmd := s.m.Update(tea.PasteMsg{Content: text})
	for cmd != nil {
		_, cmd = s.m.Update(cmd())
	}
}

// Lines become one line, with one blank for each break whatever breaks them.
func TestPastedLines(t *testing.T) {
	for _, text := range []string{"nvda\rcalls", "nvda\ncalls", "nvda\r\ncalls", "nvda\tcalls", "nvda\u2028calls", "nvda calls"} {
		s := newStage(t, 120, 30, nil).fill()
		s.keys("/")
		s.paste(text)
		if got := s.m.line.String(); got != "nvda calls" {
			t.Errorf("%q in the filter line is %q", text, got)
		}
		s.keys("esc", ":")
		s.paste(text)
		if got := s.m.command.String(); got != "nvda calls" {
			t.Errorf("%q in the command line is %q", text, got)
		}
		s.keys("esc", "ctrl+f")
		s.paste(text)
		if got := s.m.findLine().String(); got != "nvda calls" {
			t.Errorf("%q in the find line is %q", text, got)
		}
	}
}

// A list that is pasted into the picker is checked entry by entry, and looked up
// where it is not known. What is refused stays, with the reason.
func TestPastedTickers(t *testing.T) {
	for _, text := range []string{"AMD,COIN hood", "amd\rcoin\rhood\r", "AMD\r\nCOIN\r\n\r\nHOOD", "$AMD; COIN;\tHOOD, AMD"} {
		s := newStage(t, 120, 30, nil).fill()
		var asked []string
		s.feed.lookup = func(symbol string) error { asked = append(asked, symbol); return nil }
		s.keys("t")
		s.paste(text)
		s.has("[x] AMD", "[x] COIN", "[x] HOOD", "[x] SPY")
		if !slices.Equal(asked, []string{"COIN", "HOOD"}) {
			t.Errorf("%q: looked up %v", text, asked)
		}
		s.keys("enter")
		if got := s.feed.followed; len(got) != 1 || !slices.Equal(got[0], []string{"AMD", "COIN", "HOOD", "NVDA", "QQQ", "SPY"}) {
			t.Errorf("%q: followed %v", text, got)
		}
	}
}

func TestPastedTickersRefused(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.feed.lookup = func(symbol string) error {
		if symbol == "XQZ" || symbol == "QXZ" {
			return errors.New("there are no options on " + symbol)
		}
		return nil
	}
	s.keys("t")
	s.paste("XQZ,AMD,^SPX,HOOD,QXZ")
	s.has(`"^SPX" is no ticker: did you mean SPX?`, "^SPX,XQZ,QXZ")
	s.keys("enter") // the others, and not the same questions again
	if got := s.feed.followed; len(got) != 1 || !slices.Equal(got[0], []string{"AMD", "HOOD", "NVDA", "QQQ", "SPY"}) {
		t.Errorf("followed %v", got)
	}
	// One word is as if it were typed, and a list may be typed as well.
	s.keys("t")
	s.paste("COIN\n")
	s.has("?  COIN  not known yet")
	s.typed(",AMD,MU")
	s.has("?  COIN", "[x] AMD", "?  MU", "enter also follows these")
	_, cmd := s.m.Update(press("enter"))
	for cmd != nil {
		_, cmd = s.m.Update(cmd())
	}
	if got := s.feed.followed; len(got) != 2 || !slices.Equal(got[1], []string{"AMD", "COIN", "HOOD", "MU", "NVDA", "QQQ", "SPY"}) {
		t.Errorf("followed %v", got)
	}
	// A picker that was left takes no answers.
	s.keys("t")
	_, cmd = s.m.Update(tea.PasteMsg{Content: "AAA BBB"})
	s.keys("esc", "t")
	if _, more := s.m.Update(cmd()); more != nil {
		t.Error("a list goes on in a picker that was left")
	}
	s.hasNot("AAA")
	s.paste(strings.Repeat("SPY ", pane.ListMost+1))
	s.has("a list has 100 tickers at most")
}
