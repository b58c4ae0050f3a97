package page

import (
	"errors"
	"fmt"
	"strings"

	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/paint"
)

// Edited is a filter that the filter line changes.
type Edited struct {
	Lens   *lens.Lens
	Text   string                       // to begin with
	Prompt string                       // before it
	Done   func(kept bool) []act.Effect // what else is to be done at the end, nil nothing
}

// EditOwn begins to change the filter of the tab in front.
func (t *Tape) EditOwn() Edited {
	front := t.Tabs.Front()
	was := front.Filter
	t.Own.Filter, t.Own.Called, t.Own.Of = front.Own, "tab "+front.Name, front.Name
	return Edited{&t.Own, was, front.Name + ": ", func(kept bool) []act.Effect {
		t.Title.Drawn = ""
		text := was // one that cannot be read comes back like that
		if kept {
			text = t.Own.Text()
		}
		if front := t.Tabs.Front(); front.Filter != text {
			front.Filter = text
			t.reread()
		}
		if !kept {
			return nil
		}
		return act.One(act.KeepTabs{})
	}}
}

// refilterTab takes the filter of the tab in front over from its lens.
func (t *Tape) refilterTab() {
	t.Tabs.Front().Filter = t.Own.Text()
	t.reread()
}

// reread reads the tab in front anew, and the rows by it.
func (t *Tape) reread() {
	front := t.Tabs.Front()
	t.Tabs.read(front)
	if own := t.Own.Filter; t.Own.Edited && own != nil && own.Text == front.Filter { // its half-typed words filter nothing
		front.Own, front.wrong, front.garbled = own, nil, false
	}
	t.columns = front.columns
	t.Tabs.recountFront()
	t.Tabs.changed()
	t.refilter()
	t.Arrange()
}

// goBackBy has u go back through these changes.
func (t *Tape) goBackBy(u *lens.Undo) {
	if u == nil {
		u = new(lens.Undo)
	}
	t.Lens.Undo, t.Own.Undo = u, u
}

// ChangeTab changes the tab in front.
func (t *Tape) ChangeTab(c act.ChangeTab) ([]act.Effect, error) {
	front := t.Tabs.Front()
	out := append(act.One(act.ShowPage{Name: pageTape}), act.KeepTabs{})
	switch c.What {
	case act.TabFilter:
		lens := t.EditOwn().Lens
		return out, lens.Set(c.Text)
	case act.TabName:
		return t.rename(strings.Join(strings.Fields(c.Text), " "), out)
	case act.TabBell:
		if front.Bell = c.Text == "on" || c.Text == "" && !front.Bell; front.Bell {
			return append(out, act.Answer{Ink: paint.Text, Text: "tab " + front.Name + " rings when a burst comes in"}), nil
		}
		return append(out, act.Answer{Ink: paint.Text, Text: "tab " + front.Name + " does not ring"}), nil
	}
	return t.resetTab(out)
}

// rename gives the tab in front another name.
func (t *Tape) rename(name string, out []act.Effect) ([]act.Effect, error) {
	front := t.Tabs.Front()
	switch i := t.Tabs.named(name); {
	case name == "":
		return nil, errors.New("tab rename: to what? (tab rename Puts)")
	case paint.Cells(name) > tabNameMost:
		return nil, fmt.Errorf("tab rename %q: at most %d letters", name, tabNameMost)
	case i >= 0 && i != t.Tabs.At:
		return nil, fmt.Errorf("tab rename %q: there is a tab of that name", name)
	}
	if err := t.Tabs.free(name); err != nil {
		return nil, fmt.Errorf("tab rename %q: %w", name, err)
	}
	front.Name, front.label = name, ""
	t.Tabs.changed()
	return append(out, act.Keep{Item: memory.Choices{Tab: name}}), nil
}

// resetTab makes the tab in front what the settings say; u brings its filter back.
func (t *Tape) resetTab(out []act.Effect) ([]act.Effect, error) {
	front := t.Tabs.Front()
	if front.base == nil {
		return nil, fmt.Errorf("tab reset: %s is not from the settings; :forget %s takes it away", front.Name, front.Name)
	}
	t.Own.Called = "tab " + front.base.Name
	if front.Filter != front.base.Filter {
		t.Own.Note(front.Filter)
	}
	front.Tab, front.label = *front.base, ""
	t.Tabs.read(front)
	t.List.Sort, t.List.Reversed = front.sort, front.back
	t.Table.Pick, t.Table.Cursor = false, front.sort
	t.Table.Restart()
	t.reread()
	return append(out, act.Keep{Item: memory.Choices{Tab: front.Name}}, act.Answer{Ink: paint.Text, Text: "tab " + front.Name + " is as in the settings"}), nil
}

// clear clears the line; where there is none it says what leads to more than the
// tab's own filter shows.
func (t *Tape) clear() []act.Effect {
	front := t.Tabs.Front()
	if t.Lens.Filter != nil || front.Own == nil {
		return t.Lens.Do(keys.Clear)
	}
	return act.Tell(paint.Dim, "no filter to clear: "+wayOut(t, ""))
}
