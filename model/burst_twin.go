package model

// twinFlags are the two answers to whether a row has a twin.
const twinFlags = FlagTwin | FlagAlone

// Twin is a window of another contract that is a twin of one of a burst's.
type Twin struct {
	Start    int64 // ms, of the second
	Size     uint32
	Contract ContractID
}

// Twins appends the twins of a burst's windows to into, oldest first, for as
// long as the windows are remembered.
func (b *Bursts) Twins(id uint32, into []Twin) []Twin {
	e := b.Get(id)
	if e == nil || !e.alive || e.Row.Flags&FlagTwin == 0 {
		return into
	}
	rows, _ := b.Windows(id, nil)
	twins := &b.strands[e.Row.Contract].pool.twins
	for i := range rows {
		if r := &rows[i]; canTwin(r) {
			twins.each(r.Start, r.Size, func(m twinMember) {
				if m.contract != r.Contract {
					into = append(into, Twin{r.Start, r.Size, m.contract})
				}
			})
		}
	}
	return into
}

// pair enters a window, or a version of one whose old version is given, and
// returns what is known of its twins.
func (b *Bursts) pair(s *strand, row, old *Row, seq uint64) Flags {
	if old != nil && old.Size != row.Size && canTwin(old) {
		if left, was := s.pool.twins.take(old.Start, old.Size, old.Contract); was && left == 1 {
			s.pool.twins.each(old.Start, old.Size, func(m twinMember) { b.setTwin(m.contract, old.Start, FlagAlone) })
		}
	}
	switch {
	case row.Size < TwinSize:
		return FlagAlone // whatever its width: no second in it is large enough
	case !canTwin(row):
		return 0
	}
	switch s.pool.twins.put(row.Start, row.Size, row.Contract, seq) {
	case 0: // too late: the windows of that time are forgotten
		return 0
	case 1:
		return FlagAlone
	case 2:
		s.pool.twins.each(row.Start, row.Size, func(m twinMember) {
			if m.contract != row.Contract {
				b.setTwin(m.contract, row.Start, FlagTwin)
			}
		})
	}
	return FlagTwin
}

// setTwin gives a window that was there before its new answer, and its burst
// what follows from it.
func (b *Bursts) setTwin(contract ContractID, start int64, flag Flags) {
	s := b.strands[contract]
	if s == nil {
		return
	}
	second := newBurstWindow(start, Second, 0)
	i, found := s.search(&second)
	if !found {
		return // its burst is closed
	}
	s.windows[i].setTwin(flag)
	k, offset := s.partOf(i)
	answer := Flags(FlagAlone)
	for _, w := range s.windows[offset : offset+int(s.parts[k].n)] {
		answer = joinTwins(answer, w.twin())
	}
	e := b.slots.at(s.parts[k].id)
	if e.Row.Flags&twinFlags != answer {
		e.Row.Flags = e.Row.Flags&^twinFlags | answer
		b.note(s.parts[k].id, BurstGrew, e.Row.Start)
	}
}

// joinTwins is the answer of two windows together: one twin is enough, and only
// if both have none there is none.
func joinTwins(a, b Flags) Flags { return (a|b)&FlagTwin | a&b&FlagAlone }
