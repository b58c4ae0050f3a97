package ui

// wheelRows is how many rows one notch of the wheel scrolls.
const wheelRows = 3

// The lines above the rows: status, title, header.
const (
	headerLine = 2
	firstRow   = 3
)
