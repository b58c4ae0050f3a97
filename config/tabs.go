package config

import (
	"errors"
	"fmt"
	"strings"

	"optflow/config/state"
	"optflow/model/memory"
)

const tabsTable = "tabs" // [[tabs]]

// ownTabs reads [[tabs]].
func (l *loader) ownTabs(value any, in inFile) {
	const allowed = `[[tabs]] and below it lines such as name = "Big" and filter = "prem>=1m"; sort, columns and bell as well`
	from := in.at(tabsTable)
	l.settings.sources[tabsTable] = from
	list, isList := value.([]any)
	if !isList {
		l.refuse(from, "tabs is no list of tabs", allowed)
		return
	}
	if len(list) > state.MostTabs {
		l.refuse(from, fmt.Sprintf("there are %d tabs, at most %d are possible", len(list), state.MostTabs), allowed)
		return
	}
	for i, element := range list {
		from := in.at(tabsTable, fmt.Sprint("#", i))
		tab, err := tabOf(element)
		if err == nil {
			err = state.CheckTab(&tab)
		}
		if err != nil {
			l.refuse(from, fmt.Sprintf("the tab %s, number %d, %s", quote(plain(l.hider.hide(tab.Name))), i+1, l.hider.hide(err.Error())), allowed)
			continue
		}
		l.settings.sources[tabsTable+"."+fmt.Sprint(len(l.settings.Tabs))] = from
		l.settings.Tabs = append(l.settings.Tabs, tab)
	}
}

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
