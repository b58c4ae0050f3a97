package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
)

// filterLine is the line of `/`: text that is applied while it is typed.
type filterLine struct {
	typed
	page   page          // whose rows are filtered
	lens   *lens         // of it
	before string        // what esc goes back to
	wrong  *filter.Error // what is wrong with the text, nil if it was taken
}

// open begins to edit the filter of a page.
func (l *filterLine) open(_ string, over page) {
	l.page, l.lens = over, over.filter()
	l.lens.edited = true
	l.before = l.lens.text()
	text := l.before
	if text != "" && !strings.HasSuffix(text, " ") {
		text += " " // what is typed next goes on from it
	}
	l.Open(text)
	l.wrong = nil
}

// key edits the filter and applies it.
func (l *filterLine) key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	switch a {
	case keys.Leave:
		if f, err := l.parse(l.before); err == nil && l.lens.text() != l.before {
			l.lens.use(f)
		}
		return l.close()
	case keys.Accept:
		if l.wrong != nil {
			return nil // the sentence below says what to put right
		}
		return l.keep()
	case keys.Earlier:
		l.Recall(-1)
	case keys.Later:
		l.Recall(1)
	case keys.Complete:
		l.Complete(1, l.complete)
	case keys.CompleteBack:
		l.Complete(-1, l.complete)
	case keys.PageUp:
		out, _ := l.page.do(keys.PageUp)
		return out
	case keys.PageDown:
		out, _ := l.page.do(keys.PageDown)
		return out
	default:
		if l.Leaves(k) {
			return l.keep()
		}
		if !l.Key(k) {
			return nil
		}
	}
	l.try()
	return nil
}

func (l *filterLine) paste(text string) []act.Effect {
	l.Paste(text)
	l.try()
	return nil
}

// close ends the editing.
func (l *filterLine) close() []act.Effect {
	l.lens.edited = false
	return act.One(act.ClosePane{})
}

// keep ends the editing: the filter stays as it is.
func (l *filterLine) keep() []act.Effect {
	text := l.lens.text()
	if text != l.before {
		l.lens.undo.note(l.before)
	}
	out := l.close()
	if l.Remember(text) {
		out = append(out, act.KeepLines{})
	}
	return out
}

// try applies what the line says, if it says anything. While it is wrong the last
// good filter stays.
func (l *filterLine) try() {
	text := l.String()
	f, err := l.lens.read(text)
	l.wrong = nil
	if err != nil {
		w := &filter.Error{End: len(text), Text: err.Error()}
		errors.As(err, &w)
		l.wrong = w
		return
	}
	if f == nil && l.lens.filter == nil || f != nil && f.text == l.lens.text() {
		return
	}
	l.lens.use(f)
}

// foot writes the line being edited with the count of matching rows, and
// below it what is wrong, how it was read, or the keys.
func (l *filterLine) foot(out []string) []string {
	p, f := &l.pen, l.lens.filter
	count := l.page.matching()
	p.Line(l.th, paint.OnPlain, l.width)
	p.Space(1)
	p.Put(paint.Accent, "/ ")
	room := l.width - 3 - paint.Width(count) - 3
	var wrong *line.Range
	if l.wrong != nil {
		wrong = &line.Range{From: l.wrong.Pos, To: l.wrong.End}
	}
	l.x, l.y = 3+l.Show(p, room, wrong), len(out)
	p.To(l.width - 1 - paint.Width(count))
	for _, c := range count {
		p.Put(c.Ink, c.Text)
	}
	out = append(out, p.End())
	switch {
	case l.wrong != nil:
		return append(out, p.Sentence(l.th, l.width, paint.Bad, "  "+l.wrong.Text))
	case l.Offers():
		return append(out, l.Offer(p, l.th, l.width))
	case f != nil && f.hint() != "":
		return append(out, p.Sentence(l.th, l.width, paint.Warn, "  "+f.hint()))
	case f != nil && f.Read() != "":
		return append(out, p.Sentence(l.th, l.width, paint.Dim, "  reads: "+f.Read()))
	}
	return append(out, l.hints())
}
