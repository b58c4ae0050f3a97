package rows

import (
	"maps"
	"slices"

	"optflow/model"
	"optflow/model/burst"
	"optflow/ui/order"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// leftID is the number of the line that says where the reader left, among those of
// gap lines.
const leftID = ^uint32(0)

// LargestMost is how many of the largest rows are named.
const LargestMost = 3

// place is where the reader left.
type place struct {
	noted  bool
	born   uint32  // the last row that had come
	start  int64   // ms: of the newest one
	states []uint8 // by handle, as they were
	gaps   map[uint32]gapRow
	line   string // what the line says; "" it is not shown
}

// Since are the rows in view that came since the reader left.
type Since struct {
	Rows    int
	Premium float64  // dollars
	Below   int      // of the rows, how many stand below the line: they began before
	Largest []uint32 // handles of those of most premium, the largest first

	Gaps int // contracts of which more volume is missing than did
	Lots uint64
}

// Leave notes what has come so far.
func (l *List) Leave() {
	l.place = place{noted: true, born: l.born, states: slices.Clone(l.states), gaps: maps.Clone(l.gapRows)}
	for _, b := range l.Bursts.Each(burst.ShelfOver | burst.ShelfUnder) {
		l.place.start = max(l.place.start, b.Row.Start)
	}
}

// came reports whether a row in view was not on the tape when the reader left.
func (l *List) came(id uint32) bool {
	return l.births[id] > l.place.born || int(id) >= len(l.place.states) || l.place.states[id]&stateOver == 0
}

// Since sums up what came since the reader left; false where that is not known,
// because the tape has begun anew.
func (l *List) Since() (s Since, known bool) {
	if !l.place.noted {
		return s, false
	}
	line := l.leftRank()
	l.Walk(0, 1, func(_ int, id uint32) bool {
		if id&GapBit != 0 || !l.came(id) {
			return true
		}
		s.Rows++
		premium := l.Bursts.Get(id).Row.Premium
		s.Premium += premium
		if l.Sort == table.Time && l.rank(id).Compare(line) > 0 != l.Reversed {
			s.Below++
		}
		at := len(s.Largest)
		for at > 0 && l.Bursts.Get(s.Largest[at-1]).Row.Premium < premium {
			at--
		}
		if at < LargestMost {
			s.Largest = slices.Insert(s.Largest, at, id)
			s.Largest = s.Largest[:min(len(s.Largest), LargestMost)]
		}
		return true
	})
	more := make(map[model.ContractID]struct{})
	for id, g := range l.gapRows {
		was := l.place.gaps[id]
		if was.contract != g.contract || was.from != g.from {
			was.lots = 0 // of another gap
		}
		if g.lots > was.lots {
			s.Lots += uint64(g.lots - was.lots)
			more[g.contract] = struct{}{}
		}
	}
	s.Gaps = len(more)
	return s, true
}

// Trimmed reports whether rows that came since had to go.
func (l *List) Trimmed() bool { return l.Bursts.Since() > l.place.start }

// SayLeft shows the line where the reader left, or what it says now; "" takes it
// away. Where rows do not stand by time there is no place for it.
func (l *List) SayLeft(text string) {
	was, is := l.place.line != "", text != ""
	l.place.line = text
	switch {
	case was == is || l.Sort != table.Time:
	case is:
		l.Ord.Insert(l.leftRank())
	default:
		l.Ord.Remove(l.leftRank())
	}
}

// hasLeft reports whether the line is among the rows.
func (l *List) hasLeft() bool { return l.place.line != "" && l.Sort == table.Time }

// leftRank is where the line stands: between what was there and what came since.
// Oldest first, what came in the same second stands with what was there.
func (l *List) leftRank() order.Rank {
	if l.Reversed {
		return order.Rank{Key: float64(l.place.start), ID: leftID}
	}
	return order.Rank{Key: -float64(l.place.start), Born: l.place.born, ID: leftID}
}

func (l *List) drawLeft(p *paint.Pen) {
	rule := func(n int) {
		for range n {
			p.Put(paint.Faint, "─")
		}
	}
	rule(8)
	p.Space(1)
	p.Put(paint.Accent, l.place.line)
	p.Space(1)
	rule(p.Left() - 1)
}
