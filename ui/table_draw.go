package ui

import (
	"optflow/model"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// header writes the columns' heads.
func (t *rowTable) header(p *paint.Pen, th *paint.Theme, width int) string {
	return table.Header(p, th, width, &t.layout, table.Tape, int(t.list.sort), t.list.reversed, table.UnderCursor(int(t.cursor), t.pick))
}

// render writes the visible rows; lines beyond the last one are blank.
func (t *rowTable) render(p *paint.Pen, th *paint.Theme, columns int, out []string) []string {
	for _, r := range t.visible {
		out = append(out, t.row(p, th, columns, r.ID))
	}
	if len(t.visible) < t.height {
		p.Line(th, paint.OnPlain, columns)
		blank := p.End()
		for range t.height - len(t.visible) {
			out = append(out, blank)
		}
	}
	if len(t.lines) > 8*(t.height+8) && !t.frozen {
		t.prune()
	}
	return out
}

// prune forgets lines that are not visible.
func (t *rowTable) prune() {
	keep := make(map[uint32]*finished, 2*len(t.visible))
	for _, r := range t.visible {
		if f, ok := t.lines[r.ID]; ok {
			keep[r.ID] = f
		}
	}
	t.lines = keep
}

// row is the line of one row, drawn only if it changed.
func (t *rowTable) row(p *paint.Pen, th *paint.Theme, columns int, id uint32) string {
	chosen := notSelected
	if t.has && id == t.selected {
		chosen = selectedHeld
		if t.following {
			chosen = selectedNewest
		}
	}
	if id&gapBit != 0 {
		return t.gap(p, th, columns, id, chosen)
	}
	lit := t.arrivals.arrived(id)
	if f := t.lines[id]; f != nil && f.fresh && f.gen == t.gen && f.chosen == chosen && f.lit == lit && f.text != "" {
		return f.text
	}
	f := t.keep(id)
	f.gen, f.chosen, f.lit = t.gen, chosen, lit
	f.text = t.draw(p, th, columns, f)
	return f.text
}

// begin starts a row's line. While the tape follows, the selection moves on with
// every row, so it is an arrow only: a ground would be two lines rewritten.
func (t *rowTable) begin(p *paint.Pen, th *paint.Theme, columns int, g paint.Ground, chosen selection, hit, lit bool) {
	if chosen == selectedHeld {
		g = paint.OnSelected
	}
	p.Line(th, g, columns)
	if chosen != notSelected {
		p.Put(paint.Accent, "▸")
	}
	if (hit || lit) && p.Written() < t.layout.Margin {
		p.To(t.layout.Margin - 1)
		if hit {
			p.Put(paint.Match, "*")
		} else {
			p.Put(paint.Accent, "▎")
		}
	}
	if g == paint.OnPlain { // the terminal's own colour: the cheapest to write when the mark goes
		p.Put(paint.Own, "  "[:t.layout.Margin-p.Written()])
	}
	p.To(t.layout.Margin)
}

// refresh takes a copy of the row.
func (t *rowTable) refresh(f *finished, id uint32) {
	b := t.list.bursts.Get(id)
	if b == nil {
		return
	}
	f.row, f.fresh = b.Row, true
	if c := t.list.contracts.At(b.Row.Contract); c != nil {
		f.marks = model.MarksOf(&f.row, c, t.list.rules)
	}
}

// draw writes a row from its copy.
func (t *rowTable) draw(p *paint.Pen, th *paint.Theme, columns int, f *finished) string {
	g := paint.OnPlain
	if f.marks&model.MarkWhale != 0 {
		g = paint.OnWhale
	}
	c := table.Cell{Row: &f.row, Contract: t.list.contracts.At(f.row.Contract), Marks: f.marks, Zone: t.zone}
	known := f.fresh && c.Contract != nil
	t.begin(p, th, columns, g, f.chosen, known && t.hit(&c), f.lit)
	if !known {
		p.Put(paint.Faint, "left the tape while it was frozen")
		return p.End()
	}
	for _, col := range t.layout.Cols {
		p.Space(col.Gap)
		table.Tape[col.ID].Draw(p, &c, col.Width)
	}
	return p.End()
}

// gap is the line of a gap.
func (t *rowTable) gap(p *paint.Pen, th *paint.Theme, columns int, id uint32, chosen selection) string {
	t.begin(p, th, columns, paint.OnPlain, chosen, false, false)
	if line, ok := t.list.gapLines[id]; ok {
		line.draw(p, &t.layout, t.zone)
	}
	return p.End()
}
