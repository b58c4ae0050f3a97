package ui

import "optflow/ui/paint"

// completion goes round the words that would complete the one before the
// cursor of an editor.
type completion struct {
	candidates []string
	stem       string // text before the completed word
	chosen     int
}

// next completes the word before the cursor, then goes round. Find returns the
// candidates for a text and where in it the word begins.
func (c *completion) next(e *editor, by int, find func(text string) (candidates []string, from int)) {
	if c.candidates == nil {
		text := string(e.text[:e.pos])
		candidates, from := find(text)
		if len(candidates) == 0 {
			return
		}
		c.candidates, c.stem, c.chosen = candidates, text[:from], -1
		if by < 0 {
			c.chosen = 0
		}
	}
	c.chosen = (c.chosen + by + len(c.candidates)) % len(c.candidates)
	rest := string(e.text[e.pos:])
	e.set(c.stem + c.candidates[c.chosen])
	at := e.pos
	e.set(e.String() + rest)
	e.pos = min(at, len(e.text))
}

// stop forgets the candidates: something else was typed.
func (c *completion) stop() { c.candidates = nil }

// render offers the words that would complete the one begun.
func (c *completion) render(p *paint.Pen, th *paint.Theme, columns int) string {
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
