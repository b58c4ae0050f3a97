package ui

import (
	"slices"
	"time"

	"optflow/ui/paint"
)

// noticeTime is how long a sentence that nobody has to act on stays.
const noticeTime = 12 * time.Second

// notice is a sentence that takes the footer's place for a while.
type notice struct {
	ink    paint.Ink
	text   string
	brief  string    // in place of text where that does not fit, "" cuts it
	sticky bool      // until a key is pressed
	answer bool      // to a key: the next answer takes its place
	until  time.Time // else until then
}

// What is said without a key until the first key press, and in a narrow window.
const (
	noKeyText  = "no key: prices are invented · put MASSIVE_API_KEY in the environment or .env · any key hides this"
	noKeyBrief = "no key: prices are invented · set MASSIVE_API_KEY · any key hides this"
)

// notices wait in line; the first one is shown.
type notices struct {
	queue []notice
	heard func(paint.Ink, string) // is told of each; nil nobody
}

// noticesMost bounds the line: what is older was not read anyway.
const noticesMost = 8

// in is the sentence in so many cells.
func (n *notice) in(columns int) string {
	if n.brief != "" && paint.Cells(n.text) > columns {
		return paint.Clip(n.brief, columns)
	}
	return paint.Clip(n.text, columns)
}

// say adds a sentence that leaves by itself or with the next key.
func (n *notices) say(i paint.Ink, text string) { n.add(notice{ink: i, text: text}) }

// answer says what came of a key, in place of what came of the one before: many
// may be pressed between two frames.
func (n *notices) answer(i paint.Ink, text string) {
	n.queue = slices.DeleteFunc(n.queue, func(x notice) bool { return x.answer })
	n.add(notice{ink: i, text: text, answer: true})
}

// insist adds a sentence that stays until a key is pressed.
func (n *notices) insist(i paint.Ink, text string) { n.add(notice{ink: i, text: text, sticky: true}) }

func (n *notices) add(x notice) {
	if n.heard != nil {
		n.heard(x.ink, x.text)
	}
	if len(n.queue) >= noticesMost {
		n.queue = n.queue[1:]
	}
	n.queue = append(n.queue, x)
}

// drop takes a sentence back.
func (n *notices) drop(text string) {
	n.queue = slices.DeleteFunc(n.queue, func(x notice) bool { return x.text == text })
}

// shown is the sentence to show at a time, nil if there is none.
func (n *notices) shown(now time.Time) *notice {
	for len(n.queue) > 0 {
		first := &n.queue[0]
		if first.until.IsZero() {
			first.until = now.Add(noticeTime)
		}
		if first.sticky || now.Before(first.until) {
			return first
		}
		n.queue = n.queue[1:]
	}
	return nil
}

// key takes the shown sentence away.
func (n *notices) key() {
	if len(n.queue) > 0 && !n.queue[0].until.IsZero() {
		n.queue = n.queue[1:]
	}
}

// line is the sentence with what stands at the end of the last line.
func (n *notice) line(p *paint.Pen, th *paint.Theme, columns int, badge []paint.Piece) string {
	p.Line(th, paint.OnPlain, columns)
	p.Space(1)
	p.Put(n.ink, n.in(columns-4-paint.Width(badge)))
	p.Right(badge)
	return p.End()
}
