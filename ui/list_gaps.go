package ui

import (
	"math"

	"optflow/model"
	"optflow/ui/order"
	"optflow/ui/table"
)

// gap notes a gap row that came or changed.
func (l *list) gap(id uint32) {
	b := l.bursts.Get(id)
	l.gapDirty = true
	delete(l.gapRows, id)
	if b == nil || b.Row.Size == 0 {
		return
	}
	c := l.contracts.At(b.Row.Contract)
	if c == nil || !l.follows.takes(b.Row.Contract, c) {
		return
	}
	if l.filter != nil && l.filter.Match(&b.Row, c, l.now) == model.False {
		return
	}
	l.gapRows[id] = gapRow{id, b.Row.Contract, c.Underlying, b.Row.Start, b.Row.End(), b.Row.Size, b.Row.Reason}
}

// dropGap takes a gap row out that is gone.
func (l *list) dropGap(id uint32) {
	if _, ok := l.gapRows[id]; ok {
		delete(l.gapRows, id)
		l.gapDirty = true
	}
}

// lines joins the gap rows anew.
func (l *list) lines() {
	rows := make([]gapRow, 0, len(l.gapRows))
	for _, r := range l.gapRows {
		rows = append(rows, r)
	}
	clear(l.gapLines)
	for _, g := range joinGaps(rows, nil) {
		name := gapName{g.underlying, g.reason, g.first}
		id, ok := l.gapNames[name]
		if !ok {
			id = uint32(len(l.gapNames)) | gapBit
			l.gapNames[name] = id
		}
		l.gapLines[id] = g
	}
}

// gapRank is where a gap line stands: by time at its end, else last.
func (l *list) gapRank(id uint32, g *gapLine) order.Rank {
	r := order.Rank{Key: math.Inf(1), Born: 0, ID: id}
	if l.sort == table.Time {
		r.Key = -float64(g.to)
		if l.reversed {
			r.Key = float64(g.to)
		}
	}
	return r
}

// settle puts changed gap lines in their places.
func (l *list) settle() {
	if !l.gapDirty {
		return
	}
	l.gapDirty = false
	for id, g := range l.gapLines {
		l.ord.Remove(l.gapRank(id, &g))
	}
	l.lines()
	for id, g := range l.gapLines {
		l.ord.Insert(l.gapRank(id, &g))
	}
}
