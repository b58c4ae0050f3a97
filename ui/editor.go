package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/paint"
)

// editorMax bounds what can be typed or pasted into a line, in runes.
const editorMax = 500

// editor is one line of text with a cursor.
type editor struct {
	text []rune
	pos  int
}

// set replaces the text and puts the cursor behind it.
func (e *editor) set(s string) {
	e.text, e.pos = nil, 0
	e.insert(s)
}

// String is the text.
func (e *editor) String() string { return string(e.text) }

// lineBreaks become blanks, one each, however a terminal or the text has them.
var lineBreaks = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ", "\u2028", " ", "\u2029", " ", "\u00a0", " ")

// insert types text at the cursor. Line breaks become blanks; what is not
// plain ASCII is left out: no ticker, field or number has it, and its width on a
// terminal is anybody's guess.
func (e *editor) insert(s string) {
	var add []rune
	for _, r := range lineBreaks.Replace(s) {
		if r < ' ' || r > '~' {
			continue
		}
		add = append(add, r)
	}
	add = add[:min(len(add), max(editorMax-len(e.text), 0))]
	rest := append(add, e.text[e.pos:]...)
	e.text = append(e.text[:e.pos:e.pos], rest...)
	e.pos += len(add)
}

// cut removes from a position to the cursor.
func (e *editor) cut(from int) {
	e.text = append(e.text[:from:from], e.text[e.pos:]...)
	e.pos = from
}

// wordStart is where the word before the cursor begins.
func (e *editor) wordStart() int {
	i := e.pos
	for i > 0 && e.text[i-1] == ' ' {
		i--
	}
	for i > 0 && e.text[i-1] != ' ' {
		i--
	}
	return i
}

// key edits and reports whether the key was one of the editor's.
func (e *editor) key(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "ctrl+b":
		e.pos = max(e.pos-1, 0)
	case "right", "ctrl+f":
		e.pos = min(e.pos+1, len(e.text))
	case "home", "ctrl+a":
		e.pos = 0
	case "end", "ctrl+e":
		e.pos = len(e.text)
	case "backspace", "ctrl+h":
		e.cut(max(e.pos-1, 0))
	case "delete", "ctrl+d":
		if e.pos < len(e.text) {
			e.pos++
			e.cut(e.pos - 1)
		}
	case "ctrl+w", "alt+backspace":
		e.cut(e.wordStart())
	case "ctrl+u":
		e.cut(0)
	case "ctrl+k":
		e.text = e.text[:e.pos]
	case "space":
		e.insert(" ")
	default:
		if k.Text == "" || strings.TrimSpace(k.Text) == "" {
			return false
		}
		e.insert(k.Text)
	}
	return true
}

// show writes the text into room cells, scrolled so that the cursor is in, and
// returns how many letters are scrolled out. All of them are one cell wide.
func (e *editor) show(p *paint.Pen, room int) (skip int) {
	room = max(room, 1)
	if e.pos >= room {
		skip = e.pos - room + 1
	}
	p.Put(paint.Text, string(e.text[skip:min(len(e.text), skip+room)]))
	return skip
}
