package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/ui/paint"
)

// shownRows is how many bursts are on the tape's list.
func (s *stage) shownRows() int { return s.m.tape.List.Ord.Len() - len(s.m.tape.List.GapLines) }

func TestTabs(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.has(" 1 Top 5%  [2 All]  3 Big  4 Unusual  5 0DTE     Tape  bursts 10s  newest first")
	s.keys("3")
	s.has("1 Top 5%  2 All  [3 Big]", "2 of 58")
	s.keys("tab")
	s.has("[4 Unusual]")
	s.keys("tab", "tab")
	s.has("[1 Top 5%]", "have no rank yet")
	s.keys("shift+tab")
	s.has("[5 0DTE]", "6 of 58")
	s.keys("7")
	s.has("there is no tab 7")
}

// A tab keeps its line, its order and what u brings back while others are in
// front.
func TestTabsKeepTheirOwn(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("c", "l", "l", "s")
	s.has("[2 All*]", "/ calls")
	line, order := s.m.page.Filter().Text(), s.m.tape.List.SortText()
	s.keys("4")
	s.has("2 All*", "[4 Unusual]", "TIME↓")
	s.hasNot("/ calls")
	s.keys("p")
	s.has("[4 Unusual*]", "/ puts")
	if got := s.m.tape.Tabs.TakenText(s.m.tape.Lens.Filter); got != "unusual puts" {
		t.Errorf("the view is %q", got)
	}
	s.keys("2")
	if s.m.page.Filter().Text() != line || s.m.tape.List.SortText() != order {
		t.Errorf("back with %q by %s, want %q by %s", s.m.page.Filter().Text(), s.m.tape.List.SortText(), line, order)
	}
	s.keys("u")
	s.has("[2 All]", "4 Unusual*")
	s.keys("4", "F")
	s.has("[4 Unusual]")
}

func TestSavedTab(t *testing.T) {
	f := &fakeMemory{}
	s := newStage(t, 120, 30, remembering(f)).fill()
	command := func(text string) {
		s.m.notices = notices{}
		s.keys(":")
		s.typed(text)
		s.keys("enter")
	}
	s.keys("3", "c")
	command("save Big calls")
	s.has("3 Big  4 Unusual  5 0DTE  [6 Big calls]")
	if got := s.m.tape.Tabs.Front().Filter; got != "prem>=1m abs(delta)<0.9 calls" || s.m.page.Filter().Text() != "" {
		t.Errorf("saved %q, with the line %q", got, s.m.page.Filter().Text())
	}
	rows := s.shownRows()
	s.keys("3")
	if got := s.m.page.Filter().Text(); got != "" {
		t.Errorf("the line stays behind: %q", got)
	}
	s.keys("6", "/")
	s.typed("spy")
	s.keys("enter")
	command("save big CALLS")
	if got := s.m.tape.Tabs.Front(); got.Filter != "prem>=1m abs(delta)<0.9 calls spy" || len(s.m.tape.Tabs.All) != 6 || s.shownRows() > rows {
		t.Errorf("saved again: %q among %d", got.Filter, len(s.m.tape.Tabs.All))
	}
	command("save All")
	s.has("there is a tab of that name")
	command("tab top 5%")
	s.has("[1 Top 5%]")
	command("tab 6")
	command("forget nothing")
	s.has("there is no such tab")
	command("forget big calls")
	s.has("[5 0DTE]")
	kept := keptOf[memory.Tabs](f)
	if n := len(kept); n < 3 || len(kept[0]) != 1 || len(kept[n-1]) != 0 {
		t.Errorf("kept %v", kept)
	}
}

func TestTabsThatCannotBeRead(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) {
		o.Tabs = memory.Tabs{{Name: "Good", Filter: "nvda"}, {Name: "Bad", Filter: "prem>=25x"}, {Name: "Odd", Sort: "nonsense"}, {Name: "Cols", Columns: []string{"nope"}}}
		chosenBefore(memory.Choices{Tab: "bad"})(o)
	}).fill()
	s.has("[2 Bad!]", "3 Odd!", "4 Cols!", `"25x" is not a number`)
	if n := s.shownRows(); n != 0 {
		t.Errorf("%d rows behind a filter that cannot be read", n)
	}
	s.keys("3")
	s.has("there is no such column")
	s.keys("1")
	s.has("[1 Good]")
	if s.shownRows() == 0 {
		t.Error("no rows in the good one")
	}
}

