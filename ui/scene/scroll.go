package scene

import (
	"charm.land/bubbles/v2/viewport"

	"optflow/ui/keys"
	"optflow/ui/paint"
)

// Scroll is where a text that is longer than its room stands. The lines in view
// their owner draws: a viewport's own drawing would style them anew each frame.
type Scroll struct{ view viewport.Model }

// NewScroll stands at the top.
func NewScroll() Scroll { return Scroll{viewport.New()} }

// Fill says how many lines the text has, and for how many there is room.
func (s *Scroll) Fill(lines, rows int) {
	s.view.SetHeight(rows)
	s.view.SetContentLines(make([]string, lines))
}

// Top is the first line in view.
func (s *Scroll) Top() int { return s.view.YOffset() }

// By moves so many lines down, or up.
func (s *Scroll) By(rows int) { s.view.SetYOffset(s.view.YOffset() + rows) }

// Do moves, and reports whether an action does that.
func (s *Scroll) Do(a keys.Action) bool {
	switch a {
	case keys.Down:
		s.view.ScrollDown(1)
	case keys.Up:
		s.view.ScrollUp(1)
	case keys.PageDown:
		s.view.PageDown()
	case keys.PageUp:
		s.view.PageUp()
	case keys.HalfDown:
		s.view.HalfPageDown()
	case keys.HalfUp:
		s.view.HalfPageUp()
	case keys.Newest:
		s.view.GotoTop()
	case keys.Oldest:
		s.view.GotoBottom()
	default:
		return false
	}
	return true
}

// Mark writes at a column of a line in view that there is more above the first
// one, or below the last.
func (s *Scroll) Mark(p *paint.Pen, line, column int) {
	p.To(column)
	switch {
	case line == 0 && !s.view.AtTop():
		p.Put(paint.Dim, "▲")
	case line == s.view.Height()-1 && !s.view.AtBottom():
		p.Put(paint.Dim, "▼")
	}
}
