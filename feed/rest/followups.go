package rest

import (
	"context"
	"errors"
	"fmt"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/market"
	"optflow/model/side"
)

// statedFrom is when the open interest of a session is stated, in minutes of the
// trading day after: the clearing house's figures come around 6:30.
const statedFrom = 7 * 60

// Followups are what is asked of contracts that are followed on after an alert,
// one request each, and waited for. Errors are sentences; one that says what the
// plan does not carry is a market.ErrNotInPlan.
type Followups struct {
	source interface {
		nameSource
		chainSource
		quoteSource
		pastSource
	}
	budget    *Budget
	standing  *Standing
	calendar  *Calendar
	following *Following

	unified, spots, interest plan.Denial
	quotes                   *plan.Denial // the plan has no quotes by time

	n int // so far
}

// errRests is for who asks while nothing is to be asked.
var errRests = errors.New("the feed rests, so nothing is asked")

// refused says why nothing can be asked now, nil if it can.
func (f *Followups) refused(m Moment) error {
	switch {
	case f.standing.refused():
		return errors.New("the key is refused")
	case m.Resting:
		return errRests
	}
	return nil
}

// ask queues one request. What a plan lacks is noted in off, nil where that is
// noted elsewhere, and said as such.
func (f *Followups) ask(class Class, off *plan.Denial, what string, do func(context.Context) (func(Moment), error), failed func(Moment, error)) {
	f.n++
	f.budget.Add(&Job{
		Class: class, Key: fmt.Sprintf("followup/%d", f.n),
		Do: func(ctx context.Context) (func(Moment), error) {
			take, err := do(ctx)
			if err != nil {
				return nil, err
			}
			return func(m Moment) { off.Lift(); take(m) }, nil
		},
		Fail: func(m Moment, err error) {
			if source.KindOf(err) == source.ErrorNotEntitled {
				off.Deny(m.Now)
				failed(m, lacks(what))
				return
			}
			failed(m, fmt.Errorf("reading %s: %w", what, err))
		},
		Gone: func(m Moment) { failed(m, errRests) },
	})
}

// lacks says that the plan has no such thing.
func lacks(what string) error { return fmt.Errorf("the plan has no %s: %w", what, market.ErrNotInPlan) }

// Now reads contracts as they stand: 250 at most. What the vendor does not know
// is left out.
func (f *Followups) Now(m Moment, symbols []string, reply func([]model.Snapshot, error)) {
	const what = "snapshots by list"
	if err := f.refused(m); err != nil {
		reply(nil, err)
		return
	}
	if f.unified.Holds(m.Now) {
		reply(nil, lacks(what))
		return
	}
	f.ask(ForFollowups, &f.unified, what, asks(func(ctx context.Context) ([]model.Snapshot, error) {
		found, _, err := f.source.Unified(ctx, symbols)
		return found, err
	}, func(_ Moment, found []model.Snapshot) { reply(found, nil) }), func(_ Moment, err error) { reply(nil, err) })
}

// AsOf reads the quote of a contract that was in force at a past market time in
// ms, and the spot of its underlying at the end of the minute before.
func (f *Followups) AsOf(m Moment, symbol string, at int64, reply func(model.Snapshot, error)) {
	const what = "quotes by time"
	c, err := model.ParseContract(symbol)
	if err == nil {
		err = f.refused(m)
	}
	if err == nil && at > m.Market-side.SureAfter {
		err = errors.New("too early: the vendor does not show yet what was in force")
	}
	if err == nil && f.quotes.Holds(m.Now) {
		err = lacks(what)
	}
	if err != nil {
		reply(model.Snapshot{}, err)
		return
	}
	nan := model.Unknown
	got := model.Snapshot{Symbol: symbol, Read: at, OpenInterest: nan, IV: nan, Delta: nan, Gamma: nan, Theta: nan, Vega: nan, Spot: nan}
	f.ask(ForFollowups, f.quotes, what, asks(func(ctx context.Context) (source.QuotePage, error) {
		return f.source.Quotes(ctx, symbol, at+1, 1)
	}, func(m Moment, page source.QuotePage) {
		if len(page.Quotes) > 0 {
			q := page.Quotes[0]
			q.Read = at
			got.Quote, got.HasQuote = q, q.Bid == q.Bid && q.Ask == q.Ask
		}
		f.spotAt(m, c.Underlying, at, func(spot float64) {
			got.Spot, got.SpotUpdated = spot, at/minuteMillis*minuteMillis
			reply(got, nil)
		})
	}), func(_ Moment, err error) { reply(model.Snapshot{}, err) })
}

