// Package page is what fills the middle of the screen: the tape with its tabs and
// pins, the contracts, the tickers, the heat map. A page knows the scene and what
// it was given, and returns what should happen elsewhere as effects.
package page

import (
	"io"
	"slices"
	"strings"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/tail"
)

// Page is what fills the middle of the screen. Pages know the scene and what
// they were given, never each other or Model: what should happen elsewhere they
// return as effects.
type Page interface {
	// Name is how `v` and the title call it.
	Name() string
	// Enter comes to the front afresh; the ticker is the one last spoken of.
	Enter(ticker string)
	// Take takes over what changed.
	Take(c Changes)
	// Do carries out an action, and reports whether it means something here.
	Do(a keys.Action) (effects []act.Effect, done bool)
	// Sort sorts by a column's name, and reports whether there is such a column.
	Sort(column string) bool
	// Click is on a line of the screen, the title being line 1. It reports whether a
	// row was clicked, which a second click opens.
	Click(x, y int) (row bool)
	// Scroll moves the rows under the mouse.
	Scroll(rows int)
	// Fit tells how many rows there is room for, and whether the details of the
	// selected one stand below them.
	Fit(rows int, details bool)
	// Arrange chooses the columns anew.
	Arrange()
	// Draw writes the title, the header and as many rows as fit.
	Draw(out []string) []string
	// Filter is which rows are shown.
	Filter() *lens.Lens
	// Matching says how many those are.
	Matching() []paint.Piece
	// Badge is what stands at the end of the last line, if anything.
	Badge() []paint.Piece
	// Selected is what the cursor is on.
	Selected() Selection
	// Watched adds the contracts on screen, whose quotes matter most.
	Watched(ids []model.ContractID) []model.ContractID
	// Moment is what stands beside the rows: the present, or what was frozen.
	Moment() scene.Moment
	// Reads reports whether the page shows the accounts of the day.
	Reads() bool
}

// Printed is a page whose rows can be exported. One that is not has none to give.
type Printed interface {
	// Print copies the rows as they are shown, filtered and sorted.
	Print(f tail.Format) Printing
}

// Printing is copies of a page's rows, and how they are written.
type Printing struct {
	View   tail.View
	Rows   int
	Write  func(io.Writer) error
	Unread bool // the rows have yet to be read
}

// Changes are what may be new for a page.
type Changes struct {
	Followed bool // other tickers, or their contracts have moved
	Totals   bool
	Accounts bool
	Alerts   bool
}

// Selection is what a page's cursor is on. Details show it.
type Selection struct {
	Ticker   string             // "" when the user has chosen none
	Contract *model.Contract    // nil where there is none
	Without  string             // why there is none
	Never    bool               // no row of the page has one
	Account  *model.Account     // of the contract's day, where the page has it
	Among    int                // of so many contracts there it has the most premium; 0 where it is the only one
	Gaps     func() []tail.Line // the gap rows that the line joins, where it is such a line

	Burst  bool // the row is one, and this is of it
	Handle uint32
	Row    model.Burst // as it is shown
	Marks  model.Marks
}

// keptLine remembers the line of the selected row while the details stand below
// the rows, and brings it back there when they close.
type keptLine struct {
	line int
	kept bool
}

func (k *keptLine) fit(line *int, details bool) {
	if details && !k.kept {
		k.line = *line
	} else if !details && k.kept {
		*line = k.line
	}
	k.kept = details
}

// PageList is all of them, in the order in which `v` goes through them.
type PageList []Page

// Reread reads the filters anew that speak of tabs by name.
func (all PageList) Reread() {
	for _, p := range all {
		if l := p.Filter(); l.Filter != nil && strings.Contains(l.Filter.Text, "@") {
			l.Use(l.Again())
		}
	}
}

// Named finds a page by its name, nil where there is none.
func (all PageList) Named(name string) Page {
	for _, p := range all {
		if strings.EqualFold(p.Name(), name) {
			return p
		}
	}
	return nil
}

// After is the page behind one, but for those beside.
func (all PageList) After(p Page) Page {
	for i := slices.Index(all, p) + 1; ; i++ {
		next := all[i%len(all)]
		if _, beside := next.(Beside); !beside {
			return next
		}
	}
}
