package pane

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
)

// helpFind is the search in the help: it goes to the nearest hit while it is typed.
type helpFind struct {
	line.Line
	typing bool
	from   int  // the line that was selected when it began
	x, y   int  // of the caret
	missed bool // there is no hit
}

// what is the text that is searched for, in small letters; "" nothing is.
func (f *helpFind) what() string { return strings.ToLower(strings.TrimSpace(f.String())) }

func (f *helpFind) end() {
	f.typing, f.missed = false, false
	f.Set("")
}

// hit reports whether a line has what is searched for.
func (f *helpFind) hit(l *helpLine) bool {
	what := f.what()
	return what != "" && strings.Contains(l.whole, what)
}

func (f *helpFind) hits(lines []helpLine) (n int) {
	for i := range lines {
		if f.hit(&lines[i]) {
			n++
		}
	}
	return n
}

// put writes a text with what is searched for marked in it.
func (f *helpFind) put(p *paint.Pen, i paint.Ink, text string) {
	for what := f.what(); what != ""; {
		at := strings.Index(strings.ToLower(text), what)
		if at < 0 || at+len(what) > len(text) { // small letters may be longer than large ones
			break
		}
		p.Put(i, text[:at])
		p.Put(paint.Match, text[at:at+len(what)])
		text = text[at+len(what):]
	}
	p.Put(i, text)
}

// seek goes to the first hit from where the search began, round the end.
func (h *Help) seek(lines []helpLine) {
	h.find.missed = false
	if h.find.what() == "" {
		h.goTo(h.find.from, lines)
		return
	}
	h.step(h.find.from, 1, 0, lines)
}

// next goes to the next hit, or the one before, round the end.
func (h *Help) next(by int, lines []helpLine) {
	if h.find.what() != "" {
		h.step(h.At, by, 1, lines)
	}
}

// step goes to the first hit in a direction, from so many lines away on.
func (h *Help) step(from, by, away int, lines []helpLine) {
	n := len(lines)
	for i := away; i < n+away; i++ {
		at := ((from+by*i)%n + n) % n
		if h.find.hit(&lines[at]) {
			h.goTo(at, lines)
			return
		}
	}
	h.find.missed = true
	h.goTo(h.find.from, lines)
}

// goTo selects a line. Where it was not on the screen there is some room above it.
func (h *Help) goTo(at int, lines []helpLine) {
	height := h.rows()
	h.At = min(at, len(lines)-1)
	if h.At < h.Offset || h.At >= h.Offset+height {
		h.Offset = h.At - height/3
	}
	h.show(lines, height)
}

// typed is a key while the search is typed.
func (h *Help) typed(a keys.Action, k tea.KeyPressMsg, lines []helpLine) []act.Effect {
	switch a {
	case keys.Leave:
		h.find.end()
		h.goTo(h.find.from, lines)
	case keys.Accept:
		h.find.typing = false
		if h.find.what() != "" && h.find.missed {
			h.find.end()
			return act.Tell(paint.Warn, "nothing found")
		}
	case keys.FindNext:
		h.next(1, lines)
	case keys.FindPrevious:
		h.next(-1, lines)
	default:
		if h.find.Leaves(k) {
			h.find.end()
		} else if h.find.Key(k) {
			h.seek(lines)
		}
	}
	return nil
}

// Paste types into the search.
func (h *Help) Paste(text string) []act.Effect {
	if h.find.typing {
		h.find.Line.Paste(text)
		h.seek(h.Lines())
	}
	return nil
}

// Place is where the keys work: those of the search while it is typed.
func (h *Help) Place() string {
	if h.find.typing {
		return keys.InHelpFind
	}
	return h.Where
}

// Caret is in the search.
func (h *Help) Caret() (x, y int, shown bool) { return h.find.x, h.find.y, h.find.typing }

// Foot writes the search while it is typed, else the keys with what is searched for.
func (h *Help) Foot(out []string) []string {
	p, f := &h.Pen, &h.find
	hits := hitsOf(f.what(), f.hits(h.Lines()))
	if !f.typing {
		badge := hits
		if len(hits) > 0 {
			badge = append([]paint.Piece{paint.Match.Piece("*"), paint.Dim.Piece(" " + f.what() + "  ")}, hits...)
		}
		return append(out, h.Shown.Hints(p, h.Theme, h.Width, h.Where, nil, badge))
	}
	p.Line(h.Theme, paint.OnPlain, h.Width)
	p.Space(1)
	p.Put(paint.Accent, "/ ")
	f.x, f.y = 3+f.Show(p, h.Width-p.Written()-paint.Width(hits)-3, nil), len(out)
	p.Right(hits)
	return append(out, p.End(), h.Shown.Hints(p, h.Theme, h.Width, keys.InHelpFind, nil, nil))
}

// Size leaves room for the keys of the search while it is typed.
func (h *Help) Size() (foot int, c Cover) {
	if h.find.typing {
		return 2, CoverWhole
	}
	return 1, CoverWhole
}

// rows is how many lines of help fit.
func (h *Help) rows() int {
	foot, _ := h.Size()
	return h.Height - 1 - foot
}
