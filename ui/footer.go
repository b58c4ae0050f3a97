package ui

// hints writes what the keys of a place do, as many as fit, and a badge at the
// right that never leaves.
func hints(p *pen, th *theme, columns int, where string, skip map[action]bool, badge []piece) string {
	p.line(th, groundPlain, columns)
	right := width(badge)
	if right > 0 {
		right += 2
	}
	p.space(1)
	for _, k := range keyTable {
		if k.Where != where || k.Hint == "" || skip[k.act] {
			continue
		}
		if need := cells(k.Show) + 1 + cells(k.Hint); p.at+need+1 > columns-right {
			break
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

// sentence writes one line of text.
func sentence(p *pen, th *theme, columns int, i ink, text string) string {
	p.line(th, groundPlain, columns)
	p.space(1)
	p.put(i, text)
	return p.end()
}
