package pane

import (
	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/keys"
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
}

// helpLine is one line of help: a heading, or a term with its explanation.
type helpLine struct {
	Head, Term, text string
	act              keys.Action // what enter does on it
	command          string      // or the command that enter begins to write
	more             bool        // goes on with the text of the line before
}

// helpTerm is how wide the terms are.
const helpTerm = 17

// HelpAreas are the actions by what they are for.
var HelpAreas = []struct {
	head string
	Acts []keys.Action
}{
	{"Keys: filter and find", []keys.Action{keys.Filter, keys.Only, keys.Hide, keys.Calls, keys.Puts, keys.Clear, keys.Undo, keys.Find, keys.FindNext, keys.FindPrevious, keys.NextMark, keys.PreviousMark}},
	{"Keys: what is shown", []keys.Action{keys.Tickers, keys.View, keys.Open, keys.Zoom, keys.DetailsDown, keys.DetailsUp, keys.DetailsPageDown, keys.DetailsPageUp, keys.Interval, keys.Sort, keys.SortMenu, keys.Columns, keys.Freeze, keys.Pin, keys.Tab, keys.NextTab, keys.PreviousTab, keys.EditTab}},
	{"Keys: move", []keys.Action{keys.Down, keys.Up, keys.PageDown, keys.PageUp, keys.HalfDown, keys.HalfUp, keys.Newest, keys.Oldest, keys.Right, keys.Left}},
	{"Keys: copy and export", []keys.Action{keys.CopyContract, keys.CopyRow, keys.CopyCommand, keys.Export}},
	{"Keys: alerts", []keys.Action{keys.NewAlert, keys.Inbox, keys.Mute}},
	{"Keys: the program", []keys.Action{keys.Help, keys.Messages, keys.Command, keys.Poll, keys.Redraw, keys.Suspend, keys.Escape, keys.Close, keys.Quit}},
}

// helpPlaces are the other places of the key table in the order of the help screen.
var helpPlaces = []struct{ where, head string }{
	{keys.InFilter, "In the filter line"}, {keys.InFind, "In the find line"}, {keys.InPicker, "In the ticker picker"}, {keys.InCommand, "In the command line"},
	{keys.InColumns, "In the columns"}, {keys.InSort, "In the sort menu"},
	{keys.InRule, "In the box of an alert"},
}

// Lines is all of the help, as wide as the window: it says why a column is not
// there.
func (h *Help) Lines() []helpLine {
	var out []helpLine
	for _, l := range h.entries(h.State.Plan) {
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
	list := h.Shown.Table()
	for _, area := range HelpAreas {
		out = append(out, helpLine{Head: area.head})
		for _, act := range area.Acts {
			for _, k := range list {
				if k.Where == keys.InTape && k.Action == act {
					out = append(out, helpLine{Term: k.Help().Key, text: k.Help().Desc, act: act})
				}
			}
		}
		out = append(out, helpLine{})
	}
	for _, place := range helpPlaces {
		out = append(out, helpLine{Head: place.head})
		for _, k := range list {
			if k.Where == place.where {
				out = append(out, helpLine{Term: k.Help().Key, text: k.Help().Desc})
			}
		}
		out = append(out, helpLine{})
	}
	out = append(out, commandHelp()...)
	out = append(out, helpLine{Head: "Columns"})
	missing := table.Gone(plan)
	for id := range table.ID(len(table.Tape)) {
		c := &table.Tape[id]
		text := c.Note
		if missing.Has(id) {
			text += " (not shown: " + c.WhyGone(plan) + ")"
		}
		out = append(out, helpLine{Term: c.Head, text: text})
	}
	out = append(out, viewHelp()...)
	out = append(out, helpLine{}, helpLine{Head: "Filter: space is and, or; not, parentheses; a,b is either; a..b is between"})
	for _, n := range filter.Words() {
		out = append(out, helpLine{Term: n.Example, text: n.Help})
	}
	for _, n := range filter.Fields() {
		out = append(out, helpLine{Term: n.Example, text: n.Help})
	}
	out = append(out, helpLine{}, helpLine{Head: "Reading the screen"})
	out = append(out, legend...)
	if h.Version != "" {
		out = append(out, helpLine{Term: "version", text: h.Version})
	}
	return out
}

// legend explains what is neither a key nor a column.
var legend = []helpLine{
	{Term: "a row", text: "a burst: windows of one contract, each at most 10s after the one before, 60s in all"},
	{Term: "●  ○", text: "the stream delivers; it does not, and the words say why and what happens next"},
	{Term: "gaps", text: "volume that is known to be missing; it is asked for again and shrinks when it comes"},
	{Term: "floor", text: "bursts under it are not shown, but count in every total"},
	{Term: "CALLS PUTS", text: "premium of the whole day; ≥ while the day is still being read; P/C is their ratio"},
	{Term: "SD", text: "where in the quote it traded, never who wanted it: where studies knew both, the quote's side was right for 36 to 87% of trades"},
	{Term: "A  A?  A~", text: "sure: all quotes in force from 0.25s before to the end say so; ?: those known before and after agree; ~: not known, polled"},
	{Term: "BULL-BEAR", text: "ask-side calls and bid-side puts less the mirror, sure sides only, from the first row of the ticker in this run; – below 10% of premium"},
	{Term: "last hour", text: "premium by minute; ╷ low and ┊ high hold a minute that is not whole (history, missing volume, the running one), · is such a one without premium; whole from: all later ones are whole"},
	{Term: "frozen", text: "all but the first line and the counts of what came since is of the moment of freezing"},
	{Term: "you left here", text: "the tape's newest row when the terminal lost its focus, the picture was frozen, or five minutes had passed without a key; with what came since above the totals, until the next key"},
	{Term: "180*C", text: "an adjusted contract: after a split or merger it delivers something else than 100 shares, so its strike says nothing beside the spot; enter shows what"},
	{Term: "unknown", text: "a blank cell; a filter on it is neither true nor false, and the count says how many"},
}

// Open begins at the first line that says something.
func (h *Help) Open(string, page.Page) { h.Offset, h.At = 0, firstTerm(h.Lines(), 0, 1) }

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
	h.show(lines, h.Height-2)
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
			p.To(2)
			switch {
			case l.Head != "":
				p.Put(paint.Strong, l.Head)
			default:
				p.Start(paint.Accent, l.Term, helpTerm)
				p.Put(paint.Text, l.text)
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
func (h *Help) Key(a keys.Action, _ tea.KeyPressMsg) []act.Effect {
	page, lines := h.Height-2, h.Lines()
	h.bound(lines)
	switch a {
	case keys.Leave:
		return act.One(act.ClosePane{})
	case keys.Accept:
		return lines[h.At].effects()
	case keys.Down:
		h.move(1, lines)
	case keys.Up:
		h.move(-1, lines)
	case keys.PageDown:
		h.move(page, lines)
	case keys.PageUp:
		h.move(-page, lines)
	case keys.HalfDown:
		h.move(page/2, lines)
	case keys.HalfUp:
		h.move(-page/2, lines)
	case keys.Newest:
		h.move(-len(lines), lines)
	case keys.Oldest:
		h.move(len(lines), lines)
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
