package ui

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/page"
	"optflow/ui/table"
)

// anyAccount changes the day of a contract, or takes it away.
func anyAccount(rt *rapid.T, s *stage) {
	if len(s.feed.accounts) == 0 {
		return
	}
	i := rapid.IntRange(0, len(s.feed.accounts)-1).Draw(rt, "account")
	a := &s.feed.accounts[i]
	switch rapid.IntRange(0, 3).Draw(rt, "change") {
	case 0:
		s.feed.accounts = slices.Delete(s.feed.accounts, i, i+1)
	case 1:
		s.feed.accounts = nil
	case 2:
		a.Day = rapid.Int64Range(0, 1<<50).Draw(rt, "lots")
		a.Premium = rapid.SampledFrom([]float64{0, 1, 1e15, math.NaN()}).Draw(rt, "dollars")
		a.Gaps, a.Windows = a.Day, int(a.Day>>20)
	default:
		odd := rapid.SampledFrom([]float64{0, -1, 1e-9, 1e12, math.NaN(), math.Inf(1)})
		a.OpenInterest, a.IV, a.Delta, a.DayClose, a.DayVwap = odd.Draw(rt, "oi"), odd.Draw(rt, "iv"), odd.Draw(rt, "delta"), odd.Draw(rt, "close"), odd.Draw(rt, "vwap")
		a.Quote = model.Quote{Bid: odd.Draw(rt, "bid"), Ask: odd.Draw(rt, "ask"), Read: 1, Updated: fixtureNow + 5000}
		a.Last = rapid.SampledFrom([]int64{0, 1, fixtureNow + 1e9}).Draw(rt, "last")
	}
	bars := minuteBars()
	bars[rapid.IntRange(0, len(bars)-1).Draw(rt, "bar")].Close = rapid.SampledFrom([]float64{0, 1e9, math.NaN(), math.Inf(1)}).Draw(rt, "price")
	bars[0].Volume = rapid.SampledFrom([]int64{0, 1, 1 << 50}).Draw(rt, "barlots")
	bars = bars[:rapid.IntRange(0, len(bars)).Draw(rt, "bars")]
	s.feed.day = func(model.ContractID) ([]model.Bar, error) {
		if len(bars) == 3 {
			return nil, errors.New(strings.Repeat("no ", 200))
		}
		return bars, nil
	}
}

// checkViews holds what must be true of the views whatever happened.
func checkViews(t testing.TB, m *Model) {
	t.Helper()
	checkGrid(t, &m.chain.Grid)
	checkGrid(t, &m.tickersPage().Grid)
	h := &m.heatPage().Map
	if m.page == page.Page(m.heatPage()) && len(h.Cells) > 0 {
		if h.Cursor() == nil || h.Line < 0 || h.Line >= h.Rows() || h.FirstRow+h.Line != h.Row() || h.FirstCol+h.Col != h.Across() {
			t.Fatalf("the cursor is at %d,%d of a map from %d,%d with %d rows: %v %v", h.Line, h.Col, h.FirstRow, h.FirstCol, h.Rows(), h.Row(), h.Across())
		}
	}
}

func checkGrid[T any](t testing.TB, g *table.Grid[T]) {
	t.Helper()
	if !g.Has || len(g.Ranks) == 0 {
		return
	}
	row := g.Current()
	if row == nil || g.Name(row) != g.Selected || g.Line < 0 || g.Line >= max(g.Height, 1) || g.Top < 0 {
		t.Fatalf("selected %d at line %d from %d of %d rows in %d lines", g.Selected, g.Line, g.Top, len(g.Ranks), g.Height)
	}
}

func TestViewsInTurn(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	for _, want := range []string{"Contracts", "Tickers", "Heat map", "Tape"} {
		s.keys("v")
		s.look()
		s.has(" " + want + " ")
	}
}

