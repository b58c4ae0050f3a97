package pane

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/guide"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// Help is the screen of `?`: the key table and the legend, scrollable. What the
// selected line names can be done from there.
type Help struct {
	Simple
	Version string // of the program
	Offset  int
	At      int // the selected line
	find    helpFind
}

// helpLine is one line of help: a heading, or a term with its explanation.
type helpLine struct {
	Head, Term, text string
	act              keys.Action // what enter does on it
	command          string      // or the command that enter begins to write
	more             bool        // goes on with the text of the line before
	whole            string      // all that it says, in small letters, for the search
}

// helpTerm is how wide the terms are.
const helpTerm = 20

// HelpAreas are the actions by what they are for.
var HelpAreas = []struct {
	head string
	Acts []keys.Action
}{
	{"Keys: filter and find", []keys.Action{keys.Filter, keys.Only, keys.Hide, keys.Calls, keys.Puts, keys.Clear, keys.Undo, keys.Find, keys.FindNext, keys.FindPrevious, keys.NextMark, keys.PreviousMark}},
	{"Keys: what is shown", []keys.Action{keys.Tickers, keys.View, keys.Open, keys.Zoom, keys.DetailsDown, keys.DetailsUp, keys.DetailsPageDown, keys.DetailsPageUp, keys.Interval, keys.Sort, keys.SortMenu, keys.Columns, keys.Freeze, keys.Pin, keys.Tab, keys.NextTab, keys.PreviousTab, keys.EditTab}},
	{"Keys: the recorded day", []keys.Action{keys.PlayPause, keys.PlayBack, keys.PlayOn, keys.PlayMinuteBack, keys.PlayMinuteOn, keys.PlayFaster, keys.PlaySlower}},
	{"Keys: move", []keys.Action{keys.Down, keys.Up, keys.PageDown, keys.PageUp, keys.HalfDown, keys.HalfUp, keys.Newest, keys.Oldest, keys.Right, keys.Left}},
	{"Keys: copy and export", []keys.Action{keys.CopyContract, keys.CopyRow, keys.CopyCommand, keys.Export}},
	{"Keys: alerts", []keys.Action{keys.NewAlert, keys.Inbox, keys.Ledger, keys.Mute}},
	{"Keys: the program", []keys.Action{keys.Help, keys.Messages, keys.Command, keys.Poll, keys.Redraw, keys.Suspend, keys.Escape, keys.Close, keys.Quit}},
}

// helpPlaces are the other places of the key table in the order of the help screen.
var helpPlaces = []struct{ where, head string }{
	{keys.InFilter, "In the filter line"}, {keys.InFind, "In the find line"}, {keys.InPicker, "In the ticker picker"}, {keys.InCommand, "In the command line"},
	{keys.InColumns, "In the columns"}, {keys.InSort, "In the sort menu"},
	{keys.InRule, "In the box of an alert"}, {keys.InReplay, "While a recorded day is played (optflow replay), before what these keys mean else"},
}

// Lines is all of the help, as wide as the window: it says why a column is not
// there.
func (h *Help) Lines() []helpLine {
	var out []helpLine
	for _, l := range h.entries(h.State.Plan) {
		l.whole = strings.ToLower(l.Head + l.Term + " " + l.text)
		for i, text := range paint.Wrap(l.text, max(h.Width-helpTerm-5, helpTerm)) {
			if i > 0 {
				l = helpLine{more: true}
			}
			l.text = text
			out = append(out, l)
		}
	}
	return out
}

// entries is the help before it is cut to the window.
func (h *Help) entries(plan model.Plan) []helpLine {
	var out []helpLine
	for _, part := range append(guide.Screen(plan), guide.Filter()...) {
		out = append(out, helpLine{Head: part.Head})
		for _, l := range part.Lines {
			out = append(out, helpLine{Term: l.Term, text: l.Text})
		}
		out = append(out, helpLine{})
	}
	list := h.Shown.Table()
	for _, area := range HelpAreas {
		head := len(out)
		out = append(out, helpLine{Head: area.head})
		for _, act := range area.Acts {
			for _, k := range list {
				if k.Where == keys.InTape && k.Action == act {
					out = append(out, helpLine{Term: k.Help().Key, text: k.Help().Desc, act: act})
				}
			}
		}
		out = endPart(out, head)
	}
	for _, place := range helpPlaces {
		head := len(out)
		out = append(out, helpLine{Head: place.head})
		for _, k := range list {
			if k.Where == place.where {
				out = append(out, helpLine{Term: k.Help().Key, text: k.Help().Desc})
			}
		}
		out = endPart(out, head)
	}
	out = append(out, commandHelp()...)
	if h.Version != "" {
		out = append(out, helpLine{Term: "version", text: h.Version})
	}
	return out
}

