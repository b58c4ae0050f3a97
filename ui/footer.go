package ui

import "optflow/ui/paint"

// hints writes what the keys of a place do, as many as fit, and a badge at the
// right that never leaves. Nor does the help: who sees few keys needs it most.
func (m *Model) hints(where string, skip map[action]bool, badge []paint.Piece) string {
	p, columns := &m.pen, m.width
	p.Line(m.th, paint.OnPlain, columns)
	right := paint.Width(badge)
	if right > 0 {
		right += 2
	}
	p.Space(1)
	kept := 0 // for the help, until it is written
	for _, k := range m.shown {
		if k.Where == where && k.act == actHelp && len(k.Keys) > 0 {
			kept = paint.Cells(k.Show) + 1 + paint.Cells(k.Hint) + 2
		}
	}
	full := false
	for _, k := range m.shown {
		help := k.act == actHelp
		if k.Where != where || k.Hint == "" || len(k.Keys) == 0 || skip[k.act] || full && !help {
			continue
		}
		if help {
			kept = 0
		}
		if need := paint.Cells(k.Show) + 1 + paint.Cells(k.Hint); p.Written()+need+1 > columns-right-kept {
			full = true
			continue
		}
		p.Put(paint.Accent, k.Show)
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
