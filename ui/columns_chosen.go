package ui

import (
	"fmt"
	"strings"
)

// alwaysShown are columns without which a row says nothing.
var alwaysShown = []columnID{colTime, colTick, colStrike}

// hiddenBut is which columns a choice of names leaves out; no name chooses all.
func hiddenBut(names []string) (hidden [columnCount]bool, err error) {
	if len(names) == 0 {
		return hidden, nil
	}
	for id := range columnCount {
		hidden[id] = true
	}
	for _, id := range alwaysShown {
		hidden[id] = false
	}
	for _, name := range names {
		id, ok := columnNamed(name)
		if !ok {
			return hidden, fmt.Errorf("column %q: there are %s", name, strings.Join(ColumnNames(), ", "))
		}
		hidden[id] = false
	}
	return hidden, nil
}

// columnNamed finds a column by its name or its head.
func columnNamed(name string) (columnID, bool) {
	for id := range columnCount {
		if c := &columnTable[id]; strings.EqualFold(c.name, name) || strings.EqualFold(c.head, name) {
			return id, true
		}
	}
	return 0, false
}

// ColumnNames are the names of the tape's columns, in the order in which they stand.
func ColumnNames() []string {
	names := make([]string, 0, columnCount)
	for id := range columnCount {
		names = append(names, columnTable[id].name)
	}
	return names
}

// CheckColumns reports a name that no column has.
func CheckColumns(names []string) error {
	_, err := hiddenBut(names)
	return err
}
