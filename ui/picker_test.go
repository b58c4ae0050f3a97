package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/memory"
	"optflow/model/ticker"
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

// following presses keys in the picker, and returns what is followed then.
func following(t *testing.T, lists []ticker.Named, lookup func(string) error, do func(s *stage)) []string {
	t.Helper()
	s := newStage(t, 120, 30, func(o *Options) { o.Lists = lists }).fill()
	s.feed.lookup = lookup
	s.keys("t")
	do(s)
	if n := len(s.feed.followed); n != 1 {
		t.Fatalf("followed %v", s.feed.followed)
	}
	return s.feed.followed[0]
}

// What is typed is added, one after the other or as a list, and takes nothing away
// that was typed or checked before.
func TestTypedTickersAreAdded(t *testing.T) {
	lists := []ticker.Named{{Name: "mag7", Tickers: []string{"AAPL", "META", "NVDA"}}}
	for typed, want := range map[string]string{
		"tsla amd\n":       "AMD NVDA QQQ SPY TSLA",
		"aapl,tsla amd\n":  "AAPL AMD NVDA QQQ SPY TSLA",
		"aapl,tsla,amd\n":  "AAPL AMD NVDA QQQ SPY TSLA",
		"tsla amd \n":      "AMD NVDA QQQ SPY TSLA",
		"spy tsla nvda\n":  "NVDA QQQ SPY TSLA", // those followed stay
		"spy  tsla\n":      "NVDA QQQ TSLA",     // a second blank takes it away
		"ts\n":             "NVDA QQQ SPY TSLA",
		"ts am\n":          "AMD NVDA QQQ SPY TSLA",
		"coin tsla hood\n": "COIN HOOD NVDA QQQ SPY TSLA", // looked up
		"coin,hood\n":      "COIN HOOD NVDA QQQ SPY",
		"@mag7\n":          "AAPL META NVDA QQQ SPY",
		"@mag7 tsla\n":     "AAPL META NVDA QQQ SPY TSLA",
		"@m tsla\n":        "AAPL META NVDA QQQ SPY TSLA",
		"tsla,@MAG7,amd\n": "AAPL AMD META NVDA QQQ SPY TSLA",
	} {
		got := following(t, lists, nil, func(s *stage) {
			for _, r := range typed {
				_, cmd := s.m.Update(press(map[rune]string{' ': "space", '\n': "enter"}[r] + strings.Trim(string(r), " \n")))
				for cmd != nil { // one is looked up after the other
					_, cmd = s.m.Update(cmd())
				}
			}
		})
		if strings.Join(got, " ") != want {
			t.Errorf("%q follows %v, want %s", typed, got, want)
		}
	}
}

// Several found by a part of their name can be checked one after the other.
func TestPickerChecksSeveralFound(t *testing.T) {
	got := following(t, nil, nil, func(s *stage) {
		s.typed("a")
		s.keys("down", "space", "down", "space")
		s.has("› a")
		s.keys("enter")
	})
	if len(got) != 5 || !slices.Contains(got, "SPY") {
		t.Errorf("followed %v", got)
	}
	got = following(t, nil, nil, func(s *stage) { s.keys("down", "space", "enter") })
	if !slices.Equal(got, []string{"NVDA", "SPY"}) {
		t.Errorf("followed %v", got)
	}
}

// What is refused comes back with its reason, and is no reason to follow less.
func TestTypedTickersRefused(t *testing.T) {
	lists := []ticker.Named{{Name: "mag7", Tickers: []string{"AAPL", "META", "NVDA"}}}
	lookup := func(symbol string) error {
		if symbol == "XQZ" {
			return errors.New("there are no options on XQZ")
		}
		return nil
	}
	got := following(t, lists, lookup, func(s *stage) {
		s.typed("tsla,xqz")
		s.keys("enter")
		s.has("› XQZ", "there are no options on XQZ")
		s.keys("ctrl+u")
		s.typed("@mag8")
		s.has("there is no list @mag8: there are @mag7")
		s.keys("enter")
		s.has("› @mag8", "there is no list @mag8")
		s.keys("ctrl+u", "@")
		s.has("[ ] @mag7  AAPL META NVDA")
		s.keys("space")
		s.typed("spy ")
		s.has("SPY is checked; space takes it away")
		s.keys("enter")
	})
	if !slices.Equal(got, []string{"AAPL", "META", "NVDA", "QQQ", "SPY", "TSLA"}) {
		t.Errorf("followed %v", got)
	}
}

// What is typed while a ticker is looked up stays, and enter waits for the answer.
func TestTypedWhileLookedUp(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("t")
	s.typed("coin")
	_, ask := s.m.Update(press("space"))
	s.has("looking COIN up")
	s.typed("ts")
	s.m.Update(ask())
	s.has("› ts", "[ ] TSLA")
	s.keys("space", "ctrl+u")
	s.typed("hood")
	_, ask = s.m.Update(press("space"))
	s.m.Update(press("enter"))
	if len(s.feed.followed) > 0 {
		t.Fatal("enter did not wait for HOOD")
	}
	s.m.Update(ask())
	if got := s.feed.followed; len(got) != 1 || !slices.Equal(got[0], []string{"COIN", "HOOD", "NVDA", "QQQ", "SPY", "TSLA"}) {
		t.Fatalf("followed %v", got)
	}
}
