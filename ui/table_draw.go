package ui

import "optflow/model"

// header writes the columns' heads. The sorted one carries an arrow.
func (t *table) header(p *pen, th *theme, columns int) string {
	p.line(th, groundBar, columns)
	p.space(t.layout.margin)
	for _, c := range t.layout.cols {
		p.space(c.gap)
		col := &columnTable[c.id]
		i, head := inkHeader, col.head
		if c.id == t.list.sort {
			i, head = inkAccent, sortedHead(head, c.width, col.toStart, col.falls != t.list.reversed)
		}
		if t.pick && c.id == t.cursor {
			i = inkCursor
		}
		if col.toStart {
			p.start(i, head, c.width)
		} else {
			p.space(c.width - cells(head))
			p.put(i, head)
		}
	}
	return p.end()
}

// render writes the visible rows; lines beyond the last one are blank.
func (t *table) render(p *pen, th *theme, columns int, out []string) []string {
	for _, r := range t.visible {
		out = append(out, t.row(p, th, columns, r.id))
	}
	if len(t.visible) < t.height {
		p.line(th, groundPlain, columns)
		blank := p.end()
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
func (t *table) prune() {
	keep := make(map[uint32]*finished, 2*len(t.visible))
	for _, r := range t.visible {
		if f, ok := t.lines[r.id]; ok {
			keep[r.id] = f
		}
	}
	t.lines = keep
}

// row is the line of one row, drawn only if it changed.
func (t *table) row(p *pen, th *theme, columns int, id uint32) string {
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
func (t *table) begin(p *pen, th *theme, columns int, g ground, chosen selection, hit, lit bool) {
	if chosen == selectedHeld {
		g = groundSelected
	}
	p.line(th, g, columns)
	if chosen != notSelected {
		p.put(inkAccent, "▸")
	}
	if (hit || lit) && p.written() < t.layout.margin {
		p.to(t.layout.margin - 1)
		if hit {
			p.put(inkMatch, "*")
		} else {
			p.put(inkAccent, "▎")
		}
	}
	if g == groundPlain { // the terminal's own colour: the cheapest to write when the mark goes
		p.put(inkOwn, "  "[:t.layout.margin-p.written()])
	}
	p.to(t.layout.margin)
}

// refresh takes a copy of the row.
func (t *table) refresh(f *finished, id uint32) {
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
func (t *table) draw(p *pen, th *theme, columns int, f *finished) string {
	g := groundPlain
	if f.marks&model.MarkWhale != 0 {
		g = groundWhale
	}
	c := cell{row: &f.row, contract: t.list.contracts.At(f.row.Contract), marks: f.marks, zone: t.zone}
	known := f.fresh && c.contract != nil
	t.begin(p, th, columns, g, f.chosen, known && t.hit(&c), f.lit)
	if !known {
		p.put(inkFaint, "left the tape while it was frozen")
		return p.end()
	}
	for _, col := range t.layout.cols {
		p.space(col.gap)
		columnTable[col.id].draw(p, &c, col.width)
	}
	return p.end()
}

// gap is the line of a gap.
func (t *table) gap(p *pen, th *theme, columns int, id uint32, chosen selection) string {
	t.begin(p, th, columns, groundPlain, chosen, false, false)
	if line, ok := t.list.gapLines[id]; ok {
		line.draw(p, &t.layout, t.zone)
	}
	return p.end()
}