// TestNothingIsReadForTheTape: accounts are copied only while something shows
// them, and twice a second at most.
func TestNothingIsReadForTheTape(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	for range 20 {
		s.wall = s.wall.Add(page.ObserveEvery)
		if s.m.observe() != nil {
			t.Fatal("the tape reads the accounts")
		}
	}
	s.keys("v")
	cmd := s.m.observe()
	if cmd == nil || s.m.observe() != nil {
		t.Fatal("a view asks once, and not again before it is answered")
	}
	s.deliver(cmd())
	if s.m.observe() != nil {
		t.Fatal("a view asks again at once")
	}
	s.wall = s.wall.Add(page.ObserveEvery)
	if cmd = s.m.observe(); cmd == nil {
		t.Fatal("a view does not ask again")
	}
	s.keys("v") // to Tickers: what comes now is not wanted
	rows := len(s.m.chain.Grid.Rows)
	s.feed.accounts = nil
	s.deliver(cmd())
	if len(s.m.chain.Grid.Rows) != rows {
		t.Fatal("an answer to an older question was taken")
	}
	if s.m.observe() != nil {
		t.Fatal("Tickers reads the accounts")
	}
}

// TestGridHoldsTheRow: rows change places, the selection does not.
func TestGridHoldsTheRow(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.keys("v")
	s.look()
	first := s.selected()
	a := &s.feed.accounts[slices.IndexFunc(s.feed.accounts, func(a model.Account) bool { return a.Day < 100 })]
	a.Premium, a.Day = 50e6, 90_000
	s.look()
	if s.selected() == first {
		t.Fatal("before a key the selection is the first row, whichever that is")
	}
	s.keys("j", "j", "j")
	row, line := s.selected(), s.lineOf()
	for i := range s.feed.accounts {
		if i%3 == 0 && s.feed.accounts[i].Contract != s.m.chain.Grid.Current().Contract {
			s.feed.accounts[i].Premium *= 3
		}
	}
	s.look()
	if s.selected() != row {
		t.Fatalf("the selection went from %q to %q", row, s.selected())
	}
	if at := s.lineOf(); at != line && s.m.chain.Grid.Top != 0 {
		t.Fatalf("the selected row moved from line %d to %d", line, at)
	}
	s.keys("g")
	if !strings.Contains(s.selected(), "$") || s.lineOf() != 3 {
		t.Fatal("g is not on the first row")
	}
}

func TestDrillAndBackInPlace(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.keys("v", "v")
	s.has("Tickers  by premium, falling")
	s.keys("j", "j")
	ticker := s.selected()
	s.keys("enter")
	s.look()
	s.has("Contracts  NVDA")
	s.keys(slices.Repeat([]string{"j"}, 40)...)
	row, line := s.selected(), s.lineOf()
	s.keys("enter")
	s.look()
	s.has("O:NVDA", "quote", "break-even", "greeks")
	s.keys("esc")
	if s.selected() != row || s.lineOf() != line {
		t.Fatalf("back from the details on line %d %q, was on %d %q", s.lineOf(), s.selected(), line, row)
	}
	s.keys("esc")
	s.has("Tickers")
	if s.selected() != ticker {
		t.Fatalf("back on %q, was on %q", s.selected(), ticker)
	}
	s.keys("v")
	s.look()
	s.has("Heat map  NVDA")
	cell := s.m.heatPage().Map.Place
	s.keys("enter")
	s.look()
	s.has("Contracts  NVDA ")
	s.keys("q")
	if s.m.page != page.Page(s.m.heatPage()) || s.m.heatPage().Map.Place != cell {
		t.Fatal("q does not come back to the cell")
	}
}

func TestViewsSort(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill().day()
	s.keys("v")
	s.look()
	g := &s.m.chain.Grid
	for i := range g.Columns {
		for range 2 {
			g.SortBy(i)
			unknown := false
			for _, r := range g.Ranks {
				if k := g.Columns[i].Key(&g.Rows[r.ID]); math.IsNaN(k) {
					unknown = true
				} else if unknown {
					t.Fatalf("sorted by %s a known value stands after an unknown one", g.Columns[i].Name)
				}
			}
			s.look()
			s.has("by " + g.Columns[i].Name + ", ")
		}
	}
	s.keys(":")
	s.typed("sort gaps")
	s.keys("enter")
	s.has("by gaps, falling")
}