func TestTabHasItsColumnsAndSort(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) {
		o.Tabs = memory.Tabs{{Name: "Few", Sort: "-premium", Columns: []string{"premium", "size"}}, {Name: "Rest"}}
	}).fill()
	s.has("[1 Few]", "by premium, rising", "PREMIUM")
	s.hasNot("EXPIRY")
	s.keys("2")
	s.has("EXPIRY", "newest first")
}

// ring plays rows of NVDA on the tape.
func (s *stage) ring(n int, at string) {
	for i := range n {
		row := (&trade{at: at, symbol: "O:NVDA261218C00180000", size: 2000, vwap: 10, prints: 1}).tapeRow(s.t, s.tape)
		row.Contract = s.intern(fmt.Sprintf("O:NVDA261218C%08d", 200_000+s.tape.Contracts.Len()*1000+i))
		s.tape.Append(row)
	}
	s.tape.Publish()
	s.takeIn()
}

// takeIn looks at the tape once more.
func (s *stage) takeIn() {
	s.m.pull.Ticked = s.wall
	s.m.take()
}

// The tabs that ring are named to who rings, with every change of them and of the
// floor; what came on them is counted where they stand.
func TestBell(t *testing.T) {
	desk := &fakeDesk{inbox: &alert.Inbox{}}
	s := newStage(t, 120, 30, func(o *Options) {
		o.Alerts = desk
		o.Tabs = memory.Tabs{{Name: "All"}, {Name: "Big", Filter: "prem>=1m", Bell: true}, {Name: "Bad", Filter: "prm>1", Bell: true}}
	}).fill()
	if diff := cmp.Diff([]alert.Rule{{Name: "Big", When: "prem>=1m"}}, desk.ringing); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.m.tape.Tabs.All[1].Rung = 0
	s.ring(2, "10:41:27")
	s.m.dirty = true
	s.has("2 Big+2")
	s.m.Update(tea.BlurMsg{})
	s.ring(1, "10:41:29")
	s.m.dirty = true
	s.has("2 Big+3")
	s.keys("i") // the same rows joined anew are no news
	s.takeIn()
	s.m.dirty = true
	s.has("2 Big+3")
	s.keys("2")
	s.hasNot("Big+")
	s.command("save loud")
	if len(desk.ringing) != 2 || desk.ringing[1].Name != "loud" {
		t.Errorf("after saving a tab: %+v", desk.ringing)
	}
	s.command("floor 100k")
	if desk.floors.Floor != 100_000 {
		t.Errorf("floors %+v", desk.floors)
	}
}

// What an alert has to tell the terminal is written by who writes the screen; a
// notification only where nobody looks.
func TestSignals(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	signal := signalled{Bell: "\a", Notify: "\x1b]9;optflow Big\a"}
	heard := func() string {
		if cmd := signal.write(s.m.Blurred); cmd != nil {
			return fmt.Sprint(cmd())
		}
		return ""
	}
	if got := heard(); !strings.Contains(got, "\a") || strings.Contains(got, "]9;") {
		t.Errorf("looked at: %q", got)
	}
	s.m.Update(tea.BlurMsg{})
	if got := heard(); !strings.Contains(got, "\a\x1b]9;optflow Big\a") {
		t.Errorf("not looked at: %q", got)
	}
	signals, got := make(chan alert.Signal), make(chan tea.Msg)
	go each(t.Context(), signals, func(s alert.Signal) { got <- signalled(s) })
	signals <- alert.Signal(signal)
	if m := <-got; m != signal {
		t.Errorf("told %v", m)
	}
	signal = signalled{Notify: "x"}
	if s.m.Update(tea.FocusMsg{}); signal.write(s.m.Blurred) != nil {
		t.Error("a notification where somebody looks")
	}
}

