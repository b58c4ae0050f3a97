package ui

import (
	"errors"
	"slices"
	"testing"

	"optflow/model"
	"optflow/model/memory"
)

func TestTickers(t *testing.T) {
	f := &fakeMemory{}
	s := newStage(t, 120, 30, remembering(f)).fill()
	s.keys("t")
	s.has("[x] NVDA", "[x] SPY", "[ ] AMD")
	s.keys("space", "esc")
	if len(s.feed.followed) != 0 {
		t.Fatal("esc applied the picker")
	}
	s.has("NVDA      180 C")
	s.keys("t", "space", "enter") // NVDA no longer
	s.hasNot("NVDA      180 C", "W    NVDA")
	s.has("following QQQ, SPY")
	s.keys("t")
	s.typed("am")
	s.has("[ ] AMD", "enter also follows AMD")
	s.keys("enter")
	want := [][]string{{"QQQ", "SPY"}, {"AMD", "QQQ", "SPY"}}
	var kept [][]string
	for _, c := range keptOf[memory.Choices](f) {
		kept = append(kept, c.Tickers)
	}
	if !slices.EqualFunc(s.feed.followed, want, slices.Equal) || !slices.EqualFunc(kept, want, slices.Equal) {
		t.Fatalf("followed %v, remembered %v, want %v", s.feed.followed, kept, want)
	}
	// The engine confirms; then it may change its mind.
	s.state(func(st *model.State) { st.Tickers = []string{"AMD", "QQQ", "SPY"} })
	if s.m.desk.wanted != nil {
		t.Fatal("the engine's word did not replace the wish")
	}
}

func TestTickerLookup(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.feed.lookup = func(symbol string) error {
		if symbol == "XQZ" {
			return errors.New("there are no options on XQZ")
		}
		return nil
	}
	s.keys("t")
	s.typed("xqz")
	s.has("?  XQZ  not known yet")
	s.keys("enter")
	s.has("there are no options on XQZ")
	s.keys("backspace", "backspace", "backspace")
	s.typed("COIN")
	s.keys("space")
	s.has("[x] COIN")
	s.keys("enter")
	if got := s.feed.followed; len(got) != 1 || !slices.Equal(got[0], []string{"COIN", "NVDA", "QQQ", "SPY"}) {
		t.Fatalf("followed %v", got)
	}
}

// TestStaleLookup drops an answer that the user no longer waits for.
func TestStaleLookup(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("t")
	s.typed("coin")
	_, cmd := s.m.Update(press("enter"))
	s.keys("esc", "t")
	s.m.Update(cmd())
	s.hasNot("COIN")
}

// What is typed into the picker is read as everywhere: another spelling finds
// the ticker in the list, what is none is refused with a suggestion.
func TestPickerReadsTickers(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.state(func(st *model.State) { st.Known = []string{"BRK.B", "NVDA", "SPX", "SPY"} })
	s.keys("t")
	s.typed("brk/b")
	s.has("[ ] BRK.B")
	s.hasNot("not known yet")
	s.keys("enter")
	if got := s.feed.followed; len(got) != 1 || !slices.Contains(got[0], "BRK.B") {
		t.Fatalf("followed %v", got)
	}
	s.keys("t")
	s.typed("i:rui")
	s.has("?  I:RUI  not known yet")
	s.keys("esc", "t")
	s.typed("^vix")
	s.has(`"^VIX" is no ticker: did you mean VIX?`)
	s.hasNot("not known yet")
}

// A better spelling from the engine replaces the one chosen, and the rows come.
func TestFollowedUnderABetterSpelling(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.m.choose([]string{"BRKB"})
	s.state(func(st *model.State) { st.Tickers, st.Moves = []string{"BRK.B"}, 1 })
	if got := s.m.Tickers(); s.m.desk.wanted != nil || !slices.Equal(got, []string{"BRK.B"}) {
		t.Errorf("wanted %v, listed %v", s.m.desk.wanted, got)
	}
}
