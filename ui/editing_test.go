package ui

import "testing"

// Words are passed and erased whole, in each of the lines.
func TestLinesAreEditedByWords(t *testing.T) {
	for what, open := range map[string]string{"filter": "/", "find": "ctrl+f", "command": ":", "picker": "t"} {
		s := newStage(t, 120, 30, nil).fill()
		s.keys(open)
		s.typed("ndx")
		s.keys("ctrl+left")
		s.typed("x")
		s.has(map[string]string{"filter": "/ xndx", "find": "find xndx", "command": ":xndx", "picker": "› xndx"}[what])
		s.keys("alt+d")
		s.hasNot("xndx")
		s.has(map[string]string{"filter": "/ x ", "find": "find x ", "command": ":x ", "picker": "› x "}[what])
	}
}
