package pane

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/line"
	"optflow/ui/page"
	"optflow/ui/paint"
)

// FilterLine is the line of `/`: text that is applied while it is typed.
type FilterLine struct {
	Typed
	page   page.Page  // whose rows are filtered
	lens   *lens.Lens // of it
	before string     // what esc goes back to
	prompt string     // before the text
	done   func(kept bool) []act.Effect
	wrong  *filter.Error    // what is wrong with the text, nil if it was taken
	waits  []filter.Warning // words that filter nothing yet
	none   bool             // no earlier line has what was typed
}

// Open begins to edit the filter of a page.
func (l *FilterLine) Open(_ string, over page.Page) {
	l.Edit(over, page.Edited{Lens: over.Filter(), Text: over.Filter().Text(), Prompt: "/ "})
}

// Edit begins to edit a filter that changes the rows of a page.
func (l *FilterLine) Edit(over page.Page, e page.Edited) {
	l.page, l.lens, l.before, l.prompt, l.done = over, e.Lens, e.Text, e.Prompt, e.Done
	l.lens.Edited = true
	text := l.before
	if text != "" && !strings.HasSuffix(text, " ") {
		text += " " // what is typed next goes on from it
	}
	l.Line.Open(text)
	l.try() // a tab's filter may be one that cannot be read
}

// Key edits the filter and applies it.
func (l *FilterLine) Key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	l.none = false
	switch a {
	case keys.Leave:
		if l.Searching() {
			l.EndSearch(false)
			break
		}
		l.lens.Edited = false
		if f, err := l.lens.Read(l.before); err == nil && (l.lens.Text() != l.before || len(l.waits) > 0) {
			l.lens.Use(f)
		}
		return l.close(false)
	case keys.Accept:
		if l.wrong != nil {
			return nil // the sentence below says what to put right
		}
		return l.keep()
	case keys.Earlier:
		l.none = !l.Recall(-1)
	case keys.Later:
		l.Recall(1)
	case keys.Search:
		l.Search()
	case keys.Complete:
		l.Line.Complete(1, l.Scene.Complete)
	case keys.CompleteBack:
		l.Line.Complete(-1, l.Scene.Complete)
	case keys.PageUp, keys.PageDown:
		out, _ := l.page.Do(a)
		return out
	default:
		if l.Leaves(k) {
			return l.keep()
		}
		if !l.Line.Key(k) {
			return nil
		}
	}
	l.try()
	return nil
}

func (l *FilterLine) Paste(text string) []act.Effect {
	l.Line.Paste(text)
	l.try()
	return nil
}

func (l *FilterLine) close(kept bool) []act.Effect {
	l.lens.Edited = false
	out := act.One(act.ClosePane{})
	if l.done != nil {
		out = append(out, l.done(kept)...)
	}
	return out
}

// keep ends the editing: the filter stays as it is, and every word counts.
func (l *FilterLine) keep() []act.Effect {
	if len(l.waits) > 0 {
		l.lens.Edited = false
		f, err := l.lens.Read(l.String())
		if err != nil {
			l.lens.Edited = true
			l.refuse(err)
			return nil
		}
		l.lens.Use(f)
	}
	text := l.lens.Text()
	if text != l.before {
		l.lens.Note(l.before)
	}
	out := l.close(true)
	if l.Remember(text) {
		out = append(out, act.KeepLines{})
	}
	return out
}

// try applies what the line says, if it says anything. While it is wrong the last
// good filter stays.
func (l *FilterLine) try() {
	f, waits, err := l.lens.Type(l.String(), len(l.Before()))
	if l.wrong, l.waits = nil, waits; err != nil {
		l.refuse(err)
		return
	}
	switch now := l.lens.Filter; {
	case f == nil && now == nil:
	case f != nil && now != nil && f.String() == now.String():
		l.lens.Filter = f // as written now
	default:
		l.lens.Use(f)
	}
}

// refuse says what is wrong with the line.
func (l *FilterLine) refuse(err error) {
	w := &filter.Error{End: len(l.String()), Text: err.Error()}
	errors.As(err, &w)
	l.wrong = w
}

// Foot writes the line being edited with the count of matching rows, and
// below it what is wrong, how it was read, or the keys.
func (l *FilterLine) Foot(out []string) []string {
	p, f := &l.Pen, l.lens.Filter
	count := l.page.Matching()
	p.Line(l.Theme, paint.OnPlain, l.Width)
	p.Space(1)
	p.Put(paint.Accent, l.prompt)
	at := p.Written()
	room := l.Width - at - paint.Width(count) - 3
	l.x, l.y = at+l.Show(p, room, l.marked()), len(out)
	p.Right(count)
	out = append(out, p.End())
	switch {
	case l.Searching():
		return append(out, l.SearchLine(p, l.Theme, l.Width, l.Shown.In(l.Where, keys.Search), l.Shown.In(l.Where, keys.Leave)))
	case l.none:
		return append(out, p.Sentence(l.Theme, l.Width, paint.Warn, "  no earlier filter has this in it"))
	case l.wrong != nil:
		return append(out, p.Sentence(l.Theme, l.Width, paint.Bad, "  "+l.wrong.Text))
	case l.Offers():
		return append(out, l.Offer(p, l.Theme, l.Width))
	case len(l.waits) > 0:
		return append(out, p.Sentence(l.Theme, l.Width, paint.Dim, "  "+l.waits[0].Text))
	case f != nil && f.Hint() != "":
		return append(out, p.Sentence(l.Theme, l.Width, paint.Warn, "  "+f.Hint()))
	case f != nil && f.Read() != "":
		return append(out, p.Sentence(l.Theme, l.Width, paint.Dim, "  reads: "+f.Read()))
	}
	return append(out, l.hints())
}

// marked are the letters that stand out: those searched, those that are wrong, or
// those that filter nothing yet.
func (l *FilterLine) marked() *line.Range {
	switch {
	case l.Searching():
		return l.Found()
	case l.wrong != nil:
		return &line.Range{From: l.wrong.Pos, To: l.wrong.End, Ink: paint.Wrong}
	case len(l.waits) > 0:
		w := l.waits[0]
		return &line.Range{From: w.Pos, To: w.End, Ink: paint.Faint}
	}
	return nil
}
