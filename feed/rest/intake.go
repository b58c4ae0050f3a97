package rest

import (
	"errors"
	"fmt"

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
	case m.Live && !ch.pulse.silent, ch.goesOn && ch.swept.IsZero():
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

// Notes takes sentences for the user, each once.
type Notes interface{ Note(text string) }

// Interner numbers the contracts that answers name. What there is no room for is
// said once; what is no contract is counted.
type Interner struct {
	contracts *model.Registry
	book      teller
	notes     Notes
	count     *model.Counters
}

// Intern numbers a contract, and is false where it cannot.
func (n *Interner) Intern(symbol string) (id model.ContractID, ok bool) {
	in := book.Contract{Symbol: symbol}
	n.book.Apply(&in)
	switch id, err := in.ID, in.Err; {
	case err == nil:
		return id, true
	case errors.Is(err, model.ErrFull):
		n.Beyond()
	default:
		n.count.Malformed++
	}
	return 0, false
}

// Beyond says that contracts are left out.
func (n *Interner) Beyond() {
	if n.contracts.Full() {
		n.notes.Note(fmt.Sprintf("%d contracts trade today, with no room for more: what else trades is not shown", model.MaxTrading))
		return
	}
	n.notes.Note(fmt.Sprintf("%d contracts are known, with no room for all: what else trades is not shown", n.contracts.Len()))
}
