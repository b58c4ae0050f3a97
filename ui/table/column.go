// Package table has the columns of the tape and of the grids, lays them out in a
// window, and draws heads and cells. A column is one literal, in columns.go for
// the tape, contracts.go and tickers.go for the other pages.
package table

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/ui/paint"
)

// Column is how one column looks and sorts.
type Column[T any] struct {
	Head    string
	Name    string // for the sort line, the command line and the settings
	Letter  string // sorts by it in the sort menu
	Note    string // for the help
	Width   int
	ToStart bool // text at the left; numbers stand at the right
	Falls   bool // sorts from the largest down at first
	Always  bool // stays whatever columns are chosen
	Leaves  int  // the larger, the earlier it gives way to others; 0 stays whatever the width
	Draw    func(p *paint.Pen, row *T, width int)
	Key     func(row *T) float64 // NaN for what is unknown, which comes last
	Dash    func(row *T) bool    // whether a – in place of the value tells something, too; nil: never

	// Of the tape's columns alone.
	Air    int                          // the smaller, the earlier it gets spare cells before it
	Fixed  bool                         // stays when others scroll in
	Narrow bool                         // a cell narrower in a narrow window
	Lacks  func(plan model.Plan) string // why it can have no value with a plan, "" if it can
	Clause func(row *T) (Clause, error) // what a cell says in the language of the filter
}

// Named finds a column by its name or its head, -1 when there is none.
func Named[T any](columns []Column[T], name string) int {
	return slices.IndexFunc(columns, func(c Column[T]) bool {
		return strings.EqualFold(c.Name, name) || strings.EqualFold(c.Head, name)
	})
}
