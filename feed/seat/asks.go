package seat

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/ticker"
)

var (
	errNobody = errors.New("the seat was given up")
	errOften  = errors.New("asked too often; one question a second")
	errOwners = errors.New("only the owner of the feed may ask that")
)

// seated is the face's seat, while it has one.
func (p *Place) seated() (market.Seat, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hear(); p.seat == nil {
		return nil, errNobody
	}
	return p.seat, nil
}

// mayAsk waits until the face may ask something, and all faces together.
func (p *Place) mayAsk(ctx context.Context) error {
	for _, limit := range []interface{ Wait(context.Context) error }{p.asked, p.hall.asked} {
		if err := limit.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return errOften // the wait would be longer than there is time
		}
	}
	return nil
}

// Lookup asks the vendor whether an underlying exists. A viewer is told whether it
// is followed.
func (p *Place) Lookup(ctx context.Context, symbol string) error {
	seat, err := p.seated()
	if err != nil {
		return err
	}
	if symbol, err = ticker.Read(symbol); err != nil {
		return err
	}
	switch p.may {
	case Owner:
		return seat.Lookup(ctx, symbol)
	case Viewer:
		if !has(p.hall.market.State().Tickers, symbol) {
			return fmt.Errorf("%s is not followed here", ticker.Bare(symbol))
		}
		return nil
	}
	_, err = p.hall.names.of(ctx, ticker.Key(symbol), p.mayAsk, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.hall.desk.Lookup(ctx, symbol)
	})
	return err
}

// Day reads a contract's day, of which there may be an answer of the last minute.
func (p *Place) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	seat, err := p.seated()
	if err != nil {
		return nil, err
	}
	if p.may == Owner {
		return seat.Day(ctx, id)
	}
	bars, err := p.hall.days.of(ctx, dayOf{p.hall.market.Generation(), id}, p.mayAsk, func(ctx context.Context) ([]model.Bar, error) {
		return p.hall.desk.Day(ctx, id)
	})
	return slices.Clone(bars), err
}

// Observe copies accounts. All of them are read for all faces at once.
func (p *Place) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	seat, err := p.seated()
	if err != nil {
		return nil, err
	}
	if p.may == Owner || len(only) > 0 {
		return seat.Observe(ctx, into, only...)
	}
	return p.hall.all.copyInto(ctx, p.hall.desk, into)
}

// Snapshots are for the owner.
func (p *Place) Snapshots(ctx context.Context, symbols []string) ([]model.Snapshot, error) {
	return owners(p, func(s market.Seat) ([]model.Snapshot, error) { return s.Snapshots(ctx, symbols) })
}

// AsOf is for the owner.
func (p *Place) AsOf(ctx context.Context, symbol string, at int64) (model.Snapshot, error) {
	return owners(p, func(s market.Seat) (model.Snapshot, error) { return s.AsOf(ctx, symbol, at) })
}

// Interest is for the owner.
func (p *Place) Interest(ctx context.Context, symbol string, session model.Date) (model.Interest, error) {
	return owners(p, func(s market.Seat) (model.Interest, error) { return s.Interest(ctx, symbol, session) })
}

// owners asks what only the owner may.
func owners[A any](p *Place, ask func(market.Seat) (A, error)) (none A, _ error) {
	seat, err := p.seated()
	if err == nil && p.may != Owner {
		err = errOwners
	}
	if err != nil {
		return none, err
	}
	return ask(seat)
}
