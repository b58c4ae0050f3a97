package api

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/ticker"
)

// chainQuery writes the filter as parameters; limit is the most rows a page.
func chainQuery(f source.ChainFilter, limit int) url.Values {
	if f.Limit > 0 {
		limit = min(limit, f.Limit)
	}
	q := url.Values{"limit": {strconv.Itoa(limit)}, "sort": {"ticker"}, "order": {"asc"}}
	if f.Type != "" {
		q.Set("contract_type", f.Type)
	}
	if f.ExpiryFrom != 0 && f.ExpiryFrom == f.ExpiryTo {
		q.Set("expiration_date", f.ExpiryFrom.String())
	} else {
		setDate(q, "expiration_date.gte", f.ExpiryFrom)
		setDate(q, "expiration_date.lte", f.ExpiryTo)
	}
	setStrike(q, "strike_price.gte", f.StrikeFrom)
	setStrike(q, "strike_price.lte", f.StrikeTo)
	return q
}

func setDate(q url.Values, name string, d model.Date) {
	if d != 0 {
		q.Set(name, d.String())
	}
}

func setStrike(q url.Values, name string, strike float64) {
	if strike != 0 {
		q.Set(name, strconv.FormatFloat(strike, 'f', -1, 64))
	}
}

// The most rows that a page may hold.
const (
	chainRows    = 250
	contractRows = 1000
)

// Chain reads the first page of an underlying's option chain, by one of its
// ChainNames ("SPY", "SPX", "I:RUI").
func (r *REST) Chain(ctx context.Context, underlying string, f source.ChainFilter) (source.ChainPage, error) {
	path, err := snapshotPath(underlying)
	if err != nil {
		return source.ChainPage{}, err
	}
	return r.chainPage(ctx, r.target(path, chainQuery(f, chainRows)))
}

// ChainNext reads the page that an earlier one named.
func (r *REST) ChainNext(ctx context.Context, next string) (source.ChainPage, error) {
	target, err := r.next(next)
	if err != nil {
		return source.ChainPage{}, err
	}
	return r.chainPage(ctx, target)
}

func (r *REST) chainPage(ctx context.Context, target *url.URL) (page source.ChainPage, err error) {
	asked := r.o.Now()
	err = r.get(ctx, target, pageBody, func(body []byte) error {
		read := r.o.Now()
		e := envelope[rows]{Results: rowsOf(chainRows+pageSlack, func(w *wireSnapshot, good bool) {
			s, ok := w.snapshot(asked, read)
			if !good || !ok {
				page.Malformed++
				return
			}
			page.Snapshots = append(page.Snapshots, s)
		})}
		if err := open(r, body, &e); err != nil {
			page = source.ChainPage{}
			return err
		}
		page.Delayed, page.Next = e.Status == statusDelayed, string(e.NextURL)
		return nil
	})
	return page, err
}

const statusDelayed = "DELAYED"

// Contract reads one contract's snapshot, by one of its underlying's ChainNames.
func (r *REST) Contract(ctx context.Context, underlying, symbol string) (s model.Snapshot, err error) {
	path, err := snapshotPath(underlying)
	if err != nil {
		return s, err
	}
	if err := checkSymbols(symbol); err != nil {
		return s, err
	}
	asked := r.o.Now()
	err = r.get(ctx, r.target(path+"/"+symbol, nil), smallBody, func(body []byte) error {
		var e envelope[*wireSnapshot]
		if err := open(r, body, &e); err != nil {
			return err
		}
		if e.Results == nil {
			return fmt.Errorf("the answer holds no snapshot")
		}
		var ok bool
		if s, ok = e.Results.snapshot(asked, r.o.Now()); !ok || s.Symbol != symbol {
			s = model.Snapshot{}
			return fmt.Errorf("the answer is about another contract")
		}
		return nil
	})
	return s, err
}

// snapshotPath is the path of an underlying's chain. Of the large indices it is
// known that theirs has the prefix.
func snapshotPath(underlying string) (string, error) {
	if err := checkUnderlying(underlying); err != nil {
		return "", err
	}
	if ticker.IsIndex(underlying) {
		underlying = indexTag + ticker.Bare(underlying)
	}
	return "/v3/snapshot/options/" + underlying, nil
}

// checkUnderlying refuses what is no name before it becomes part of a URL.
func checkUnderlying(underlying string) error {
	if bare := strings.TrimPrefix(underlying, indexTag); bare == "" || ticker.Vendor(bare) != bare {
		return &source.Failure{Kind: source.ErrorBadRequest, Message: "no such underlying; nothing was sent"}
	}
	return nil
}

// checkSymbols refuses what is no contract symbol.
func checkSymbols(symbols ...string) error {
	for _, symbol := range symbols {
		if _, ok := wire.RootOf([]byte(symbol)); !ok {
			return &source.Failure{Kind: source.ErrorBadRequest, Message: "not a contract symbol; nothing was sent"}
		}
	}
	return nil
}
