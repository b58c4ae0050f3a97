package feed

import (
	"cmp"
	"context"
	"slices"
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/side"
	"optflow/model/ticker"
)

const (
	spotEvery    = 5 * time.Second
	spotSeldom   = time.Minute // out of session, or when the plan has no spots
	noSpotMost   = 3           // answers without a spot until it counts as not in the plan
	quoteEvery   = time.Second
	settleEvery  = 3 * time.Second  // between two readings of a contract that are to settle sides
	visibleEvery = 5 * time.Second  // quotes of rows on screen
	missingMost  = 3                // times that the vendor does not know a contract,
	missingAgain = 15 * time.Minute // from when on it is asked so seldom
	activeFor    = 2 * time.Minute  // a contract with a row so recently is active
	burstGap     = 10_000           // ms: rows so far apart do not join
)

// interest is what makes one contract worth a quote.
type interest struct {
	last    int64 // ms: start of the newest window
	end     int64 // and its end
	due     int64 // ms of market time from which a reading settles its rows' sides; 0 there is nothing to settle
	premium float64
	floor   float64
	row     time.Time // arrival of the last bar
	read    time.Time // of the last quote
	crossed bool      // over the floor
	active  bool      // is in interests.active
	missing uint8     // times the vendor did not know it
}

// interests are kept by contract number.
type interests struct {
	of      []interest
	active  []model.ContractID // with a row lately
	settle  []model.ContractID // over the floor, and not read since
	visible []model.ContractID
	next    time.Time
	off     plan.Denial // the plan has no unified snapshot
}

func (in *interests) at(id model.ContractID) *interest {
	if int(id) >= len(in.of) {
		in.of = append(in.of, make([]interest, int(id)+256-len(in.of))...)
	}
	return &in.of[id]
}

// bar notes a bar: it runs for every event and must be cheap.
func (in *interests) bar(e *Engine, bar *model.Bar) {
	i := in.at(bar.Contract)
	i.row = e.now
	c := e.tape.Contracts.At(bar.Contract)
	if !i.active {
		i.active = true
		i.floor = e.o.Floor(c.Underlying)
		in.active = append(in.active, bar.Contract)
	}
	premium := float64(bar.Volume) * bar.Vwap * c.Multiplier()
	if bar.Start-i.last > burstGap {
		i.premium, i.crossed = 0, false
	}
	i.last = max(i.last, bar.Start)
	i.end = max(i.end, bar.Start+int64(bar.Span))
	i.premium += premium
	i.crossed = i.crossed || i.premium >= i.floor
	if i.crossed && i.due == 0 {
		i.due = bar.Start + int64(bar.Span) + side.SureAfter
		in.settle = append(in.settle, bar.Contract)
	}
	e.sides.want(bar, premium)
}

// settled notes that a quote is read, which settles the windows that ended early
// enough.
func (i *interest) settled(now int64) {
	i.due = 0
	if due := i.end + side.SureAfter; due > now {
		i.due = due
	}
}

// quoted notes that a quote of the contract was read.
func (in *interests) quoted(id model.ContractID, now time.Time) { in.at(id).read = now }

// scheduleQuotes asks for the quotes that matter, at most once a second and one
// request at a time.
func (e *Engine) scheduleQuotes() {
	in := &e.interest
	if in.off.Holds(e.now) || !e.live() || e.now.Before(in.next) {
		return
	}
	in.next = e.now.Add(quoteEvery)
	if e.budget.Scarce() {
		in.next = e.now.Add(e.budget.Share(2))
	}
	if visible, fresh := e.inbox.watched(in.visible); fresh {
		in.visible = visible
	}
	ids := in.choose(e)
	if len(ids) == 0 {
		return
	}
	symbols := make([]string, len(ids))
	for i, id := range ids {
		symbols[i] = e.tape.Contracts.At(id).Symbol
	}
	var found []model.Snapshot
	var missing map[string]string
	added := e.budget.Add(&rest.Job{
		Class: rest.ForQuotes, Key: "quotes",
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			var err error
			found, missing, err = e.o.REST.Unified(ctx, symbols)
			return func(rest.Moment) { e.gotQuotes(found, missing) }, err
		},
		Fail: func(_ rest.Moment, err error) {
			if massive.KindOf(err) != massive.ErrorNotEntitled {
				return
			}
			if lasts := in.off.Deny(e.now); lasts > 0 {
				e.note("no quotes by list: " + err.Error() + askedAgainIn(lasts))
			}
		},
	})
	if !added {
		return
	}
	for _, id := range ids {
		in.of[id].read = e.now // asked: not again at once, whatever comes of it
	}
}

