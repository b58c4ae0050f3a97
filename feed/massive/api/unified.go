package api

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model"
)

// Unified reads the snapshots of up to source.MaxUnified contracts. A unified snapshot
// has no day vwap, so HasDay is false in all of them. missing says of each symbol
// without an answer why: "NOT_FOUND", "NOT_ENTITLED", or "" when the answer left
// it out. With an error, what was read before it is returned too.
func (r *REST) Unified(ctx context.Context, symbols []string) (found []model.Snapshot, missing map[string]string, err error) {
	if len(symbols) == 0 {
		return nil, nil, nil
	}
	if len(symbols) > source.MaxUnified {
		return nil, nil, &source.Failure{Kind: source.ErrorBadRequest, Message: fmt.Sprintf("%d symbols at once, at most %d; nothing was sent", len(symbols), source.MaxUnified)}
	}
	if err := checkSymbols(symbols...); err != nil {
		return nil, nil, err
	}
	missing = make(map[string]string)
	for _, symbol := range symbols {
		missing[symbol] = ""
	}
	target := r.target("/v3/snapshot", url.Values{"ticker.any_of": {strings.Join(symbols, ",")}, "limit": {strconv.Itoa(source.MaxUnified)}})
	walked := source.Walk{Most: callPages}
	for {
		var next string
		found, next, err = r.unifiedPage(ctx, target, found, missing)
		if err != nil || next == "" || len(missing) == 0 {
			return found, missing, err
		}
		if err := walked.Step(next); err != nil {
			return found, missing, err
		}
		if target, err = r.next(next); err != nil {
			return found, missing, err
		}
	}
}

func (r *REST) unifiedPage(ctx context.Context, target *url.URL, found []model.Snapshot, missing map[string]string) (_ []model.Snapshot, next string, err error) {
	asked := r.o.Now()
	err = r.get(ctx, target, pageBody, func(body []byte) error {
		read := r.o.Now()
		var page []model.Snapshot
		why := map[string]string{}
		e := envelope[rows]{Results: rowsOf(source.MaxUnified+pageSlack, func(w *wireSnapshot, good bool) {
			w.Details.Ticker = w.Ticker
			if _, wanted := missing[string(w.Ticker)]; !wanted || !good {
				return // its symbol stays missing
			}
			if w.Error != "" {
				why[string(w.Ticker)] = wire.Clean(string(w.Error), wire.StatusCells, r.o.Key)
			} else if s, ok := w.snapshot(asked, read); ok {
				page = append(page, s)
			}
		})}
		if err := open(r, body, &e); err != nil {
			return err
		}
		next = string(e.NextURL)
		maps.Copy(missing, why)
		for _, s := range page {
			if _, wanted := missing[s.Symbol]; wanted { // once
				found = append(found, s)
				delete(missing, s.Symbol)
			}
		}
		return nil
	})
	return found, next, err
}
