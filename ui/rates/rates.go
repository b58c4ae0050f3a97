// Package rates puts the figures of the ledger into lines, for the screen and for
// optflow ledger. Nothing in it makes a figure look better than it is: what has
// too few days has no interval, and what every table must say stands below it.
package rates

import (
	"fmt"
	"math"

	"optflow/model/ledger"
	"optflow/model/session"
	"optflow/ui/format"
)

// Rates are the figures of a ledger: of a simulated market, or of a real one.
type Rates struct {
	By       map[ledger.Horizon][]ledger.Figures
	Versions int // of rules that were tried
	Best     ledger.Figures
	HasBest  bool
	Sim      bool
	Skipped  ledger.Skipped // lines
}

// Of reckons the figures of a ledger. It may take a second for years of alerts.
func Of(book *ledger.Ledger, skipped ledger.Skipped, cal *session.Calendar, sim bool) Rates {
	r := Rates{By: map[ledger.Horizon][]ledger.Figures{}, Versions: book.Versions(sim), Sim: sim, Skipped: skipped}
	for _, h := range ledger.Horizons() {
		r.By[h] = book.Figures(h, cal, sim)
	}
	r.Best, r.HasBest = book.Best(cal, sim)
	return r
}

// None reports whether nothing has fired yet.
func (r *Rates) None() bool { return r.Versions == 0 }

// Invented is what is said of a simulated market.
const Invented = "prices are invented: these rates mean nothing"

// Head is what stands above the figures.
func (r *Rates) Head() (list []string) {
	if r.Sim {
		list = append(list, Invented)
	}
	if r.Versions > 0 {
		list = append(list, format.Counting(int64(r.Versions), "version")+" tried: one in 20 looks good by chance")
	}
	if r.HasBest {
		b := &r.Best
		said := fmt.Sprintf("best of all: %s %d at %s, %s", b.Rule, b.Number, b.Horizon, points(b.Diff.Value))
		if b.Diff.Nothing() {
			said += ", no difference seen once all that was tried is allowed for"
		} else {
			said += " points, " + pointsRange(b.Diff) + " once all that was tried is allowed for (Bonferroni)"
		}
		list = append(list, said)
	}
	if n := r.Skipped.Torn + r.Skipped.Wrong + r.Skipped.Newer; n > 0 {
		list = append(list, "left out: "+format.Counting(int64(n), "line")+" of the ledger that cannot be read")
	}
	return list
}

// Below is what always stands below the figures.
var Below = []string{
	"a hit is the underlying's direction, not a profit; ties and unknown sides are left out of it",
	"where a trade stood says who wanted it in 36 to 87 % of trades, and another leg may be elsewhere",
	"NET buys at the ask when the alert was seen and sells at the bid; fees are not in it; spreads cost more than most effects",
	"an interval with 0 inside shows no difference; intervals are over days, as alerts of one day are not independent",
}

// Few is said in place of rates.
const Few = "too few (30 alerts on 20 days are needed)"

func percent(v float64) string { return hundredths("%.0f%%", v) }

// change is a return with its sign: +0.4%.
func change(v float64) string { return hundredths("%+.1f%%", v) }

// points is a difference of rates in points.
func points(v float64) string { return hundredths("%+.0f", v) }

func hundredths(form string, v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf(form, 100*v)
}

func pointsRange(e ledger.Estimate) string {
	if math.IsNaN(e.Low) {
		return ""
	}
	return points(e.Low) + ".." + points(e.High)
}

func percentRange(e ledger.Estimate) string {
	if math.IsNaN(e.Low) {
		return ""
	}
	return fmt.Sprintf("%.0f-%.0f%%", 100*max(e.Low, 0), 100*min(e.High, 1))
}
