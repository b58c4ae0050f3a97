package pane

import (
	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/rows"
)

// FindLine is the line of ctrl+f: it goes to the nearest hit while it is typed.
type FindLine struct {
	Typed
	Find *rows.Finder
}

// Open begins a search.
func (l *FindLine) Open(string, page.Page) {
	l.Find.Edited = true
	l.Find.Begin()
	l.Line.Open("")
	l.Find.Seek("")
}

// Key edits the search and goes to the nearest hit.
func (l *FindLine) Key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	f := l.Find
	switch a {
	case keys.Leave:
		f.End()
		f.GoBack()
		return l.close()
	case keys.Accept:
		l.Remember(f.Text)
		out := l.close()
		if f.Text != "" && f.Count == 0 {
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
		if !l.Line.Key(k) {
			return nil
		}
	}
	f.Seek(l.String())
	return nil
}

// step goes to the next hit; before anything is written there is none.
func (l *FindLine) step(by int) []act.Effect {
	if l.Find.Text == "" {
		l.Open("", nil)
		return nil
	}
	return l.Find.Next(by)
}

func (l *FindLine) Paste(text string) []act.Effect {
	l.Line.Paste(text)
	l.Find.Seek(l.String())
	return nil
}

func (l *FindLine) close() []act.Effect {
	l.Find.Edited = false
	return act.One(act.ClosePane{})
}

// Foot writes the line being edited with the number of hits.
func (l *FindLine) Foot(out []string) []string {
	p, f := &l.Pen, l.Find
	p.Line(l.Theme, paint.OnPlain, l.Width)
	p.Space(1)
	p.Put(paint.Match, "*")
	p.Put(paint.Accent, " find ")
	hits := hitsOf(f.Text, f.Count)
	l.x, l.y = 8+l.Show(p, l.Width-p.Written()-paint.Width(hits)-3, nil), len(out)
	p.Right(hits)
	out = append(out, p.End())
	return append(out, l.hints())
}

// hitsOf says how many hits a search has, nothing where nothing is searched for.
func hitsOf(what string, n int) []paint.Piece {
	switch {
	case what == "":
		return nil
	case n == 0:
		return []paint.Piece{paint.Warn.Piece("nothing found")}
	}
	return []paint.Piece{paint.Strong.Piece(format.Counting(int64(n), "hit"))}
}