// A burst that leaves a tab and comes back is counted once.
func TestBellOnceABurst(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) {
		o.Tabs = memory.Tabs{{Name: "All"}, {Name: "One", Filter: "size<150", Bell: true}}
	}).fill()
	tr := trade{at: "10:41:27", symbol: "O:SPY261218C00690000", size: 100, vwap: 10, prints: 1}
	row := tr.tapeRow(t, s.tape)
	before := s.m.tape.Tabs.All[1].Rung
	for _, size := range []uint32{100, 200, 100} {
		row.Size = size
		s.tape.Append(row)
		row.Replaces = 1
		s.tape.Publish()
		s.takeIn()
	}
	if n := s.m.tape.Tabs.All[1].Rung - before; n != 1 {
		t.Errorf("counted %d times", n)
	}
}

// The counts that are kept by changes are those of counting anew.
func TestTabCountsAgainstACount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t, 100, 24, nil)
		s.state(nil)
		symbols := []string{"O:NVDA261218C00180000", "O:SPY261123P00655000", "O:QQQ261124C00598000", "O:AMD261218C00180000"}
		for range rapid.IntRange(1, 40).Draw(rt, "rows") {
			tr := trade{
				at: "10:41:00", symbol: rapid.SampledFrom(symbols).Draw(rt, "symbol"), size: uint32(rapid.IntRange(0, 3000).Draw(rt, "size")),
				vwap: 5, prints: 1, volume: uint32(rapid.IntRange(1, 9000).Draw(rt, "volume")), oi: 600, delta: 0.5,
			}
			row := tr.tapeRow(t, s.tape)
			row.Start += int64(rapid.IntRange(0, 90).Draw(rt, "second")) * 1000
			s.tape.Append(row)
			s.tape.Publish()
			switch rapid.IntRange(0, 9).Draw(rt, "also") {
			case 0:
				s.keys(rapid.SampledFrom([]string{"1", "2", "3", "c", "F", "space", "i", "tab"}).Draw(rt, "key"))
			case 1, 2:
			default:
				s.frame()
			}
		}
		s.frame()
		for i := range s.m.tape.Tabs.All {
			tab, want := &s.m.tape.Tabs.All[i], 0
			for _, b := range s.m.tape.Pull.Bursts.Each(burst.ShelfOver) {
				c := s.tape.Contracts.At(b.Row.Contract)
				if s.m.Follows.Set[c.Underlying] && (tab.Own == nil || tab.Own.Match(&b.Burst, c, s.m.Now) == model.True) {
					want++
				}
			}
			if tab.Count != want {
				rt.Fatalf("%s counts %d rows, there are %d", tab.Name, tab.Count, want)
			}
		}
	})
}

// The second line is as wide as the window, whatever is in it.
func TestTitleFits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var own memory.Tabs
		for i := range rapid.IntRange(1, 24).Draw(rt, "tabs") {
			own = append(own, memory.Tab{Name: strings.Repeat("x", rapid.IntRange(1, 16).Draw(rt, "name")) + fmt.Sprint(i), Bell: i%2 == 0})
		}
		s := newStage(t, rapid.IntRange(60, 220).Draw(rt, "width"), 24, func(o *Options) { o.Tabs = own })
		s.state(nil)
		s.append(picture[:rapid.IntRange(0, 6).Draw(rt, "rows")]...)
		for range rapid.IntRange(0, 4).Draw(rt, "steps") {
			s.keys(rapid.SampledFrom([]string{"tab", "shift+tab", "c", "p", "space", "s", "3", "9"}).Draw(rt, "key"))
		}
		if got := paint.Cells(ansi.Strip(s.m.tape.Title.Write(s.m.tape))); got != s.m.Width {
			rt.Fatalf("%d cells in a window of %d: %q", got, s.m.Width, ansi.Strip(s.m.tape.Title.Write(s.m.tape)))
		}
	})
}
