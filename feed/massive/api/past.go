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
	minute       = int64(model.Minute)
	spotMinutes  = 5  // before a time, in which a price is looked for
	interestRows = 10 // a contract has one a session
)

// SpotAt is the price of an underlying, by one of its ChainNames, at the end of
// the last minute that was over at a time in ms and in which it traded; NaN where
// there is none within five.
func (r *REST) SpotAt(ctx context.Context, underlying string, at int64) (spot float64, err error) {
	if err := checkUnderlying(underlying); err != nil {
		return model.Unknown, err
	}
	if at < wire.MinTime || at > wire.MaxTime {
		return model.Unknown, &source.Failure{Kind: source.ErrorBadRequest, Message: "no such time; nothing was sent"}
	}
	to := at / minute * minute
	from := to - spotMinutes*minute
	path := fmt.Sprintf("/v2/aggs/ticker/%s/range/1/minute/%d/%d", underlying, from, to-1)
	spot = model.Unknown
	err = r.get(ctx, r.target(path, url.Values{"sort": {"desc"}, "limit": {strconv.Itoa(aggRows)}}), smallBody, func(body []byte) error {
		newest := int64(0)
		e := envelope[rows]{Results: rowsOf(spotMinutes+pageSlack, func(w *wireAgg, good bool) {
			start := int64(w.Time.or(0, wire.MinTime, wire.MaxTime))
			if price := w.C.price(); good && price == price && price > 0 && start >= from && start < to && start > newest {
				spot, newest = price, start
			}
		})}
		if err := open(r, body, &e); err != nil {
			spot = model.Unknown
			return err
		}
		return nil
	})
	return spot, err
}

// wireInterest is a contract's open interest at the end of a session.
type wireInterest struct {
	Ticker wire.Text `json:"ticker"`
	Date   wire.Text `json:"date"`
	OI     optional  `json:"open_interest"`
}

// Interest is a contract's open interest at the end of a session, -1 where the
// answer states none. The vendor has it from the morning after on.
func (r *REST) Interest(ctx context.Context, symbol string, session model.Date) (lots int64, err error) {
	if err := checkSymbols(symbol); err != nil {
		return -1, err
	}
	lots = -1
	query := url.Values{"ticker": {symbol}, "date": {session.String()}, "limit": {strconv.Itoa(interestRows)}}
	err = r.get(ctx, r.target("/options/v1/open-interest", query), smallBody, func(body []byte) error {
		e := envelope[rows]{Results: rowsOf(interestRows+pageSlack, func(w *wireInterest, good bool) {
			n, known := w.OI.volume()
			if date, err := model.ParseDate(string(w.Date)); good && known && err == nil && date == session && string(w.Ticker) == symbol {
				lots = n
			}
		})}
		if err := open(r, body, &e); err != nil {
			lots = -1
			return err
		}
		return nil
	})
	return lots, err
}
