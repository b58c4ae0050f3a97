package ui

import (
	"strings"
	"testing"

	"optflow/model"
	"optflow/ui/details"
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
		for _, f := range details.WhySide(&r, windows) {
			text.WriteString(f.Text + "\n")
		}
		if got := text.String(); !strings.Contains(got, "\n"+test.want) || !strings.Contains(got, "where it traded, not who wanted it") || !strings.HasPrefix(got, "A: ") {
			t.Errorf("%s:\n%s", test.name, got)
		}
	}
}
