package ui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"optflow/model"
	"optflow/ui/rows"
	"optflow/ui/table"
)

// screen is the frame as plain text.
func (s *stage) screen() string { return ansi.Strip(s.m.View().Content) }

// has demands that the screen shows some text.
func (s *stage) has(want ...string) {
	s.t.Helper()
	for _, w := range want {
		if !strings.Contains(s.screen(), w) {
			s.t.Fatalf("the screen does not show %q:\n%s", w, s.screen())
		}
	}
}

// hasNot demands that the screen does not show some text.
func (s *stage) hasNot(text ...string) {
	s.t.Helper()
	for _, w := range text {
		if strings.Contains(s.screen(), w) {
			s.t.Fatalf("the screen shows %q:\n%s", w, s.screen())
		}
	}
}

// selected is the line of the selected row.
func (s *stage) selected() string {
	for _, l := range strings.Split(s.screen(), "\n") {
		if strings.HasPrefix(l, "▸") {
			return l
		}
	}
	return ""
}

// lineOf is the screen line of the selected row.
func (s *stage) lineOf() int {
	return slices.IndexFunc(strings.Split(s.screen(), "\n"), func(l string) bool { return strings.HasPrefix(l, "▸") })
}

var newer = trade{at: "10:41:27", symbol: "O:SPY261218C00670000", size: 500, vwap: 3, prints: 4, spot: 655}

func TestPicture(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.has("● Live 1s  newest 1.9s ago  gaps 1 (640 lots)", " SIM ", "simulated market  open  10:41:27 ET",
		"Tape  bursts 10s  newest first", "floor $25K  58 of 750 bursts",
		"gap  SPY   640 lots in 9 contracts are missing, 10:40:31 to 10:40:44; asking REST",
		"$102M ▇▇▇▇▇▇▇▇▇      $118M ▇▇▇▇▇▇▇▇▇▇  1.16            – on  6% of premium", "whole from 09:52", "QQQ 597.21 P/C 0.97 -$5.00M on 22%   NVDA 178.21 P/C 0.44", "/ filter")
	for _, want := range []string{
		"10:41:26 WU>  NVDA      180 C 18Dec26  25 A    $1.12M  0.8%  2,310    1   4.85   3,104   1,840  1.7  +1.0%  41%  +.48",
		"10:41:26      SPY       655 P 23Nov26   0 ~     $411K        3,640  ~31   1.13  96,011  12,044  8.0  +0.0%  12%  -.49",
		"10:41:24   =  QQQ       605 C 24Nov26   1 M    $31.0K    5%  1,000    1   0.31   4,806   9,130  0.5  +1.3%  14%  +.11",
		"10:41:19  U   NVDA      170 P 15Jan27  53 b?    $186K    6%    402   ~5   4.63   2,911   2,106  1.4  +4.6%  44%  -.29",
		"10:41:02 W    NVDA      200 C 19Mar27 116 B    $2.94M  0.4%  3,000   ~2   9.80   3,804  22,310  0.2 +12.2%  43%  +.37",
	} {
		s.has(want)
	}
	if !strings.Contains(s.selected(), "NVDA      180 C") {
		t.Fatalf("selected is %q, want the newest", s.selected())
	}
}

func TestFollowAndHold(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.append(newer)
	if !strings.Contains(s.selected(), "670 C") || s.lineOf() != 3 {
		t.Fatalf("following, the newest row is selected, not %q", s.selected())
	}
	s.keys("j", "j")
	row, line := s.selected(), s.lineOf()
	s.has("holding ↑ g")
	for i := range 12 {
		tr := newer
		tr.symbol = []string{"O:SPY261218C00671000", "O:QQQ261218C00601000", "O:NVDA261218C00190000"}[i%3]
		tr.symbol = tr.symbol[:len(tr.symbol)-5] + itoa(10+i) + "000"
		s.append(tr)
	}
	if s.selected() != row || s.lineOf() != line {
		t.Fatalf("holding, the selection moved from line %d %q to %d %q", line, row, s.lineOf(), s.selected())
	}
	s.has("12 new ↑ g")
	s.append(trade{at: "10:30:00", symbol: "O:SPY261218C00680000", size: 500, vwap: 3})
	s.has("12 new ↑ g") // a late row below does not count
	s.keys("g")
	s.hasNot("new ↑ g", "holding")
	if s.lineOf() != 3 || !s.m.tape.Table.Following {
		t.Fatal("g does not follow")
	}
	s.keys("j", "k")
	if !s.m.tape.Table.Following {
		t.Fatal("k back onto the newest row does not follow")
	}
	s.keys("G")
	if !strings.Contains(s.selected(), "10:30:00") {
		t.Fatalf("G is on %q", s.selected())
	}
	s.keys("esc")
	if !s.m.tape.Table.Following {
		t.Fatal("esc does not go back to following")
	}
}

