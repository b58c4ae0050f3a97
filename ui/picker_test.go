package ui

import (
	"errors"
	"slices"
	"testing"

	"optflow/model"
)

func TestTickers(t *testing.T) {
	var kept [][]string
	s := newStage(t, 120, 30, func(o *Options) { o.Remember = func(k Kept) error { kept = append(kept, k.Tickers); return nil } }).fill()
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
	if !slices.EqualFunc(s.feed.followed, want, slices.Equal) || !slices.EqualFunc(kept, want, slices.Equal) {
		t.Fatalf("followed %v, remembered %v, want %v", s.feed.followed, kept, want)
	}
	// The engine confirms; then it may change its mind.
	s.state(func(st *model.State) { st.Tickers = []string{"AMD", "QQQ", "SPY"} })
	if s.m.wanted != nil {
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
