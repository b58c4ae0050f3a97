package ui

import (
	"fmt"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
)

// Where there is nothing to show the screen says why, and names a key only if
// that key now does what is said of it.

// whyEmpty says why the tape has no row.
func whyEmpty(t *tapePage) (head, more string) {
	seen := t.beside().seen
	switch {
	case t.list.filter != nil && (t.list.over > 0 || t.tabs.front().wrong != nil):
		return whyFiltered(t)
	case seen > 0 && t.list.over == 0:
		return "nothing over the floor yet", format.Count(int64(seen)) + " bursts under " + format.RoundMoney(t.rules.Floor) + " counted"
	case t.st.Plan.Known && t.st.Plan.NoWebSocket && t.st.Plan.NoSnapshots:
		return "this plan carries no options flow", "without a key the simulated market shows"
	case t.st.Link == model.Stopped:
		return "no data", t.key(keys.Poll) + " tries again"
	case t.st.Link == model.Starting:
		return "waiting for the first data", "connecting; the screen fills by itself"
	case !t.st.Session.Open && !t.st.Sim && t.st.Session.Text != "":
		return "the market is closed", strings.TrimPrefix(t.st.Session.Text, "closed: ")
	}
	return "no trades yet", t.following()
}

// whyFiltered says what keeps the tape's rows out, the tab's own filter or the
// line, and which key leads out of that.
func whyFiltered(t *tapePage) (head, more string) {
	front := t.tabs.front()
	over := format.Count(int64(t.list.over)) + " bursts are over the floor"
	tab := "tab " + front.Name
	switch {
	case front.wrong != nil:
		return tab + " has a filter that cannot be read: " + front.wrong.Text, wayOut(t, "")
	case front.own == nil: // the line alone
		return "no row matches the filter" + t.lens.filter.neverText(), t.key(keys.Clear) + " clears it · " + over
	case t.lens.filter == nil:
		return tab + " shows only " + front.own.text + front.own.neverText(), wayOut(t, over)
	case front.count == 0: // without the line it would be empty, too
		return tab + " shows only " + front.own.text + front.own.neverText() + ", and of that only " + t.lens.filter.text, wayOut(t, over)
	}
	return "no row of " + tab + " (" + front.own.text + ") matches the filter" + t.lens.filter.neverText(),
		t.key(keys.Clear) + " clears the filter, not the tab's · " + format.Count(int64(front.count)) + " bursts in the tab"
}

// wayOut names the key of the first tab that takes all rows, else those that go
// to other tabs, and what else is to be said.
func wayOut(t *tapePage, more string) string {
	way := ""
	for i := range t.tabs.all {
		if x := &t.tabs.all[i]; i != t.tabs.at && i < 9 && x.own == nil && x.wrong == nil && x.line == nil {
			way = fmt.Sprintf("%s shows all (tab %s)", strconv.Itoa(i+1), x.Name)
			break
		}
	}
	if way == "" && len(t.tabs.all) > 1 {
		way = t.key(keys.NextTab) + " goes to the next tab"
	}
	if way == "" {
		return more
	}
	if more == "" {
		return way
	}
	return way + " · " + more
}
