package api

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model"
)

const (
	aggRows  = 50_000     // the most base bars that the endpoint gives a page
	mostBars = 24 * 3_600 // windows of a second in a day: nobody asks for more

	// callPages is more pages than any one call reads: the engine's pace counts calls.
	callPages = 20
)

// Aggs reads a contract's bars whose windows start in [from, to), in ms, oldest
// first. Their Contract is not set and their DayVolume is -1. whole says that
// every bar of the interval was read; with an error, what was read before it is
// returned too.
func (r *REST) Aggs(ctx context.Context, symbol string, span model.Span, from, to int64) (bars []model.Bar, whole bool, err error) {
	if err := checkSymbols(symbol); err != nil {
		return nil, false, err
	}
	unit := "second"
	switch {
	case to <= from:
		return nil, true, nil
	case span == model.Minute:
		unit = "minute"
	case span != model.Second:
		return nil, false, &source.Failure{Kind: source.ErrorBadRequest, Message: "bars are a second or a minute wide; nothing was sent"}
	}
	path := fmt.Sprintf("/v2/aggs/ticker/%s/range/1/%s/%d/%d", symbol, unit, from, to-1)
	target := r.target(path, url.Values{"sort": {"asc"}, "limit": {strconv.Itoa(aggRows)}})
	whole = true
	walked := source.Walk{Most: callPages}
	rows := int(min((to-from+int64(span)-1)/int64(span), mostBars))
	for {
		page, next, malformed, err := r.aggsPage(ctx, target, span, from, to, min(rows, aggRows)+pageSlack)
		if err != nil {
			return bars, false, err
		}
		whole = whole && malformed == 0
		if len(bars)+len(page) > rows+pageSlack { // a window is there once, or corrected
			return bars, false, &source.Failure{Kind: source.ErrorTooLarge, Message: "more bars than there are windows"}
		}
		bars = append(bars, page...)
		if next == "" {
			return bars, whole, nil
		}
		if err := walked.Step(next); err != nil {
			return bars, false, err
		}
		if target, err = r.next(next); err != nil {
			return bars, false, err
		}
	}
}

// wireAgg is a bar of the aggregates. encoding/json matches keys without regard
// to case where no field matches exactly: T, the ticker of some answers, would
// be taken for t.
type wireAgg struct {
	O     optional  `json:"o"`
	H     optional  `json:"h"`
	L     optional  `json:"l"`
	C     optional  `json:"c"`
	V     optional  `json:"v"`
	VW    optional  `json:"vw"`
	N     optional  `json:"n"`
	Time  optional  `json:"t"`
	Other wire.Text `json:"T"`
}

func (r *REST) aggsPage(ctx context.Context, target *url.URL, span model.Span, from, to int64, most int) (bars []model.Bar, next string, malformed int, err error) {
	err = r.get(ctx, target, barsBody, func(body []byte) error {
		e := envelope[rows]{Results: rowsOf(most, func(w *wireAgg, good bool) {
			bar, ok := w.bar(span)
			if !good || !ok {
				malformed++
			} else if bar.Start >= from && bar.Start < to {
				bars = append(bars, bar)
			}
		})}
		if err := open(r, body, &e); err != nil {
			bars, malformed = nil, 0
			return err
		}
		next = string(e.NextURL)
		return nil
	})
	return bars, next, malformed, err
}

// bar translates; ok is false when it would have to be guessed.
func (w *wireAgg) bar(span model.Span) (model.Bar, bool) {
	volume, known := w.V.volume()
	b := model.Bar{
		Span: span, Start: int64(w.Time.or(0, wire.MinTime, wire.MaxTime)), Volume: volume, DayVolume: -1,
		Open: w.O.price(), High: w.H.price(), Low: w.L.price(), Close: w.C.price(), Vwap: w.VW.price(),
	}
	if !w.VW.known && b.High == b.Low {
		b.Vwap = b.Low // all trades had one price
	}
	sum := b.Open + b.High + b.Low + b.Close + b.Vwap
	if !known || b.Start == 0 || !wire.Whole(w.Time.value, wire.MinTime, wire.MaxTime) || sum != sum || b.High < b.Low {
		return b, false
	}
	if n := w.N.or(0, 0, wire.MaxVolume); n > 0 {
		b.AvgSize = float64(volume) / n
	}
	return b, true
}
