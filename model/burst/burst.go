// Package burst joins the windows of a tape into the rows that faces show, keeps
// them in order, ranks them and lets the oldest go.
package burst

import (
	"cmp"
	"iter"

	"optflow/model"
)

// Burst is a row of the screen: the windows of one contract that the interval
// joins, or a gap row. Its identity is (contract, first window); faces name it
// by a handle, see Set.
//
// Row sums up the windows, each in its latest version, in order of time: Size,
// Premium and Prints are sums, Vwap is weighted by size, Open is the first and
// Close the last, Start and Span reach from the first start to the last end,
// DayVolume is the largest stated. Rank and Twin tell how it stands among the
// others of its underlying. Spot, OpenInterest, IV, Delta and the quote
// are those of the earliest window that knew them, so that they stand still
// while the burst grows. Source is the worst: rest if any was polled, else
// backfill, else ws. FlagPast means that all windows are. Kind is KindBurst;
// with the interval off KindBar, and KindGap for gaps.
type Burst struct {
	model.Burst

	born    uint32 // counts bursts: order among equal starts, and told from a later one in the same slot
	noted   uint32 // 1 + index in Set.changes, 0 none
	touched int32  // minute of market time of the last change
	Over    bool   // its premium reaches the floor of its underlying; never for a gap
	alive   bool
}

// Options say how to join and what to keep. Zeros mean the defaults.
type Options struct {
	Interval Interval
	Rules    *model.Rules // for the floors; DefaultRules when nil
	MaxRows  int          // bursts kept over the floor, 200,000
	MaxUnder int          // bursts kept under it, MaxRows; a bound for floods, time trims first
	MaxGaps  int          // gap rows kept, MaxRows / 4
	Windows  int          // windows remembered, 524,288; a bound for floods, as MaxUnder
	Keep     int64        // ms of market time since its last change that a burst can still change, and that one under the floor stays; 15 minutes

	// At reads a version by its sequence number: Tape.At, on a tape that keeps
	// windows for longer than Keep. Without it, and for intervals longer than
	// Keep, a Set holds copies itself.
	At func(seq uint64) (model.Row, bool)

	// Left is told of each burst that goes for its age, for want of room or for a new
	// session, as it is then; not of one that became a part of another. nil: nobody.
	Left func(id uint32, b *Burst)
}

// Counts are figures of a Set.
type Counts struct {
	Over, Under, Gaps int    // held now
	Seen              uint64 // bursts in all, over and under the floor, since the start of the session
	TrimmedOver       uint64 // bursts over the floor that had to go for MaxRows
	TrimmedUnder      uint64 // bursts under the floor that went, by age or count

	born uint32
}

// Set joins the windows of a tape into bursts. It belongs to one goroutine.
//
// The same windows give the same bursts whatever the order in which they come
// (versions of one window keep theirs): a contract's windows are cut from the
// left, each burst takes windows for as long as the interval joins them, and a
// window that comes late cuts anew from the burst before it on. So it may join
// two bursts, extend one to the left or split one; identity goes by the first
// window. This holds while the windows are remembered, Keep after the last
// change of their burst. Afterwards a burst is closed: a correction of its
// windows changes the accounts only, and a late window makes one of its own.
// A later trading date begins anew: all that was there goes.
//
// A handle is a small dense number, good as an index into a face's own arrays
// and bitsets. It is valid until the Drain after the one that said Went;
// then it may name another burst.
type Set struct {
	shelves
	versions
	contracts *model.Contracts
	options   Options
	strands   []*strand // by ContractID
	pools     pools
	gapsOf    map[model.ContractID][]uint32 // handles of gaps by contract: few have any
	wheel     map[int32][]due
	scratch   []derived
	windows   int   // remembered in strands
	faded     int   // number of the last strand that fade looked at
	fading    int   // how far the next one is due
	newest    int64 // ms: latest end of a window seen
	minute    int32 // of newest
	date      model.Date
	since     int64
	counts    Counts
}

