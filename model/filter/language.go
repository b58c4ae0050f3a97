package filter

import "strings"

// word is a reserved word that stands alone.
type word struct{ name, help string }

var words = []word{
	{"calls", "the right to buy"},
	{"puts", "the right to sell"},
	{"otm", "out of the money by the spot of the row's time"},
	{"itm", "in the money"},
	{"atm", "at the money: abs(delta) 0.40 to 0.60, without delta within 1 %"},
	{"0dte", "in its last day of trading"},
	{"unusual", "marked U or u"},
	{"whale", "marked W"},
	{"bull", "ask-side call or bid-side put"},
	{"bear", "ask-side put or bid-side call"},
	{"twin", "another contract of the ticker had the same size, 50 or more, in the same second"},
	{"sure", "the side's quote was in force"},
	{"adjusted", "* beside the strike: delivers something else than 100 shares"},
}

// Name is a word or a field of the language, for help and completion.
type Name struct{ Name, Example, Help string }

// Words lists the reserved words that stand alone.
func Words() (names []Name) {
	for _, w := range words {
		names = append(names, Name{w.name, w.name, w.help})
	}
	return names
}

// Fields lists the fields.
func Fields() (names []Name) {
	for _, f := range fields {
		names = append(names, Name{f.name, f.example, f.help})
	}
	return names
}

// Values are the words that a field is compared with, where there are few.
func Values(field string) (names []string) {
	f := fieldNamed(field)
	if f == nil {
		return nil
	}
	for _, c := range choices[f.unit] {
		names = append(names, c.name)
	}
	for _, g := range fields {
		if f.get != nil && g != f && g.of == f.of {
			names = append(names, g.name)
		}
	}
	return names
}

// Section is a part of the language's description.
type Section struct {
	Head  string
	Lines []Line
}

// Line is one way to write something, and what it means.
type Line struct{ Writes, Means string }

// Language describes all that can be written, for the documents and for help.
func Language() []Section {
	var word, number []Line
	for _, w := range words {
		word = append(word, Line{w.name, w.help})
	}
	for _, f := range fields {
		also := ""
		if len(f.aliases) > 0 {
			also = "; also " + strings.Join(f.aliases, ", ")
		}
		number = append(number, Line{f.example, f.help + also})
	}
	return []Section{
		{"Tickers and names", []Line{
			{"nvda", "the underlying; every word that is not one of those below is a ticker"},
			{"nvda,amd", "one of these"},
			{"$or", "with $ always a ticker"},
			{"@mag7", "the tickers of the list of that name, from [lists]"},
			{"@big", "the filter of the tab of that name; @top-5% is that of Top 5%"},
		}},
		{"Words", word},
		{"Fields", number},
		{"Comparisons", []Line{
			{"= != < <= > >=", "!= is true where = is not"},
			{"prem>=250k", "amounts and counts with k, m or b"},
			{"strike=170..190", "from one to another, both included"},
			{"side=A,AA", "a comma is one of several, for = and !="},
			{"size>oi", "a field stands on both sides, where the units are the same"},
			{"abs(delta)>0.4", "without the sign"},
			{"has(iv)", "it is known"},
			{"exp=18dec exp=dec exp=fri exp=2026-12-18", "dates without a year are the next one"},
			{"mark=W,>", "carries one of these marks; mark=W mark=> carries both"},
		}},
		{"Together", []Line{
			{"nvda calls", "a blank is and; and is, too"},
			{"nvda or calls", "one of the two; where and meets or, the line says how it was read"},
			{"not calls", "! is not, too"},
			{"nvda (calls or puts)", "parentheses; else a comma binds first, then not, and, or"},
		}},
	}
}
