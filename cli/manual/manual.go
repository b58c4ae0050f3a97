// Package manual says in words what the program does: the topics of
// `optflow help`, and the man page. It is made of the tables that the program
// itself reads.
package manual

import (
	"bytes"
	"strings"

	"optflow/model"
	"optflow/ui/guide"
	"optflow/ui/paint"
)

// Topic is something that `optflow help` explains.
type Topic struct{ Name, Short string }

// Topics are those besides the commands.
func Topics() []Topic {
	return []Topic{
		{"screen", "what is on the screen: marks, sides, colours, gaps, every column"},
		{"filter", "the language of filters, of / and --filter alike"},
		{"man", "the man page: optflow help man > optflow.1"},
	}
}

// Measures of a topic's text, in cells.
const (
	leastWidth = 40
	mostWidth  = 100 // more is hard to read
	termWidth  = 20
)

// Text is a topic for a window of so many cells.
func Text(sections []guide.Section, width int) []byte {
	var b bytes.Buffer
	width = max(min(width, mostWidth), leastWidth)
	for i, s := range sections {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s.Head + "\n")
		for _, l := range s.Lines {
			term := "  " + l.Term
			for n, part := range paint.Wrap(l.Text, width-termWidth-3) {
				switch {
				case n > 0:
					term = ""
				case paint.Cells(term) > termWidth+2:
					b.WriteString(term + "\n")
					term = ""
				}
				b.WriteString(term + strings.Repeat(" ", termWidth+3-paint.Cells(term)) + part + "\n")
			}
		}
	}
	return b.Bytes()
}

// Screen explains the screen, Filter the language of filters.
func Screen(width int) []byte { return Text(guide.Screen(model.Plan{}), width) }

// Filter explains the language of filters.
func Filter(width int) []byte { return Text(guide.Filter(), width) }