func TestPagesKeepTheLine(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("j", "j", "j", "ctrl+d")
	pos := s.m.tape.Table.Top + s.m.tape.Table.Line
	if want := 3 + s.m.tape.Table.Height/2; pos != want {
		t.Fatalf("half a page down is row %d, want %d", pos, want)
	}
	s.keys("ctrl+u", "k", "k", "k")
	if !s.m.tape.Table.Following {
		t.Fatal("back at the top it does not follow")
	}
	s.keys("pgdown", "pgup")
	if got := s.m.tape.Table.Top + s.m.tape.Table.Line; got != 0 {
		t.Fatalf("a page down and up ends on row %d", got)
	}
}

func TestFreeze(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("space")
	s.has(" frozen ")
	rows := func() string { return strings.Join(strings.Split(s.screen(), "\n")[3:25], "\n") }
	before := rows()
	grown := picture[0]
	grown.at, grown.size = "10:41:27", 50
	s.append(newer, grown)
	if rows() != before {
		t.Fatalf("the frozen picture changed:\n%s\nwas\n%s", rows(), before)
	}
	s.has("1 new space")
	s.keys("j")
	if s.selected() == "" || !strings.Contains(s.selected(), "655 P") {
		t.Fatalf("moving in a frozen picture selects %q", s.selected())
	}
	s.keys("k", "space")
	s.hasNot("frozen")
	s.has("2,360") // the burst that grew
	if !s.m.tape.Table.Following || !strings.Contains(s.selected(), "670 C") {
		t.Fatalf("thawed on the newest row it does not follow: %q", s.selected())
	}
}

func TestSort(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys(slices.Repeat([]string{"l"}, 8)...)
	s.keys("s")
	s.has("by premium, falling")
	if !strings.Contains(s.selected(), "$2.94M") {
		t.Fatalf("sorted by premium the first row is %q", s.selected())
	}
	big := newer
	big.size = 20_000
	s.append(big)
	if !strings.Contains(s.selected(), "$2.94M") {
		t.Fatal("a sorted view follows")
	}
	s.has("1 new ↑ g")
	s.keys("g")
	if !strings.Contains(s.selected(), "$6.00M") {
		t.Fatalf("g goes to %q", s.selected())
	}
	s.keys("s")
	s.has("by premium, rising")
	if strings.Contains(s.selected(), "$6.00M") {
		t.Fatal("s again does not reverse")
	}
	s.keys(":")
	s.typed("sort time")
	s.keys("enter")
	s.has("newest first")
}

// TestUnknownSortsLast holds for every column and both directions.
func TestUnknownSortsLast(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	for id := range table.ID(len(table.Tape)) {
		for range 2 {
			s.m.tape.SortBy(id)
			unknown := false
			for pos := range s.m.tape.List.Ord.Len() {
				r, _ := s.m.tape.List.Ord.At(pos)
				if r.ID&rows.GapBit != 0 {
					continue
				}
				b := s.m.tape.Pull.Bursts.Get(r.ID)
				k := table.Tape[id].Key(&table.Cell{Row: &b.Burst, Contract: s.tape.Contracts.At(b.Row.Contract)})
				if k != k {
					unknown = true
				} else if unknown {
					t.Fatalf("sorted by %s a known value stands after an unknown one", table.Tape[id].Name)
				}
			}
		}
	}
}

