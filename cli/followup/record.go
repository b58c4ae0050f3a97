package followup

import (
	"context"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/model/rules"
)

// record writes down what the rules said: what fired or was held back with the
// quote at which a follower could have entered, a part of what matched no rule,
// and what turned out wrong.
func (k *Keeper) record(ctx context.Context, events []rules.Event) {
	var fired []*rules.Event
	var wrong []*ledger.Revised
	for i := range events {
		e := &events[i]
		switch {
		case e.Rule != nil && e.Rule.Over != nil: // a tab that rings is no rule that is followed
		case e.Kind == rules.Fired || e.Kind == rules.Held:
			fired = append(fired, e)
		case e.Kind == rules.Revised:
			wrong = append(wrong, &ledger.Revised{ID: e.ID, At: e.At})
		case e.Kind == rules.Unmatched:
			k.control(e)
		}
	}
	for part := range slices.Chunk(fired, marketMost) {
		k.enter(ctx, part)
	}
	for _, r := range wrong { // which may have fired just now
		k.keep(r)
	}
}

// marketMost is how many contracts one request may name.
const marketMost = 250

// enter writes alerts down, each with its quote and spot as read now.
func (k *Keeper) enter(ctx context.Context, fired []*rules.Event) {
	var symbols []string
	for _, e := range fired {
		if s := e.Contract.Symbol; s != "" && !slices.Contains(symbols, s) {
			symbols = append(symbols, s)
		}
	}
	read := k.read(ctx, symbols)
	for _, e := range fired {
		s, known := read[e.Contract.Symbol]
		spot, late := k.spotOf(e.Contract.Underlying)
		var quote *ledger.Quote
		if known {
			quote = quoteOf(&s, ledger.Snapshot)
			if s.Spot == s.Spot {
				spot, late = s.Spot, s.SpotDelayed
			}
		}
		k.keep(ledger.Of(e, quote, spot, late))
	}
}

// control gives what matched no rule to the reservoir. It is followed by spot
// alone, so nothing is asked.
func (k *Keeper) control(e *rules.Event) {
	spot, late := k.spotOf(e.Contract.Underlying)
	a := ledger.Of(e, nil, spot, late)
	if picked, _ := k.pool.Offer(a); picked {
		k.keep(a)
	}
}

// read asks for contracts as they stand now; what is not known is left out.
func (k *Keeper) read(ctx context.Context, symbols []string) map[string]model.Snapshot {
	if len(symbols) == 0 || ctx.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	list, err := k.seat.Snapshots(ctx, symbols)
	if err != nil {
		k.o.Log.Warn("quotes of alerts not read", "contracts", len(symbols), "err", err)
	}
	read := make(map[string]model.Snapshot, len(list))
	for _, s := range list {
		read[s.Symbol] = s
	}
	return read
}

// spotOf is the price of an underlying as the feed has it, NaN unknown.
func (k *Keeper) spotOf(underlying string) (spot float64, late bool) {
	state := k.o.Market.State()
	for i := range state.Totals {
		if t := &state.Totals[i]; t.Underlying == underlying {
			return t.Spot, state.Plan.SpotDelayed
		}
	}
	return math.NaN(), false
}

// quoteOf is a snapshot's quote, nil where it has none.
func quoteOf(s *model.Snapshot, basis ledger.Basis) *ledger.Quote {
	if !s.HasQuote {
		return nil
	}
	return &ledger.Quote{Bid: ledger.Number(s.Quote.Bid), Ask: ledger.Number(s.Quote.Ask), Updated: s.Quote.Updated, Read: s.Quote.Read, Basis: basis}
}
