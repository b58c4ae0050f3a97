package ui

import (
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"optflow/model"
	"optflow/ui/paint"
	"optflow/ui/totals"
)

// strip is what a strip of so many lines shows of one ticker.
func strip(t *testing.T, r model.Totals, lines int) string {
	t.Helper()
	m := newStage(t, 120, 30, nil).m
	var p paint.Pen
	s := totals.Strip{Rows: []model.Totals{r}, Zone: m.Zone}
	return ansi.Strip(strings.Join(s.Render(&p, m.Theme, 120, lines, nil), "\n"))
}

// TestTotalsClaimNoMoreThanIsKnown: before the sweep is through, the sums of the
// day are what has been heard so far, and nothing heard is not $0.
func TestTotalsClaimNoMoreThanIsKnown(t *testing.T) {
	for _, lines := range []int{1, 2} {
		nothing := model.Totals{Underlying: "NVDA", Spot: math.NaN()}
		if got := strip(t, nothing, lines); strings.Contains(got, "$0") {
			t.Errorf("unknown sums are shown as numbers:\n%s", got)
		}
		partly := model.Totals{Underlying: "NVDA", Spot: math.NaN(), CallPremium: 2e6, PutPremium: 1e6}
		if got := strip(t, partly, lines); !strings.Contains(got, "≥$2.00M") || !strings.Contains(got, "≥$1.00M") || strings.Contains(got, "0.50") {
			t.Errorf("part of the sums is shown as all of it:\n%s", got)
		}
		partly.Whole = true
		if got := strip(t, partly, lines); strings.Contains(got, "≥") || !strings.Contains(got, "$2.00M") || !strings.Contains(got, "0.50") {
			t.Errorf("whole sums:\n%s", got)
		}
		quiet := model.Totals{Underlying: "NVDA", Whole: true, Spot: math.NaN()}
		if got := strip(t, quiet, lines); !strings.Contains(got, "$0") {
			t.Errorf("a day without trades is known to be $0:\n%s", got)
		}
	}
}

// TestShareOfAll: 100% has a digit more than the field.
func TestShareOfAll(t *testing.T) {
	for _, lines := range []int{1, 2} {
		got := strip(t, model.Totals{Underlying: "NVDA", Whole: true, Spot: 1, CallPremium: 1e6, PutPremium: 1, Bull: 1e6, Premium: 1e6}, lines)
		if !strings.Contains(got, "on all") || strings.Contains(got, "00%") {
			t.Errorf("share:\n%s", got)
		}
	}
}

// TestStripShowsAllThatFit: those that have no row of their own stand in the last
// line, and what has no room there is said.
func TestStripShowsAllThatFit(t *testing.T) {
	tickers := func(n int) (rows []model.Totals) {
		for i := range n {
			premium := float64(100-i) * 1e6
			rows = append(rows, model.Totals{
				Underlying: "T" + string(rune('A'+i)), Whole: true, Spot: 100 + float64(i), CallPremium: premium, PutPremium: premium / 2,
				Bull: premium / 4, Bear: premium / 5, Premium: premium, Since: at("09:52:00"), Minutes: make([]float64, 60),
			})
		}
		return rows
	}
	for _, c := range []struct {
		width, height, n int
		all              bool
	}{
		{120, 30, 2, true}, {120, 30, 3, true}, {120, 30, 5, true}, {120, 30, 20, false}, {80, 24, 5, true}, {80, 24, 9, false}, {80, 30, 4, true}, {200, 50, 8, true}, {60, 20, 7, false}, {60, 12, 7, false},
	} {
		s := newStage(t, c.width, c.height, nil)
		s.state(func(st *model.State) { st.Totals = tickers(c.n) })
		checkCells(t, s.m.View().Content, c.width, c.height)
		shown := 0
		for _, r := range tickers(c.n) {
			if strings.Contains(s.screen(), " "+r.Underlying+" ") {
				shown++
			}
		}
		if shown == c.n != c.all {
			t.Errorf("%dx%d: %d of %d tickers:\n%s", c.width, c.height, shown, c.n, s.screen())
		}
		more := "+" + itoa(c.n-shown) + " more in Tickers (v)"
		if said := strings.Contains(s.screen(), more); said == c.all && c.height >= 20 {
			t.Errorf("%dx%d: %d of %d, without %q:\n%s", c.width, c.height, shown, c.n, more, s.screen())
		}
	}
	// The line is written anew for other numbers, another first ticker, another theme.
	s := newStage(t, 120, 30, nil).fill()
	before := s.line(28)
	s.state(func(st *model.State) { st.Totals[0].Spot = 200 })
	if after := s.line(28); after == before || !strings.Contains(after, "200.00") {
		t.Errorf("the old numbers stand: %q", after)
	}
}
