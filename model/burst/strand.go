package burst

import (
	"sort"

	"optflow/model"
)

// window is what is remembered of a window of trades while its burst may
// change: 16 bytes, for hundreds of thousands are.
type window struct {
	start int64
	seq   uint32 // low half of the number of its latest version, see Set.seqOf
	facts uint32 // its span in ms, shifted, and beneath it the answer on twins
}

// twinShift is how far twinFlags stand above the lowest bits, which is where
// facts has them.
const twinShift = 5

func newWindow(start int64, span model.Span, seq uint64) window {
	return window{start: start, seq: uint32(seq), facts: uint32(span) << 2}
}

func (w *window) span() model.Span { return model.Span(w.facts >> 2) }

func (w *window) end() int64 { return w.start + int64(w.span()) }

// twin is FlagTwin, FlagAlone, or 0 where that cannot be seen.
func (w *window) twin() model.Flags { return model.Flags(w.facts << twinShift & uint32(twinFlags)) }

func (w *window) setTwin(f model.Flags) { w.facts = w.facts&^3 | uint32(f&twinFlags)>>twinShift }

// before is the order of windows: by start, then by span.
func (w *window) before(v *window) bool {
	return w.start < v.start || w.start == v.start && w.span() < v.span()
}

// part says that the next n windows of a strand are the burst id.
type part struct {
	id uint32
	n  int32
}

// strand is one contract's remembered windows, in order, and how they are cut
// into bursts.
type strand struct {
	// What the common case, one more window at the right end, needs to see lies
	// together: with tens of thousands of contracts every look elsewhere is a
	// cache miss that costs more than the rest.
	tail   window // the last window
	begin  int64  // ms: the start of the last burst
	floor  float64
	among  *standing // what its bursts are ranked in
	lastOf uint32    // 1 + handle of the burst that last belongs to, 0 none
	last   tally     // of the last burst

	windows []window
	parts   []part
	closed  int64 // ms: the latest end of a window no longer remembered
	pool    *pool // of its underlying
}

// look brings tail and begin up to date after a change of the cuts.
func (s *strand) look(in *slots) {
	n := len(s.windows)
	if n == 0 {
		s.tail = window{}
		return
	}
	s.tail = s.windows[n-1]
	s.begin = in.at(s.parts[len(s.parts)-1].id).Start
}

// find returns the part of a burst and the index of its first window, -1 when
// the burst is closed.
func (s *strand) find(id uint32) (k, offset int) {
	for k, p := range s.parts {
		if p.id == id {
			return k, offset
		}
		offset += int(p.n)
	}
	return -1, 0
}

// partOf returns the part that holds window i, and the index of its first one.
func (s *strand) partOf(i int) (k, offset int) {
	offset = len(s.windows)
	for k = len(s.parts) - 1; k > 0; k-- { // changes are mostly near the end
		offset -= int(s.parts[k].n)
		if offset <= i {
			return k, offset
		}
	}
	return 0, 0
}

// search returns where a window is, or where it belongs.
func (s *strand) search(w *window) (i int, found bool) {
	i = sort.Search(len(s.windows), func(i int) bool { return !s.windows[i].before(w) })
	return i, i < len(s.windows) && !w.before(&s.windows[i])
}

func (b *Set) strand(id model.ContractID) *strand {
	if int(id) >= len(b.strands) {
		b.strands = append(b.strands, make([]*strand, int(id)+1-len(b.strands))...)
	}
	s := b.strands[id]
	if s == nil {
		s = &strand{}
		if c := b.contracts.At(id); c != nil {
			b.assign(s, c.Underlying, c.ZeroDTE(b.date))
		} else {
			b.assign(s, "", false)
		}
		b.strands[id] = s
	}
	return s
}

// assign gives a strand the floor of an underlying, and the bursts that its own are
// compared with.
func (b *Set) assign(s *strand, underlying string, today bool) {
	s.floor = b.options.Rules.FloorOf(underlying)
	s.pool = b.pools.of(underlying, b.closedMinute())
	if s.among = &s.pool.later; today {
		s.among = &s.pool.today
	}
}

func (b *Set) addWindow(row *model.Row, seq uint64) {
	s := b.strand(row.Contract)
	w := newWindow(row.Start, row.Span, seq)
	i, found := len(s.windows), false
	atEnd := i == 0 || s.tail.before(&w)
	if !atEnd {
		i, found = s.search(&w)
	}
	if !found && (row.Size == 0 || row.Replaces != 0 && row.Start < s.closed) {
		return // nothing to take away, or a correction that came too late
	}
	if found {
		if old, ok := b.row(&s.windows[i]); ok {
			w.setTwin(b.pair(s, row, &old, seq))
		}
	} else {
		w.setTwin(b.pair(s, row, nil, seq))
	}
	row.Flags = row.Flags&^twinFlags | w.twin()
	if row.Size > 0 {
		b.keep(seq, row)
	}
	switch {
	case atEnd && b.extend(s, w, row):
	case !found:
		b.regroup(s, i, &w, row)
	case row.Size == 0:
		b.regroup(s, i, nil, nil)
	default:
		b.replace(s, i, w)
	}
	b.trim()
	if b.windows > b.options.Windows {
		b.fade()
	}
}

// extend adds a window at the right end, to the last burst or as a new one: the
// common case. It is false when the tally of that burst is not at hand.
func (b *Set) extend(s *strand, w window, row *model.Row) bool {
	if len(s.windows) > 0 && b.options.Interval.joins(s.begin, &s.tail, &w) {
		if s.lastOf == 0 {
			return false
		}
		s.windows, s.tail = append(s.windows, w), w
		b.windows++
		s.parts[len(s.parts)-1].n++
		b.grow(s, s.lastOf-1, row)
		return true
	}
	d := derived{}
	fold(&d.burst, &d.tally, row, b.options.Interval.kind())
	p := part{id: b.create(s, &d), n: 1}
	s.windows, s.parts = append(s.windows, w), append(s.parts, p)
	b.windows++
	s.last, s.lastOf = d.tally, p.id+1
	s.tail, s.begin = w, w.start
	return true
}
