// Package rows is what the tape shows: which bursts and gap lines, in what order,
// and the window on them that is on the screen. It is kept up by changes, so that
// neither the number of rows held nor the rate of events shows in a frame.
package rows

import (
	"math"
	"strings"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/model/view"
	"optflow/ui/order"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// GapBit tells the number of a gap line from the handle of a burst.
const GapBit = 1 << 31

// List is which rows the tape shows and in what order: bursts of followed
// tickers over the floor that the filter takes, and gap lines. It is kept up
// by changes; only a new filter, sort or set of tickers reads everything.
type List struct {
	Bursts    Bursts
	contracts *model.Contracts
	rules     *model.Rules
	Filter    *filter.Filter // nil takes all
	Now       int64          // market time, for ages in filters
	Sort      table.ID
	Reversed  bool

	follows *scene.Followed

	Ord    order.Rows
	keys   []float64   // by handle: the key that it stands in ord with
	states []uint8     // by handle, see below
	births []uint32    // by handle: which burst it is, in the order in which they came; 0 not seen yet
	born   uint32      // the last of those seen
	Over   int         // bursts of followed tickers over the floor
	Lack   int         // of those, how many the filter cannot judge
	lacks  filter.Lack // what they lack
	ranked bool        // the filter asks for ranks
	Bare   int         // rows shown that have none, where it does

	probe table.Cell // what key looks at, kept so that 200,000 of them cost no allocation

	gapRows  map[uint32]gapRow
	GapLines map[uint32]gapLine // by number, in ord
	gapDirty bool
	gapNames map[gapName]uint32

	place place // where the reader left
}

// gapName is what keeps a gap line's number while the line grows.
type gapName struct {
	underlying string
	reason     model.GapReason
	first      model.ContractID
	from       int64
}

// States of a handle.
const (
	stateOver uint8 = 1 << iota // counted in over
	stateLack                   // counted in lack
	stateIn                     // in ord
	stateBare                   // counted in bare
)

// NewList returns an empty list.
func NewList(contracts *model.Contracts, follows *scene.Followed, rules *model.Rules) *List {
	return &List{
		contracts: contracts, follows: follows, rules: rules, Sort: table.Time,
		gapRows: make(map[uint32]gapRow), GapLines: make(map[uint32]gapLine), gapNames: make(map[gapName]uint32),
	}
}

// Take sets the filter; the list is to be read anew after it.
func (l *List) Take(f *filter.Filter) {
	l.Filter = f
	l.ranked = f != nil && f.Asks()&filter.LackRank != 0
}

// meet makes room for a burst that is seen.
func (l *List) meet(id uint32, b *burst.Burst) {
	if n := int(id) + 1; n > len(l.states) {
		l.states = append(l.states, make([]uint8, n-len(l.states))...)
		l.keys = append(l.keys, make([]float64, n-len(l.keys))...)
		l.births = append(l.births, make([]uint32, n-len(l.births))...)
	}
	if l.births[id] == 0 || l.states[id]&stateIn == 0 { // what is in view keeps its place
		l.births[id] = b.Born()
		l.born = max(l.born, b.Born())
	}
}

// rank is where a burst stands in ord, if it is in.
func (l *List) rank(id uint32) order.Rank {
	return order.Rank{Key: l.keys[id], Born: l.births[id], ID: id}
}

// Judge says what a burst is to the list, and its rank if it is in.
func (l *List) Judge(id uint32, b *burst.Burst) (state uint8, r order.Rank) {
	if !b.Over {
		return 0, r
	}
	c := l.contracts.At(b.Row.Contract)
	if c == nil || !l.follows.Takes(b.Row.Contract, c) {
		return 0, r
	}
	state = stateOver
	if l.Filter != nil {
		switch l.Filter.Match(&b.Burst, c, l.Now) {
		case model.False:
			return state, r
		case model.Unknowable:
			l.lacks |= l.Filter.Lacks(&b.Burst, c, l.Now)
			return state | stateLack, r
		}
	}
	if l.ranked && b.Rank == 0 {
		state |= stateBare
	}
	return state | stateIn, order.Rank{Key: l.key(b, c), Born: l.births[id], ID: id}
}

// key is a burst's sort key, so that the smallest comes first.
func (l *List) key(b *burst.Burst, c *model.Contract) float64 {
	if l.Sort == table.Time && !l.Reversed {
		return -float64(b.Row.Start)
	}
	column := &table.Tape[l.Sort]
	l.probe = table.Cell{Row: &b.Burst, Contract: c}
	if l.Sort == table.Mark {
		l.probe.Marks = model.MarksOf(&b.Row, c, l.rules)
	}
	k := column.Key(&l.probe)
	if math.IsNaN(k) {
		return math.Inf(1)
	}
	if column.Falls != l.Reversed {
		return -k
	}
	return k
}

// FollowsNewest reports whether the first row is the newest one.
func (l *List) FollowsNewest() bool { return l.Sort == table.Time && !l.Reversed }

// Change brings one burst up to date and reports whether it came into view.
func (l *List) Change(id uint32) (came bool) {
	b := l.Bursts.Get(id)
	l.meet(id, b)
	was := l.states[id]
	state, r := l.Judge(id, b)
	l.count(was, -1)
	l.count(state, 1)
	l.states[id] = state
	switch {
	case was&stateIn != 0 && state&stateIn != 0:
		if old := l.rank(id); old != r {
			l.Ord.Remove(old)
			l.Ord.Insert(r)
		}
	case was&stateIn != 0:
		l.Ord.Remove(l.rank(id))
	case state&stateIn != 0:
		l.Ord.Insert(r)
		came = true
	}
	l.keys[id] = r.Key
	return came
}

func (l *List) count(state uint8, by int) {
	if state&stateOver != 0 {
		l.Over += by
	}
	if state&stateLack != 0 {
		l.Lack += by
	}
	if state&stateBare != 0 {
		l.Bare += by
	}
}

// Drop takes a burst out that is gone.
func (l *List) Drop(id uint32) {
	if int(id) >= len(l.states) {
		return
	}
	if l.states[id]&stateIn != 0 {
		l.Ord.Remove(l.rank(id))
	}
	l.count(l.states[id], -1)
	l.states[id], l.births[id] = 0, 0
}

// Rescan reads everything anew: after a change of filter, sort, tickers or
// interval.
func (l *List) Rescan() {
	clear(l.states)
	l.Over, l.Lack, l.lacks, l.Bare = 0, 0, 0, 0
	rows := make([]order.Rank, 0, l.Ord.Len()+64)
	for id, b := range l.Bursts.Each(burst.ShelfOver) {
		l.meet(id, b)
		state, r := l.Judge(id, b)
		l.count(state, 1)
		l.states[id], l.keys[id] = state, r.Key
		if state&stateIn != 0 {
			rows = append(rows, r)
		}
	}
	clear(l.gapRows)
	for id := range l.Bursts.Each(burst.ShelfGaps) {
		l.Gap(id)
	}
	l.lines()
	for id, g := range l.GapLines {
		rows = append(rows, l.gapRank(id, &g))
	}
	if l.hasLeft() {
		rows = append(rows, l.leftRank())
	}
	l.Ord.Build(rows)
	l.gapDirty = false
}

// RankOf is where a row stands, and whether it is there.
func (l *List) RankOf(id uint32) (order.Rank, bool) {
	if id == leftID {
		return l.leftRank(), l.hasLeft()
	}
	if id&GapBit != 0 {
		g, ok := l.GapLines[id]
		if !ok {
			return order.Rank{}, false
		}
		return l.gapRank(id, &g), true
	}
	if int(id) >= len(l.states) || l.states[id]&stateIn == 0 {
		return order.Rank{}, false
	}
	return l.rank(id), true
}

// Position is the place of a row in the order of the screen.
func (l *List) Position(id uint32) (int, bool) {
	r, ok := l.RankOf(id)
	if !ok {
		return 0, false
	}
	return l.Ord.Find(r)
}

// ByTime reports whether the rows stand by time, either way round.
func (l *List) ByTime() bool { return l.Sort == table.Time }

// Sorting says in what order the rows stand.
func (l *List) Sorting() string {
	col := &table.Tape[l.Sort]
	down := col.Falls != l.Reversed
	if l.Sort == table.Time {
		if down {
			return "newest first"
		}
		return "oldest first"
	}
	return table.SortText(col.Name, down)
}

// SortText is that order as it is kept: a column, with - before it when reversed.
func (l *List) SortText() string {
	text := table.Tape[l.Sort].Name
	if l.Reversed {
		text = "-" + text
	}
	return text
}

// SortAs sorts as a text of sortText says, and reports whether it could: one that
// nobody wrote is no error.
func (l *List) SortAs(text string) (could bool) {
	name, reversed := strings.CutPrefix(text, "-")
	for id := range table.Tape {
		if table.Tape[id].Name == name {
			l.Sort, l.Reversed, could = table.ID(id), reversed, true
		}
	}
	return could
}

// Tally counts the rows that the filter takes.
func (l *List) Tally() view.Tally {
	t := view.Tally{Shown: l.Ord.Len() - len(l.GapLines), Of: l.Over, Lack: l.Lack, Lacks: l.lacks}
	if l.hasLeft() {
		t.Shown--
	}
	return t
}

// Walk goes over the rows in view.
func (l *List) Walk(pos, by int, yield func(pos int, id uint32) bool) { l.Ord.Walk(pos, by, yield) }
