package ui

import (
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/line"

	tea "charm.land/bubbletea/v2"
)

// pane is what has the keys while it is open, in place of the page: a line below
// it, a box over it, or a screen of its own.
type pane interface {
	// place is where the keys of the key table work; it names the pane.
	place() string
	// open begins, with a text where it is a line, over a page.
	open(text string, over page)
	// key does what a key means there; what it types is in the message.
	key(a keys.Action, k tea.KeyPressMsg) []act.Effect
	// paste takes what was pasted.
	paste(text string) []act.Effect
	// scroll moves what is under the mouse, where the pane covers the page.
	scroll(rows int)
	// size is how many lines the foot has, and how much of the page the pane covers.
	size() (foot int, c cover)
	// draw writes over the lines of the page, the first of which is line top of
	// the screen.
	draw(lines []string, top int)
	// foot writes the last lines of the screen.
	foot(out []string) []string
	// caret is where text is written, if it is.
	caret() (x, y int, shown bool)
}

// cover is how much of the page a pane covers.
type cover uint8

const (
	coverNone  cover = iota // it is a line below
	coverSome               // a box
	coverWhole              // all lines between the first and the foot
)

// simple is a pane without a line of text.
type simple struct {
	*scene
	where string
}

func (s *simple) place() string { return s.where }

func (s *simple) paste(string) []act.Effect { return nil }

func (s *simple) scroll(int) {}

func (s *simple) size() (foot int, c cover) { return 1, coverWhole }

func (s *simple) draw([]string, int) {}

func (s *simple) foot(out []string) []string {
	return append(out, s.hints())
}

// hints are the keys that work there.
func (s *simple) hints() string {
	return s.shown.Hints(&s.pen, s.th, s.width, s.where, nil, nil)
}

func (s *simple) caret() (x, y int, shown bool) { return 0, 0, false }

// typed is a pane that is a line of text, with what explains it below.
type typed struct {
	simple
	line.Line
	x, y int // of the caret
}

func (l *typed) size() (foot int, c cover) { return 2, coverNone }

func (l *typed) caret() (x, y int, shown bool) { return l.x, l.y, true }

// coverOf is how much of the page a pane covers; nil is none.
func coverOf(p pane) cover {
	if p == nil {
		return coverNone
	}
	_, c := p.size()
	return c
}
