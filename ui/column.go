package ui

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/ui/paint"
)

// column is how one column looks and sorts.
type column[T any] struct {
	head    string
	name    string // for the sort line, the command line and the settings
	note    string // for the help
	width   int
	toStart bool // text at the left; numbers stand at the right
	falls   bool // sorts from the largest down at first
	leaves  int  // the larger, the earlier it gives way to others; 0 stays whatever the width
	draw    func(p *paint.Pen, row *T, width int)
	key     func(row *T) float64 // NaN for what is unknown, which comes last

	// Of the tape's columns alone.
	air    int                          // the smaller, the earlier it gets spare cells before it
	fixed  bool                         // stays when others scroll in
	always bool                         // stays whatever columns are chosen
	narrow bool                         // a cell narrower in a narrow window
	lacks  func(plan model.Plan) string // why it can have no value with a plan, "" if it can
	clause func(row *T) (clause, error) // what a cell says in the language of the filter
}

// named finds a column by its name or its head, -1 when there is none.
func named[T any](columns []column[T], name string) int {
	return slices.IndexFunc(columns, func(c column[T]) bool {
		return strings.EqualFold(c.name, name) || strings.EqualFold(c.head, name)
	})
}
