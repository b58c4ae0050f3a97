package page

import (
	"strings"

	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/table"
)

// Columned is a page whose columns can be chosen, and sorted by.
type Columned interface {
	Page
	// Columns are what can be chosen there.
	Columns() Columns
	// Choose shows the columns of these names in this order; no name shows those of
	// the settings.
	Choose(names []string) error
	// KeepColumns has the present choice remembered.
	KeepColumns() []act.Effect
}

// Columns are those of a page as they are now.
type Columns struct {
	Of    string       // whose they are: tab All
	Heads []table.Head // those chosen, in their order, then the others
	Own   []string     // names of a choice of the user's, nil where there is none
	Sort  string       // the column that the rows are sorted by
	Falls bool         // from the largest down
}

// Columns are those of the tab in front.
func (t *Tape) Columns() Columns {
	front, sort := t.Tabs.Front(), &table.Tape[t.List.Sort]
	return Columns{
		Of: "tab " + front.Name, Heads: table.TapeHeads(t.Width, t.columns, t.State.Plan), Own: front.Columns,
		Sort: sort.Name, Falls: sort.Falls != t.List.Reversed,
	}
}

// Choose chooses the columns of the tab in front.
func (t *Tape) Choose(names []string) error {
	if err := t.Tabs.choose(names); err != nil {
		return err
	}
	t.columns = t.Tabs.Front().columns
	t.Table.Pick, t.Table.Cursor = false, t.List.Sort
	t.Arrange()
	return nil
}

func (t *Tape) KeepColumns() []act.Effect { return act.One(act.KeepTabs{}) }

// gridded is what the pages that are a grid have in common.
type gridded[T any] struct {
	Grid table.Grid[T]
	name string
}

func (p *gridded[T]) Name() string { return p.name }

func (p *gridded[T]) Columns() Columns {
	sort := &p.Grid.Columns[p.Grid.Sort]
	return Columns{Of: p.name, Heads: p.Grid.Heads(), Own: p.Grid.Chosen(), Sort: sort.Name, Falls: sort.Falls != p.Grid.Reversed}
}

func (p *gridded[T]) Choose(names []string) error { return p.Grid.Choose(names) }

func (p *gridded[T]) KeepColumns() []act.Effect {
	return act.One(act.Keep{Item: memory.Choices{Columns: map[string][]string{strings.ToLower(p.name): p.Grid.Chosen()}}})
}

func (p *gridded[T]) Sort(column string) bool { return p.Grid.SortNamed(column) }

func (p *gridded[T]) Click(x, y int) bool { return p.Grid.Click(x, y) }

func (p *gridded[T]) Scroll(rows int) { p.Grid.Move(rows) }
