package details

import (
	"fmt"
	"math"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
)

// fact is one thing that the details say: what of, and what.
type fact struct {
	label string
	ink   paint.Ink
	text  string
	whole bool   // a line of a table: cut rather than broken
	more  string // of such a line, where there is room for it
}

// detailFacts are all that is known of the contract shown.
func (d *Details) detailFacts(c *model.Contract) (out []fact) {
	beside := d.page.Moment()
	add := func(label string, i paint.Ink, text string) {
		out = append(out, fact{label: label, ink: i, text: text})
	}
	var below []fact
	if d.of.Among > 0 {
		add("cell", paint.Dim, fmt.Sprintf("the contract of most premium of %d here; %s shows them", d.of.Among, d.Shown.Key(keys.Open)))
	}
	if d.of.Burst {
		r := &d.of.Row
		add("row", paint.Text, d.rowText(&r.Row, len(d.windows)))
		out = append(out, whySide(&r.Row, int(r.Windows), d.windows)...)
		out = append(out, whyMarks(&r.Row, c, d.of.Marks, d.Rules)...)
		out = append(out, d.twinFacts()...)
		if top := r.Top(); !math.IsNaN(top) {
			add("top", paint.Text, fmt.Sprintf("%s of the bursts of %s in this session have at least its premium", format.AppendTop(nil, top), c.Underlying))
		}
		if all := d.windowFacts(); len(d.windows) <= windowsFew {
			out = append(out, all...)
		} else {
			add("windows", paint.Dim, fmt.Sprintf("%d, listed at the end", len(d.windows)))
			below = all
		}
	}
	if d.day != nil && d.trouble != "" {
		add("chart", paint.Bad, "only what came since: "+d.trouble)
	}
	if c.Adjusted() {
		add("adjusted*", paint.Warn, deliverableText(c))
	}
	spot := beside.Spot(c.Underlying)
	if d.hasAcct {
		a := &d.acct
		add("day", paint.Text, dayText(a))
		if a.Day > 0 {
			add("", paint.Dim, partsText(a))
		}
		add("quote", paint.Text, d.quoteNow(a.Quote))
		add("greeks", paint.Text, greeksText(a))
		add("OI", paint.Text, interestText(a)+d.Pins.InterestChange(a))
		out = append(out, moneyFacts(a, c, spot, d.Rules)...)
		if !d.of.Burst {
			out = append(out, dayMark(a, c, d.Rules, beside.Now)...)
		}
	} else {
		add("day", paint.Dim, "loading the account")
	}
	return append(append(out, d.lostFacts()...), below...)
}

// twinFacts name the other contracts.
func (d *Details) twinFacts() (out []fact) {
	for _, t := range d.twins {
		if c := d.Contracts.At(t.Contract); c != nil {
			out = append(out, fact{label: "twin", ink: paint.Text, text: fmt.Sprintf("%s  %s of %s", d.Zone.Clock(t.Start), format.Count(int64(t.Size)), page.ContractName(c))})
		}
	}
	return out
}

// rowText is the row that the details were opened from.
func (d *Details) rowText(r *model.Row, windows int) string {
	text := fmt.Sprintf("%s  %s  %s at %s", d.Zone.Clock(r.Start), format.Money(r.Premium), format.Count(int64(r.Size)), priceText(float64(r.Vwap)))
	if r.Low != r.High && model.Known32(r.Low) && model.Known32(r.High) {
		text += fmt.Sprintf(" (%s to %s)", priceText(float64(r.Low)), priceText(float64(r.High)))
	}
	switch {
	case windows > 1:
		text += fmt.Sprintf(", %d windows in %s", windows, format.Age(int64(r.Span)))
	case windows == 1 && d.windows[0].Revision > 0:
		text += fmt.Sprintf(", revision %d", d.windows[0].Revision)
	}
	switch n := float64(r.Prints); {
	case math.IsNaN(n):
	case n == 1:
		text += ", one print"
	default:
		text += ", about " + format.Count(int64(math.Round(n))) + " prints"
	}
	switch r.Source {
	case model.SourceREST:
		text += ", polled"
	case model.SourceBackfill:
		text += ", read afterwards"
	}
	if r.Is(model.FlagApproximate) {
		text += ", price approximated"
	}
	return text
}

// priceText is a price, or that it is unknown.
func priceText(v float64) string {
	if math.IsNaN(v) {
		return "?"
	}
	return string(format.AppendPrice(nil, v))
}

func dayText(a *model.Account) string {
	if a.Day == 0 {
		return "nothing traded"
	}
	text := fmt.Sprintf("volume %s, premium %s, %s", format.Count(a.Day), format.Money(a.Premium), format.Counting(int64(a.Windows), "window"))
	for _, p := range []struct {
		name  string
		price float64
	}{{"vwap", a.DayVwap}, {"open", a.DayOpen}, {"high", a.DayHigh}, {"low", a.DayLow}, {"last", a.DayClose}} {
		if !math.IsNaN(p.price) {
			text += ", " + p.name + " " + priceText(p.price)
		}
	}
	return text
}

// partsText is the account in its parts, which make the day.
func partsText(a *model.Account) string {
	var parts []string
	for _, p := range []struct {
		n    int64
		name string
	}{{a.Exact, "in bars"}, {a.Polled, "polled"}, {a.Past, "before we looked"}, {a.Pending, "expected"}, {a.Gaps, "missing"}} {
		if p.n != 0 {
			parts = append(parts, format.Count(p.n)+" "+p.name)
		}
	}
	return strings.Join(parts, " + ") + " = " + format.Count(a.Day)
}

