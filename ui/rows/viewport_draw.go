package rows

import (
	"optflow/model"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// Header writes the columns' heads.
func (t *Table) Header(p *paint.Pen, th *paint.Theme, width int) string {
	return table.Header(p, th, width, &t.Layout, table.Tape, int(t.list.Sort), t.list.Reversed, table.UnderCursor(int(t.Cursor), t.Pick))
}

// Render writes the visible rows; lines beyond the last one are blank.
func (t *Table) Render(p *paint.Pen, th *paint.Theme, columns int, out []string) []string {
	for _, r := range t.Visible {
		out = append(out, t.row(p, th, columns, r.ID))
	}
	if len(t.Visible) < t.Height {
		p.Line(th, paint.OnPlain, columns)
		blank := p.End()
		for range t.Height - len(t.Visible) {
			out = append(out, blank)
		}
	}
	if len(t.lines) > 8*(t.Height+8) && !t.Frozen {
		t.prune()
	}
	return out
}

// prune forgets lines that are not visible.
func (t *Table) prune() {
	keep := make(map[uint32]*finished, 2*len(t.Visible))
	for _, r := range t.Visible {
		if f, ok := t.lines[r.ID]; ok {
			keep[r.ID] = f
		}
	}
	t.lines = keep
}

// row is the line of one row, drawn only if it changed.
func (t *Table) row(p *paint.Pen, th *paint.Theme, columns int, id uint32) string {
	chosen := notSelected
	if t.Has && id == t.Selected {
		switch {
		case t.read:
			chosen = selectedRead
		case t.Following && t.NoArrow:
		case t.Following:
			chosen = selectedNewest
		default:
			chosen = selectedHeld
		}
	}
	if id&GapBit != 0 {
		return t.gap(p, th, columns, id, chosen)
	}
	lit := t.Arrivals.arrived(id)
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
func (t *Table) begin(p *paint.Pen, th *paint.Theme, columns int, g paint.Ground, chosen selection, hit, lit bool) {
	if chosen >= selectedHeld {
		g = paint.OnSelected
	}
	p.Line(th, g, columns)
	if chosen != notSelected {
		p.Put(paint.Accent, table.Arrow(chosen == selectedRead))
	}
	if (hit || lit) && p.Written() < t.Layout.Margin {
		p.To(t.Layout.Margin - 1)
		if hit {
			p.Put(paint.Match, "*")
		} else {
			p.Put(paint.Accent, "▎")
		}
	}
	if g == paint.OnPlain { // the terminal's own colour: the cheapest to write when the mark goes
		p.Put(paint.Own, "  "[:t.Layout.Margin-p.Written()])
	}
	p.To(t.Layout.Margin)
}

// refresh takes a copy of the row.
func (t *Table) refresh(f *finished, id uint32) {
	b := t.list.Bursts.Get(id)
	if b == nil {
		return
	}
	f.row, f.fresh, f.text = b.Burst, true, "" // to be drawn anew
	if c := t.list.contracts.At(b.Row.Contract); c != nil {
		f.marks = model.MarksOf(&f.row.Row, c, t.list.rules)
	}
}

// shown are a row's marks, with that of having fired an alert.
func (t *Table) shown(f *finished) model.Marks {
	if t.Fired(&f.row.Row) {
		return f.marks | model.MarkFired
	}
	return f.marks
}

// draw writes a row from its copy.
func (t *Table) draw(p *paint.Pen, th *paint.Theme, columns int, f *finished) string {
	g := paint.OnPlain
	if f.marks&model.MarkWhale != 0 {
		g = paint.OnWhale
	}
	c := table.Cell{Row: &f.row, Contract: t.list.contracts.At(f.row.Contract), Marks: t.shown(f), Zone: t.zone}
	known := f.fresh && c.Contract != nil
	t.begin(p, th, columns, g, f.chosen, known && t.Hit(&c), f.lit)
	if !known {
		p.Put(paint.Faint, "left the tape while it was frozen")
		return p.End()
	}
	for _, col := range t.Layout.Cols {
		p.Space(col.Gap)
		table.Tape[col.ID].Draw(p, &c, col.Width)
	}
	return p.End()
}

// gap is the line of a gap, or the one that says where the reader left.
func (t *Table) gap(p *paint.Pen, th *paint.Theme, columns int, id uint32, chosen selection) string {
	t.begin(p, th, columns, paint.OnPlain, chosen, false, false)
	if id == leftID {
		t.list.drawLeft(p)
	} else if line, ok := t.list.GapLines[id]; ok {
		line.draw(p, &t.Layout, t.zone)
	}
	return p.End()
}
