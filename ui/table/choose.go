package table

import (
	"fmt"
	"slices"
	"strings"
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

// Set are columns of the tape, a bit each.
type Set uint64

func (s Set) Has(id ID) bool { return s&(1<<id) != 0 }

// Names are the names of the tape's columns, in the order in which they stand.
func Names() (names []string) {
	for i := range Tape {
		names = append(names, Tape[i].Name)
	}
	return names
}

// HiddenBut is which columns a choice of names leaves out; no name chooses all.
func HiddenBut(names []string) (hidden Set, err error) {
	if len(names) == 0 {
		return 0, nil
	}
	for i := range Tape {
		if !Tape[i].Always {
			hidden |= 1 << i
		}
	}
	for _, name := range names {
		id, ok := Find(name)
		if !ok {
			return hidden, fmt.Errorf("column %q: there are %s", name, strings.Join(Names(), ", "))
		}
		hidden &^= 1 << id
	}
	return hidden, nil
}

// Check reports a name that no column has.
func Check(names []string) error {
	_, err := HiddenBut(names)
	return err
}

// fixedColumns is how many columns stay in place when the others scroll.
var fixedColumns = ID(slices.IndexFunc(Tape, func(c Column[Cell]) bool { return !c.Fixed }))
