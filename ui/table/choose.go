package table

import (
	"fmt"
	"slices"
	"strings"

	"optflow/model"
)

// Columns that the tape has to know.
var Time, Mark, Tick = TapeColumn("time"), TapeColumn("marks"), TapeColumn("ticker")

// TapeColumn is the column of a name.
func TapeColumn(name string) ID {
	id, ok := Find(name)
	if !ok {
		panic("no column is called " + name)
	}
	return id
}

// Find finds a column by its name or its head.
func Find(name string) (ID, bool) {
	at := Named(Tape, name)
	return ID(max(at, 0)), at >= 0
}

// Set are columns, a bit each.
type Set uint64

func (s Set) Has(id ID) bool { return s&(1<<id) != 0 }

// Choice is which columns are shown, in which order. The zero one shows all of
// them as they stand in their table.
type Choice []ID

// Choose reads a choice of names, of which each may be several with blanks
// between; no name chooses all. Columns that always stay come first where they are
// not named.
func Choose[T any](columns []Column[T], names []string) (Choice, error) {
	var chosen Choice
	add := func(name string) bool {
		at := Named(columns, strings.TrimSpace(name))
		if at >= 0 && !slices.Contains(chosen, ID(at)) {
			chosen = append(chosen, ID(at))
		}
		return at >= 0
	}
	for _, name := range names {
		if add(name) {
			continue
		}
		for _, word := range strings.Fields(name) {
			if !add(word) {
				return nil, unknown(columns, word)
			}
		}
	}
	if len(chosen) == 0 {
		return nil, nil
	}
	var first Choice
	for i := range columns {
		if columns[i].Always && !slices.Contains(chosen, ID(i)) {
			first = append(first, ID(i))
		}
	}
	return append(first, chosen...), nil
}

// unknown says that no column has a name, and which may be meant.
func unknown[T any](columns []Column[T], word string) error {
	for i := range columns {
		if name := columns[i].Name; strings.HasPrefix(name, strings.ToLower(word)) {
			return fmt.Errorf("column %q: did you mean %s?", word, name)
		}
	}
	return fmt.Errorf("column %q: there are %s", word, strings.Join(Names(columns), ", "))
}

// Check reports a name that no column of the tape has.
func Check(names []string) error {
	_, err := Choose(Tape, names)
	return err
}

// Names are the names of columns, in the order in which they stand.
func Names[T any](columns []Column[T]) (names []string) {
	for i := range columns {
		names = append(names, columns[i].Name)
	}
	return names
}

// Of are the columns chosen out of so many.
func (c Choice) Of(n int) Choice {
	if len(c) > 0 {
		return c
	}
	all := make(Choice, n)
	for i := range all {
		all[i] = ID(i)
	}
	return all
}

// Step is the column so many further than another, at the ends the last one; the
// first one from a column that is not shown.
func (c Choice) Step(from ID, by int) ID {
	at := slices.Index(c, from)
	if at < 0 {
		return c[0]
	}
	return c[max(min(at+by, len(c)-1), 0)]
}

// Without are the columns that are left when some have gone.
func (c Choice) Without(gone Set) Choice {
	return slices.DeleteFunc(slices.Clone(c), gone.Has)
}

// Head is a column as it is chosen or sorted by.
type Head struct {
	Name, Head, Letter, Note string

	Always bool   // it cannot be left out
	Chosen bool   // it is shown where there is room
	Fits   bool   // there is room
	Gone   string // why it can have no value, "" it can
}

// heads are columns as they are chosen: those that are, in their order, then the
// others. Where nothing was chosen it is what fits, now or once all have values.
func heads[T any](columns []Column[T], c Choice, fits, once func(ID) bool) (all []Head) {
	order := c.Of(len(columns))
	for i := range columns {
		if !slices.Contains(order, ID(i)) {
			order = append(order[:len(order):len(order)], ID(i))
		}
	}
	for at, id := range order {
		col := &columns[id]
		h := Head{Name: col.Name, Head: col.Head, Letter: col.Letter, Note: col.Note, Always: col.Always, Fits: fits(id)}
		if h.Chosen = at < len(c); len(c) == 0 {
			h.Chosen = h.Fits || once(id)
		}
		all = append(all, h)
	}
	return all
}

// TapeHeads are the tape's columns in a window with a plan.
func TapeHeads(width int, c Choice, plan model.Plan) []Head {
	l, whole := Arrange(width, c, Gone(plan), Time, Time), Arrange(width, c, 0, Time, Time)
	all := heads(Tape, c, l.Shows, whole.Shows)
	for i := range all {
		id, _ := Find(all[i].Name)
		all[i].Gone = Tape[id].WhyGone(plan)
	}
	return all
}