// choose lists up to 250 contracts: those over the floor whose sides a reading
// would settle, those on screen, those active, each when its quote is old enough.
func (in *interests) choose(e *Engine) []model.ContractID {
	ids := make([]model.ContractID, 0, massive.MaxUnified)
	taken := map[model.ContractID]bool{}
	take := func(id model.ContractID, every time.Duration) {
		i := in.at(id)
		if len(ids) < massive.MaxUnified && !taken[id] && (i.missing < missingMost || e.now.Sub(i.read) >= missingAgain) && e.now.Sub(i.read) >= every {
			c := e.tape.Contracts.At(id)
			if c != nil && e.follows(c.Underlying) {
				taken[id] = true
				ids = append(ids, id)
			}
		}
	}
	if !e.plan.NoQuotes {
		now := e.clock.Now()
		in.settle = slices.DeleteFunc(in.settle, func(id model.ContractID) bool {
			i := in.at(id)
			if c := e.tape.Contracts.At(id); i.missing >= missingMost || !e.follows(c.Underlying) {
				i.due = 0
			} else if i.due <= now {
				take(id, settleEvery)
				if taken[id] {
					i.settled(now)
				}
			}
			return i.due == 0
		})
		for _, id := range in.visible {
			take(id, visibleEvery)
		}
	}
	in.active = slices.DeleteFunc(in.active, func(id model.ContractID) bool {
		i := in.at(id)
		i.active = e.now.Sub(i.row) < activeFor
		return !i.active
	})
	due := make([]model.ContractID, 0, len(in.active))
	for _, id := range in.active {
		if e.now.Sub(in.of[id].read) >= e.o.EnrichInterval {
			due = append(due, id)
		}
	}
	slices.SortFunc(due, func(a, b model.ContractID) int { return cmp.Compare(in.of[b].premium, in.of[a].premium) })
	// A nearly empty request costs as much of the budget as a full one.
	if len(ids) > 0 || len(due) >= massive.MaxUnified/10 || len(due) > 0 && e.now.Sub(in.of[due[0]].read) >= e.o.EnrichInterval+2*quoteEvery {
		for _, id := range due {
			take(id, e.o.EnrichInterval)
		}
	}
	return ids
}

func (e *Engine) gotQuotes(found []model.Snapshot, missing map[string]string) {
	e.count.Polls++
	e.interest.off.Lift()
	for i := range found {
		s := &found[i]
		id, ok := e.tape.Contracts.Find([]byte(s.Symbol))
		if !ok {
			continue
		}
		s.Contract = id
		e.told(id, s.Underlying, "")
		e.interest.at(id).missing = 0
		e.book.Snapshot(s, book.Enrich)
		e.interest.quoted(id, e.now)
	}
	for symbol, why := range missing {
		if id, ok := e.tape.Contracts.Find([]byte(symbol)); ok && why != "" {
			e.interest.at(id).missing++
		}
	}
}

// scheduleSpots asks for the price of each followed underlying, by the snapshot
// of one of its contracts.
func (e *Engine) scheduleSpots() {
	every := spotEvery
	if !e.session.open() {
		every = spotSeldom
	}
	if e.budget.Scarce() {
		if e.polling() {
			return // the pages bring the spots; asking for them too would starve the pages
		}
		every = max(every, e.budget.Share(4)*time.Duration(len(e.tickers)))
	}
	for _, t := range e.tickers {
		ch := e.chains[t]
		seldom := every
		if ch.noSpot >= noSpotMost {
			seldom = spotSeldom
		}
		if ch.volume == 0 || ch.gone.Holds(e.now) || e.plan.NoSnapshots || e.now.Sub(ch.spotAt) < seldom {
			continue
		}
		if e.polling() && ch.running != nil {
			continue // its pages bring the spot
		}
		ch.spotAt = e.now
		c, path := e.tape.Contracts.At(ch.busiest), ch.path()
		e.budget.Add(&rest.Job{
			Class: rest.ForSpots, Key: "spot/" + t, Owner: t,
			Do: func(ctx context.Context) (func(rest.Moment), error) {
				s, err := e.o.REST.Contract(ctx, path, c.Symbol)
				return func(rest.Moment) { e.gotSpot(ch, &s) }, err
			},
			Fail: func(_ rest.Moment, err error) {
				if massive.KindOf(err) == massive.ErrorNotFound {
					ch.volume = 0 // the next page read names another
				}
			},
		})
	}
}

func (e *Engine) gotSpot(ch *chain, s *model.Snapshot) {
	e.count.Polls++
	id, ok := e.tape.Contracts.Find([]byte(s.Symbol))
	if !ok {
		return
	}
	s.Contract = id
	e.told(id, s.Underlying, ticker.Vendor(ch.path()))
	e.book.Snapshot(s, book.Enrich)
	e.interest.quoted(id, e.now)
	if s.Spot != s.Spot {
		ch.noSpot++
		return
	}
	ch.noSpot = 0
	e.plan.NoSpots = false
	e.plan.SpotDelayed = s.SpotDelayed
}
