package ui

import (
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"

	tea "charm.land/bubbletea/v2"
)

// findLine is the line of ctrl+f: it goes to the nearest hit while it is typed.
type findLine struct {
	typed
	find *finder
}

// open begins a search.
func (l *findLine) open(string, page) {
	l.find.edited = true
	l.find.begin()
	l.Open("")
	l.find.seek("")
}

// key edits the search and goes to the nearest hit.
func (l *findLine) key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	f := l.find
	switch a {
	case keys.Leave:
		f.end()
		f.goBack()
		return l.close()
	case keys.Accept:
		l.Remember(f.text)
		out := l.close()
		if f.text != "" && f.count == 0 {
			out = append(out, act.Answer{Ink: paint.Warn, Text: "nothing found"})
		}
		return out
	case keys.FindNext:
		return l.step(1)
	case keys.FindPrevious:
		if l.String() != "" {
			return l.step(-1)
		}
		l.Recall(-1)
	case keys.Earlier:
		l.Recall(-1)
	default:
		if !l.Key(k) {
			return nil
		}
	}
	f.seek(l.String())
	return nil
}

// step goes to the next hit; before anything is written there is none.
func (l *findLine) step(by int) []act.Effect {
	if l.find.text == "" {
		l.open("", nil)
		return nil
	}
	return l.find.next(by)
}

func (l *findLine) paste(text string) []act.Effect {
	l.Paste(text)
	l.find.seek(l.String())
	return nil
}

// close ends the editing.
func (l *findLine) close() []act.Effect {
	l.find.edited = false
	return act.One(act.ClosePane{})
}

// foot writes the line being edited with the number of hits.
func (l *findLine) foot(out []string) []string {
	p, f := &l.pen, l.find
	p.Line(l.th, paint.OnPlain, l.width)
	p.Space(1)
	p.Put(paint.Match, "*")
	p.Put(paint.Accent, " find ")
	hits, i := "", paint.Strong
	switch {
	case f.text != "" && f.count == 0:
		hits, i = "nothing found", paint.Warn
	case f.count == 1:
		hits = "1 hit"
	case f.text != "":
		hits = format.Count(int64(f.count)) + " hits"
	}
	l.x, l.y = 8+l.Show(p, l.width-p.Written()-paint.Cells(hits)-3, nil), len(out)
	p.To(l.width - 1 - paint.Cells(hits))
	p.Put(i, hits)
	out = append(out, p.End())
	return append(out, l.hints())
}
