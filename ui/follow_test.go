package ui

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/details"
)

// open is the line of the row whose details are open, "" if there is none.
func (s *stage) open() string {
	for _, l := range strings.Split(s.screen(), "\n") {
		if strings.HasPrefix(l, "▼") {
			return l
		}
	}
	return ""
}

// title is that of the details.
func (s *stage) title() string {
	s.t.Helper()
	return strings.Split(s.screen(), "\n")[s.m.detailsTop()]
}

// TestDetailsFollowTheCursor: they show what the cursor is on, whose row is
// marked, and the tape holds meanwhile.
func TestDetailsFollowTheCursor(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.keys("enter")
	for _, step := range []struct{ key, row, title string }{
		{"", "NVDA      180 C 18Dec26", "NVDA 180 call 18Dec26"},
		{"j", "SPY       655 P 23Nov26", "SPY 655 put 23Nov26"},
		{"j", "QQQ       598 C 24Nov26", "QQQ 598 call 24Nov26"},
		{"k", "SPY       655 P 23Nov26", "SPY 655 put 23Nov26"},
		{"z", "SPY 655 put", "SPY 655 put 23Nov26"}, // the rows are covered, and walked all the same
		{"j", "QQQ 598 call", "QQQ 598 call 24Nov26"},
		{"z", "QQQ       598 C 24Nov26", "QQQ 598 call 24Nov26"},
		{"]", "QQQ       605 C 24Nov26", "QQQ 605 call 24Nov26"},
		{"ctrl+d", "gap  SPY   640 lots", "SPY  gap"},
	} {
		if step.key != "" {
			s.keys(step.key)
		}
		if !strings.Contains(s.open(), step.row) || !strings.HasPrefix(s.title(), "▼ "+step.title) {
			t.Fatalf("after %q the marked row is %q, the details are of %q", step.key, s.open(), s.title())
		}
	}
	if s.selected() != "" {
		t.Errorf("a second row is marked: %q", s.selected())
	}
	s.keys("g")
	s.click(20, 4)
	if !strings.HasPrefix(s.title(), "▼ SPY 655 put") {
		t.Errorf("after a click on its row the details are of %q", s.title())
	}
	s.keys("q")
	if s.open() != "" || !strings.Contains(s.selected(), "SPY       655 P") {
		t.Errorf("closed, the row is %q, marked %q", s.selected(), s.open())
	}
}

// TestTheTapeHoldsForDetails: what comes does not take the row away, g follows with
// the details, and the tape goes on where nothing was moved.
func TestTheTapeHoldsForDetails(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.keys("enter")
	s.append(newer)
	if !strings.HasPrefix(s.title(), "▼ NVDA 180 call") || s.lineOf() != -1 || !strings.Contains(s.open(), "NVDA") {
		t.Fatalf("a new row takes the details to %q", s.title())
	}
	s.has("1 new ↑ g")
	s.keys("k")
	if s.m.tape.Table.Following {
		t.Error("on the newest row the tape follows with the details open")
	}
	s.keys("j", "enter")
	if s.m.tape.Table.Following {
		t.Error("closed elsewhere the tape follows")
	}
	s.keys("g", "enter", "enter")
	if !s.m.tape.Table.Following {
		t.Error("opened and closed, the tape does not go on")
	}
	s.keys("enter", "g")
	other := newer
	other.symbol, other.at = "O:SPY261218C00671000", "10:41:28"
	s.append(other)
	if !s.m.tape.Table.Following || !strings.HasPrefix(s.title(), "▼ SPY 671 call") {
		t.Errorf("after g the details are of %q", s.title())
	}
}

// TestDetailsOnEveryPage: the same key opens them, and what has no contract says so.
func TestDetailsOnEveryPage(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	for !strings.Contains(s.selected(), " gap ") {
		s.keys("j")
	}
	s.keys("enter")
	s.has("▼ SPY  gap", "SPY 650 C 23Nov26  72 missing, 10:40:31 to 10:40:44; asking REST", "SPY 658 C 23Nov26  71 missing")
	s.keys("v")
	s.look()
	if s.open() == "" || !strings.HasPrefix(s.title(), "▼ NVDA 177.5 call 27Nov26") {
		t.Fatalf("on Contracts %q, %q", s.open(), s.title())
	}
	s.keys("j")
	if !strings.Contains(s.open(), "182.5 P") || !strings.HasPrefix(s.title(), "▼ NVDA 182.5 put 27Nov26") {
		t.Fatalf("the next row of Contracts: %q, %q", s.open(), s.title())
	}
	s.has("volume 30,047, premium $15.1M") // of the row, before anything was read
	observed := s.feed.observed
	s.keys("j", "j", "j")
	if s.feed.observed != observed {
		t.Error("walking Contracts has all accounts copied anew")
	}
	s.keys("v")
	s.has("a row is a ticker here, not a contract; enter shows its contracts")
	if !strings.HasPrefix(s.title(), "▼ details") || s.selected() == "" {
		t.Errorf("on Tickers %q, marked %q", s.title(), s.open())
	}
	s.keys("enter") // its contracts
	s.look()
	s.has("Contracts  ")
	if !strings.HasPrefix(s.title(), "▼ SPY ") {
		t.Errorf("drilled down the details are of %q", s.title())
	}
	s.keys("esc", "esc", "v", "enter") // from the heat map to a cell's contracts
	s.look()
	s.keys("enter", "v", "v")
	s.look()
	before := s.title()
	s.keys("j")
	if s.title() == before || !strings.HasPrefix(s.title(), "▼ NVDA ") {
		t.Errorf("the next cell of the heat map: %q", s.title())
	}
	if s.open() == "" {
		t.Error("the strike is not marked")
	}
}

