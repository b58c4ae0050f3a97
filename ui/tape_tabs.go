package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/paint"
)

// openTabs sets the tabs up and begins with one of them.
func (t *tapePage) openTabs(own, saved memory.Tabs, at string) {
	t.tabs.open(own, saved, at)
	front := t.tabs.front()
	t.hidden = front.hidden
	t.list.sort, t.list.reversed = front.sort, front.back
}

// toTab brings a tab to the front, as it was left.
func (t *tapePage) toTab(at int) []act.Effect {
	if at < 0 || at >= len(t.tabs.all) {
		return act.Tell(paint.Dim, fmt.Sprintf("there is no tab %d", at+1))
	}
	out := act.One(act.ShowPage{Name: pageTape}) // the tabs are the tape's
	if at == t.tabs.at {
		t.tabs.front().rung = 0
		return out
	}
	from := t.tabs.front()
	from.line, from.undo, from.sort, from.back = t.lens.filter, t.lens.undo, t.list.sort, t.list.reversed
	t.tabs.at = at
	to := t.tabs.front()
	to.rung = 0
	t.lens.undo, t.hidden = to.undo, to.hidden
	t.list.sort, t.list.reversed = to.sort, to.back
	t.table.pick, t.table.cursor = false, to.sort
	t.table.following, t.table.added, t.table.line, t.table.has = t.list.followsNewest(), 0, 0, false
	t.lens.use(to.line)
	t.arrange()
	return append(out, act.Keep{Item: memory.Choices{Tab: to.Name}})
}

// saveTab makes what is shown a tab: the tab's filter and the line, the sort and
// the columns. One of that name that was saved before is replaced.
func (t *tapePage) saveTab(name string) ([]act.Effect, error) {
	name = strings.Join(strings.Fields(name), " ")
	front := t.tabs.front()
	switch i := t.tabs.named(name); {
	case name == "":
		return nil, errors.New("save: under which name? (save Puts)")
	case paint.Cells(name) > 16:
		return nil, fmt.Errorf("save %q: at most 16 letters", name)
	case front.wrong != nil:
		return nil, errors.New("save: the filter of this tab cannot be read")
	case i >= 0 && !t.tabs.all[i].saved:
		return nil, fmt.Errorf("save %q: there is a tab of that name, which is not from here", name)
	}
	saved := memory.Tab{Name: name, Filter: t.tabs.takenText(t.lens.filter), Columns: front.Columns, Bell: front.Bell}
	if !t.list.followsNewest() {
		saved.Sort = t.list.sortText()
	}
	at := t.tabs.add(saved, true)
	if at < 0 {
		return nil, fmt.Errorf("save %q: there are %d tabs already", name, tabsMost)
	}
	if at != t.tabs.at {
		t.lens.filter, t.lens.undo = nil, undo{} // the line is the new tab's own filter now
	}
	t.tabs.recount()
	out := t.toTab(at)
	t.lens.use(nil)
	return append(out, act.Answer{Ink: paint.Text, Text: "saved as tab " + name}, act.KeepTabs{}), nil
}

// forgetTab takes a saved tab away.
func (t *tapePage) forgetTab(name string) (out []act.Effect, err error) {
	name = strings.Join(strings.Fields(name), " ")
	i := t.tabs.named(name)
	switch {
	case i < 0:
		return nil, fmt.Errorf("forget %q: there is no such tab", name)
	case !t.tabs.all[i].saved:
		return nil, fmt.Errorf("forget %q: it is not a saved one", name)
	}
	if i == t.tabs.at {
		out = t.toTab(max(i-1, 0))
	}
	t.tabs.all = slices.Delete(t.tabs.all, i, i+1)
	if t.tabs.at > i {
		t.tabs.at--
	}
	t.tabs.recount()
	return append(out, act.KeepTabs{}), nil
}
