package line

import "optflow/ui/paint"

// completion goes round the words that would complete the one before the caret.
type completion struct {
	candidates []string
	stem       string // text before the completed word
	chosen     int
}

// Complete completes the word before the caret, then goes round. Find returns
// the candidates for a text and where in it the word begins.
func (l *Line) Complete(by int, find func(text string) (candidates []string, from int)) {
	l.search = search{}
	if l.candidates == nil {
		text := l.Before()
		candidates, from := find(text)
		if len(candidates) == 0 {
			return
		}
		l.candidates, l.stem, l.chosen = candidates, text[:from], -1
		if by < 0 {
			l.chosen = 0
		}
	}
	l.chosen = (l.chosen + by + len(l.candidates)) % len(l.candidates)
	rest := l.text[l.caret:]
	l.Set(l.stem + l.candidates[l.chosen])
	at := l.caret
	l.insert(rest)
	l.caret = at
}

// Settle forgets the candidates: the word stays as it is.
func (c *completion) Settle() { c.candidates = nil }

// Offers reports whether there are words to choose from.
func (c *completion) Offers() bool { return len(c.candidates) > 1 }

// Offer writes the words that would complete the one begun.
func (c *completion) Offer(p *paint.Pen, th *paint.Theme, columns int) string {
	p.Line(th, paint.OnPlain, columns)
	p.Space(3)
	first := 0 // so far to the right that the chosen one is in
	for used, i := 0, 0; i <= c.chosen && i < len(c.candidates); i++ {
		for used += paint.Cells(c.candidates[i]) + 2; used > columns-4 && first < i; first++ {
			used -= paint.Cells(c.candidates[first]) + 2
		}
	}
	for i, word := range c.candidates[first:] {
		if paint.Cells(word)+2 > p.Left() {
			break
		}
		ink := paint.Dim
		if i+first == c.chosen {
			ink = paint.Cursor
		}
		p.Put(ink, word)
		p.Space(2)
	}
	return p.End()
}
