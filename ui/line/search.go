package line

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/paint"
)

// search is that of the earlier lines, as a shell has it: letters say what a line
// is to have in it.
type search struct {
	on, failed bool
	before     string // the text as it began
}

// Search begins to search the earlier lines for what was typed; again it goes to
// the one before that.
func (l *Line) Search() {
	l.Settle()
	if !l.search.on {
		l.search = search{on: true, before: l.text}
		if l.wanted = ""; l.text != l.opened {
			l.wanted = strings.TrimSpace(l.text)
		}
		l.at, l.typed = len(l.lines), ""
	}
	l.search.failed = !l.step(-1)
}

// Searching reports whether a search is under way.
func (l *Line) Searching() bool { return l.search.on }

// EndSearch ends the search: with the line that was found, or with the text as it
// was before.
func (l *Line) EndSearch(found bool) {
	if !found {
		l.Set(l.search.before)
		l.at = len(l.lines)
	}
	l.search = search{}
}

// searchKey takes a key that says what is searched, and reports whether it did.
// Any other ends the search.
func (l *Line) searchKey(k tea.KeyPressMsg) bool {
	switch n := len(l.wanted); {
	case k.Text != "":
		l.wanted += k.Text
	case k.Code == tea.KeyBackspace && k.Mod == 0 && n > 0:
		l.wanted = l.wanted[:n-1]
	default:
		l.EndSearch(true)
		return false
	}
	from := l.at
	l.at = min(l.at+1, len(l.lines)) // the one that is shown may do
	if k.Text == "" {
		l.at = len(l.lines)
	}
	if l.search.failed = !l.step(-1); l.search.failed {
		l.at = from
	}
	return true
}

// Found are the letters of the text that were searched, nil where none were.
func (l *Line) Found() *Range {
	if !l.search.on || l.search.failed || l.wanted == "" {
		return nil
	}
	at := strings.Index(strings.ToLower(l.text), strings.ToLower(strings.TrimSpace(l.wanted)))
	if at < 0 {
		return nil
	}
	return &Range{at, at + len(strings.TrimSpace(l.wanted)), paint.Match}
}

// SearchLine says what is searched, and what the keys do then.
func (l *Line) SearchLine(p *paint.Pen, th *paint.Theme, columns int, older, back string) string {
	p.Line(th, paint.OnPlain, columns)
	p.Space(2)
	ink, what := paint.Strong, "earlier lines"
	if l.search.failed {
		ink, what = paint.Warn, "no earlier line"
	}
	p.Put(paint.Dim, what)
	if l.wanted != "" {
		p.Put(paint.Dim, " with ")
		p.Put(ink, paint.Clip(l.wanted, max(columns/3, 8)))
	}
	for _, k := range [][2]string{{older, "older"}, {back, "back"}} {
		p.Put(paint.Dim, "  ")
		p.Put(paint.Accent, k[0])
		p.Put(paint.Dim, " "+k[1])
	}
	return p.End()
}
