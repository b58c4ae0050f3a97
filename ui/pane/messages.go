package pane

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
)

// MessagesMost is how many messages are kept.
const MessagesMost = 200

// message is something that the screen said, or a change of the feed.
type message struct {
	at    int64 // market time, ms
	ink   paint.Ink
	text  string
	times int // in a row
}

// Messages are what was said so far, for the pane of `m`: a sentence that left
// the footer can be read again, and the feed's changes are there in order.
type Messages struct {
	Simple
	Log    string    // where the log is; "" nowhere
	All    []message // oldest first
	link   string    // the feed's state as it was last noted
	offset int       // of the first line shown
}

// Add notes a message. One that repeats the last takes its place.
func (h *Messages) Add(i paint.Ink, text string) {
	if n := len(h.All); n > 0 && h.All[n-1].text == text {
		h.All[n-1].at = h.Now
		h.All[n-1].times++
		return
	}
	if len(h.All) >= MessagesMost {
		h.All = h.All[:copy(h.All, h.All[1:])]
	}
	h.All = append(h.All, message{h.Now, i, text, 1})
}

// Feed notes the feed's state when its sentence is another one.
func (h *Messages) Feed(i paint.Ink, text string) {
	if text != h.link {
		h.link = text
		h.Add(i, text)
	}
}

// messageTime is how wide the times are.
const messageTime = 10

// messageLine is one line of the pane; the time is on the first of a message.
type messageLine struct {
	time string
	ink  paint.Ink
	text string
}

// lines are all messages, newest first, as wide as the window.
func (h *Messages) lines() []messageLine {
	var out []messageLine
	for i := len(h.All) - 1; i >= 0; i-- {
		x := h.All[i]
		text := x.text
		if x.times > 1 {
			text += fmt.Sprintf(" (%d times)", x.times)
		}
		for n, part := range paint.Wrap(text, max(h.Width-messageTime-4, messageTime)) {
			l := messageLine{ink: x.ink, text: part}
			if n == 0 {
				l.time = h.Zone.Clock(x.at)
			}
			out = append(out, l)
		}
	}
	return out
}

// rows is how many lines of messages fit.
func (h *Messages) rows() int { return h.Height - 3 }

// Draw writes a title and the messages.
func (h *Messages) Draw(lines []string, _ int) {
	p, out := &h.Pen, lines[:0]
	p.Line(h.Th, paint.OnPlain, h.Width)
	p.Space(2)
	p.Put(paint.Strong, "Messages")
	p.Put(paint.Dim, "  newest first")
	if where := "log: " + h.Log; h.Log != "" && p.Left() > paint.Cells(where)+4 {
		p.To(h.Width - 2 - paint.Cells(where))
		p.Put(paint.Dim, where)
	}
	out = append(out, p.End())
	all, rows := h.lines(), h.rows()
	h.offset = max(min(h.offset, len(all)-rows), 0)
	for i := range rows {
		p.Line(h.Th, paint.OnPlain, h.Width)
		if at := h.offset + i; at < len(all) {
			p.Space(2)
			p.Start(paint.Dim, all[at].time, messageTime)
			p.Put(all[at].ink, all[at].text)
		} else if len(all) == 0 && i == 0 {
			p.Space(2)
			p.Put(paint.Dim, "nothing was said yet")
		}
		if i == 0 && h.offset > 0 {
			p.To(h.Width - 2)
			p.Put(paint.Dim, "▲")
		}
		if i == rows-1 && h.offset+rows < len(all) {
			p.To(h.Width - 2)
			p.Put(paint.Dim, "▼")
		}
		out = append(out, p.End())
	}
}

// Open shows the newest.
func (h *Messages) Open(string, page.Page) { h.offset = 0 }

func (h *Messages) Scroll(rows int) { h.offset = max(h.offset+rows, 0) } // drawing bounds it

// Key scrolls the messages, or closes them.
func (h *Messages) Key(a keys.Action, _ tea.KeyPressMsg) []act.Effect {
	page, last := h.rows(), len(h.lines())
	switch a {
	case keys.Leave:
		return act.One(act.ClosePane{})
	case keys.Down:
		h.offset++
	case keys.Up:
		h.offset--
	case keys.PageDown:
		h.offset += page
	case keys.PageUp:
		h.offset -= page
	case keys.HalfDown:
		h.offset += page / 2
	case keys.HalfUp:
		h.offset -= page / 2
	case keys.Newest:
		h.offset = 0
	case keys.Oldest:
		h.offset = last
	}
	h.offset = max(min(h.offset, last-page), 0)
	return nil
}
