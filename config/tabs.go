package config

import (
	"errors"
	"fmt"
	"strings"

	"optflow/model/memory"
)

// Bounds of what tabs may be: more are found by nobody, and a name has to fit
// into a line with the others.
const (
	mostTabs     = 24
	longestTab   = 16   // runes of a name
	longestWords = 4096 // bytes of a filter
	tabsFileMost = 1 << 18
)

const (
	tabsTable = "tabs" // [[tabs]]
	tabsName  = "tabs.toml"
)

// checkTab says what no tab can have.
func checkTab(t *memory.Tab) error {
	switch n := len([]rune(t.Name)); {
	case strings.TrimSpace(t.Name) == "":
		return errors.New("has no name")
	case n > longestTab:
		return fmt.Errorf("has a name of %d letters, at most %d fit", n, longestTab)
	case len(t.Filter) > longestWords || len(t.Sort) > 64 || len(t.Columns) > 64:
		return errors.New("is too long")
	}
	for _, text := range append([]string{t.Name, t.Filter, t.Sort}, t.Columns...) {
		if err := oneLine(text); err != nil {
			return err
		}
	}
	return nil
}

// ownTabs reads [[tabs]].
func (l *loader) ownTabs(value any, name string, lines lineMap) {
	const allowed = `[[tabs]] and below it lines such as name = "Big" and filter = "prem>=1m"; sort, columns and bell as well`
	from := Source{Kind: FromFile, Name: name, Line: lines.of(tabsTable)}
	l.settings.sources[tabsTable] = from
	list, isList := value.([]any)
	if !isList {
		l.notTable(from, "tabs is no list of tabs", allowed)
		return
	}
	if len(list) > mostTabs {
		l.notTable(from, fmt.Sprintf("there are %d tabs, at most %d are possible", len(list), mostTabs), allowed)
		return
	}
	for i, element := range list {
		tab, err := tabOf(element)
		if err == nil {
			err = checkTab(&tab)
		}
		if err != nil {
			l.notTable(from, fmt.Sprintf("the tab %s, number %d, %s", quote(plain(l.hider.hide(tab.Name))), i+1, l.hider.hide(err.Error())), allowed)
			continue
		}
		l.settings.Tabs = append(l.settings.Tabs, tab)
	}
}

// tabOf reads one tab.
func tabOf(element any) (tab memory.Tab, err error) {
	keys, isTable := element.(map[string]any)
	if !isTable {
		return tab, errors.New("is no table")
	}
	tab.Name, _ = keys["name"].(string)
	for key, value := range keys {
		isText := true
		switch key {
		case "name":
			_, isText = value.(string)
		case "filter":
			tab.Filter, isText = value.(string)
		case "sort":
			tab.Sort, isText = value.(string)
		case "columns":
			text, err := scalar(value, true)
			if err != nil {
				return tab, errors.New("has columns that are no list of names")
			}
			tab.Columns = words(text)
		case "bell":
			on, isBool := value.(bool)
			if !isBool {
				return tab, errors.New("has a bell that is neither true nor false")
			}
			tab.Bell = on
		default:
			near := nearest(key, []string{"name", "filter", "sort", "columns", "bell"})
			if near != "" {
				near = "; did you mean " + near + "?"
			}
			return tab, errors.New("has " + shownName(key) + ", which no tab has" + near)
		}
		if !isText {
			return tab, errors.New("has a " + key + " that is no text")
		}
	}
	return tab, nil
}

// words are the parts of a text between commas and blanks.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// savedTabs are the tabs that were saved from the screen, kept beside a state
// file. The config file is the user's and is never written.
func savedTabs(statePath string) *kept[memory.Tabs] {
	return &kept[memory.Tabs]{
		path: beside(statePath, tabsName), what: "remember the tabs",
		read: recallTabs, save: func(path string, tabs memory.Tabs) error { return store(path, tabsFile{tabs}) },
		merge: mergeLists[memory.Tabs](func(t memory.Tab) string { return t.Name }, nil),
	}
}

// tabsFile has the form of the config file, so that tabs can be moved there.
type tabsFile struct {
	Tabs memory.Tabs `toml:"tabs"`
}

// recallTabs leaves out what no tab can be.
func recallTabs(path string) (memory.Tabs, error) {
	var file tabsFile
	if err := load(path, tabsFileMost, "saved tabs", &file); err != nil {
		return nil, err
	}
	var tabs memory.Tabs
	for _, tab := range file.Tabs {
		if checkTab(&tab) == nil && len(tabs) < mostTabs {
			tabs = append(tabs, tab)
		}
	}
	return tabs, nil
}
