package totals

import (
	"math"
	"slices"
	"strconv"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// tickerWords is what the one-line strip can say of a ticker.
type tickerWords struct {
	name, spot, calls, puts, ratio, net, share string
	leans                                      paint.Ink // of the balance
}

// words writes a ticker's numbers, one after the other in room; what is not known
// stays empty.
func words(r *model.Totals, room []byte) tickerWords {
	w := tickerWords{name: r.Underlying, calls: string(format.AppendSum(room, r.CallPremium, r.Whole))}
	w.puts = string(format.AppendSum(room, r.PutPremium, r.Whole))
	if !math.IsNaN(r.Spot) {
		w.spot = string(format.AppendPrice(room, r.Spot))
	}
	if r.CallPremium > 0 && r.Whole {
		w.ratio = string(format.AppendPutCall(room, r.PutPremium/r.CallPremium))
	}
	if share := view.SureShare(r); share >= view.BullBearLeast {
		w.share = string(format.AppendShare(room, share))
		net, ink := table.Balance(room, r)
		w.net, w.leans = string(net), ink
	}
	return w
}

// The details of the one-line strip, each with all of those before.
const (
	briefSpot = iota
	briefRatio
	briefNet
	briefPremium
)

// each gives the pieces of a ticker in so much detail.
func (w *tickerWords) each(detail int, give func(i paint.Ink, text string)) {
	give(paint.Strong, w.name)
	if w.spot != "" {
		give(paint.Text, " ")
		give(paint.Text, w.spot)
	}
	if detail >= briefPremium {
		give(paint.Call, "  C ")
		give(paint.Call, w.calls)
		give(paint.Put, "  P ")
		give(paint.Put, w.puts)
	}
	if detail >= briefRatio && w.ratio != "" {
		give(paint.Dim, " P/C ")
		give(paint.Text, w.ratio)
	}
	if detail >= briefNet && w.net != "" {
		give(w.leans, " ")
		give(w.leans, w.net)
		give(paint.Dim, " on ")
		give(paint.Dim, w.share)
	}
}

// width is the cells of a ticker in so much detail, with the gap behind it.
func (w *tickerWords) width(detail int) int {
	n := 3
	w.each(detail, func(_ paint.Ink, text string) { n += paint.Cells(text) })
	return n
}

// brief writes the tickers into one line, in as much detail as fits for all, and
// how many have no room. A balance stands there only with its name and its time,
// once for all, which may be in a header above.
func (t *Strip) brief(p *paint.Pen, th *paint.Theme, columns int, rows []model.Totals, headed bool) string {
	t.words = t.words[:0]
	for i := range rows {
		t.words = append(t.words, words(&rows[i], p.Scratch()))
	}
	balance := ""
	if !headed && slices.ContainsFunc(t.words, func(w tickerWords) bool { return w.net != "" }) {
		balance = "bull-bear " + SinceText(rows, t.Zone)
	}
	detail, fit := briefPremium, 0
	if len(rows) < len(t.Rows) { // below rows of others: sums change with every print, which a terminal far away pays for
		detail = briefNet
	}
	for ; detail >= briefSpot; detail-- {
		room := columns
		if detail >= briefNet && balance != "" {
			room -= paint.Cells(balance) + 2
		}
		if fit = t.fitting(detail, room); fit == len(rows) || detail == briefSpot {
			break
		}
	}
	more := func() string { return "+" + strconv.Itoa(len(rows)-fit) + " more in Tickers (" + t.More + ") " }
	for fit < len(rows) && fit > 1 && t.fitting(detail, columns-paint.Cells(more())) < fit {
		fit--
	}
	t.words = t.words[:max(fit, 1)]
	t.detail = detail
	p.Line(th, paint.OnPlain, columns)
	for i := range t.words {
		p.Space(1)
		t.words[i].each(detail, p.Put)
		p.Space(2)
	}
	switch {
	case fit < len(rows):
		p.To(columns - paint.Cells(more()))
		p.Put(paint.Faint, more())
	case detail >= briefNet && balance != "" && paint.Cells(balance)+2 <= p.Left():
		p.Space(1)
		p.Put(paint.Header, balance)
	}
	return p.End()
}

// fitting is how many tickers there is room for.
func (t *Strip) fitting(detail, room int) (n int) {
	for i := range t.words {
		if room -= t.words[i].width(detail); room < 0 {
			break
		}
		n++
	}
	return n
}
