package sim

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"optflow/feed/sim/exchange"
)

// The pump's ticks: fine while somebody listens, coarse while nobody does.
const (
	busyTick = 50 * time.Millisecond
	idleTick = time.Second
)

// pump moves the market with its clock and hands every event that becomes due to
// the sessions that want it, until ctx ends.
func (s *Server) pump(ctx context.Context) {
	m := s.market
	mine := m.Listen()
	defer m.Leave(mine)

	timer := time.NewTimer(0)
	defer timer.Stop()
	var events []exchange.Event
	listed := 0
	out := &dispatch{faults: &m.Options().Faults}
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-s.wake:
		}
		tick := idleTick
		if out.targets(s) > 0 {
			tick = busyTick
		}
		now := m.Hold()
		events = mine.Take(events)
		out.quotes(m, now)
		if n := len(m.Contracts); n != listed {
			listed = n
			out.relist(m)
		}
		m.Release()
		out.send(events)
		timer.Reset(tick)
	}
}

// dispatch encodes each event once and sorts it into batches, one a session.
type dispatch struct {
	faults   *exchange.Faults
	sessions []*client
	batches  []batch
	quoted   []exchange.Event
	scratch  []byte
	lastAsk  int64 // market ms up to which quotes were sent
}

// targets notes the sessions of now and returns how many there are.
func (d *dispatch) targets(s *Server) int {
	s.mu.Lock()
	d.sessions = append(d.sessions[:0], s.sessions...)
	s.mu.Unlock()
	for len(d.batches) < len(d.sessions) {
		d.batches = append(d.batches, batch{})
	}
	return len(d.sessions)
}

func (d *dispatch) relist(m *exchange.Market) {
	for _, c := range d.sessions {
		c.mu.Lock()
		c.subs.relist(m)
		c.mu.Unlock()
	}
}

// send distributes events. A session's subscriptions are read once a tick.
func (d *dispatch) send(events []exchange.Event) {
	for i, c := range d.sessions {
		d.batches[i].reset()
		c.mu.Lock()
	}
	for i := range events {
		d.one(&events[i])
	}
	for i := range d.quoted {
		d.one(&d.quoted[i])
	}
	for i, c := range d.sessions {
		ok := len(d.batches[i].ends) == 0 || c.done || c.queue.add(&d.batches[i])
		c.mu.Unlock()
		if !ok {
			c.cut()
		}
	}
	clear(d.sessions) // an ended session must not be kept alive from here
}

func (d *dispatch) one(e *exchange.Event) {
	d.scratch = d.scratch[:0]
	for i, c := range d.sessions {
		if !c.subs.wants(e.Kind, e.Contract.Id) {
			continue
		}
		if len(d.scratch) == 0 {
			d.scratch = appendEvent(d.scratch, e, d.faults)
		}
		d.batches[i].add(d.scratch)
	}
}

// quotes makes an event of every quote that came into force since the last tick,
// for contracts that somebody wants on channel Q. The caller holds the market's mu.
func (d *dispatch) quotes(m *exchange.Market, now int64) {
	d.quoted = d.quoted[:0]
	from := d.lastAsk
	d.lastAsk = now
	if from == 0 || from > now {
		return
	}
	wanted := map[*exchange.Contract]bool{}
	for _, c := range d.sessions {
		c.mu.Lock()
		for name := range c.subs.named[exchange.ChannelQ] {
			if one := m.Find(name); one != nil {
				wanted[one] = true
			}
		}
		c.mu.Unlock()
	}
	for _, c := range slices.SortedFunc(maps.Keys(wanted), func(a, b *exchange.Contract) int { return cmp.Compare(a.Id, b.Id) }) {
		for _, q := range m.Quoted.In(c, from+1, now) {
			d.quoted = append(d.quoted, exchange.Event{
				Kind: exchange.ChannelQ, Contract: c, Start: q.From, Open: q.Bid, Close: q.Ask, Volume: int64(q.BidSize), Count: q.AskSize,
				Exchange: q.BidVenue, Code: q.AskVenue, Sequence: q.Sequence(),
			})
		}
	}
}
