package ui

import (
	"fmt"
	"math"
	"strings"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/ui/format"
	"optflow/ui/order"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// gapBit tells the number of a gap line from the handle of a burst.
const gapBit = 1 << 31

// list is which rows the tape shows and in what order: bursts of followed
// tickers over the floor that the filter takes, and gap lines. It is kept up
// by changes; only a new filter, sort or set of tickers reads everything.
type list struct {
	bursts    *burst.Set
	contracts *model.Contracts
	rules     *model.Rules
	filter    *filter.Filter // nil takes all
	now       int64          // market time, for ages in filters
	sort      table.ID
	reversed  bool

	follows *followed

	ord    order.Rows
	keys   []float64   // by handle: the key that it stands in ord with
	states []uint8     // by handle, see below
	births []uint32    // by handle: order of arrival, 0 not seen yet
	born   uint32      // the last of those given out
	over   int         // bursts of followed tickers over the floor
	lack   int         // of those, how many the filter cannot judge
	lacks  filter.Lack // what they lack
	ranked bool        // the filter asks for ranks
	bare   int         // rows shown that have none, where it does

	probe table.Cell // what key looks at, kept so that 200,000 of them cost no allocation

	gapRows  map[uint32]gapRow
	gapLines map[uint32]gapLine // by number, in ord
	gapDirty bool
	gapNames map[gapName]uint32
}

// gapName is what keeps a gap line's number while the line grows.
type gapName struct {
	underlying string
	reason     model.GapReason
	first      uint32
}

// States of a handle.
const (
	stateOver uint8 = 1 << iota // counted in over
	stateLack                   // counted in lack
	stateIn                     // in ord
	stateBare                   // counted in bare
)

// newList returns an empty list.
func newList(contracts *model.Contracts, follows *followed, rules *model.Rules) *list {
	return &list{
		contracts: contracts, follows: follows, rules: rules, sort: table.Time,
		gapRows: make(map[uint32]gapRow), gapLines: make(map[uint32]gapLine), gapNames: make(map[gapName]uint32),
	}
}

// take sets the filter; the list is to be read anew after it.
func (l *list) take(f *filter.Filter) {
	l.filter = f
	l.ranked = f != nil && f.Asks()&filter.LackRank != 0
}

// grow makes room for a handle.
func (l *list) grow(id uint32) {
	if n := int(id) + 1; n > len(l.states) {
		l.states = append(l.states, make([]uint8, n-len(l.states))...)
		l.keys = append(l.keys, make([]float64, n-len(l.keys))...)
		l.births = append(l.births, make([]uint32, n-len(l.births))...)
	}
	if l.births[id] == 0 {
		l.born++
		l.births[id] = l.born
	}
}

// rank is where a burst stands in ord, if it is in.
func (l *list) rank(id uint32) order.Rank {
	return order.Rank{Key: l.keys[id], Born: l.births[id], ID: id}
}

// judge says what a burst is to the list, and its rank if it is in.
func (l *list) judge(id uint32) (state uint8, r order.Rank) {
	b := l.bursts.Get(id)
	if b == nil || !b.Over {
		return 0, r
	}
	c := l.contracts.At(b.Row.Contract)
	if c == nil || !l.follows.takes(b.Row.Contract, c) {
		return 0, r
	}
	state = stateOver
	if l.filter != nil {
		switch l.filter.Match(&b.Row, c, l.now) {
		case model.False:
			return state, r
		case model.Unknowable:
			l.lacks |= l.filter.Lacks(&b.Row, c, l.now)
			return state | stateLack, r
		}
	}
	if l.ranked && !b.Row.Is(model.FlagRanked) {
		state |= stateBare
	}
	return state | stateIn, order.Rank{Key: l.key(b, c), Born: l.births[id], ID: id}
}

// key is a burst's sort key, so that the smallest comes first.
func (l *list) key(b *burst.Burst, c *model.Contract) float64 {
	if l.sort == table.Time && !l.reversed {
		return -float64(b.Row.Start)
	}
	column := &table.Tape[l.sort]
	l.probe = table.Cell{Row: &b.Row, Contract: c}
	if l.sort == table.Mark {
		l.probe.Marks = model.MarksOf(&b.Row, c, l.rules)
	}
	k := column.Key(&l.probe)
	if math.IsNaN(k) {
		return math.Inf(1)
	}
	if column.Falls != l.reversed {
		return -k
	}
	return k
}

// followsNewest reports whether the first row is the newest one.
func (l *list) followsNewest() bool { return l.sort == table.Time && !l.reversed }

// change brings one burst up to date and reports whether it came into view.
func (l *list) change(id uint32) (came bool) {
	l.grow(id)
	was := l.states[id]
	state, r := l.judge(id)
	l.count(was, -1)
	l.count(state, 1)
	l.states[id] = state
	switch {
	case was&stateIn != 0 && state&stateIn != 0:
		if old := l.rank(id); old != r {
			l.ord.Remove(old)
			l.ord.Insert(r)
		}
	case was&stateIn != 0:
		l.ord.Remove(l.rank(id))
	case state&stateIn != 0:
		l.ord.Insert(r)
		came = true
	}
	l.keys[id] = r.Key
	return came
}

func (l *list) count(state uint8, by int) {
	if state&stateOver != 0 {
		l.over += by
	}
	if state&stateLack != 0 {
		l.lack += by
	}
	if state&stateBare != 0 {
		l.bare += by
	}
}

// drop takes a burst out that is gone.
func (l *list) drop(id uint32) {
	if int(id) >= len(l.states) {
		return
	}
	if l.states[id]&stateIn != 0 {
		l.ord.Remove(l.rank(id))
	}
	l.count(l.states[id], -1)
	l.states[id], l.births[id] = 0, 0
}

// rescan reads everything anew: after a change of filter, sort, tickers or
// interval.
func (l *list) rescan() {
	clear(l.states)
	l.over, l.lack, l.lacks, l.bare = 0, 0, 0, 0
	rows := make([]order.Rank, 0, l.ord.Len()+64)
	for id := range l.bursts.Newest(burst.ShelfOver) {
		l.grow(id)
		state, r := l.judge(id)
		l.count(state, 1)
		l.states[id], l.keys[id] = state, r.Key
		if state&stateIn != 0 {
			rows = append(rows, r)
		}
	}
	clear(l.gapRows)
	for id := range l.bursts.Newest(burst.ShelfGaps) {
		l.gap(id)
	}
	l.lines()
	for id, g := range l.gapLines {
		rows = append(rows, l.gapRank(id, &g))
	}
	l.ord.Build(rows)
	l.gapDirty = false
}

// rankOf is where a row stands, and whether it is there.
func (l *list) rankOf(id uint32) (order.Rank, bool) {
	if id&gapBit != 0 {
		g, ok := l.gapLines[id]
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

// position is the place of a row in the order of the screen.
func (l *list) position(id uint32) (int, bool) {
	r, ok := l.rankOf(id)
	if !ok {
		return 0, false
	}
	return l.ord.Find(r)
}

// sorting says in what order the rows stand.
func (l *list) sorting() string {
	col := &table.Tape[l.sort]
	down := col.Falls != l.reversed
	if l.sort == table.Time {
		if down {
			return "newest first"
		}
		return "oldest first"
	}
	return table.SortText(col.Name, down)
}

// sortText is that order as it is kept: a column, with - before it when reversed.
func (l *list) sortText() string {
	text := table.Tape[l.sort].Name
	if l.reversed {
		text = "-" + text
	}
	return text
}

// sortAs sorts as a text of sortText says, and reports whether it could: one that
// nobody wrote is no error.
func (l *list) sortAs(text string) (could bool) {
	name, reversed := strings.CutPrefix(text, "-")
	for id := range table.Tape {
		if table.Tape[id].Name == name {
			l.sort, l.reversed, could = table.ID(id), reversed, true
		}
	}
	return could
}

// matching is the count of rows that the filter takes.
func (l *list) matching() []paint.Piece {
	shown := l.ord.Len() - len(l.gapLines)
	out := []paint.Piece{paint.Strong.Piece(format.Count(int64(shown))), paint.Dim.Piece(" of " + format.Count(int64(l.over)))}
	if l.lack > 0 {
		what := "unknown"
		if l.lacks != 0 {
			what = "lack " + l.lacks.String()
		}
		out = append(out, paint.Warn.Piece(fmt.Sprintf(" (%s %s)", format.Count(int64(l.lack)), what)))
	}
	return out
}

// walk goes over the rows in view.
func (l *list) walk(pos, by int, yield func(pos int, id uint32) bool) { l.ord.Walk(pos, by, yield) }