// quoteNow is the quote with its ages.
func (d *Details) quoteNow(q model.Quote) string {
	if q.Read == 0 {
		return "none was read"
	}
	now := d.page.Moment().Now
	if q.Read > now { // it was asked for in a frozen picture
		now = d.Now
	}
	text := quoteText(q.Bid, q.Ask)
	if q.BidSize > 0 || q.AskSize > 0 {
		text += fmt.Sprintf(" for %s × %s", format.Count(int64(q.BidSize)), format.Count(int64(q.AskSize)))
	}
	if q.Updated > 0 {
		text += ", changed " + format.Age(now-q.Updated) + " ago"
	}
	text += ", read " + format.Age(now-q.Read) + " ago"
	if mid := (q.Bid + q.Ask) / 2; q.Usable() && mid > 0 {
		text += fmt.Sprintf(", spread %.1f%%", (q.Ask-q.Bid)/mid*100)
	}
	return text
}

func greeksText(a *model.Account) string {
	var parts []string
	if !math.IsNaN(a.IV) {
		parts = append(parts, fmt.Sprintf("IV %.1f%%", a.IV*100))
	}
	for _, g := range []struct {
		name  string
		value float64
	}{{"delta", a.Delta}, {"gamma", a.Gamma}, {"theta", a.Theta}, {"vega", a.Vega}} {
		if !math.IsNaN(g.value) {
			parts = append(parts, fmt.Sprintf("%s %+.3f", g.name, g.value))
		}
	}
	if len(parts) == 0 {
		return "unknown"
	}
	return strings.Join(parts, ", ")
}

func interestText(a *model.Account) string {
	if math.IsNaN(a.OpenInterest) {
		return "unknown"
	}
	text := format.Count(int64(a.OpenInterest)) + ", of yesterday's close"
	if a.OpenInterest > 0 {
		text += ", V/OI " + string(format.AppendRatio(nil, float64(a.Day)/a.OpenInterest))
	}
	return text
}

// deliverableText says what an adjusted contract delivers, as far as the vendor
// says it.
func deliverableText(c *model.Contract) string {
	shares := plain(c.Shares) + " shares of " + c.Underlying
	switch {
	case c.More:
		shares += " and cash or other shares"
	case c.Shares == 100:
		shares = "its root " + c.Root + " says so; the vendor states 100 shares and nothing else"
	}
	return fmt.Sprintf("%s, for %.0f times the strike; premium is price x %.0f (OCC's memo on %s has the terms)", shares, c.Multiplier(), c.Multiplier(), c.Root)
}

// moneyFacts are break-even and moneyness, by the last price and present spot.
func moneyFacts(a *model.Account, c *model.Contract, spot float64, rules *model.Rules) (out []fact) {
	if c.Adjusted() {
		const why = "unknown: the price of one share says nothing beside the strike of an adjusted contract"
		return []fact{{label: "break-even", ink: paint.Dim, text: why}, {label: "moneyness", ink: paint.Dim, text: "unknown"}}
	}
	price, by := a.DayClose, "the last price"
	if math.IsNaN(price) && a.Quote.Usable() {
		price, by = (a.Quote.Bid+a.Quote.Ask)/2, "the middle of the quote"
	}
	if math.IsNaN(price) {
		out = append(out, fact{label: "break-even", ink: paint.Dim, text: "unknown: there is no price"})
	} else {
		even, sign := c.StrikePrice()+price, "+"
		if c.Type == model.Put {
			even, sign = c.StrikePrice()-price, "−"
		}
		text := fmt.Sprintf("%s at expiry: strike %s %s %s, %s", priceText(even), string(format.AppendStrike(nil, c.Strike)), sign, priceText(price), by)
		if spot > 0 {
			text += "; " + string(format.AppendPercent(nil, (even-spot)/spot)) + " from spot " + priceText(spot)
		}
		out = append(out, fact{label: "break-even", ink: paint.Text, text: text})
	}
	if !(spot > 0) {
		return append(out, fact{label: "moneyness", ink: paint.Dim, text: "unknown: there is no stock price"})
	}
	r := a.Row(spot, false, 0)
	otm := r.OTM(c)
	text := fmt.Sprintf("%.1f%% out of the money", otm*100)
	if otm < 0 {
		text = fmt.Sprintf("%.1f%% in the money, intrinsic value %s", -otm*100, priceText(math.Abs(c.StrikePrice()-spot)))
	}
	if r.AtMoney(c) == model.True {
		text += "; at the money by delta"
		if !model.Known32(r.Delta) {
			text = strings.TrimSuffix(text, "delta") + "distance"
		}
	}
	return append(out, fact{label: "moneyness", ink: paint.Text, text: text})
}

// dayMark says of a contract without a row whether its day is unusual.
func dayMark(a *model.Account, c *model.Contract, rules *model.Rules, now int64) []fact {
	r := a.Row(model.Unknown, false, now)
	if marks := model.MarksOf(&r, c, rules) & model.MarkUnusual; marks != 0 {
		f := whyMarks(&r, c, marks, rules)[0]
		f.text, _, _ = strings.Cut(f.text, "; before")
		return []fact{f}
	}
	return nil
}
