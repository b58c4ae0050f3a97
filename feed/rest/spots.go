package rest

import (
	"context"
	"time"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/ticker"
)

const (
	spotEvery  = 5 * time.Second
	spotSeldom = time.Minute // out of session, or when the plan has no spots
	noSpotMost = 3           // answers without a spot until it counts as not in the plan
)

// spots asks for the price of each followed underlying, by the snapshot of one
// of its contracts.
type spots struct {
	source    chainSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	intake    *intake
	plan      *model.Plan
}

func (s *spots) schedule(m Moment) {
	every := spotEvery
	if !m.busy() {
		every = spotSeldom
	}
	if s.budget.scarce() {
		if m.Polling {
			return // the pages bring the spots; asking for them too would starve the pages
		}
		every = max(every, s.budget.share(4)*time.Duration(len(s.following.Tickers)))
	}
	for ch := range s.following.all {
		if s.due(m, ch, every) {
			s.ask(m, ch)
		}
	}
}

// due says whether a chain's spot is older than every and can be asked for.
func (s *spots) due(m Moment, ch *Chain, every time.Duration) bool {
	if ch.noSpot >= noSpotMost {
		every = spotSeldom
	}
	switch {
	case ch.volume == 0, ch.gone.Holds(m.Now), s.plan.NoSnapshots, m.Now.Sub(ch.spotAt) < every:
		return false
	case m.Polling && ch.running != nil: // its pages bring the spot
		return false
	}
	return true
}

func (s *spots) ask(m Moment, ch *Chain) {
	ch.spotAt = m.Now
	c, path := s.contracts.At(ch.busiest), ch.path()
	s.budget.Add(&Job{
		Class: ForSpots, Key: "spot/" + ch.underlying, Owner: ch,
		Do: asks(func(ctx context.Context) (model.Snapshot, error) {
			return s.source.Contract(ctx, path, c.Symbol)
		}, func(m Moment, got model.Snapshot) { s.got(m, ch, &got) }),
		Fail: func(_ Moment, err error) {
			if source.KindOf(err) == source.ErrorNotFound {
				ch.volume = 0 // the next page read names another
			}
		},
	})
}

func (s *spots) got(m Moment, ch *Chain, got *model.Snapshot) {
	s.intake.count.Polls++
	if _, known := s.intake.one(m, got, ticker.Vendor(ch.path())); !known {
		return
	}
	if got.Spot != got.Spot {
		ch.noSpot++
		return
	}
	ch.noSpot = 0
	s.plan.NoSpots = false
	s.plan.SpotDelayed = got.SpotDelayed
}
