package keys

import "optflow/ui/paint"

// Hints writes what the keys of a place do, as many as fit, and a badge at the
// right that never leaves. Nor does the help: who sees few keys needs it most.
func (m *Map) Hints(p *paint.Pen, th *paint.Theme, columns int, where string, skip map[Action]bool, badge []paint.Piece) string {
	p.Line(th, paint.OnPlain, columns)
	right := paint.Width(badge)
	if right > 0 {
		right += 2
	}
	p.Space(1)
	width := func(k *Key) int { return paint.Cells(k.Help().Key) + 1 + paint.Cells(k.Hint) }
	kept := 0 // for the help, until it is written
	if k := m.of(Help); where == InTape && k.Enabled() {
		kept = width(k) + 2
	}
	full := false
	for i := range m.table {
		k := &m.table[i]
		if k.Where != where || k.Hint == "" || !k.listed() || !k.Enabled() || skip[k.Action] || full && k.Action != Help {
			continue
		}
		if k.Action == Help {
			kept = 0
		}
		if p.Written()+width(k)+1 > columns-right-kept {
			full = true
			continue
		}
		p.Put(paint.Accent, k.Help().Key)
		p.Space(1)
		p.Put(paint.Dim, k.Hint)
		p.Space(2)
	}
	if right > 0 {
		p.To(columns - right + 1)
		for _, b := range badge {
			p.Put(b.Ink, b.Text)
		}
	}
	return p.End()
}
