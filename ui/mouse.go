package ui

// wheelRows is how many rows one notch of the wheel scrolls.
const wheelRows = 3

// The lines above the rows: status, title, header.
const (
	headerLine = 2
	firstRow   = 3
)

// under is the column that stands at a cell of the header, with the gap before
// it.
func (l *layout) under(x int) (columnID, bool) {
	at := l.margin
	for _, c := range l.cols {
		if at += c.gap + c.width; x < at {
			return c.id, x >= l.margin-1
		}
	}
	return 0, false
}
