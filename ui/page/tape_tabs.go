package page

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/lens"
	"optflow/ui/paint"
)

// OpenTabs sets the tabs up and begins with one of them.
func (t *Tape) OpenTabs(own, saved memory.Tabs, at string) {
	t.Tabs.open(own, saved, at)
	front := t.Tabs.Front()
	t.columns = front.columns
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
	t.goBackBy(to.undo)
	t.columns = to.columns
	t.List.Sort, t.List.Reversed = to.sort, to.back
	t.Table.Pick, t.Table.Cursor = false, to.sort
	t.Table.Restart()
	t.Lens.Use(to.line)
	t.Arrange()
	return append(out, act.Keep{Item: memory.Choices{Tab: to.Name}})
}

// SaveTab makes what is shown a tab: the tab's filter and the line, the sort and
// the columns. One of that name that was saved before is replaced; no name is the
// tab in front.
func (t *Tape) SaveTab(name string) ([]act.Effect, error) {
	name = strings.Join(strings.Fields(name), " ")
	front := t.Tabs.Front()
	if strings.EqualFold(name, front.Name) {
		name = ""
	}
	switch i := t.Tabs.named(name); {
	case front.wrong != nil:
		return nil, errors.New("save: the filter of this tab cannot be read")
	case name == "":
		return t.saveFront()
	case paint.Cells(name) > tabNameMost:
		return nil, fmt.Errorf("save %q: at most %d letters", name, tabNameMost)
	case i >= 0 && t.Tabs.All[i].base != nil:
		return nil, fmt.Errorf("save %q: there is a tab of that name, which is not from here", name)
	}
	saved := t.shown()
	saved.Name = name
	if err := t.Tabs.free(name); err != nil {
		return nil, fmt.Errorf("save %q: %w", name, err)
	}
	if _, err := t.ParseOf(name, saved.Filter); err != nil {
		return nil, fmt.Errorf("save %q: %w", name, err)
	}
	at := t.Tabs.add(saved, nil)
	if at < 0 {
		return nil, fmt.Errorf("save %q: there are %d tabs already", name, tabsMost)
	}
	t.Lens.Filter = nil // the line is the new tab's own filter now
	t.goBackBy(new(lens.Undo))
	t.Tabs.reread()
	t.Tabs.recount()
	out := t.ToTab(at)
	t.Lens.Use(nil)
	return append(out, act.Answer{Ink: paint.Text, Text: "saved as tab " + name}, act.KeepTabs{}), nil
}

// tabNameMost is how many letters a tab's name may have.
const tabNameMost = 16

// shown is the tab in front with the line and the sort in force.
func (t *Tape) shown() memory.Tab {
	front := t.Tabs.Front()
	x := memory.Tab{Name: front.Name, Filter: t.Tabs.TakenText(t.Lens.Filter), Columns: front.Columns, Bell: front.Bell}
	if !t.List.FollowsNewest() {
		x.Sort = t.List.SortText()
	}
	return x
}

// saveFront makes what is shown the tab in front; u takes the filter back.
func (t *Tape) saveFront() ([]act.Effect, error) {
	front, shown := t.Tabs.Front(), t.shown()
	if _, err := t.ParseOf(front.Name, shown.Filter); err != nil {
		return nil, fmt.Errorf("save: %w", err)
	}
	if line := t.Lens.Text(); line != "" {
		t.Lens.Note(line)
		t.Own.Note(front.Filter)
	}
	front.Tab = shown
	t.Lens.Filter = nil
	t.reread()
	return []act.Effect{act.Answer{Ink: paint.Text, Text: "saved in tab " + front.Name}, act.KeepTabs{}}, nil
}

// ForgetTab takes a saved tab away.
func (t *Tape) ForgetTab(name string) (out []act.Effect, err error) {
	name = strings.Join(strings.Fields(name), " ")
	i := t.Tabs.named(name)
	switch {
	case i < 0:
		return nil, fmt.Errorf("forget %q: there is no such tab", name)
	case t.Tabs.All[i].base != nil:
		return nil, fmt.Errorf("forget %q: it is from the settings; :tab reset undoes what was changed here", name)
	}
	if i == t.Tabs.At {
		out = t.ToTab(max(i-1, 0))
	}
	t.Tabs.All = slices.Delete(t.Tabs.All, i, i+1)
	if t.Tabs.At > i {
		t.Tabs.At--
	}
	t.Tabs.reread()
	t.Tabs.recount()
	return append(out, act.KeepTabs{}), nil
}
