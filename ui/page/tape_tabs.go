package page

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/paint"
)

// OpenTabs sets the tabs up and begins with one of them.
func (t *Tape) OpenTabs(own, saved memory.Tabs, at string) {
	t.Tabs.open(own, saved, at)
	front := t.Tabs.Front()
	t.hidden = front.hidden
	t.List.Sort, t.List.Reversed = front.sort, front.back
}

// ToTab brings a tab to the front, as it was left.
func (t *Tape) ToTab(at int) []act.Effect {
	if at < 0 || at >= len(t.Tabs.All) {
		return act.Tell(paint.Dim, fmt.Sprintf("there is no tab %d", at+1))
	}
	out := act.One(act.ShowPage{Name: pageTape}) // the tabs are the tape's
	if at == t.Tabs.At {
		t.Tabs.Front().Rung = 0
		return out
	}
	from := t.Tabs.Front()
	from.line, from.undo, from.sort, from.back = t.Lens.Filter, t.Lens.Undo, t.List.Sort, t.List.Reversed
	t.Tabs.At = at
	to := t.Tabs.Front()
	to.Rung = 0
	t.Lens.Undo, t.hidden = to.undo, to.hidden
	t.List.Sort, t.List.Reversed = to.sort, to.back
	t.Table.Pick, t.Table.Cursor = false, to.sort
	t.Table.Restart()
	t.Lens.Use(to.line)
	t.Arrange()
	return append(out, act.Keep{Item: memory.Choices{Tab: to.Name}})
}

// SaveTab makes what is shown a tab: the tab's filter and the line, the sort and
// the columns. One of that name that was saved before is replaced.
func (t *Tape) SaveTab(name string) ([]act.Effect, error) {
	name = strings.Join(strings.Fields(name), " ")
	front := t.Tabs.Front()
	switch i := t.Tabs.named(name); {
	case name == "":
		return nil, errors.New("save: under which name? (save Puts)")
	case paint.Cells(name) > 16:
		return nil, fmt.Errorf("save %q: at most 16 letters", name)
	case front.wrong != nil:
		return nil, errors.New("save: the filter of this tab cannot be read")
	case i >= 0 && !t.Tabs.All[i].saved:
		return nil, fmt.Errorf("save %q: there is a tab of that name, which is not from here", name)
	}
	saved := memory.Tab{Name: name, Filter: t.Tabs.TakenText(t.Lens.Filter), Columns: front.Columns, Bell: front.Bell}
	if !t.List.FollowsNewest() {
		saved.Sort = t.List.SortText()
	}
	at := t.Tabs.add(saved, true)
	if at < 0 {
		return nil, fmt.Errorf("save %q: there are %d tabs already", name, tabsMost)
	}
	if at != t.Tabs.At {
		t.Lens.Filter, t.Lens.Undo = nil, undo{} // the line is the new tab's own filter now
	}
	t.Tabs.recount()
	out := t.ToTab(at)
	t.Lens.Use(nil)
	return append(out, act.Answer{Ink: paint.Text, Text: "saved as tab " + name}, act.KeepTabs{}), nil
}

// ForgetTab takes a saved tab away.
func (t *Tape) ForgetTab(name string) (out []act.Effect, err error) {
	name = strings.Join(strings.Fields(name), " ")
	i := t.Tabs.named(name)
	switch {
	case i < 0:
		return nil, fmt.Errorf("forget %q: there is no such tab", name)
	case !t.Tabs.All[i].saved:
		return nil, fmt.Errorf("forget %q: it is not a saved one", name)
	}
	if i == t.Tabs.At {
		out = t.ToTab(max(i-1, 0))
	}
	t.Tabs.All = slices.Delete(t.Tabs.All, i, i+1)
	if t.Tabs.At > i {
		t.Tabs.At--
	}
	t.Tabs.recount()
	return append(out, act.KeepTabs{}), nil
}
