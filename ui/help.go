package ui

import (
	"optflow/model"
	"optflow/model/filter"
)

// help is the screen of `?`: the key table and the legend, scrollable.
type help struct {
	version string // of the program
	offset  int
	keys    []Key // the key table as the user has it
}

// helpLine is one line of help: a heading, or a term with its explanation.
type helpLine struct {
	head, term, text string
}

// helpPlaces are the places of the key table in the order of the help screen.
var helpPlaces = []struct{ where, head string }{
	{WhereTape, "Keys"}, {WhereFilter, "In the filter line"}, {WhereFind, "In the find line"}, {WherePicker, "In the ticker picker"},
}

// lines is all of the help for a plan: it says why a column is not there.
func (h *help) lines(plan model.Plan) []helpLine {
	var out []helpLine
	for _, place := range helpPlaces {
		out = append(out, helpLine{head: place.head})
		for _, k := range h.keys {
			if k.Where == place.where {
				out = append(out, helpLine{term: k.Show, text: k.Does})
			}
		}
		out = append(out, helpLine{})
	}
	out = append(out, commandHelp()...)
	out = append(out, helpLine{head: "Columns"})
	missing := gone(plan)
	for id := range columnCount {
		c := &columnTable[id]
		text := c.note
		if missing[id] {
			text += " (not shown: " + whyGone(id, plan) + ")"
		}
		out = append(out, helpLine{term: c.head, text: text})
	}
	out = append(out, viewHelp()...)
	out = append(out, helpLine{}, helpLine{head: "Filter: space is and, or; not, parentheses; a,b is either; a..b is between"})
	for _, n := range filter.Words() {
		out = append(out, helpLine{term: n.Example, text: n.Help})
	}
	for _, n := range filter.Fields() {
		out = append(out, helpLine{term: n.Example, text: n.Help})
	}
	out = append(out, helpLine{}, helpLine{head: "Reading the screen"})
	out = append(out, legend...)
	if h.version != "" {
		out = append(out, helpLine{term: "version", text: h.version})
	}
	return out
}

// legend explains what is neither a key nor a column.
var legend = []helpLine{
	{term: "a row", text: "a burst: windows of one contract, each at most 10s after the one before, 60s in all"},
	{term: "●  ○", text: "the stream delivers; it does not, and the words say why and what happens next"},
	{term: "gaps", text: "volume that is known to be missing; it is asked for again and shrinks when it comes"},
	{term: "floor", text: "bursts under it are not shown, but count in every total"},
	{term: "CALLS PUTS", text: "premium of the whole day; ≥ while the day is still being read; P/C is their ratio"},
	{term: "BULL-BEAR", text: "ask-side calls and bid-side puts less the mirror, sure sides only; – below 10% of premium"},
	{term: "unknown", text: "a blank cell; a filter on it is neither true nor false, and the count says how many"},
}

// whyGone says why a column has no value with this plan.
func whyGone(id columnID, plan model.Plan) string {
	switch {
	case plan.NoSnapshots:
		return "the plan has no snapshots"
	case id == colSide || id == colQuote:
		return "the plan has no quotes"
	case plan.NoSpots:
		return "the plan has no stock prices"
	}
	return "the plan's stock prices are late, the options are not"
}

// scroll moves by some lines.
func (h *help) scroll(by, lines, height int) {
	h.offset = max(min(h.offset+by, lines-height), 0)
}

// render writes the help into exactly height lines.
func (h *help) render(p *pen, th *theme, columns, height int, plan model.Plan, out []string) []string {
	all := h.lines(plan)
	h.scroll(0, len(all), height)
	const term = 17
	for i := range height {
		p.line(th, groundPlain, columns)
		if at := h.offset + i; at < len(all) {
			l := all[at]
			p.space(2)
			switch {
			case l.head != "":
				p.put(inkStrong, l.head)
			default:
				p.start(inkAccent, l.term, term)
				p.put(inkText, l.text)
			}
		}
		if i == 0 && h.offset > 0 {
			p.to(columns - 2)
			p.put(inkDim, "▲")
		}
		if i == height-1 && h.offset+height < len(all) {
			p.to(columns - 2)
			p.put(inkDim, "▼")
		}
		out = append(out, p.end())
	}
	return out
}
