package table

import "optflow/ui/paint"

// withArrow is the width of the column that the rows are sorted by: its head has
// room for the arrow.
func withArrow(head string, width int) int { return max(width, paint.Cells(head)+1) }

// sortedHead is that head with its arrow, in so many cells. Where a narrow
// window has no more room the head is cut, not the arrow.
func sortedHead(head string, width int, toStart, falling bool) string {
	arrow := "↑"
	if falling {
		arrow = "↓"
	}
	if over := paint.Cells(head) + 1 - width; over > 0 {
		letters := []rune(head)
		head = string(letters[:max(len(letters)-over, 0)])
	}
	if toStart {
		return head + arrow
	}
	return arrow + head
}

// SortText says by what rows are sorted and which way.
func SortText(name string, falling bool) string {
	if falling {
		return "by " + name + ", falling"
	}
	return "by " + name + ", rising"
}
