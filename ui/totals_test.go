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
