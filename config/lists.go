package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"optflow/model/ticker"
)

const (
	listsTable = "lists" // [lists], a name = tickers
	mostLists  = 50      // nobody finds one among more
)

// allowedLists says what [lists] may look like.
const allowedLists = `[lists] and below it lines such as mag7 = "AAPL,MSFT,NVDA"; a name has up to 16 letters, digits, - and _`

// ownLists reads [lists].
func (l *loader) ownLists(value any, in inFile) {
	lists := l.tableIn(value, in.at(listsTable), "lists is no table of lists", allowedLists)
	if len(lists) > mostLists {
		l.refuse(in.at(listsTable), fmt.Sprintf("there are %d lists, at most %d are possible", len(lists), mostLists), allowedLists)
		return
	}
	for _, word := range slices.Sorted(maps.Keys(lists)) {
		from := in.at(listsTable, word)
		key := strings.ToLower(word)
		if !isListName(key) {
			l.refuse(from, shownName(word)+" is no name of a list", allowedLists)
			continue
		}
		if first, twice := l.settings.sources[listsTable+"."+key]; twice {
			l.refuse(from, shownName(word)+" is the name of a list already, in "+first.String(), allowedLists)
			continue
		}
		l.settings.sources[listsTable+"."+key] = from
		text, err := scalar(lists[word], true)
		var names []string
		if err == nil {
			names, err = tickers(text, nil)
		}
		if err != nil {
			l.wrong(&Setting{Key: listsTable + "." + key, Allowed: "symbols with commas between: each " + ticker.Allowed}, given{text, from}, err.Error())
			continue
		}
		l.settings.Lists = append(l.settings.Lists, ticker.Named{Name: key, Tickers: names})
	}
}

// isListName reports whether a list may be called so: it has to stand behind @.
func isListName(name string) bool {
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return false
		}
	}
	return name != "" && len(name) <= 16
}

// checkListNames refuses a name of both a list and a tab: @NAME would be either.
func (l *loader) checkListNames() {
	for i, tab := range l.settings.Tabs {
		list, is := l.settings.sources[listsTable+"."+ticker.AtName(tab.Name)]
		if !is {
			continue
		}
		l.refuse(l.settings.sources[tabsTable+"."+fmt.Sprint(i)], fmt.Sprintf("the tab %s has the name of the list in %s: @%s would be either",
			quote(plain(l.hider.hide(tab.Name))), l.hider.hide(list.String()), ticker.AtName(tab.Name)), "another name for one of the two")
	}
}
