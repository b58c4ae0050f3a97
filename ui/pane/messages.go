package pane

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/scene"
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
	scroll scene.Scroll
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
	p.Line(h.Theme, paint.OnPlain, h.Width)
	p.Space(2)
	p.Put(paint.Strong, "Messages")
	p.Put(paint.Dim, "  newest first")
	if where := "log: " + h.Log; h.Log != "" && p.Left() > paint.Cells(where)+4 {
		p.To(h.Width - 2 - paint.Cells(where))
		p.Put(paint.Dim, where)
	}
	out = append(out, p.End())
	all := h.fill()
	for i := range h.rows() {
		p.Line(h.Theme, paint.OnPlain, h.Width)
		if at := h.scroll.Top() + i; at < len(all) {
			p.Space(2)
			p.Start(paint.Dim, all[at].time, messageTime)
			p.Put(all[at].ink, all[at].text)
		} else if len(all) == 0 && i == 0 {
			p.Space(2)
			p.Put(paint.Dim, "nothing was said yet")
		}
		h.scroll.Mark(p, i, h.Width-2)
		out = append(out, p.End())
	}
}

// fill gives the lines to what scrolls them, and returns them.
func (h *Messages) fill() []messageLine {
	all := h.lines()
	h.scroll.Fill(len(all), h.rows())
	return all
}

// Open shows the newest.
func (h *Messages) Open(string, page.Page) { h.scroll = scene.NewScroll() }

// Scroll moves under the mouse.
func (h *Messages) Scroll(rows int) {
	h.fill()
	h.scroll.By(rows)
}

// Key scrolls the messages, or closes them.
func (h *Messages) Key(a keys.Action, _ tea.KeyPressMsg) []act.Effect {
	if a == keys.Leave {
		return act.One(act.ClosePane{})
	}
	h.fill()
	h.scroll.Do(a)
	return nil
}