// TestViewsFilter: each view has its own filter, in the same language, and what
// says nothing there is refused in words.
func TestViewsFilter(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.page.Filter().Set("side=ask")
	s.keys("v")
	s.look()
	s.hasNot("side=ask")
	for _, c := range []struct{ text, says string }{
		{"side=ask", "side speaks of a burst"}, {"not twin", "twin speaks of a burst"}, {"spy (whale or puts)", "whale speaks of a burst"},
		{"size>5", "vol is the day's"}, {"has(prints)", "prints speaks of a burst"},
	} {
		if _, err := s.m.page.Filter().Read(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.text, err, c.says)
		}
	}
	for _, text := range []string{"nvda calls", "prem>=1m vol/oi>2", "unusual", "otm>5% or itm", "delta>0.4 dte<=30", "age<5m", "has(iv)"} {
		if s.m.page.Filter().Set(text) != nil {
			t.Errorf("%q is refused", text)
		}
	}
	s.m.page.Filter().Set("nvda puts dte>30")
	s.look()
	for _, r := range s.m.chain.Grid.Rows {
		if r.Of.Underlying != "NVDA" || r.Of.Type != model.Put || r.Of.DTE(model.MakeDate(2026, 11, 23)) <= 30 {
			t.Fatalf("%s is shown", r.Of.Symbol)
		}
	}
	if len(s.m.chain.Grid.Rows) == 0 {
		t.Fatal("nothing is shown")
	}
	s.keys("u", "F")
	s.has("contracts")
	s.keys("v")
	if s.m.page.Filter().Set("calls") == nil || s.m.page.Filter().Set("prem>70m") != nil {
		t.Fatal("in Tickers a word about contracts is taken, or one about premium is not")
	}
	s.has("2 of 3 tickers")
	s.keys("v", "v")
	if s.m.page.Filter().Text() != "side=ask" {
		t.Fatalf("back on the tape the filter is %q", s.m.page.Filter().Text())
	}
}

// TestDetailsTakeTheNewestAnswer: what was asked for another contract is dropped.
func TestDetailsTakeTheNewestAnswer(t *testing.T) {
	s := newStage(t, 120, 40, nil).fill().day()
	s.m.View()
	first := s.m.carry(s.m.tape.Open())
	s.m.dirty = true
	s.has("loading the day")
	s.m.carry(act.One(act.CloseDetails{}))
	s.keys("j", "enter")
	s.has("09:30")
	before := s.screen()
	s.feed.day = func(model.ContractID) ([]model.Bar, error) { return minuteBars()[:3], nil }
	s.deliver(first())
	if s.screen() != before {
		t.Fatal("the day of another contract was taken over")
	}
	days := s.feed.days
	s.feed.day = func(model.ContractID) ([]model.Bar, error) { return nil, errors.New("reading the day: HTTP 500") }
	s.keys("r")
	if s.feed.days != days+1 || s.feed.polls != 0 {
		t.Fatal("r does not read the day again")
	}
	s.has("reading the day: HTTP 500")
}

func TestDetailsSayWhy(t *testing.T) {
	s := newStage(t, 120, 60, nil).fill().day()
	s.m.View()
	s.keys("enter", "z")
	s.has("premium $1.12M ≥ $1M, abs(delta) 0.48 < 0.90", "day volume 3,104 ≥ 500, OI 1,840 ≥ 100, V/OI", "1.7 > 1.25", "size 2,310 > OI 1,840",
		"A: low 4.85 ≥ ask 4.85", "sure: all quotes agree; 4.75 × 4.85", "one print", "2,904 in bars + 200 before we looked = 3,104",
		"184.85 at expiry: strike 180 + 4.85", "1.0% out of the money; at the money by delta", "O:NVDA261218C00180000")
	s.keys("esc")
	s.hasNot("break-even")
	if s.m.tape.Table.Height < 20 {
		t.Fatalf("the table has %d rows after the details", s.m.tape.Table.Height)
	}
}

