package ui

import (
	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"slices"
	"strings"
)

// page is what fills the middle of the screen. Pages know the scene and what
// they were given, never each other or Model: what should happen elsewhere they
// return as effects.
type page interface {
	// name is how `v` and the title call it.
	name() string
	// enter comes to the front afresh; the ticker is the one last spoken of.
	enter(ticker string)
	// take takes over what changed.
	take(c changes)
	// do carries out an action, and reports whether it means something here.
	do(a keys.Action) (effects []act.Effect, done bool)
	// sort sorts by a column's name, and reports whether there is such a column.
	sort(column string) bool
	// click is on a line of the screen, the title being line 1.
	click(x, y int)
	// scroll moves the rows under the mouse.
	scroll(rows int)
	// fit tells how many rows there is room for, and whether the details stand
	// below them.
	fit(rows int, details bool)
	// arrange chooses the columns anew.
	arrange()
	// draw writes the title, the header and as many rows as fit.
	draw(out []string) []string
	// filter is which rows are shown.
	filter() *lens
	// matching says how many those are.
	matching() []paint.Piece
	// badge is what stands at the end of the last line, if anything.
	badge() []paint.Piece
	// selected is what the cursor is on.
	selected() picked
	// watched adds the contracts on screen, whose quotes matter most.
	watched(ids []model.ContractID) []model.ContractID
	// moment is what stands beside the rows: the present, or what was frozen.
	moment() moment
	// reads reports whether the page shows the accounts of the day.
	reads() bool
}

// changes are what may be new for a page.
type changes struct {
	followed bool // other tickers, or their contracts have moved
	totals   bool
	accounts bool
}

// picked is what a page's cursor is on.
type picked struct {
	ticker   string          // "" when the user has chosen none
	contract *model.Contract // nil where a row is none
	handle   uint32          // of the burst, where the row is one
	burst    bool
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

// pageList is all of them, in the order in which `v` goes through them.
type pageList []page

// named finds a page by its name, nil where there is none.
func (all pageList) named(name string) page {
	for _, p := range all {
		if strings.EqualFold(p.name(), name) {
			return p
		}
	}
	return nil
}

// after is the page behind one.
func (all pageList) after(p page) page { return all[(slices.Index(all, p)+1)%len(all)] }
