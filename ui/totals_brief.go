package ui

import (
	"math"

	"optflow/model"
)

// tickerWords is what the one-line strip can say of a ticker.
type tickerWords struct {
	name, spot, calls, puts, ratio, net, share string
	bear                                       bool
}

// words writes a ticker's numbers; what is not known stays empty.
func words(r *model.Totals) tickerWords {
	var b [32]byte
	w := tickerWords{name: r.Underlying, calls: string(appendSum(nil, r.CallPremium, r.Whole)), puts: string(appendSum(nil, r.PutPremium, r.Whole)), bear: r.Bull < r.Bear}
	if !math.IsNaN(r.Spot) {
		w.spot = string(appendPrice(b[:0], r.Spot))
	}
	if r.CallPremium > 0 && r.Whole {
		w.ratio = string(appendPutCall(b[:0], r.PutPremium/r.CallPremium))
	}
	if share := sureShare(r); share >= bullBearLeast {
		net := b[:0]
		if !w.bear {
			net = append(net, '+')
		}
		w.net = string(appendMoney(net, r.Bull-r.Bear))
		w.share = string(appendShare(b[:0], share))
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
func (w *tickerWords) each(detail int, give func(i ink, text string)) {
	give(inkStrong, w.name)
	if w.spot != "" {
		give(inkText, " ")
		give(inkText, w.spot)
	}
	if detail >= briefPremium {
		give(inkCall, "  C ")
		give(inkCall, w.calls)
		give(inkPut, "  P ")
		give(inkPut, w.puts)
	}
	if detail >= briefRatio && w.ratio != "" {
		give(inkDim, " P/C ")
		give(inkText, w.ratio)
	}
	if detail >= briefNet && w.net != "" {
		i := inkAsk
		if w.bear {
			i = inkBid
		}
		give(i, " ")
		give(i, w.net)
		give(inkDim, " on ")
		give(inkDim, w.share)
	}
}

// width is the cells of a ticker in so much detail, with the gap behind it.
func (w *tickerWords) width(detail int) int {
	n := 3
	w.each(detail, func(_ ink, text string) { n += cells(text) })
	return n
}

// brief writes all tickers into one line, in as much detail as fits for all. A
// balance stands there only with its name and its time, once for all.
func (t *totals) brief(p *pen, th *theme, columns int, rows []model.Totals) string {
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
			total = cells(balance) + 2
		}
		for i := range t.words {
			total += t.words[i].width(detail)
		}
		if total <= columns {
			break
		}
	}
	p.line(th, groundPlain, columns)
	for i := range t.words {
		w := &t.words[i]
		if p.written() > 0 && w.width(detail) > p.left() {
			break
		}
		p.space(1)
		w.each(detail, p.put)
		p.space(2)
	}
	if detail >= briefNet && balance != "" && cells(balance)+2 <= p.left() {
		p.space(1)
		p.put(inkHeader, balance)
	}
	return p.end()
}
