package page

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
func whyEmpty(t *Tape) (head, more string) {
	seen := t.beside().seen
	switch {
	case t.List.Filter != nil && (t.List.Over > 0 || t.Tabs.Front().wrong != nil):
		return whyFiltered(t)
	case seen > 0 && t.List.Over == 0:
		return "nothing over the floor yet", format.Count(int64(seen)) + " bursts under " + format.RoundMoney(t.Rules.Floor) + " counted"
	case t.State.Plan.Known && t.State.Plan.NoWebSocket && t.State.Plan.NoSnapshots:
		return "this plan carries no options flow", "without a key the simulated market shows"
	case t.State.Link == model.Stopped:
		return "no data", t.Key(keys.Poll) + " tries again"
	case t.State.Link == model.Behind:
		return "waiting for the first data", t.State.Reason
	case t.State.Link == model.Starting:
		return "waiting for the first data", "connecting; the screen fills by itself"
	case !t.State.Session.Open && !t.State.Sim && t.State.Session.Text != "":
		return "the market is closed", strings.TrimPrefix(t.State.Session.Text, "closed: ")
	}
	return "no trades yet", t.Following()
}

// whyFiltered says what keeps the tape's rows out, the tab's own filter or the
// line, and which key leads out of that.
func whyFiltered(t *Tape) (head, more string) {
	front := t.Tabs.Front()
	over := format.Count(int64(t.List.Over)) + " bursts are over the floor"
	tab := "tab " + front.Name
	switch {
	case front.wrong != nil:
		return tab + " has a filter that cannot be read: " + front.wrong.Text, wayOut(t, "")
	case front.Own == nil: // the line alone
		return "no row matches the filter" + t.Lens.Filter.NeverText(), t.Key(keys.Clear) + " clears it · " + over
	case t.Lens.Filter == nil:
		return tab + " shows only " + front.Own.Text + front.Own.NeverText(), wayOut(t, over)
	case front.Count == 0: // without the line it would be empty, too
		return tab + " shows only " + front.Own.Text + front.Own.NeverText() + ", and of that only " + t.Lens.Filter.Text, wayOut(t, over)
	}
	return "no row of " + tab + " (" + front.Own.Text + ") matches the filter" + t.Lens.Filter.NeverText(),
		t.Key(keys.Clear) + " clears the filter, not the tab's · " + format.Count(int64(front.Count)) + " bursts in the tab"
}

// wayOut names the keys that lead out of a tab that shows nothing: that of the
// first tab that takes all rows, else the one that goes to other tabs, and the one
// that changes the tab's filter; and what else is to be said.
func wayOut(t *Tape, more string) string {
	var ways []string
	for i := range t.Tabs.All {
		if x := &t.Tabs.All[i]; i != t.Tabs.At && i < 9 && x.Own == nil && x.wrong == nil && x.line == nil {
			ways = append(ways, fmt.Sprintf("%s shows all (tab %s)", strconv.Itoa(i+1), x.Name))
			break
		}
	}
	if len(ways) == 0 && len(t.Tabs.All) > 1 {
		ways = append(ways, t.Key(keys.NextTab)+" goes to the next tab")
	}
	if front := t.Tabs.Front(); front.garbled || front.wrong == nil {
		ways = append(ways, t.Key(keys.EditTab)+" changes the tab's filter")
	}
	if more != "" {
		ways = append(ways, more)
	}
	return strings.Join(ways, " · ")
}
