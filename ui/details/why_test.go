package details

import (
	"strings"
	"testing"

	"optflow/model"
)

// The details say what a side's mark means, in its own words for one window and
// for several, and never more than where it traded.
func TestWhySideSaysHowSure(t *testing.T) {
	row := model.Row{Side: model.SideAsk, Size: 30, Low: 2, High: 2, Vwap: 2, Bid: 1.9, Ask: 2, QuoteAge: 800, Span: model.Second}
	for _, test := range []struct {
		name      string
		certainty model.Certainty
		source    model.Source
		windows   int
		want      string
	}{
		{"sure", model.CertaintySure, model.SourceWS, 1, "sure: all quotes agree; 1.90 × 2.00 changed 0.8s before the row"},
		{"fair", model.CertaintyFair, model.SourceWS, 1, "fairly sure (?): 1.90 × 2.00 changed 0.8s before the row; the quotes known before and after agree"},
		{"loose", model.CertaintyLoose, model.SourceWS, 1, "not sure (~): 1.90 × 2.00 changed 0.8s before the row; whether it was in force"},
		{"polled", model.CertaintyLoose, model.SourceREST, 1, "not sure (~): a polled row"},
		{"a sure burst", model.CertaintySure, model.SourceWS, 3, "sure: so is at least 70% of its size"},
		{"a fair burst", model.CertaintyFair, model.SourceWS, 3, "fairly sure (?): at least 70% of its size"},
		{"a loose burst", model.CertaintyLoose, model.SourceWS, 3, "not sure (~): less than 70% of its size"},
	} {
		r := row
		r.Certainty, r.Source = test.certainty, test.source
		windows := make([]model.Row, test.windows)
		for i := range windows {
			windows[i] = r
		}
		var text strings.Builder
		for _, f := range whySide(&r, len(windows), windows) {
			text.WriteString(f.text + "\n")
		}
		if got := text.String(); !strings.Contains(got, "\n"+test.want) || !strings.Contains(got, "where it traded, not who wanted it") || !strings.HasPrefix(got, "A: ") {
			t.Errorf("%s:\n%s", test.name, got)
		}
	}
}

// TestSideRules explains every side by what made it.
func TestSideRules(t *testing.T) {
	r := model.Row{Low: 4.8, High: 4.9, Vwap: 4.85, Bid: 4.7, Ask: 4.8}
	for side, want := range map[model.Side]string{
		model.SideAsk: "low 4.80 ≥ ask 4.80", model.SideAboveAsk: "low 4.80 > ask 4.80", model.SideBid: "high 4.90 ≤ bid 4.70",
		model.SideBelowBid: "high 4.90 < bid 4.70", model.SideNearAsk: "quarter next to ask", model.SideNearBid: "quarter next to bid",
		model.SideMid: "in the quote 4.70 × 4.80",
	} {
		r.Side = side
		if got := whySide(&r, 1, nil)[0].text; !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q", side, got, want)
		}
	}
	two := []model.Row{{Side: model.SideAsk, Size: 70}, {Side: model.SideMid, Size: 30}}
	r.Side, r.Size = model.SideAsk, 100
	if got := whySide(&r, 2, two)[0].text; !strings.Contains(got, "M 30, A 70 of 100") {
		t.Errorf("a burst's side is explained by %q", got)
	}
	if got := whySide(&r, 34, nil)[0].text; !strings.HasSuffix(got, "of its size") { // its own range and quote are no reason
		t.Errorf("the side of a burst whose windows are forgotten is explained by %q", got)
	}
}

func TestOverTellsFromTheBound(t *testing.T) {
	for v, want := range map[float64]string{1.7: "1.7", 1.2501: "1.3", 1.24: "1.2", 1.25: "1.2", 12: "12.0"} {
		if got := over(v, 1.25); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}

func TestAdjustedDetails(t *testing.T) {
	c := &model.Contract{Root: "SDS1", RootDigit: true, Underlying: "SDS", Type: model.Call, Strike: 12_000, Shares: 20, More: true}
	a := &model.Account{DayClose: 2}
	for _, f := range moneyFacts(a, c, 60, model.DefaultRules()) {
		if !strings.HasPrefix(f.text, "unknown") {
			t.Errorf("%s: %s", f.label, f.text)
		}
	}
	if got, want := deliverableText(c), "20 shares of SDS and cash or other shares, for 100 times the strike; premium is price x 100 (OCC's memo on SDS1 has the terms)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
