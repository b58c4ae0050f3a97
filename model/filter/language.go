package filter

import "strings"

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

// Language describes all that can be written: the documents, the help and the man
// page are made of it.
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
		{"Filters: what is written is what stays", []Line{
			{"nvda  nvda,amd", "a ticker, or either of two; every word that is none of the words below is one. $or is the ticker OR"},
			{"nvda calls", "a blank is and"},
			{"calls or 0dte", "either; where and meets or without parentheses, the line shows how it was read"},
			{"not puts  !puts", "the opposite"},
			{"(a or b) c", "parentheses; else a comma binds first, then not, and, or"},
			{"@mag7", "the tickers of that list of [lists] in the config file"},
			{"@big  @top-5%", "the filter of the tab of that name, with - for a blank"},
			{"half a word", "filters nothing while it is typed: it is a ticker once there is one of that name, or once enter is pressed"},
		}},
		{"Comparisons: = != < <= > >=", []Line{
			{"prem>=250k", "numbers take k, m and b"},
			{"dte=0..7", "between, with both ends; != and .. work for every field"},
			{"side=A,AA", "any of several values, for = and !="},
			{"size>oi", "a field against another one, where both count the same: contracts, dollars a share, percent of spot"},
			{"abs(delta)>0.4", "without the sign; abs(otm)<iv, too"},
			{"exp=18dec  exp=dec", "a day, a month; exp=fri, exp=today, exp=2026-12-18. Without a year it is the next one"},
			{"mark=W,>", "one of these marks; mark=W mark=> is both. > and = are written as the screen shows them: mark=="},
			{"has(iv)", "it is known. A comparison with something unknown is neither true nor false, and neither is its not"},
		}},
		{"Words", word},
		{"Fields", number},
	}
}
