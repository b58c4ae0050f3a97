package rest

import (
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/ticker"
)

// intake books what snapshots say of contracts.
type intake struct {
	contracts *model.Registry
	interner  *Interner
	following *Following
	listings  *listings
	interests *interests
	book      teller
	plan      *model.Plan
	count     *model.Counters
	grown     func() // there are contracts that were not known
}

// page books the snapshots of a page of a chain, or of a part of it, and returns
// today's volume in them.
func (t *intake) page(m Moment, ch *Chain, got *source.ChainPage, run *sweep) (volume int64) {
	t.count.Polls++
	t.count.Malformed += uint64(got.Malformed)
	if t.contracts.Full() {
		t.interner.Beyond()
	}
	mode, asked := modeOf(m, ch), ticker.Vendor(ch.path())
	before := t.contracts.Len()
	for i := range got.Snapshots {
		s := &got.Snapshots[i]
		id, ok := t.interner.Intern(s.Symbol)
		if !ok {
			continue
		}
		s.Contract = id
		t.following.told(m, id, s.Underlying, asked)
		t.book.Apply(&book.Snapshot{Snapshot: s, Mode: mode})
		t.listings.wantTerms(ch, id)
		volume += t.learn(m, ch, s, run)
	}
	if t.contracts.Len() > before {
		t.grown()
	}
	return volume
}

// modeOf says what snapshots of a chain are used for now.
func modeOf(m Moment, ch *Chain) book.Mode {
	switch {
	case !ch.baseline:
		return book.ModeBaseline
	case m.Live && !ch.pulse.silent:
		return book.ModeCheck
	}
	return book.ModePoll
}

// learn takes from a snapshot what is asked by later, and returns today's
// volume in it.
func (t *intake) learn(m Moment, ch *Chain, s *model.Snapshot, run *sweep) (volume int64) {
	if s.HasDay && model.TradingDate(s.DayUpdated) == ch.day {
		volume = s.DayVolume
	}
	if volume >= ch.volume || ch.volume == 0 {
		ch.busiest, ch.volume = s.Contract, max(volume, 1)
	}
	hasSpot := s.Spot == s.Spot
	if hasSpot {
		ch.spotAt = m.Now
		t.plan.SpotDelayed = s.SpotDelayed
	}
	if s.HasQuote {
		t.interests.quoted(s.Contract, m.Now)
	}
	if run != nil {
		run.saw(ch, t.contracts.At(s.Contract), volume > 0, s.HasQuote, hasSpot)
	}
	return volume
}

// one books the snapshot of a contract that is known, one of the chain asked
// for ("" of none).
func (t *intake) one(m Moment, s *model.Snapshot, asked string) (id model.ContractID, known bool) {
	id, known = t.contracts.Find([]byte(s.Symbol))
	if !known {
		return id, false
	}
	s.Contract = id
	t.following.told(m, id, s.Underlying, asked)
	t.book.Apply(&book.Snapshot{Snapshot: s, Mode: book.ModeEnrich})
	t.interests.quoted(id, m.Now)
	return id, true
}
