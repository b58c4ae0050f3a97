// Package line is one line of text being edited: the caret's motions, the lines
// typed before, and completion. The filter, the search, the command line and the
// picker each have one.
package line

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"optflow/ui/paint"
)

// most bounds what can be typed or pasted into a line, in letters.
const most = 500

// Line is the text with its caret. All of its letters are ASCII, one cell each.
type Line struct {
	text  string
	caret int
	input *textinput.Model // edits the text that it is lent for a key: kilobytes, which every call of the library copies
	history
	completion
}

// New is an empty line with what was typed in earlier runs, oldest first.
func New(earlier []string) Line {
	in := textinput.New()
	in.KeyMap.Paste.SetEnabled(false) // it reads the clipboard of this machine, which may be far from the terminal
	in.SetVirtualCursor(false)
	in.Focus()
	return Line{input: &in, history: newHistory(earlier)}
}

// Set replaces the text and puts the caret behind it.
func (l *Line) Set(text string) {
	l.text, l.caret = "", 0
	l.insert(text)
}

// String is the text.
func (l *Line) String() string { return l.text }

// Before is the text before the caret.
func (l *Line) Before() string { return l.text[:l.caret] }

// lineBreaks become blanks, one each, however a terminal or the text has them.
var lineBreaks = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ", "\u2028", " ", "\u2029", " ", "\u00a0", " ")

// Paste types text at the caret.
func (l *Line) Paste(text string) {
	l.Settle()
	l.search = search{}
	l.insert(text)
}

// foreign reports whether a rune is not plain ASCII.
func foreign(r rune) bool { return r < ' ' || r > '~' }

// insert types text at the caret. Line breaks become blanks; what is not plain
// ASCII is left out: no ticker, field or number has it, and its width on a
// terminal is anybody's guess.
func (l *Line) insert(text string) {
	if strings.ContainsFunc(text, foreign) {
		text = strings.Map(func(r rune) rune {
			if foreign(r) {
				return -1
			}
			return r
		}, lineBreaks.Replace(text))
	}
	text = text[:min(len(text), most-len(l.text))]
	l.text = l.text[:l.caret] + text + l.text[l.caret:]
	l.caret += len(text)
}

// edits are the keys that the library edits by, but for the one that cutWord
// stands in for.
var edits = func(of textinput.KeyMap) []key.Binding {
	return []key.Binding{
		of.CharacterForward, of.CharacterBackward, of.WordForward, of.WordBackward, of.LineStart, of.LineEnd, of.DeleteWordBackward,
		of.DeleteAfterCursor, of.DeleteBeforeCursor, of.DeleteCharacterBackward, of.DeleteCharacterForward,
	}
}(textinput.DefaultKeyMap())

// pressed is the name of a key.
type pressed string

func (p pressed) String() string { return string(p) }

// Key edits and reports whether the key was one of the line's. Candidates are
// of the text before it.
func (l *Line) Key(k tea.KeyPressMsg) bool {
	l.Settle()
	if l.search.on && l.searchKey(k) {
		return true
	}
	if k.Text != "" {
		l.insert(k.Text)
		return true
	}
	switch name := pressed(k.String()); {
	case key.Matches(name, edits...):
		l.text, l.caret = l.edited(k)
	case key.Matches(name, l.input.KeyMap.DeleteWordForward):
		l.cutWord()
	default:
		return false
	}
	return true
}

// edited is the text as the library edits it by a key, and where the caret is then.
func (l *Line) edited(k tea.KeyPressMsg) (text string, caret int) {
	l.input.SetValue(l.text)
	l.input.SetCursor(l.caret)
	after, _ := l.input.Update(k)
	return after.Value(), after.Position()
}

// cutWord takes the word behind the caret away. The library's own, as of bubbles
// 2.2.1, panics on the last letter (charmbracelet/bubbles#1056).
func (l *Line) cutWord() {
	_, end := l.edited(tea.KeyPressMsg{Code: tea.KeyRight, Mod: tea.ModAlt})
	l.text = l.text[:l.caret] + l.text[end:]
}

// Leaves reports whether a key erases where nothing is left to erase, by which a
// line is closed.
func (l *Line) Leaves(k tea.KeyPressMsg) bool {
	return l.text == "" && key.Matches(k, l.input.KeyMap.DeleteCharacterBackward)
}

// Show writes the text into so many cells, scrolled so that the caret is in, and
// returns the cells before the caret. Some letters may have an ink of their own;
// where there is none between them, something is missing at the end.
func (l *Line) Show(p *paint.Pen, room int, marked *Range) (caret int) {
	room = max(room, 1)
	text, at := l.text, l.caret
	skip := max(at-room+1, 0)
	end := min(len(text), skip+room)
	part := func(i paint.Ink, from, to int) { p.Put(i, text[max(from, skip):max(min(to, end), from, skip)]) }
	if marked == nil {
		part(paint.Text, 0, end)
		return at - skip
	}
	from, to := min(max(marked.From, 0), len(text)), min(max(marked.To, marked.From, 0), len(text))
	part(paint.Text, 0, from)
	part(marked.Ink, from, to)
	part(paint.Text, to, end)
	if from == to && end-skip < room {
		p.Put(marked.Ink, " ")
	}
	return at - skip
}

// Range are letters of a line, the last one not among them, and their ink.
type Range struct {
	From, To int
	Ink      paint.Ink
}
