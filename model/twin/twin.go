// Package twin finds windows of one second in which two contracts of an
// underlying had the same size.
package twin

import (
	"slices"

	"optflow/model"
)

// Size is the size in contracts from which two windows of one second can be
// twins (ours, docs/words.md#marks): smaller sizes meet by chance all the time.
const Size = 50

// most bounds the windows for which twins are remembered after the time in
// which windows change, so that a long session stays small.
const most = 1 << 16

// Bounds for floods: of windows that may still change in all underlyings together,
// five times what three busy ones have, and of one second and size, more than any
// order has legs.
const (
	openMost  = 1 << 17
	chainMost = 64
)

// Index is one underlying's windows of one second, by second and size: two
// contracts with the same size in the same second are twins of each other. It
// states a fact and claims nothing of orders: no bar says which trades belong
// together.
type Index struct {
	minutes map[int32]*minuteIndex // by minute since 1970
	from    int32                  // minutes before this one take no more windows
	found   []int32                // minutes before from that hold nothing but twins, oldest first
	kept    int                    // windows in those
	open    int                    // windows of the other minutes
	full    bool                   // takes none that is new
}

// minuteIndex holds the windows of one minute in chains.
type minuteIndex struct {
	heads   map[uint64]int32 // second<<32 | size -> 1 + index of the first of the chain
	members []Member
	free    int32 // 1 + index of the first member that was taken out
	n       int   // members without those
}

type Member struct {
	Seq      uint64 // of the window's latest version
	Contract model.ContractID
	next     int32 // 1 + index of the next one, 0 the last
}

// Possible reports whether a row is one in which a twin could be seen: a window
// of one second of the stream or of backfill, large enough.
func Possible(r *model.Row) bool {
	return r.Kind == model.KindBar && r.Span == model.Second && r.Source != model.SourceREST && r.Size >= Size
}

func keyOf(start int64, size uint32) (minute int32, key uint64) {
	return int32(start / int64(model.Minute)), uint64(start%int64(model.Minute)/int64(model.Second))<<32 | uint64(size)
}

// Put enters a window and returns how many of its second and size there are
// now, itself among them; 0 when there is no room for it or its minute takes no
// more. A window that is there takes the new version.
func (t *Index) Put(start int64, size uint32, contract model.ContractID, seq uint64) (together int) {
	minute, key := keyOf(start, size)
	if minute < t.from {
		return 0
	}
	m := t.minutes[minute]
	if m == nil {
		if t.minutes == nil {
			t.minutes = make(map[int32]*minuteIndex)
		}
		m = &minuteIndex{heads: make(map[uint64]int32)}
		t.minutes[minute] = m
	}
	head := m.heads[key]
	for i := head; i != 0; i = m.members[i-1].next {
		if e := &m.members[i-1]; e.Contract == contract {
			e.Seq = seq
			return m.count(head)
		}
		together++
	}
	if t.full || together >= chainMost {
		return 0
	}
	t.open++
	m.n++
	at := m.free
	if at != 0 {
		m.free = m.members[at-1].next
	} else {
		m.members = append(m.members, Member{})
		at = int32(len(m.members))
	}
	m.members[at-1] = Member{seq, contract, head}
	m.heads[key] = at
	return together + 1
}

// Take removes a window and returns how many of its second and size are left;
// false when it was not there.
func (t *Index) Take(start int64, size uint32, contract model.ContractID) (left int, was bool) {
	minute, key := keyOf(start, size)
	m := t.minutes[minute]
	if m == nil || minute < t.from {
		return 0, false
	}
	head := m.heads[key]
	before := int32(0)
	for i := head; i != 0; before, i = i, m.members[i-1].next {
		e := &m.members[i-1]
		if e.Contract != contract {
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
		*e = Member{next: m.free}
		m.free = i
		m.n--
		t.open--
		return m.count(head), true
	}
	return m.count(head), false
}

// Together is how many windows of a second and size there are, if that of the
// contract is among them.
func (t *Index) Together(start int64, size uint32, contract model.ContractID) (n int) {
	found := false
	t.Each(start, size, func(m Member) {
		n++
		found = found || m.Contract == contract
	})
	if !found {
		return 0
	}
	return n
}

// Each goes over the windows of a second and size.
func (t *Index) Each(start int64, size uint32, yield func(Member)) {
	minute, key := keyOf(start, size)
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

// Open is how many windows there are that may still change.
func (t *Index) Open() int { return t.open }

// Bound sees to it that the index takes no new windows while all indexes together
// have too many open. It is to be called now and then.
func (t *Index) Bound(open int) { t.full = open >= openMost }

// count is the length of a chain.
func (m *minuteIndex) count(head int32) (n int) {
	for i := head; i != 0; i = m.members[i-1].next {
		n++
	}
	return n
}

// Expire closes the minutes before the given one: of their windows only twins
// stay, so that they can still be named, and of those the newest most.
func (t *Index) Expire(before int32) {
	if before <= t.from {
		return
	}
	for minute, m := range t.minutes {
		if minute >= before || minute < t.from {
			continue
		}
		t.open -= m.n
		if m = m.onlyTwins(); m == nil {
			delete(t.minutes, minute)
			continue
		}
		t.minutes[minute] = m
		t.kept += len(m.members)
		at, _ := slices.BinarySearch(t.found, minute)
		t.found = slices.Insert(t.found, at, minute)
	}
	t.from = before
	for t.kept > most {
		t.kept -= len(t.minutes[t.found[0]].members)
		delete(t.minutes, t.found[0])
		t.found = t.found[1:]
	}
}

// onlyTwins is the minute without the windows that have no twin, nil when none
// is left.
func (m *minuteIndex) onlyTwins() *minuteIndex {
	kept := &minuteIndex{heads: make(map[uint64]int32)}
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