// spotAt asks for the price of an underlying at the end of the minute before a
// time; what cannot be had is unknown.
func (f *Followups) spotAt(m Moment, underlying string, at int64, reply func(float64)) {
	if f.spots.Holds(m.Now) {
		reply(model.Unknown)
		return
	}
	name := f.named(underlying)
	f.ask(ForFollowups, &f.spots, "prices of "+underlying, asks(func(ctx context.Context) (float64, error) {
		return f.source.SpotAt(ctx, name, at)
	}, func(_ Moment, spot float64) { reply(spot) }), func(Moment, error) { reply(model.Unknown) })
}

// named is what the vendor calls an underlying in the paths of its data.
func (f *Followups) named(underlying string) string {
	if ch := f.following.chains[underlying]; ch != nil {
		return ch.path()
	}
	return f.source.ChainNames(underlying)[0]
}

// Interest reads what the vendor states of a contract's session that is over: by
// the endpoint that names the session, where the plan has it, and by the
// contract's snapshot, whose open interest is that of the trading day before and
// whose day is the newest on which the contract traded.
func (f *Followups) Interest(m Moment, symbol string, session model.Date, reply func(model.Interest, error)) {
	c, err := model.ParseContract(symbol)
	if err == nil {
		err = f.refused(m)
	}
	if err != nil {
		reply(model.Interest{}, err)
		return
	}
	got := model.Interest{Lots: -1, Volume: -1}
	path := f.named(c.Underlying)
	f.ask(ForHistory, new(plan.Denial), "snapshots", asks(func(ctx context.Context) (model.Snapshot, error) {
		return f.source.Contract(ctx, path, symbol)
	}, func(m Moment, s model.Snapshot) {
		if s.HasDay && model.TradingDate(s.DayUpdated) == session {
			got.Volume = s.DayVolume
		}
		if today := model.TradingDate(m.Market); s.OpenInterest == s.OpenInterest && f.calendar.Before(today) == session && f.stated(m, today) {
			got.Lots = int64(s.OpenInterest)
		}
		f.interestOf(m, symbol, session, got, reply)
	}), func(m Moment, err error) { f.interestOf(m, symbol, session, got, reply) })
}

// stated says whether the figures of the session before a trading day are out.
func (f *Followups) stated(m Moment, day model.Date) bool {
	return m.Market >= day.At(statedFrom/60, statedFrom%60).UnixMilli()
}

// interestOf asks the endpoint for what it states of a session.
func (f *Followups) interestOf(m Moment, symbol string, session model.Date, got model.Interest, reply func(model.Interest, error)) {
	const what = "open interest by date"
	end := func(err error) {
		if got.Lots >= 0 || got.Volume >= 0 {
			err = nil
		}
		reply(got, err)
	}
	if f.interest.Holds(m.Now) {
		end(lacks(what))
		return
	}
	f.ask(ForHistory, &f.interest, what, asks(func(ctx context.Context) (int64, error) {
		return f.source.Interest(ctx, symbol, session)
	}, func(_ Moment, lots int64) {
		if lots >= 0 {
			got.Lots, got.ByDate = lots, true
		}
		end(nil)
	}), func(_ Moment, err error) { end(err) })
}
