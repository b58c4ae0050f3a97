package followup

import (
	"context"
	"errors"
	"slices"
	"time"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/model/market"
)

// follow reads the marks that are due, and says when to look again for those
// that were not read; 0: there are none.
func (k *Keeper) follow(ctx context.Context) (again time.Duration) {
	wait := func(d time.Duration) {
		if again == 0 || d < again {
			again = d
		}
	}
	now := k.now()
	due := k.book.Due(k.o.Calendar, now)
	var present []ledger.Due
	past := 0
	for _, d := range due {
		switch {
		case d.Lost != "":
			k.keep(&ledger.Mark{ID: d.Of.ID, Horizon: d.Horizon, Due: d.At, Spot: ledger.None, Lost: d.Lost})
		case !d.Missed && d.Horizon != ledger.InMorning:
			present = append(present, d)
		case !k.mayAsk(&d, now):
			wait(againAfter)
		case past == pastAtOnce:
			wait(soon)
		default:
			past++
			if d.Horizon == ledger.InMorning {
				k.morning(ctx, &d)
			} else {
				k.past(ctx, &d)
			}
			wait(againAfter)
		}
	}
	for part := range slices.Chunk(present, marketMost) {
		if !k.present(ctx, part) {
			wait(soon)
		}
	}
	return again
}

// soon is when a mark is asked for again that nobody answered.
const soon = 2 * time.Second

// present reads marks that are due now, and reports whether all were answered.
func (k *Keeper) present(ctx context.Context, due []ledger.Due) (all bool) {
	all = true
	var symbols []string
	for _, d := range due {
		if d.Quote && !slices.Contains(symbols, d.Of.Contract) {
			symbols = append(symbols, d.Of.Contract)
		}
	}
	read := k.read(ctx, symbols)
	for _, d := range due {
		m := &ledger.Mark{ID: d.Of.ID, Horizon: d.Horizon, Due: d.At, Spot: ledger.None}
		s, known := read[d.Of.Contract]
		switch {
		case known && d.Quote:
			m.Quote = quoteOf(&s, ledger.Snapshot)
			if m.Quote == nil {
				m.Lost = "no quote"
			}
			m.Spot, m.SpotRead, m.SpotLate = ledger.Number(s.Spot), s.Read, s.SpotDelayed
		case d.Quote:
			all = false // what is in force now can be asked for later
			continue
		default:
			if m.Spot, m.SpotRead, m.SpotLate = k.spotAt(d.Of.Underlying, d.At); !m.Spot.Known() {
				all = false
				continue
			}
		}
		k.keep(m)
	}
	return all
}

// spotAt is the spot that the feed has, if it speaks for a mark.
func (k *Keeper) spotAt(underlying string, at int64) (spot ledger.Number, read int64, late bool) {
	state := k.o.Market.State()
	for i := range state.Totals {
		if t := &state.Totals[i]; t.Underlying == underlying && t.Spot == t.Spot && t.SpotTime >= at-ledger.Within {
			return ledger.Number(t.Spot), t.SpotTime, state.Plan.SpotDelayed
		}
	}
	return ledger.None, 0, false
}

// past reads a mark that was missed.
func (k *Keeper) past(ctx context.Context, d *ledger.Due) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	m := &ledger.Mark{ID: d.Of.ID, Horizon: d.Horizon, Due: d.At, Spot: ledger.None}
	if _, err := model.ParseContract(d.Of.Contract); err != nil { // a ticker's: it has no quotes to ask by
		m.Lost = "no spot"
		k.keep(m)
		return
	}
	s, err := k.seat.AsOf(ctx, d.Of.Contract, d.At)
	if err != nil && interrupted(ctx) {
		return
	}
	switch {
	case errors.Is(err, market.ErrNotInPlan):
		m.Lost = "no quotes by time in the plan"
	case err != nil:
		if !k.givenUp(d) {
			return
		}
		m.Lost = "not answered"
	default:
		if m.Spot, m.SpotRead = ledger.Number(s.Spot), s.SpotUpdated; d.Quote {
			if m.Quote = quoteOf(&s, ledger.RestQuote); m.Quote == nil {
				m.Lost = "no quote"
			}
		} else if !m.Spot.Known() {
			m.Lost = "no spot"
		}
	}
	k.keep(m)
}

// morning reads what is stated of the session in which an alert fired.
func (k *Keeper) morning(ctx context.Context, d *ledger.Due) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	date, err := model.ParseDate(d.Of.Date)
	if err != nil {
		return // cannot happen: the ledger has read it
	}
	got, err := k.seat.Interest(ctx, d.Of.Contract, date)
	if err != nil && interrupted(ctx) {
		return
	}
	now := k.now()
	late := now > d.At+morningMost.Milliseconds()
	switch {
	case errors.Is(err, market.ErrNotInPlan):
	case err != nil && late && !k.givenUp(d):
		return // as at a start, where the past of the day is read first
	case !late && (err != nil || got.Lots < 0):
		k.try(d).after = now + morningAgain.Milliseconds()
		return
	}
	r := &ledger.Morning{ID: d.Of.ID, Read: now, OI: ledger.None, Volume: ledger.None}
	if err == nil && got.Lots >= 0 {
		r.OI, r.Source = ledger.Number(got.Lots), "snapshot"
		if got.ByDate {
			r.Source = "endpoint"
		}
	}
	if err == nil && got.Volume >= 0 {
		r.Volume = ledger.Number(got.Volume)
	}
	k.keep(r)
}

// interrupted reports whether the program ends, which is no answer: the next run asks.
func interrupted(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// try is what is known of asking for a mark.
func (k *Keeper) try(d *ledger.Due) *try {
	name := d.Of.ID + " " + string(d.Horizon)
	if k.tries[name] == nil {
		k.tries[name] = &try{}
	}
	return k.tries[name]
}

// mayAsk reports whether a mark may be asked for now.
func (k *Keeper) mayAsk(d *ledger.Due, now int64) bool { return now >= k.try(d).after }

// givenUp counts a request that was not answered, and reports whether it was the
// last.
func (k *Keeper) givenUp(d *ledger.Due) bool {
	t := k.try(d)
	t.times++
	t.after = k.now() + againAfter.Milliseconds()
	return t.times >= triesMost
}
