// Package pane is what has the keys in place of the page: the lines of filter,
// search and commands, the ticker picker, the help, the messages.
package pane

import (
	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/page"
	"optflow/ui/scene"
)

// Pane is what has the keys while it is open, in place of the page: a line below
// it, a box over it, or a screen of its own.
type Pane interface {
	// Place is where the keys of the key table work; it names the pane.
	Place() string
	// Open begins, with a text where it is a line, over a page.
	Open(text string, over page.Page)
	// Key does what a key means there; what it types is in the message.
	Key(a keys.Action, k tea.KeyPressMsg) []act.Effect
	// Paste takes what was pasted.
	Paste(text string) []act.Effect
	// Scroll moves what is under the mouse, where the pane covers the page.
	Scroll(rows int)
	// Size is how many lines the foot has, and how much of the page the pane covers.
	Size() (foot int, c Cover)
	// Draw writes over the lines of the page, the first of which is line top of
	// the screen.
	Draw(lines []string, top int)
	// Foot writes the last lines of the screen.
	Foot(out []string) []string
	// Caret is where text is written, if it is.
	Caret() (x, y int, shown bool)
}

// Cover is how much of the page a pane covers.
type Cover uint8

const (
	CoverNone  Cover = iota // it is a line below
	coverSome               // a box
	CoverWhole              // all lines between the first and the foot
)

// Simple is a pane without a line of text.
type Simple struct {
	*scene.Scene
	Where string
}

func (s *Simple) Place() string { return s.Where }

func (s *Simple) Paste(string) []act.Effect { return nil }

func (s *Simple) Scroll(int) {}

func (s *Simple) Size() (foot int, c Cover) { return 1, CoverWhole }

func (s *Simple) Draw([]string, int) {}

func (s *Simple) Foot(out []string) []string {
	return append(out, s.hints())
}

// hints are the keys that work there.
func (s *Simple) hints() string {
	return s.Shown.Hints(&s.Pen, s.Theme, s.Width, s.Where, nil, nil)
}

func (s *Simple) Caret() (x, y int, shown bool) { return 0, 0, false }

// Typed is a pane that is a line of text, with what explains it below.
type Typed struct {
	Simple
	line.Line
	x, y int // of the caret
}

func (l *Typed) Size() (foot int, c Cover) { return 2, CoverNone }

func (l *Typed) Caret() (x, y int, shown bool) { return l.x, l.y, true }

// CoverOf is how much of the page a pane covers; nil is none.
func CoverOf(p Pane) Cover {
	if p == nil {
		return CoverNone
	}
	_, c := p.Size()
	return c
}
