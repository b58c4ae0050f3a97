package ledger

import (
	"fmt"
	"math"

	"optflow/model"
)

// Laws of the quote at which a follower enters.
const (
	enterWithin = 10_000 // ms after the seen time by which it must have been read
	enterSpread = 0.5    // of the mid, at most
)

// Enter says why a follower could not have entered at a quote; "" it could.
func (q *Quote) Enter(seen int64) string {
	switch {
	case q == nil || !q.Ask.Known() || q.Ask <= 0 || q.Bid > q.Ask:
		return "no quote at entry"
	case !q.Bid.Known() || q.Bid <= 0:
		return "no bid at entry"
	case q.Read < seen-enterWithin || q.Read > seen+enterWithin:
		return "late quote at entry"
	case q.Ask-q.Bid > enterSpread*(q.Ask+q.Bid)/2:
		return "wide at entry"
	}
	return ""
}

// Leave says why a quote does not tell what leaving at a mark would have brought;
// "" it does. A bid of 0 and a wide spread do: they are what it would have
// brought.
func (q *Quote) Leave(due int64) string {
	switch {
	case q == nil || !q.Ask.Known() || q.Ask <= 0 || q.Bid < 0 || q.Bid > q.Ask:
		return "no quote"
	case q.Read-due > Within || due-q.Read > Within:
		return fmt.Sprintf("stale %d s", max(q.Read-due, due-q.Read)/1000)
	}
	return ""
}

// bid is what a sale brings; without a bid nothing.
func (q *Quote) bid() float64 {
	if !q.Bid.Known() {
		return 0
	}
	return float64(q.Bid)
}

// mid is the middle of a quote. Without a bid nobody wants it, whatever is asked.
func (q *Quote) mid() float64 {
	if q.bid() == 0 {
		return 0
	}
	return (q.bid() + float64(q.Ask)) / 2
}

// Return is what came of an alert at a horizon, as shares: -1 is all lost.
type Return struct {
	Mid   float64 // from mid to mid
	Net   float64 // bought at the ask, sold at the bid; NaN for bid-side rows, which a follower would not buy
	Basis Basis
}

// Return is what came of following an alert to a horizon. Lost says why that is
// not known, open that it is not known yet. Fees are left out.
func (f *Followed) Return(h Horizon) (r Return, lost string, open bool) {
	if !f.listed {
		return Return{}, "a ticker has no quote", false
	}
	m, ok := f.mark(h)
	if !ok {
		return Return{}, "", true
	}
	if h == AtExpiry {
		return f.settled(m)
	}
	lost = m.Lost
	for _, basis := range []Basis{Snapshot, RestQuote} { // one basis at both ends
		entry := f.entry(basis)
		exit := f.written(h, basis)
		if exit == nil {
			continue
		}
		if why := entry.Enter(f.Seen); why != "" {
			lost = why
			continue
		}
		if why := exit.Quote.Leave(exit.Due); why != "" {
			lost = why
			continue
		}
		return f.between(entry, exit.Quote.mid(), exit.Quote.bid(), basis), "", false
	}
	if lost == "" {
		lost = "no quote"
	}
	return Return{}, lost, false
}

// entry is the quote at the seen time by a basis, nil when there is none.
func (f *Followed) entry(basis Basis) *Quote {
	if f.Quote != nil && f.Quote.Basis == basis {
		return f.Quote
	}
	if m := f.written(Entry, basis); m != nil {
		return m.Quote
	}
	return nil
}

// between is the return of entering at a quote and leaving at mid and bid.
func (f *Followed) between(entry *Quote, mid, bid float64, basis Basis) Return {
	r := Return{Mid: mid/entry.mid() - 1, Net: math.NaN(), Basis: basis}
	if !sideOf(f.Side).BidSide() {
		r.Net = bid/float64(entry.Ask) - 1
	}
	return r
}

// settled is the return at expiry: the intrinsic value.
func (f *Followed) settled(m Mark) (Return, string, bool) {
	spot, lost := m.spot()
	switch {
	case m.Lost != "":
		return Return{}, m.Lost, false
	case f.Adjusted:
		return Return{}, "adjusted", false
	case lost != "":
		return Return{}, lost, false
	}
	value := spot - f.contract.StrikePrice()
	if f.contract.Type == model.Put {
		value = -value
	}
	value = max(value, 0)
	why := "no quote at entry"
	for _, basis := range []Basis{Snapshot, RestQuote} {
		entry := f.entry(basis)
		if entry == nil {
			continue
		}
		if why = entry.Enter(f.Seen); why == "" {
			return f.between(entry, value, value, basis), "", false
		}
	}
	return Return{}, why, false
}

// spot of a mark, in dollars, or why it is none to reckon with.
func (m *Mark) spot() (float64, string) {
	switch {
	case m.Lost != "" && !m.Spot.Known():
		return 0, m.Lost
	case !m.Spot.Known() || m.Spot <= 0:
		return 0, "no spot"
	case m.SpotLate:
		return 0, "spot late"
	case m.SpotRead-m.Due > Within || m.Due-m.SpotRead > Within:
		return 0, fmt.Sprintf("stale %d s", max(m.SpotRead-m.Due, m.Due-m.SpotRead)/1000)
	}
	return float64(m.Spot), ""
}

// Outcome is where the underlying went after an alert.
type Outcome uint8

// Outcomes. Only Hit and Miss count.
const (
	Waiting  Outcome = iota // not due, or not written yet
	Hit                     // where the alert's side points
	Miss                    // the other way
	Tie                     // to the cent where it was
	Sideless                // the side is not known, or is the middle: it points nowhere
	Lost                    // there is no spot to tell by
)

// Hit tells where the underlying went until a horizon. It is the underlying's
// direction, not a profit. Sides that are sure or fair (?) count.
func (f *Followed) Hit(h Horizon) (o Outcome, lost string) {
	up, points := f.points()
	if !points {
		return Sideless, ""
	}
	m, ok := f.mark(h)
	if !ok {
		return Waiting, ""
	}
	after, lost := m.spot()
	switch {
	case lost != "":
		return Lost, lost
	case !f.Spot.Known() || f.Spot <= 0:
		return Lost, "no spot"
	case f.SpotLate:
		return Lost, "spot late"
	case after == float64(f.Spot):
		return Tie, ""
	case after > float64(f.Spot) == up:
		return Hit, ""
	}
	return Miss, ""
}

// points says which way the side points: up after a call at the ask or a put at
// the bid.
func (f *Followed) points() (up, points bool) {
	if !f.listed || f.Certainty != "sure" && f.Certainty != "fair" {
		return false, false
	}
	side, kind := sideOf(f.Side), f.contract.Type
	return side.Bullish(kind), side.Bullish(kind) || side.Bearish(kind)
}

// sideOf reads a side's letters.
func sideOf(letters string) model.Side {
	for s := model.SideUnknown; s < model.NumSides; s++ {
		if s.String() == letters {
			return s
		}
	}
	return model.SideUnknown
}
