package ui

import (
	"fmt"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// messagesMost is how many messages are kept.
const messagesMost = 200

// message is something that the screen said, or a change of the feed.
type message struct {
	at    int64 // market time, ms
	ink   paint.Ink
	text  string
	times int // in a row
}

// messages are what was said so far, for the pane of `m`: a sentence that left
// the footer can be read again, and the feed's changes are there in order.
type messages struct {
	all    []message // oldest first
	link   string    // the feed's state as it was last noted
	offset int       // of the first line shown
}

// add notes a message. One that repeats the last takes its place.
func (h *messages) add(at int64, i paint.Ink, text string) {
	if n := len(h.all); n > 0 && h.all[n-1].text == text {
		h.all[n-1].at = at
		h.all[n-1].times++
		return
	}
	if len(h.all) >= messagesMost {
		h.all = h.all[:copy(h.all, h.all[1:])]
	}
	h.all = append(h.all, message{at, i, text, 1})
}

// feed notes the feed's state when its sentence is another one.
func (h *messages) feed(at int64, st *model.State) {
	still := *st
	still.RetryAt, still.PollEvery = 0, 0 // these count, and change nothing
	s := status{st: &still}
	dot, reason := s.state()
	text := dot[1].Text + reason
	if text == h.link {
		return
	}
	h.link = text
	i := paint.Text
	switch st.Link {
	case model.Polling:
		i = paint.Warn
	case model.Stopped:
		i = paint.Bad
	}
	h.add(at, i, text)
}

// messageTime is how wide the times are.
const messageTime = 10

// messageLine is one line of the pane; the time is on the first of a message.
type messageLine struct {
	time string
	ink  paint.Ink
	text string
}

// lines are all messages, newest first, in a window of so many columns.
func (h *messages) lines(zone *format.Zone, columns int) []messageLine {
	var out []messageLine
	for i := len(h.all) - 1; i >= 0; i-- {
		x := h.all[i]
		text := x.text
		if x.times > 1 {
			text += fmt.Sprintf(" (%d times)", x.times)
		}
		for n, part := range wrap(text, max(columns-messageTime-4, messageTime)) {
			l := messageLine{ink: x.ink, text: part}
			if n == 0 {
				l.time = zone.Clock(x.at)
			}
			out = append(out, l)
		}
	}
	return out
}

// messagesRows is how many lines of messages fit.
func (m *Model) messagesRows() int { return m.height - 3 }

// messagesBody draws the pane: a title and the messages.
func (m *Model) messagesBody(out []string) []string {
	p := &m.pen
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(2)
	p.Put(paint.Strong, "Messages")
	p.Put(paint.Dim, "  newest first")
	if where := "log: " + m.opt.Log; m.opt.Log != "" && p.Left() > paint.Cells(where)+4 {
		p.To(m.width - 2 - paint.Cells(where))
		p.Put(paint.Dim, where)
	}
	out = append(out, p.End())
	all, rows := m.messages.lines(m.zone, m.width), m.messagesRows()
	m.messages.offset = max(min(m.messages.offset, len(all)-rows), 0)
	for i := range rows {
		p.Line(m.th, paint.OnPlain, m.width)
		if at := m.messages.offset + i; at < len(all) {
			p.Space(2)
			p.Start(paint.Dim, all[at].time, messageTime)
			p.Put(all[at].ink, all[at].text)
		} else if len(all) == 0 && i == 0 {
			p.Space(2)
			p.Put(paint.Dim, "nothing was said yet")
		}
		if i == 0 && m.messages.offset > 0 {
			p.To(m.width - 2)
			p.Put(paint.Dim, "▲")
		}
		if i == rows-1 && m.messages.offset+rows < len(all) {
			p.To(m.width - 2)
			p.Put(paint.Dim, "▼")
		}
		out = append(out, p.End())
	}
	return out
}

// openMessages shows the newest.
func (m *Model) openMessages() { m.pane, m.messages.offset = paneMessages, 0 }

// messagesKey scrolls the messages, or closes them.
func (m *Model) messagesKey(a keys.Action) {
	page := m.messagesRows()
	switch a {
	case keys.Leave:
		m.pane = paneTape
	case keys.Down:
		m.messages.offset++
	case keys.Up:
		m.messages.offset--
	case keys.PageDown:
		m.messages.offset += page
	case keys.PageUp:
		m.messages.offset -= page
	case keys.HalfDown:
		m.messages.offset += page / 2
	case keys.HalfUp:
		m.messages.offset -= page / 2
	case keys.Newest:
		m.messages.offset = 0
	case keys.Oldest:
		m.messages.offset = len(m.messages.lines(m.zone, m.width))
	}
	m.messages.offset = max(min(m.messages.offset, len(m.messages.lines(m.zone, m.width))-page), 0)
}