// endPart ends what began with a heading, and leaves it out where nothing is below it.
func endPart(out []helpLine, head int) []helpLine {
	if len(out) == head+1 {
		return out[:head]
	}
	return append(out, helpLine{})
}

// Open begins at the first line that says something.
func (h *Help) Open(string, page.Page) {
	h.find = helpFind{Line: line.New(nil)}
	h.Offset, h.At = 0, firstTerm(h.Lines(), 0, 1)
}

func (h *Help) Scroll(rows int) { h.move(rows, h.Lines()) }

// firstTerm is the first line from one on, in a direction, that is no heading;
// the line itself where there is none.
func firstTerm(lines []helpLine, from, step int) int {
	for at := from; at >= 0 && at < len(lines); at += step {
		if lines[at].Term != "" {
			return at
		}
	}
	return from
}

// move selects another line and keeps it on the screen.
func (h *Help) move(by int, lines []helpLine) {
	step := 1
	if by < 0 {
		step = -1
	}
	to := max(min(h.At+by, len(lines)-1), 0)
	if lines[to].Term == "" {
		if further := firstTerm(lines, to, step); lines[further].Term != "" {
			to = further
		} else {
			to = firstTerm(lines, to, -step)
		}
	}
	if by*step > 1 { // whole pages move under the selection
		h.Offset += by
	}
	h.At = to
	h.show(lines, h.rows())
}

// bound keeps the selection on a line: a wider window has fewer of them.
func (h *Help) bound(lines []helpLine) { h.At = min(h.At, len(lines)-1) }

// show scrolls to the selected line, and to the heading over it.
func (h *Help) show(lines []helpLine, height int) {
	h.bound(lines)
	top := h.At
	if top > 0 && lines[top-1].Head != "" {
		top--
	}
	last := h.At
	for last+1 < len(lines) && lines[last+1].more {
		last++
	}
	h.Offset = max(min(h.Offset, top, len(lines)-height), last-height+1, 0)
}

// Draw writes the help.
func (h *Help) Draw(lines []string, _ int) {
	p, all, height := &h.Pen, h.Lines(), len(lines)
	h.show(all, height)
	for i := range lines {
		at := h.Offset + i
		on := paint.OnPlain
		if at == h.At {
			on = paint.OnSelected
		}
		p.Line(h.Theme, on, h.Width)
		if at < len(all) {
			l := all[at]
			if at == h.At {
				p.Put(paint.Accent, "▸")
			}
			if h.find.hit(&l) {
				p.To(1)
				p.Put(paint.Match, "*")
			}
			p.To(2)
			if l.Head != "" {
				h.find.put(p, paint.Strong, l.Head)
			} else {
				h.find.put(p, paint.Accent, l.Term)
				p.To(2 + helpTerm)
				h.find.put(p, paint.Text, l.text)
			}
		}
		if i == 0 && h.Offset > 0 {
			p.To(h.Width - 2)
			p.Put(paint.Dim, "▲")
		}
		if i == height-1 && h.Offset+height < len(all) {
			p.To(h.Width - 2)
			p.Put(paint.Dim, "▼")
		}
		lines[i] = p.End()
	}
}

// Key moves in the help, does what a line says, or closes it.
func (h *Help) Key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	lines := h.Lines()
	h.bound(lines)
	if h.find.typing {
		return h.typed(a, k, lines)
	}
	switch a {
	case keys.Leave:
		if h.find.what() != "" {
			h.find.end()
			return nil
		}
		return act.One(act.ClosePane{})
	case keys.Find:
		h.find.Set("")
		h.find.typing, h.find.missed, h.find.from = true, false, h.At
	case keys.FindNext:
		h.next(1, lines)
	case keys.FindPrevious:
		h.next(-1, lines)
	case keys.Accept:
		return lines[h.At].effects()
	case keys.Newest:
		h.move(-len(lines), lines)
	case keys.Oldest:
		h.move(len(lines), lines)
	default:
		if by, moves := table.Steps(a, h.rows()); moves {
			h.move(by, lines)
		}
	}
	return nil
}

// effects leave the help and do what its line says: the key, or the command once
// it is written to its end.
func (l *helpLine) effects() []act.Effect {
	switch {
	case l.command != "":
		return act.One(act.OpenPane{Place: keys.InCommand, Text: l.command + " "})
	case l.act != keys.None:
		return []act.Effect{act.ClosePane{}, act.Press{Action: l.act}}
	}
	return nil
}
