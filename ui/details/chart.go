package details

import (
	"math"
	"slices"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/canvas"
	"github.com/NimbleMarkets/ntcharts/v2/canvas/graph"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// dayChart is a contract's day: a price line with the volume under it.
type dayChart struct {
	bars     []model.Bar
	from, to int64   // ms across
	low      float64 // dollars down
	high     float64
	most     int64     // contracts of the busiest column
	row      int64     // ms: the row to point at; 0 none
	lost     []stretch // in which volume is missing
	zone     *format.Zone
}

// stretch is a time from and to, in ms.
type stretch struct{ from, to int64 }

// chartLabels is the room for the prices at the left.
const chartLabels = 7

// leastAcross is the shortest time that a chart shows: a few minutes are no reason
// for a wall.
const leastAcross = 10 * int64(model.Minute)

// newDayChart measures a day until now. It is empty without a bar that has a price.
func newDayChart(bars []model.Bar, row, now int64, zone *format.Zone) (dayChart, bool) {
	c := dayChart{row: row, zone: zone, low: math.Inf(1), high: math.Inf(-1)}
	for _, b := range bars {
		if b.Volume > 0 && b.Close > 0 && !math.IsInf(b.Close, 0) {
			c.bars = append(c.bars, b)
			c.low, c.high = min(c.low, b.Close), max(c.high, b.Close)
		}
	}
	if len(c.bars) == 0 {
		return c, false
	}
	last := &c.bars[len(c.bars)-1]
	c.from, c.to = c.bars[0].Start, max(last.Start+int64(last.Span), now)
	if row > 0 {
		c.from, c.to = min(c.from, row), max(c.to, row+1)
	}
	c.to = max(c.to, c.from+leastAcross)
	if c.high-c.low < 0.02 { // a price that stood still is a line in the middle
		c.low, c.high = max(c.low-0.01, 0), c.high+0.01
	}
	return c, true
}

// render draws the chart into exactly height lines of so many cells, each given
// to put: what is left of them is blank.
func (c *dayChart) render(width, height int) (price, volume [][]rune) {
	across := width - chartLabels
	rows := height - 1 // the last line is the times
	under := max(rows/4, 1)
	return c.line(across, rows-under), c.columns(across, under)
}

// line draws the closes of the minutes that traded. They are joined where no
// quiet minute lies between that could be seen: nothing is known of a price in it.
func (c *dayChart) line(width, height int) [][]rune {
	if width < 2 || height < 1 {
		return nil
	}
	grid := graph.NewBrailleGrid(width, height, 0, float64(c.to-c.from), c.low, c.high)
	at := func(ms int64, price float64) canvas.Point {
		return grid.GridPoint(canvas.Float64Point{X: float64(max(ms, c.from) - c.from), Y: price})
	}
	draw := func(from, to canvas.Point) {
		grid.Set(from)
		for _, p := range graph.GetLinePoints(from, to) {
			grid.Set(p)
		}
	}
	var end int64                  // of the bar before
	var middle, right canvas.Point // of it
	for i := range c.bars {
		b := &c.bars[i]
		span := int64(b.Span)
		to := min(b.Start+span, c.to) - 1
		left, here := at(b.Start, b.Close), at(min(b.Start+span/2, to), b.Close)
		if i > 0 && (b.Start <= end || left.X-right.X <= 1) {
			draw(middle, here)
		} else {
			if i > 0 {
				draw(middle, right)
			}
			draw(left, here)
		}
		middle, right, end = here, at(to, b.Close), b.Start+span
	}
	draw(middle, right)
	return grid.BraillePatterns()
}

// columns draws the volume, a column of cells a stretch of time.
func (c *dayChart) columns(width, height int) [][]rune {
	if width < 2 || height < 1 {
		return nil
	}
	sums := make([]int64, width)
	for i := range c.bars {
		sums[c.column(c.bars[i].Start, width)] += c.bars[i].Volume
	}
	c.most = max(slices.Max(sums), 1)
	m := canvas.New(width, height)
	lengths := make([]float64, width)
	for i, v := range sums {
		lengths[i] = float64(v) / float64(c.most) * float64(height)
		if v > 0 {
			lengths[i] = max(lengths[i], 0.125)
		}
	}
	graph.DrawColumns(&m, canvas.Point{X: 0, Y: height - 1}, lengths, lipgloss.NewStyle())
	out := make([][]rune, height)
	for y := range out {
		out[y] = make([]rune, width)
		for x := range width {
			out[y][x] = m.Cell(canvas.Point{X: x, Y: y}).Rune
		}
	}
	return out
}

// column is the column of a time.
func (c *dayChart) column(ms int64, width int) int {
	return max(min(int(float64(ms-c.from)/float64(c.to-c.from)*float64(width)), width-1), 0)
}

// lines gives the finished lines, each through a pen of the caller's.
func (c *dayChart) lines(width, height int) []chartLine {
	price, volume := c.render(width, height)
	across, row := width-chartLabels, -1
	if c.row > 0 {
		row = c.column(c.row, across)
	}
	var out []chartLine
	label := func(v float64) string { return string(format.AppendPrice(nil, v)) }
	for i, glyphs := range price {
		l := chartLine{ink: paint.Accent, text: plainRunes(glyphs), row: row}
		switch i {
		case 0:
			l.label = label(c.high)
		case len(price) - 1:
			l.label = label(c.low)
		}
		out = append(out, l)
	}
	for i, glyphs := range volume {
		l := chartLine{ink: paint.Dim, text: plainRunes(glyphs), row: row}
		if i == 0 {
			l.label = string(format.AppendCountIn(nil, c.most, chartLabels-1))
		}
		out = append(out, l)
	}
	return append(out, chartLine{ink: paint.Dim, text: c.axis(across, row), row: row})
}

// rowMark points at the row's time from below.
const rowMark = '▲'

// axis is the line of the times: where it begins and ends, where volume is missing,
// and where the row stands, whose time takes the place of one that it would cover.
func (c *dayChart) axis(width, row int) []rune {
	line := slices.Repeat([]rune{' '}, width)
	for _, s := range c.lost {
		if s.to < c.from || s.from >= c.to {
			continue
		}
		for x := c.column(s.from, width); x <= c.column(s.to-1, width); x++ {
			line[x] = '┊'
		}
	}
	begin, end := []rune(c.zone.Minute(c.from)), []rune(c.zone.Minute(c.to))
	n, from, to := len(begin), width, -1 // what the row takes
	if row >= 0 {
		from, to = row, row
		own := []rune(c.zone.Minute(c.row))
		switch {
		case row <= n:
			to = row + copy(line[row+1:], own)
		case row >= width-n-1:
			from = row - n
			copy(line[from:], own)
		}
		line[row] = rowMark
	}
	if from > n {
		copy(line, begin)
	}
	if to < width-n-1 {
		copy(line[width-n:], end)
	}
	return line
}

// chartLine is one line of a chart with its label at the left.
type chartLine struct {
	label string
	ink   paint.Ink
	text  []rune
	row   int // the cell under which the row stands, -1 none
}

// write writes the line. The row's cell stands out.
func (l *chartLine) write(p *paint.Pen) {
	p.Number(paint.Dim, []byte(l.label), chartLabels-1)
	p.Space(1)
	if l.row < 0 || l.row >= len(l.text) {
		p.Put(l.ink, string(l.text))
		return
	}
	p.Put(l.ink, string(l.text[:l.row]))
	p.Put(paint.Mark, string(l.text[l.row]))
	p.Put(l.ink, string(l.text[l.row+1:]))
}

// plainRunes is a line of glyphs; nothing drawn is a blank.
func plainRunes(row []rune) []rune {
	out := slices.Clone(row)
	for i, r := range out {
		if r == 0 || r == 0x2800 {
			out[i] = ' '
		}
	}
	return out
}
