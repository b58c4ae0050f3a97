package details

import (
	"fmt"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/rows"
)

// windowsFew is how many windows are listed where the row is explained; more would
// push the contract's day out of sight.
const windowsFew = 6

// windowFacts list the windows of the row, the last one first.
func (d *Details) windowFacts() (out []fact) {
	switch {
	case d.of.Row.Windows <= 1:
		return nil
	case len(d.windows) == 0:
		return []fact{{label: "windows", ink: paint.Dim, text: format.Count(int64(d.of.Row.Windows)) + ", no longer known one by one"}}
	}
	line := func(label string, i paint.Ink, text, more string) {
		out = append(out, fact{label: label, ink: i, text: text, more: more, whole: true})
	}
	line("windows", paint.Dim, fmt.Sprintf("%-8s %7s %7s %7s  %-4s %3s", "TIME", "SIZE", "PRICE", "PREMIUM", "SD", "REV"), "  QUOTE")
	for i := len(d.windows) - 1; i >= 0; i-- {
		r := &d.windows[i]
		quote := ""
		if model.Known32(r.Bid) && model.Known32(r.Ask) {
			quote = "  " + quoteText(float64(r.Bid), float64(r.Ask))
		}
		line("", paint.Text, fmt.Sprintf("%-8s %7s %7s %7s  %-4s %3d", d.Zone.Clock(r.Start), format.Count(int64(r.Size)), priceText(float64(r.Vwap)),
			format.Money(r.Premium), r.Side.String()+r.Certainty.String(), r.Revision), quote)
	}
	return out
}

// lostFacts tell of the gaps of the contract that are on the tape.
func (d *Details) lostFacts() (out []fact) {
	for _, r := range d.Pull.Bursts.GapsOf(d.of.Contract.ID, nil) {
		out = append(out, fact{label: "gap", ink: paint.Warn, text: d.gapText(&r)})
	}
	if out == nil {
		out = append(out, fact{label: "gaps", ink: paint.Dim, text: "none"})
	}
	return out
}

// gapText is how much is missing, when, and what is done about it.
func (d *Details) gapText(r *model.Row) string {
	reason := rows.GapWords[min(int(r.Reason), len(rows.GapWords)-1)]
	return fmt.Sprintf("%s missing, %s to %s; %s", format.Count(int64(r.Size)), d.Zone.Clock(r.Start), d.Zone.Clock(r.End()), reason)
}

// gapFacts are the gaps that a line of the tape joins.
func (d *Details) gapFacts() (out []fact) {
	for _, l := range d.of.Gaps() {
		out = append(out, fact{label: "gap", ink: paint.Text, text: page.ContractName(l.Contract) + "  " + d.gapText(&l.Row.Row)})
	}
	return out
}