// TestDetailsAreScrolled by keys of their own, which need something to scroll.
func TestDetailsAreScrolled(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	for _, k := range []string{"J", "K", "}", "{", "z"} {
		s.keys(k)
		s.has("no details are open: enter opens those of a row")
	}
	s.keys("enter")
	s.m.View()
	for _, step := range []struct {
		key string
		top int
	}{{"J", 1}, {"J", 2}, {"K", 1}, {"}", 15}, {"{", 0}} {
		s.keys(step.key)
		s.m.View()
		if got := s.m.details.Facts.Top(); step.key != "}" && got != step.top || step.key == "}" && got < 5 {
			t.Errorf("after %s they begin with line %d", step.key, got)
		}
	}
	s.keys("J", "j")
	if s.m.View(); s.m.details.Facts.Top() != 0 {
		t.Error("another row's details begin in the middle")
	}
}

// slowFeed notes which days were asked for.
type slowFeed struct {
	fakeFeed
	mu    sync.Mutex
	asked []model.ContractID
	given int // that were waited for to their end
}

func (f *slowFeed) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	f.mu.Lock()
	f.asked = append(f.asked, id)
	f.mu.Unlock()
	select {
	case <-time.After(time.Second):
		f.mu.Lock()
		f.given++
		f.mu.Unlock()
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestDaysAreAskedForAtRest: a cursor that runs over rows asks for none of their
// days but the last, and what is asked for is given up for the next.
func TestDaysAreAskedForAtRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &slowFeed{}
		d := desk{feed: f}
		ask := func(gen int) {
			cmd := d.readDay(t.Context(), act.ReadDay{Gen: gen, ID: model.ContractID(gen), Rest: details.RestTime})
			go cmd()
		}
		for i := range 100 { // a key held down
			ask(i)
			time.Sleep(30 * time.Millisecond)
		}
		time.Sleep(details.RestTime)
		synctest.Wait()
		if len(f.asked) != 1 || f.asked[0] != 99 {
			t.Fatalf("asked for %v", f.asked)
		}
		ask(100)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(f.asked) != 2 || f.given != 1 {
			t.Fatalf("asked for %v, %d were waited for", f.asked, f.given)
		}
		d.leaveDay()
	})
}

// TestDaysAreKept: going back to a row asks for its day no second time, for a while.
func TestDaysAreKept(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.keys("enter", "j", "j", "k", "k", "j")
	if s.feed.days != 3 {
		t.Errorf("%d days were asked for, of 3 contracts", s.feed.days)
	}
	s.m.Now += 11 * 60_000
	s.keys("k")
	if s.feed.days != 4 {
		t.Error("a day that was not looked after for 11 minutes goes on")
	}
	s.keys("r")
	if s.feed.days != 5 {
		t.Error("r does not read it again")
	}
}

// TestTheChartGoesOn: minutes from the stream join those that were read.
func TestTheChartGoesOn(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill().day()
	s.m.View()
	s.keys("enter")
	s.has("10:41▲")
	next := picture[0]
	for minute, price := range map[string]float32{"10:43:05": 7.5, "10:44:10": 7.7} {
		next.at, next.vwap, next.size = minute, price, 10
		s.append(next)
	}
	s.m.Now = at("10:45:00")
	s.m.details.Stale, s.m.dirty = true, true
	s.has(" 7.70 ", "10:45")
	if s.feed.days != 1 {
		t.Errorf("the day was asked for %d times", s.feed.days)
	}
	s.keys("space")
	next.at, next.vwap = "10:44:30", 9
	s.append(next)
	s.m.details.Stale, s.m.dirty = true, true
	s.hasNot(" 9.00 ")
	s.keys("space")
	s.has(" 9.00 ")
}

// TestTheRowAndItsDetailsSayTheSame, while it grows.
func TestTheRowAndItsDetailsSayTheSame(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.keys("enter")
	s.m.View()
	grown := picture[0]
	for _, at := range []string{"10:41:27", "10:41:28"} {
		grown.at, grown.size = at, 90
		s.append(grown)
		size := map[string]string{"10:41:27": "2,400", "10:41:28": "2,490"}[at]
		if !strings.Contains(s.open(), size) || !strings.Contains(s.screen(), size+" at 4.85") {
			t.Errorf("the row is %q where the details say %s", s.open(), size)
		}
	}
}

// TestTheOpenRowIsMarkedInASCII: by a sign, whatever colours there are.
func TestTheOpenRowIsMarkedInASCII(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) { o.ASCII = true }).fill().day()
	s.m.View()
	s.keys("enter")
	all := strings.Split(s.screen(), "\n")
	if !strings.HasPrefix(all[3], "v 10:41:26") || !strings.Contains(s.screen(), "10:41^") || !strings.Contains(s.screen(), "***") {
		t.Errorf("the open row is %q", all[3])
	}
}

// TestTheWheelKnowsWhereItIs: over rows it moves rows, over details their text.
func TestTheWheelKnowsWhereItIs(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.keys("enter")
	s.m.View()
	s.m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: 20})
	if s.m.View(); s.m.details.Facts.Top() != wheelRows || !strings.HasPrefix(s.title(), "▼ NVDA 180 call") {
		t.Errorf("over the details their first line is %d, of %q", s.m.details.Facts.Top(), s.title())
	}
	s.m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: 5})
	if s.m.details.Facts.Top() != 0 || !strings.HasPrefix(s.title(), "▼ QQQ 605 call") {
		t.Errorf("over the rows: %q", s.title())
	}
}
