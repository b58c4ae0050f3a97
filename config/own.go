package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"optflow/config/alerts"
	"optflow/config/textfile"
)

// Tables of the config file in which the user names things. What the names and
// values mean, the screen judges.
const (
	themesTable = "themes" // [themes.NAME], a colour for each role
	keysTable   = "keys"   // [keys], an action = "key" or a list of keys
	serveTable  = "serve"  // [serve], who else may see the data
)

// ownTables are read into the settings by name.
var ownTables = map[string]func(l *loader, value any, in inFile){
	themesTable: (*loader).ownThemes,
	keysTable:   (*loader).ownKeys,
	tabsTable:   (*loader).ownTabs,
	listsTable:  (*loader).ownLists,
	serveTable:  (*loader).ownServe,

	alerts.RulesTable: (*loader).ownAlerts,
	alerts.ExecTable:  (*loader).ownExecs,
	alerts.HookTable:  (*loader).ownHooks,
}

// refuse says what the file should have looked like there.
func (l *loader) refuse(from Source, problem, allowed string) {
	l.fail(&Error{Source: l.hider.hide(from.String()), Problem: problem, Allowed: allowed})
}

// tableIn is a table of the file; nil, and refused, where there is something else.
func (l *loader) tableIn(value any, from Source, problem, allowed string) map[string]any {
	table, is := value.(map[string]any)
	if !is {
		l.refuse(from, problem, allowed)
	}
	return table
}

// ownThemes reads [themes.NAME].
func (l *loader) ownThemes(value any, in inFile) {
	const allowed = `[themes.NAME] and below it lines such as call = "#6fc3ff"`
	themes := l.tableIn(value, in.at(themesTable), "themes is no table of themes", allowed)
	for _, theme := range slices.Sorted(maps.Keys(themes)) {
		from := in.at(themesTable, theme)
		key := themesTable + "." + theme
		l.settings.sources[key] = from
		roles := l.tableIn(themes[theme], from, shownName(key)+" is no table of colours", allowed)
		colours := make(map[string]string, len(roles))
		for role, v := range roles {
			text, err := scalar(v, false)
			l.settings.sources[key+"."+role] = in.at(themesTable, theme, role)
			if err == nil {
				err = textfile.OneLine(text)
			}
			if err != nil {
				l.wrong(&Setting{Key: key + "." + role, Allowed: allowed}, given{text, l.settings.sources[key+"."+role]}, err.Error())
				continue
			}
			colours[role] = text
		}
		l.settings.Themes[theme] = colours
	}
}

// ownKeys reads [keys].
func (l *loader) ownKeys(value any, in inFile) {
	const allowed = `[keys] and below it lines such as filter = "/" or down = ["j", "down"]; [] is no key`
	actions := l.tableIn(value, in.at(keysTable), "keys is no table of keys", allowed)
	for _, action := range slices.Sorted(maps.Keys(actions)) {
		from := in.at(keysTable, action)
		key := keysTable + "." + action
		l.settings.sources[key] = from
		keys, err := keyNamesOf(actions[action])
		if err != nil {
			l.wrong(&Setting{Key: key, Allowed: allowed}, given{strings.Join(keys, ", "), from}, err.Error())
			continue
		}
		l.settings.Keys[action] = keys
	}
}

// keyNamesOf is one key or a list of keys, which may be empty; a comma is a key
// as well.
func keyNamesOf(value any) ([]string, error) {
	if value == "" {
		return nil, nil
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	var keys []string
	for _, v := range list {
		word, isText := v.(string)
		if !isText {
			return keys, errors.New("is no name of a key, nor a list of such")
		}
		if err := textfile.OneLine(word); err != nil || word == "" {
			return keys, errors.New("has a name that no key has")
		}
		keys = append(keys, word)
	}
	return keys, nil
}

// licensedMost bounds the viewers that an agreement may be about.
const licensedMost = 1000

// Licence is the sentence by which somebody states that others may see the data:
// nobody else can know, and nobody says so by a slip.
func Licence(others int) string {
	return fmt.Sprintf("I have an agreement that lets %d other people see this data", others)
}

// allowedServe says what [serve] may look like. That other people may look can be
// stated in the config file only, by no flag and no variable.
var allowedServe = fmt.Sprintf("[serve] and below it licensed-viewers = 3 and licence = %q, both of one number from 1 to %d", Licence(3), licensedMost)

// ownServe reads [serve].
func (l *loader) ownServe(value any, in inFile) {
	keys := l.tableIn(value, in.at(serveTable), "serve is no table", allowedServe)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if key != "licensed-viewers" && key != "licence" {
			l.refuse(in.at(serveTable, key), shownName(key)+" is not in [serve]", allowedServe)
			return
		}
	}
	from := in.at(serveTable, "licensed-viewers")
	l.settings.sources[serveTable] = from
	others, isNumber := keys["licensed-viewers"].(int64)
	licence, isText := keys["licence"].(string)
	switch {
	case len(keys) == 0:
	case !isNumber || others < 1 || others > licensedMost:
		l.refuse(from, "licensed-viewers says of no number of people that they may see the data", allowedServe)
	case !isText || licence != Licence(int(others)):
		l.refuse(in.at(serveTable, "licence"), fmt.Sprintf("the licence is not, to the letter, %q", Licence(int(others))), allowedServe)
	default:
		l.settings.Licensed = int(others)
	}
}
