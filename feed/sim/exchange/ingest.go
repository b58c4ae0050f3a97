package exchange

import (
	"cmp"
	"slices"

	"optflow/feed/sim/basis"
)

// lateTrade waits for the second in which the market sees it.
type lateTrade struct {
	trade
	lateness
}

// ingest takes the trades of one second into the log: first it decides which are
// late or in no bar, then it merges those that arrive late from before, counts
// everything, and closes the second's bars and the minute's.
func (p *Prints) ingest(trades []trade, ms int64) {
	onTime := trades[:0]
	for _, t := range trades {
		if l := p.delayTrade(&t); l.seen > 0 {
			p.arriving = append(p.arriving, lateTrade{t, l})
			continue
		}
		onTime = append(onTime, t)
	}
	arrived := takeDue(&p.arriving, p.time.frontier, func(t lateTrade) int64 { return t.seen })
	for len(onTime)+len(arrived) > 0 {
		if len(arrived) == 0 || len(onTime) > 0 && onTime[0].time <= arrived[0].seen {
			p.count(onTime[0], lateness{})
			onTime = onTime[1:]
			continue
		}
		p.count(arrived[0].trade, arrived[0].lateness)
		arrived = arrived[1:]
	}
	p.closeSecond(ms)
	p.correct()
	if p.time.frontier%basis.Minute == 0 {
		p.closeMinute(p.time.frontier - basis.Minute)
	}
}

// One trade in lateOneIn is late, and one in noBarOneIn in no bar.
const (
	lateOneIn  = 250
	noBarOneIn = 300
	latestSeen = 5 * basis.Minute // after the execution
)

// delayTrade decides whether a trade is late or in no bar. A zero lateness means
// that it is seen when executed. No trade is late beyond its day or 15 minutes.
func (p *Prints) delayTrade(t *trade) lateness {
	r, f := p.faultRand, p.options.Faults
	if f.NoBarTrades && r.IntN(noBarOneIn) == 0 {
		t.flags |= flagNoBar
		t.code = 'D' // reported late
		return lateness{}
	}
	if !f.LateTrades || r.IntN(lateOneIn) != 0 {
		return lateness{}
	}
	seen := t.time + int64(basis.LogUniform(r, 2000, float64(latestSeen)))
	barred := seen + int64(basis.LogUniform(r, 1000, 590_000))
	if barred >= p.time.dayEnd {
		return lateness{}
	}
	t.flags |= flagLate
	return lateness{seen, barred}
}

// takeDue takes what is due before a time out of a list, in order.
func takeDue[T any](list *[]T, before int64, dueAt func(T) int64) (now []T) {
	*list = slices.DeleteFunc(*list, func(one T) bool {
		due := dueAt(one) < before
		if due {
			now = append(now, one)
		}
		return due
	})
	slices.SortStableFunc(now, func(a, b T) int { return cmp.Compare(dueAt(a), dueAt(b)) })
	return now
}

// count enters one trade into the log, its contract's sums and its windows.
func (p *Prints) count(t trade, l lateness) {
	c := p.listing.Contracts[t.contract]
	t.prev = c.last
	if c.last <= p.log.first {
		t.prev = 0
	}
	seq := p.log.add(t)
	c.last = seq + 1
	c.volume += int64(t.size)
	c.cents += int64(t.size) * int64(t.price)
	shownAt := t.time
	switch {
	case t.flags&flagLate != 0:
		p.log.late[seq] = l
		p.barring = append(p.barring, rebar{c, t.time, l.barred})
		shownAt = l.seen
	case t.flags&flagNoBar == 0:
		if c.opening == 0 {
			c.opening = t.price
		}
		p.touch(c, &t)
	}
	p.schedule.put(Event{
		Kind: ChannelT, Contract: c, due: shownAt + tradeLatency, Start: t.time,
		Close: t.price, Volume: int64(t.size), Exchange: t.exchange, Code: t.code, Sequence: publicSequence(seq),
	})
}

// tradeLatency is how long after it was seen a trade is sent, in ms.
const tradeLatency = 80