// New returns an empty set of bursts. Another interval or other floors
// need a new one that is fed again from the rows that the tape still has.
func New(contracts *model.Contracts, o Options) *Set {
	o.Rules = cmp.Or(o.Rules, model.DefaultRules())
	o.MaxRows = cmp.Or(o.MaxRows, 200_000)
	o.MaxUnder = cmp.Or(o.MaxUnder, o.MaxRows)
	o.MaxGaps = cmp.Or(o.MaxGaps, max(1, o.MaxRows/4))
	o.Windows = cmp.Or(o.Windows, 512*1024)
	o.Keep = cmp.Or(o.Keep, 15*int64(model.Minute))
	b := &Set{contracts: contracts, options: o, wheel: make(map[int32][]due), gapsOf: make(map[model.ContractID][]uint32), pools: make(pools), date: -1 << 31}
	if b.at = o.At; o.At == nil || intervals[o.Interval].bucket > o.Keep { // windows outlive the tape's
		b.kept = make(map[uint64]model.Row)
	}
	for i := range b.lines {
		b.lines[i].slots = &b.slots
	}
	return b
}

// Add takes one version of a window or gap as read from the tape, with its
// sequence number. Versions come in the order of the tape.
func (b *Set) Add(row model.Row, seq uint64) {
	b.last = max(b.last, seq)
	date := model.TradingDate(row.Start)
	if date < b.date {
		return // a late row of an earlier session
	}
	if date > b.date {
		b.clear()
		b.date = date
	}
	if end := row.End(); end > b.newest {
		b.newest = end
		b.expire()
	}
	if seq%twinCheck == 0 {
		b.pools.boundTwins()
	}
	switch row.Kind {
	case model.KindBar:
		b.addWindow(&row, seq)
	case model.KindGap:
		b.addGap(&row)
	}
}

// Counts are the present figures.
func (b *Set) Counts() Counts {
	c := b.counts
	c.Over, c.Under, c.Gaps = b.lines[over].count, b.lines[under].count, b.lines[gaps].count
	return c
}

// Since is the market time in ms from which bursts over the floor are all here;
// 0 when none had to go.
func (b *Set) Since() int64 { return b.since }

// Windows appends the windows of a burst to into, oldest first, each in its
// latest version. It is false once they are no longer remembered.
func (b *Set) Windows(id uint32, into []model.Row) ([]model.Row, bool) {
	e := b.Get(id)
	if e == nil || !e.alive || e.Kind == model.KindGap {
		return into, false
	}
	s := b.strands[e.Contract]
	k, offset := s.find(id)
	if k < 0 || b.sealed(s.parts[k]) {
		return into, false
	}
	for _, w := range s.windows[offset : offset+int(s.parts[k].n)] {
		row, ok := b.row(&w)
		if !ok {
			return into, false
		}
		into = append(into, row)
	}
	return into, true
}

// Born counts bursts in the order in which they came: of two in the same slot it
// tells the later one.
func (b *Burst) Born() uint32 { return b.born }

// Alive reports whether the burst has not gone.
func (b *Burst) Alive() bool { return b.alive }

// Each goes over the bursts of the given shelves in any order.
func (b *Set) Each(shelves Shelf) iter.Seq2[uint32, *Burst] { return b.Newest(shelves) }

// Remembered appends the windows of a contract that are still remembered to
// into, oldest first, each in its latest version.
func (b *Set) Remembered(id model.ContractID, into []model.Row) []model.Row {
	if int(id) >= len(b.strands) || b.strands[id] == nil {
		return into
	}
	for i := range b.strands[id].windows {
		if row, ok := b.row(&b.strands[id].windows[i]); ok {
			into = append(into, row)
		}
	}
	return into
}

// GapsOf appends the gap rows of a contract that are held to into.
func (b *Set) GapsOf(id model.ContractID, into []model.Row) []model.Row {
	for _, h := range b.gapsOf[id] {
		if e := b.slots.at(h); e.alive && e.Row.Size > 0 {
			into = append(into, e.Row)
		}
	}
	return into
}
