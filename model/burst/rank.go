package burst

import (
	"optflow/model"
	"optflow/model/twin"
)

// pool is what the bursts of one underlying are compared with: each other.
type pool struct {
	name         string
	today, later standing // bursts in their last day of trading, and the others
	twins        twin.Index
}

// pools are those of all underlyings, by name.
type pools map[string]*pool

// of returns what the bursts of an underlying share. Windows before a minute are
// closed.
func (all pools) of(underlying string, closed int32) *pool {
	p := all[underlying]
	if p == nil {
		p = &pool{name: underlying}
		p.twins.Expire(closed)
		all[underlying] = p
	}
	return p
}

// closedMinute is the minute before which windows no longer change.
func (b *Set) closedMinute() int32 { return b.minute - int32(b.options.Keep/int64(model.Minute)) - 1 }

// rank gives a burst its rank among those counted so far, or notes that it has
// none yet; of the bursts that come and go before there are enough, so many are
// noted at most.
func (t *standing) rank(id uint32, e *Burst, fresh bool) {
	if e.Rank = t.share(e.Premium); e.Rank != 0 {
		return
	}
	if !fresh {
		return // it is waiting already
	}
	if len(t.waiting) < 4*RankFrom {
		t.waiting = append(t.waiting, due{id, e.born})
	}
}

// count enters a new burst among those of its underlying.
func (b *Set) count(s *strand, id uint32, e *Burst) {
	s.among.add(e.Premium)
	s.among.rank(id, e, true)
	if s.among.n >= RankFrom && len(s.among.waiting) > 0 {
		b.rankWaiting(s.among)
	}
}

// recount takes over a burst's new premium. Its rank is of now: what other
// bursts do later does not change it, so that rows stand still.
func (b *Set) recount(s *strand, id uint32, e *Burst, before float64, ranked bool) {
	if classOf(before) != classOf(e.Premium) {
		s.among.remove(before)
		s.among.add(e.Premium)
	}
	s.among.rank(id, e, ranked)
}

// rankWaiting ranks the bursts that came before there were enough.
func (b *Set) rankWaiting(t *standing) {
	for _, d := range t.waiting {
		e := b.slots.at(d.id)
		if !e.alive || e.born != d.born || e.Rank != 0 {
			continue
		}
		e.Rank = t.share(e.Premium)
		b.note(d.id, Grew, e.Start)
	}
	t.waiting = nil
}
