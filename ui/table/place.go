package table

import "optflow/ui/keys"

// The lines above the rows: status, title, header.
const (
	TitleLine  = 1
	HeaderLine = 2
	FirstRow   = 3
)

// Arrow points at the selected row; with its details open it points down at them.
func Arrow(details bool) string {
	if details {
		return "▼"
	}
	return "▸"
}

// Place puts the row at a position on a screen line of a window of so many rows
// out of n, on the line given if it can, and returns the first row of the window
// and that line.
func Place(pos, line, height, n int) (top, on int) {
	height = max(height, 1)
	pos = max(min(pos, n-1), 0)
	line = max(min(line, height-1), 0)
	top = max(min(pos-line, n-height), 0)
	return top, pos - top
}

// Steps is how many rows an action moves the selection on a page of so many, and
// whether it does.
func Steps(a keys.Action, page int) (by int, moves bool) {
	switch a {
	case keys.Down:
		return 1, true
	case keys.Up:
		return -1, true
	case keys.PageDown:
		return page, true
	case keys.PageUp:
		return -page, true
	case keys.HalfDown:
		return page / 2, true
	case keys.HalfUp:
		return -page / 2, true
	}
	return 0, false
}
