package ui

// hints writes what the keys of a place do, as many as fit, and a badge at the
// right that never leaves. Nor does the help: who sees few keys needs it most.
func (m *Model) hints(where string, skip map[action]bool, badge []piece) string {
	p, columns := &m.pen, m.width
	p.line(m.th, groundPlain, columns)
	right := width(badge)
	if right > 0 {
		right += 2
	}
	p.space(1)
	kept := 0 // for the help, until it is written
	for _, k := range m.shown {
		if k.Where == where && k.act == actHelp && len(k.Keys) > 0 {
			kept = cells(k.Show) + 1 + cells(k.Hint) + 2
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
		if need := cells(k.Show) + 1 + cells(k.Hint); p.written()+need+1 > columns-right-kept {
			full = true
			continue
		}
		p.put(inkAccent, k.Show)
		p.space(1)
		p.put(inkDim, k.Hint)
		p.space(2)
	}
	if right > 0 {
		p.to(columns - right + 1)
		for _, b := range badge {
			p.put(b.ink, b.text)
		}
	}
	return p.end()
}
