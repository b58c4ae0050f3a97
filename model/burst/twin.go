package burst

import (
	"optflow/model"
	"optflow/model/twin"
)

// twinFlags are the two answers to whether a row has a twin.
const twinFlags = model.FlagTwin | model.FlagAlone

// Twin is a window of another contract that is a twin of one of a burst's.
type Twin struct {
	Start    int64 // ms, of the second
	Size     uint32
	Contract model.ContractID
}

// Twins appends the twins of a burst's windows to into, oldest first, for as
// long as the windows are remembered.
func (b *Set) Twins(id uint32, into []Twin) []Twin {
	e := b.Get(id)
	if e == nil || !e.alive || e.Flags&model.FlagTwin == 0 {
		return into
	}
	rows, _ := b.Windows(id, nil)
	twins := &b.strands[e.Contract].pool.twins
	for i := range rows {
		if r := &rows[i]; twin.Possible(r) {
			twins.Each(r.Start, r.Size, func(m twin.Member) {
				if m.Contract != r.Contract {
					into = append(into, Twin{r.Start, r.Size, m.Contract})
				}
			})
		}
	}
	return into
}

// pair enters a window, or a version of one whose old version is given, and
// returns what is known of its twins.
func (b *Set) pair(s *strand, row, old *model.Row, seq uint64) model.Flags {
	if old != nil && old.Size != row.Size && twin.Possible(old) {
		if left, was := s.pool.twins.Take(old.Start, old.Size, old.Contract); was && left == 1 {
			s.pool.twins.Each(old.Start, old.Size, func(m twin.Member) { b.setTwin(m.Contract, old.Start, model.FlagAlone) })
		}
	}
	switch {
	case row.Size < twin.Size:
		return model.FlagAlone // whatever its width: no second in it is large enough
	case !twin.Possible(row):
		return 0
	}
	switch s.pool.twins.Put(row.Start, row.Size, row.Contract, seq) {
	case 0: // too late: the windows of that time are forgotten
		return 0
	case 1:
		return model.FlagAlone
	case 2:
		s.pool.twins.Each(row.Start, row.Size, func(m twin.Member) {
			if m.Contract != row.Contract {
				b.setTwin(m.Contract, row.Start, model.FlagTwin)
			}
		})
	}
	return model.FlagTwin
}

// twinCheck is after how many versions it is looked whether there is room for more
// twins.
const twinCheck = 4096

// boundTwins sees to it that the twins of all underlyings together do not grow
// without end.
func (all pools) boundTwins() {
	open := 0
	for _, p := range all {
		open += p.twins.Open()
	}
	for _, p := range all {
		p.twins.Bound(open)
	}
}

// setTwin gives a window that was there before its new answer, and its burst
// what follows from it.
func (b *Set) setTwin(contract model.ContractID, start int64, flag model.Flags) {
	s := b.strands[contract]
	if s == nil {
		return
	}
	second := newWindow(start, model.Second, 0)
	i, found := s.search(&second)
	if !found {
		return // its burst is closed
	}
	s.windows[i].setTwin(flag)
	k, offset := s.partOf(i)
	answer := model.Flags(model.FlagAlone)
	if b.sealed(s.parts[k]) { // of the windows before nothing is known any more
		answer = 0
	}
	for _, w := range s.windows[offset : offset+int(s.parts[k].n)] {
		answer = joinTwins(answer, w.twin())
	}
	e := b.slots.at(s.parts[k].id)
	if e.Flags&twinFlags != answer {
		e.Flags = e.Flags&^twinFlags | answer
		b.note(s.parts[k].id, Grew, e.Start)
	}
}

// joinTwins is the answer of two windows together: one twin is enough, and only
// if both have none there is none.
func joinTwins(a, b model.Flags) model.Flags { return (a|b)&model.FlagTwin | a&b&model.FlagAlone }
