package config

import (
	"fmt"
	"maps"
	"slices"
)

const (
	serveTable = "serve" // [serve]
	// licensedMost bounds the viewers that an agreement may be about.
	licensedMost = 1000
)

// Licence is the sentence by which somebody states that others may see the data:
// nobody else can know, and nobody says so by a slip.
func Licence(others int) string {
	return fmt.Sprintf("I have an agreement that lets %d other people see this data", others)
}

// allowedServe says what [serve] may look like. That other people may look can be
// stated in the config file only, by no flag and no variable.
var allowedServe = fmt.Sprintf("[serve] and below it licensed-viewers = 3 and licence = %q, both of one number from 1 to %d", Licence(3), licensedMost)

// ownServe reads [serve].
func (l *loader) ownServe(value any, name string, lines lineMap) {
	from := Source{Kind: FromFile, Name: name, Line: lines.of(serveTable)}
	keys, isTable := value.(map[string]any)
	if !isTable {
		l.notTable(from, "serve is no table", allowedServe)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if key != "licensed-viewers" && key != "licence" {
			from.Line = lines.of(serveTable, key)
			l.notTable(from, shownName(key)+" is not in [serve]", allowedServe)
			return
		}
	}
	from.Line = lines.of(serveTable, "licensed-viewers")
	l.settings.sources[serveTable] = from
	others, isNumber := keys["licensed-viewers"].(int64)
	licence, isText := keys["licence"].(string)
	switch {
	case len(keys) == 0:
	case !isNumber || others < 1 || others > licensedMost:
		l.notTable(from, "licensed-viewers says of no number of people that they may see the data", allowedServe)
	case !isText || licence != Licence(int(others)):
		from.Line = lines.of(serveTable, "licence")
		l.notTable(from, fmt.Sprintf("the licence is not, to the letter, %q", Licence(int(others))), allowedServe)
	default:
		l.settings.Licensed = int(others)
	}
}
