package rows

import (
	"maps"
	"math"
	"slices"

	"optflow/model"
	"optflow/ui/order"
	"optflow/ui/table"
)

// Gap notes a gap row that came or changed.
func (l *List) Gap(id uint32) {
	b := l.Bursts.Get(id)
	l.gapDirty = true
	delete(l.gapRows, id)
	if b == nil || b.Row.Size == 0 {
		return
	}
	c := l.contracts.At(b.Row.Contract)
	if c == nil || !l.follows.Takes(b.Row.Contract, c) {
		return
	}
	if l.Filter != nil && l.Filter.Match(&b.Burst, c, l.Now) == model.False {
		return
	}
	l.gapRows[id] = gapRow{id, b.Row.Contract, c.Underlying, b.Row.Start, b.Row.End(), b.Row.Size, b.Row.Reason}
}

// DropGap takes a gap row out that is gone.
func (l *List) DropGap(id uint32) {
	if _, ok := l.gapRows[id]; ok {
		delete(l.gapRows, id)
		l.gapDirty = true
	}
}

// lines joins the gap rows anew.
func (l *List) lines() {
	clear(l.GapLines)
	for _, g := range joinGaps(slices.Collect(maps.Values(l.gapRows)), nil) {
		name := gapName{g.Underlying, g.reason, g.first, g.from}
		id, ok := l.gapNames[name]
		if !ok {
			id = uint32(len(l.gapNames)) | GapBit
			l.gapNames[name] = id
		}
		l.GapLines[id] = g
	}
}

// gapRank is where a gap line stands: by time at its end, else last.
func (l *List) gapRank(id uint32, g *gapLine) order.Rank {
	r := order.Rank{Key: math.Inf(1), Born: 0, ID: id}
	if l.Sort == table.Time {
		r.Key = -float64(g.To)
		if l.Reversed {
			r.Key = float64(g.To)
		}
	}
	return r
}

// Settle puts changed gap lines in their places.
func (l *List) Settle() {
	if !l.gapDirty {
		return
	}
	l.gapDirty = false
	for id, g := range l.GapLines {
		l.Ord.Remove(l.gapRank(id, &g))
	}
	l.lines()
	for id, g := range l.GapLines {
		l.Ord.Insert(l.gapRank(id, &g))
	}
}
