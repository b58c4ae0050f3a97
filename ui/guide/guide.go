// Package guide explains the screen in words: its marks, letters, colours, gaps and
// the columns of each page, and the language of filters. The help of `?`,
// `optflow help` and the man page are made of it.
package guide

import (
	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/format"
	"optflow/ui/table"
)

// Section is a heading with what stands below it.
type Section struct {
	Head  string
	Lines []Line
}

// Line is a term and its explanation.
type Line struct{ Term, Text string }

// Screen explains the screen: first what is on it, then the columns of each page.
// Of a column that can have no value with the plan it says why.
func Screen(plan model.Plan) []Section {
	return append(append([]Section(nil), reading...),
		Section{"Columns of the tape: a row is a burst", tapeColumns(plan)},
		Section{"Columns of Contracts: a row is a contract's day", columnNotes(table.ContractColumns(&table.Cell{}))},
		Section{"Columns of Tickers: a row is an underlying's day", columnNotes(table.TickerColumns(&format.Zone{}, true))},
		Section{"Heat map: expiry across, strike down", heat},
		Section{"Columns of Alerts: a row is an alert that fired", columnNotes(table.AlertColumns(&table.Cell{}))},
	)
}

// Filter explains the language of filters.
func Filter() (out []Section) {
	for _, part := range filter.Language() {
		section := Section{Head: part.Head}
		for _, l := range part.Lines {
			section.Lines = append(section.Lines, Line{l.Writes, l.Means})
		}
		out = append(out, section)
	}
	return out
}

func tapeColumns(plan model.Plan) (out []Line) {
	missing := table.Gone(plan)
	for id := range table.ID(len(table.Tape)) {
		c := &table.Tape[id]
		text := c.Note
		if missing.Has(id) {
			text += " (not shown: " + c.WhyGone(plan) + ")"
		}
		out = append(out, Line{c.Head, text})
	}
	return out
}

func columnNotes[T any](columns []table.Column[T]) (out []Line) {
	for i := range columns {
		out = append(out, Line{columns[i].Head, columns[i].Note})
	}
	return out
}
