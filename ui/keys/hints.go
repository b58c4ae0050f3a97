package keys

import "optflow/ui/paint"

// Hints writes what the keys of a place do, as many as fit, and a badge at the
// right that never leaves. Nor does the help: who sees few keys needs it most.
func (m *Map) Hints(p *paint.Pen, th *paint.Theme, columns int, where string, skip map[Action]bool, badge []paint.Piece) string {
	p.Line(th, paint.OnPlain, columns)
	p.Space(1)
	m.hints(columns, where, skip, badge, func(k *Key, _ int) {
		p.Put(paint.Accent, k.Help().Key)
		p.Space(1)
		p.Put(paint.Dim, k.Hint)
		p.Space(2)
	})
	p.Right(badge)
	return p.End()
}

// HintAt is the action whose key and word stand at a cell of that line, None
// beside them.
func (m *Map) HintAt(x, columns int, where string, skip map[Action]bool, badge []paint.Piece) (a Action) {
	m.hints(columns, where, skip, badge, func(k *Key, at int) {
		if x >= at && x < at+k.hintCells() {
			a = k.Action
		}
	})
	return a
}

// hints goes over the keys that fit, each with the cell where it stands.
func (m *Map) hints(columns int, where string, skip map[Action]bool, badge []paint.Piece, each func(k *Key, at int)) {
	right := paint.Width(badge)
	if right > 0 {
		right += 2
	}
	kept := 0 // for the help, until it is written
	if k := m.of(Help); where == InTape && k.Enabled() {
		kept = k.hintCells() + 2
	}
	at, full := 1, false
	for i := range m.table {
		k := &m.table[i]
		if k.Where != where || k.Hint == "" || !k.listed() || !k.Enabled() || skip[k.Action] || full && k.Action != Help {
			continue
		}
		if k.Action == Help {
			kept = 0
		}
		if at+k.hintCells()+1 > columns-right-kept {
			full = true
			continue
		}
		each(k, at)
		at = min(at+k.hintCells()+2, columns)
	}
}

// hintCells is how wide a key is in the footer.
func (k *Key) hintCells() int { return paint.Cells(k.Help().Key) + 1 + paint.Cells(k.Hint) }
