package model

// TwinSize is the size in contracts from which two windows of one second can be
// twins (ours, product.md "twin"): smaller sizes meet by chance all the time.
const TwinSize = 50

// twinsMost bounds the windows for which twins are remembered after the time in
// which windows change, so that a long session stays small.
const twinsMost = 1 << 16

// twins is one underlying's windows of one second, by second and size: two
// contracts with the same size in the same second are twins of each other. It
// states a fact and claims nothing of orders: no bar says which trades belong
// together.
type twins struct {
	minutes map[int32]*twinMinute // by minute since 1970
	from    int32                 // minutes before this one take no more windows
	found   []int32               // minutes before from that hold nothing but twins, oldest first
	kept    int                   // windows in those
}

// twinMinute holds the windows of one minute in chains.
type twinMinute struct {
	heads   map[uint64]int32 // second<<32 | size -> 1 + index of the first of the chain
	members []twinMember
	free    int32 // 1 + index of the first member that was taken out
}

type twinMember struct {
	seq      uint64 // of the window's latest version
	contract ContractID
	next     int32 // 1 + index of the next one, 0 the last
}

// canTwin reports whether a row is one in which a twin could be seen: a window
// of one second of the stream or of backfill, large enough.
func canTwin(r *Row) bool {
	return r.Kind == KindBar && r.Span == Second && r.Source != SourceREST && r.Size >= TwinSize
}

func twinKey(start int64, size uint32) (minute int32, key uint64) {
	return int32(start / int64(Minute)), uint64(start%int64(Minute)/int64(Second))<<32 | uint64(size)
}

// put enters a window and returns how many of its second and size there are
// now, itself among them; 0 when its minute takes no more. A window that is
// there takes the new version.
func (t *twins) put(start int64, size uint32, contract ContractID, seq uint64) (together int) {
	minute, key := twinKey(start, size)
	if minute < t.from {
		return 0
	}
	m := t.minutes[minute]
	if m == nil {
		if t.minutes == nil {
			t.minutes = make(map[int32]*twinMinute)
		}
		m = &twinMinute{heads: make(map[uint64]int32)}
		t.minutes[minute] = m
	}
	head := m.heads[key]
	for i := head; i != 0; i = m.members[i-1].next {
		if e := &m.members[i-1]; e.contract == contract {
			e.seq = seq
			return m.count(head)
		}
	}
	at := m.free
	if at != 0 {
		m.free = m.members[at-1].next
	} else {
		m.members = append(m.members, twinMember{})
		at = int32(len(m.members))
	}
	m.members[at-1] = twinMember{seq, contract, head}
	m.heads[key] = at
	return m.count(at)
}

// take removes a window and returns how many of its second and size are left;
// false when it was not there.
func (t *twins) take(start int64, size uint32, contract ContractID) (left int, was bool) {
	minute, key := twinKey(start, size)
	m := t.minutes[minute]
	if m == nil || minute < t.from {
		return 0, false
	}
	head := m.heads[key]
	before := int32(0)
	for i := head; i != 0; before, i = i, m.members[i-1].next {
		e := &m.members[i-1]
		if e.contract != contract {
			continue
		}
		if before == 0 {
			head = e.next
		} else {
			m.members[before-1].next = e.next
		}
		if head == 0 {
			delete(m.heads, key)
		} else {
			m.heads[key] = head
		}
		*e = twinMember{next: m.free}
		m.free = i
		return m.count(head), true
	}
	return m.count(head), false
}

// together is how many windows of a second and size there are, if that of the
// contract is among them.
func (t *twins) together(start int64, size uint32, contract ContractID) (n int) {
	found := false
	t.each(start, size, func(m twinMember) {
		n++
		found = found || m.contract == contract
	})
	if !found {
		return 0
	}
	return n
}

// each goes over the windows of a second and size.
func (t *twins) each(start int64, size uint32, yield func(twinMember)) {
	minute, key := twinKey(start, size)
	m := t.minutes[minute]
	if m == nil {
		return
	}
	for i := m.heads[key]; i != 0; {
		e := m.members[i-1]
		i = e.next
		yield(e)
	}
}

// count is the length of a chain.
func (m *twinMinute) count(head int32) (n int) {
	for i := head; i != 0; i = m.members[i-1].next {
		n++
	}
	return n
}

// expire closes the minutes before the given one: of their windows only twins
// stay, so that they can still be named, and of those the newest twinsMost.
func (t *twins) expire(before int32) {
	if before <= t.from {
		return
	}
	for minute, m := range t.minutes {
		if minute >= before || minute < t.from {
			continue
		}
		if m = m.onlyTwins(); m == nil {
			delete(t.minutes, minute)
			continue
		}
		t.minutes[minute] = m
		t.kept += len(m.members)
		at := len(t.found)
		for at > 0 && t.found[at-1] > minute {
			at--
		}
		t.found = append(t.found, 0)
		copy(t.found[at+1:], t.found[at:])
		t.found[at] = minute
	}
	t.from = before
	for t.kept > twinsMost {
		t.kept -= len(t.minutes[t.found[0]].members)
		delete(t.minutes, t.found[0])
		t.found = t.found[1:]
	}
}

// onlyTwins is the minute without the windows that have no twin, nil when none
// is left.
func (m *twinMinute) onlyTwins() *twinMinute {
	kept := &twinMinute{heads: make(map[uint64]int32)}
	for key, head := range m.heads {
		if m.members[head-1].next == 0 {
			continue
		}
		for i := head; i != 0; i = m.members[i-1].next {
			e := m.members[i-1]
			e.next = kept.heads[key]
			kept.members = append(kept.members, e)
			kept.heads[key] = int32(len(kept.members))
		}
	}
	if len(kept.members) == 0 {
		return nil
	}
	return kept
}