func TestColumnsScrollIn(t *testing.T) {
	s := newStage(t, 80, 24, nil).fill()
	s.hasNot("Δ", "+.48")
	for range table.Tape {
		s.keys("l")
	}
	s.has("Δ", "+.48", "TIME", "MARK", "TICK", "STRIKE", "180 C")
	s.hasNot("PREMIUM")
	s.keys("esc")
	s.has("PREMIUM")
	s.hasNot("Δ")
}

func TestIntervalGroupsAnew(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	one := newer
	two := newer
	one.at, two.at = "10:41:15", "10:41:20"
	s.append(one, two)
	s.has("$300K")
	for _, want := range []string{"bursts 1m", "bursts 5m", "bursts 30m", "bursts off"} {
		s.keys("i")
		s.has(want)
	}
	s.has("$150K")
	s.hasNot("$300K")
	s.keys("i")
	s.has("bursts 10s", "$300K")
}

func TestQuitKeys(t *testing.T) {
	quits := func(s *stage, key string) bool {
		_, cmd := s.m.Update(press(key))
		if cmd == nil {
			return false
		}
		_, ok := cmd().(tea.QuitMsg)
		return ok
	}
	s := newStage(t, 120, 30, nil).fill()
	for range 3 {
		if quits(s, "esc") {
			t.Fatal("esc quits")
		}
	}
	s.keys("?")
	if quits(s, "q") {
		t.Fatal("q in the help quits")
	}
	s.hasNot("In the filter line")
	for _, pane := range []string{"", "/", "t", "?", ":"} {
		s := newStage(t, 120, 30, nil).fill()
		if pane != "" {
			s.keys(pane)
		}
		if !quits(s, "ctrl+c") || !s.m.interrupted {
			t.Fatalf("ctrl+c does not quit from %q", pane)
		}
	}
	if !quits(s, "q") || s.m.interrupted {
		t.Fatal("q does not quit at the top")
	}
}

func TestPlanTakesColumns(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.state(func(st *model.State) {
		st.Sim = false
		st.Plan = model.Plan{Known: true, NoQuotes: true, NoSpots: true, Delayed: 900_000}
	})
	s.has(" 15m late ", "plan: 15m late · no quotes: side unknown · no stock prices: OTM% unknown")
	s.hasNot(" SIM ", " SD ", "OTM%  ")
	s.keys("?", "/")
	s.typed("the plan has no")
	s.has("the plan has no quotes)", "the plan has no stock prices)")
}

// TestLateSpots: late stock prices are of no use beside real-time options, and
// as good as any beside options that are as late.
func TestLateSpots(t *testing.T) {
	for _, c := range []struct {
		plan model.Plan
		gone bool
	}{
		{model.Plan{Known: true, SpotDelayed: true}, true},
		{model.Plan{Known: true, SpotDelayed: true, Delayed: 900_000}, false},
		{model.Plan{SpotDelayed: true}, false},
	} {
		if got := table.Gone(c.plan).Has(table.TapeColumn("otm")); got != c.gone {
			t.Errorf("%+v: OTM%% gone %v, want %v", c.plan, got, c.gone)
		}
	}
}

func TestNoKeyUntilAKey(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) { o.NoKey = true }).fill()
	s.has("no key: prices are invented")
	s.keys("j")
	s.hasNot("no key")
	s.has("/ filter")
}

func TestNotesAreShownOnce(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.state(func(st *model.State) { st.Notes = []string{"the wildcard was refused"} })
	s.has("the wildcard was refused")
	s.keys("j")
	s.state(func(st *model.State) { st.Notes = []string{"the wildcard was refused"} })
	s.hasNot("the wildcard was refused")
}

// TestSessionChange lets the rows of the last session stay until the first row
// of the new one.
func TestSessionChange(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("j", "j")
	next := picture[0].tapeRow(t, s.tape)
	next.Start += 24 * 3600 * 1000
	s.tape.Append(next)
	s.tape.Publish()
	s.frame()
	if n := s.m.tape.List.Ord.Len(); n != 1 {
		t.Fatalf("%d rows after the first one of a new session, want 1", n)
	}
}
