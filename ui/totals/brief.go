package totals

import (
	"math"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// tickerWords is what the one-line strip can say of a ticker.
type tickerWords struct {
	name, spot, calls, puts, ratio, net, share string
	bear                                       bool
}

// words writes a ticker's numbers; what is not known stays empty.
func words(r *model.Totals) tickerWords {
	var b [32]byte
	w := tickerWords{name: r.Underlying, calls: string(format.AppendSum(nil, r.CallPremium, r.Whole)), puts: string(format.AppendSum(nil, r.PutPremium, r.Whole)), bear: r.Bull < r.Bear}
	if !math.IsNaN(r.Spot) {
		w.spot = string(format.AppendPrice(b[:0], r.Spot))
	}
	if r.CallPremium > 0 && r.Whole {
		w.ratio = string(format.AppendPutCall(b[:0], r.PutPremium/r.CallPremium))
	}
	if share := table.SureShare(r); share >= table.BullBearLeast {
		net := b[:0]
		if !w.bear {
			net = append(net, '+')
		}
		w.net = string(format.AppendMoney(net, r.Bull-r.Bear))
		w.share = string(format.AppendShare(b[:0], share))
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
		i := paint.Ask
		if w.bear {
			i = paint.Bid
		}
		give(i, " ")
		give(i, w.net)
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

// brief writes all tickers into one line, in as much detail as fits for all. A
// balance stands there only with its name and its time, once for all.
func (t *Strip) brief(p *paint.Pen, th *paint.Theme, columns int, rows []model.Totals) string {
	t.words = t.words[:0]
	balance := ""
	for i := range rows {
		t.words = append(t.words, words(&rows[i]))
		if t.words[i].net != "" {
			balance = t.say(rows, len(rows)).brief
		}
	}
	detail := briefPremium
	for ; detail > briefSpot; detail-- {
		total := 0
		if detail >= briefNet && balance != "" {
			total = paint.Cells(balance) + 2
		}
		for i := range t.words {
			total += t.words[i].width(detail)
		}
		if total <= columns {
			break
		}
	}
	p.Line(th, paint.OnPlain, columns)
	for i := range t.words {
		w := &t.words[i]
		if p.Written() > 0 && w.width(detail) > p.Left() {
			break
		}
		p.Space(1)
		w.each(detail, p.Put)
		p.Space(2)
	}
	if detail >= briefNet && balance != "" && paint.Cells(balance)+2 <= p.Left() {
		p.Space(1)
		p.Put(paint.Header, balance)
	}
	return p.End()
}
