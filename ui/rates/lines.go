package rates

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"optflow/model/ledger"
)

// column is one column of the table.
type column struct {
	head   string
	width  int
	left   bool // text at the left; numbers stand at the right
	leaves int  // the larger, the earlier it gives way; 0 stays
	rate   bool // it has no place while there are too few
	text   func(f *ledger.Figures) string
}

func count(n int) string { return strconv.Itoa(n) }

var columns = []column{
	{head: "RULE", width: 16, left: true, text: func(f *ledger.Figures) string { return f.Rule }},
	{head: "VER", width: 3, text: func(f *ledger.Figures) string { return count(f.Number) }},
	{head: "n", width: 4, text: func(f *ledger.Figures) string { return count(f.N) }},
	{head: "DAYS", width: 4, leaves: 3, text: func(f *ledger.Figures) string { return count(f.Days) }},
	{head: "HIT", width: 5, rate: true, text: func(f *ledger.Figures) string { return percent(f.Hit.Value) }},
	{head: "95 %", width: 7, rate: true, text: func(f *ledger.Figures) string { return percentRange(f.Hit) }},
	{head: "CONTROL", width: 7, leaves: 4, rate: true, text: func(f *ledger.Figures) string { return percent(f.Control) }},
	{head: "DIFF", width: 4, rate: true, text: func(f *ledger.Figures) string { return points(f.Diff.Value) }},
	{head: "95 %", width: 8, rate: true, text: func(f *ledger.Figures) string { return pointsRange(f.Diff) }},
	{head: "SAYS", width: 18, left: true, leaves: 6, rate: true, text: says},
	{head: "MID", width: 6, rate: true, text: func(f *ledger.Figures) string { return change(f.Mid.Mean) }},
	{head: "MEDIAN", width: 6, leaves: 8, rate: true, text: func(f *ledger.Figures) string { return change(f.Mid.Median) }},
	{head: "NET", width: 6, rate: true, text: func(f *ledger.Figures) string { return change(f.Net.Mean) }},
	{head: "MEDIAN", width: 6, leaves: 7, rate: true, text: func(f *ledger.Figures) string { return change(f.Net.Median) }},
	{head: "OPENED≥", width: 7, leaves: 5, rate: true, text: opened},
	{head: "LOST", width: 4, text: func(f *ledger.Figures) string { return count(f.Lost) }},
	{head: "OPEN", width: 4, leaves: 9, text: func(f *ledger.Figures) string { return count(f.Waiting) }},
	{head: "HELD", width: 4, leaves: 10, text: func(f *ledger.Figures) string { return count(f.Held) }},
}

// Columns are the heads of all columns.
func Columns() (heads []string) {
	for i := range columns {
		heads = append(heads, columns[i].head)
	}
	return heads
}

// says is what a difference shows.
func says(f *ledger.Figures) string {
	switch d := f.Diff; {
	case d.Few():
		return ""
	case d.Nothing():
		return "no difference seen"
	case d.Low > 0:
		return "more than control"
	}
	return "less than control"
}

// opened is the least share of the lots that opened a position.
func opened(f *ledger.Figures) string {
	if f.Opening.Lots == 0 {
		return "–"
	}
	return percent(float64(f.Opening.Opened) / float64(f.Opening.Lots))
}

// fitting are the columns that fit into so many cells.
func fitting(width int) []column {
	list := columns
	for {
		used, last := -1, 0
		for _, c := range list {
			used += c.width + 1
			last = max(last, c.leaves)
		}
		if used <= width || last == 0 {
			return list
		}
		list = slices.DeleteFunc(slices.Clone(list), func(c column) bool { return c.leaves == last })
	}
}

// Lines are the heads of the columns and a line for each version, the newest of a
// rule first, in so many cells.
func (r *Rates) Lines(h ledger.Horizon, width int) (head string, rows []string) {
	list := fitting(width)
	head = line(list, func(c *column) string { return c.head }, "")
	for i := range r.By[h] {
		f := &r.By[h][i]
		few := ""
		if f.Hit.Few() && f.Diff.Few() {
			few = Few
		}
		rows = append(rows, line(list, func(c *column) string { return c.text(f) }, few))
	}
	return head, rows
}

// line writes one line. Few stands in place of all rates, where there are too
// few.
func line(list []column, text func(*column) string, few string) string {
	var b strings.Builder
	room := 0 // of the rates that few stands for
	for i := range list {
		if c := &list[i]; c.rate && few != "" {
			room += c.width + 1
		}
	}
	for i := range list {
		c := &list[i]
		if c.rate && few != "" {
			if room > 0 {
				b.WriteString(" " + cell(few, room-1, true))
				room = 0
			}
			continue
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(cell(text(c), c.width, c.left))
	}
	return strings.TrimRight(b.String(), " ")
}

// cell is text in so many cells, all of whose letters are one wide.
func cell(text string, width int, left bool) string {
	n := utf8.RuneCountInString(text)
	switch {
	case n > width:
		return string([]rune(text)[:max(width-1, 0)]) + "…"
	case left:
		return text + strings.Repeat(" ", width-n)
	}
	return strings.Repeat(" ", width-n) + text
}