func TestDetailsWatchTheContract(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.keys("v")
	s.look()
	s.keys("G", "enter")
	s.m.watch()
	if !slices.Contains(s.feed.watched, s.m.details.Contract().ID) {
		t.Fatal("the engine is not told which contract the details show")
	}
	if n := len(s.feed.watched); n > 40 {
		t.Fatalf("%d contracts are watched for a screen of 30 lines", n)
	}
}

// BenchmarkContractsView is a frame of 25,000 contracts, and a new copy of them.
func BenchmarkContractsView(b *testing.B) {
	s := newStage(b, 160, 43, nil).fill().day()
	for e := range 60 {
		for k := range 400 {
			c := model.Contract{Root: "SPY", Underlying: "SPY", Expiry: model.MakeDate(2026, 12, 1) + model.Date(e*7), Strike: int32(300000 + k*1000), Shares: 100}
			s.feed.accounts = append(s.feed.accounts, accountOf(b, s.tape, model.FormatContract(c), e*400+k))
		}
	}
	s.keys("v")
	s.look()
	b.Run("frame", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.m.dirty = true
			s.m.View()
		}
	})
	b.Run("copy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.look()
		}
	})
	s.keys("v", "v")
	s.look()
	b.Run("heat", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.m.dirty = true
			s.m.View()
		}
	})
	s.keys("v")
	s.m.View()
	s.keys("enter")
	b.Run("details", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.m.dirty = true
			s.m.View()
		}
	})
}

func TestTheViewIsRemembered(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("v")
	if k := s.m.kept.atEnd(s.m.choices()); k.View != "contracts" {
		t.Fatalf("kept %+v", k)
	}
	s = newStage(t, 120, 30, chosenBefore(memory.Choices{View: "heat map"})).fill().day()
	s.look()
	s.has("Heat map  NVDA", "of the map")
	if k := s.m.kept.atEnd(s.m.choices()); k.View != "" {
		t.Fatalf("nothing changed, kept %+v", k)
	}
	newStage(t, 120, 30, chosenBefore(memory.Choices{View: "nonsense"})).fill().has("Tape ")
}

// TestDetailsOfAFrozenRow: a frozen picture's row is explained as it is shown.
func TestDetailsOfAFrozenRow(t *testing.T) {
	s := newStage(t, 120, 60, nil).fill().day()
	s.m.View()
	s.keys("space")
	grown := picture[0]
	grown.at, grown.size = "10:41:27", 90
	s.append(grown)
	s.keys("enter", "z")
	s.has("2,310 at 4.85", "premium $1.12M ≥ $1M")
	s.keys("esc", "space", "enter", "z")
	s.has("2,400 at 4.85", "2 windows in", "REV", "10:41:27      90    4.85  $43.6K  A      0")
	s.append(trade{at: "10:41:27", symbol: "O:SPY261218C00670000", size: 500, vwap: 3, prints: 4, spot: 655})
	again := grown
	again.at, again.size = "10:41:28", 30
	s.append(again)
	s.has("2,430 at 4.85", "3 windows in")
}

func TestWheelInViews(t *testing.T) {
	s := newStage(t, 80, 24, nil).fill().day()
	s.keys("v", "v", "v")
	s.look()
	row := s.m.heatPage().Map.Row()
	s.m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if got := s.m.heatPage().Map.Row(); got != row+wheelRows {
		t.Fatalf("the wheel goes from strike %d to %d", row, got)
	}
	s.keys("v")
	s.m.View()
	s.keys("enter")
	s.m.View()
	s.m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: s.m.detailsTop()})
	if s.m.details.Facts.Top() != wheelRows {
		t.Fatalf("the wheel scrolls the details by %d", s.m.details.Facts.Top())
	}
}
