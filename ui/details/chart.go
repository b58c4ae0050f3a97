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
	most     int64 // contracts of the busiest column
	mark     int64 // ms: a time to point at; 0 none
	zone     *format.Zone
}

// chartLabels is the room for the prices at the left.
const chartLabels = 7

// newDayChart measures a day. It is empty without a bar that has a price.
func newDayChart(bars []model.Bar, mark int64, zone *format.Zone) (dayChart, bool) {
	c := dayChart{mark: mark, zone: zone, low: math.Inf(1), high: math.Inf(-1)}
	for _, b := range bars {
		if b.Volume > 0 && b.Close > 0 && !math.IsInf(b.Close, 0) {
			c.bars = append(c.bars, b)
			c.low, c.high = min(c.low, b.Close), max(c.high, b.Close)
		}
	}
	if len(c.bars) == 0 {
		return c, false
	}
	c.from = c.bars[0].Start
	last := &c.bars[len(c.bars)-1]
	c.to = last.Start + int64(last.Span)
	if c.to-c.from < 10*int64(model.Minute) { // a few minutes are no reason for a wall
		c.to = c.from + 10*int64(model.Minute)
	}
	if c.high-c.low < 0.02 { // a price that stood still is a line in the middle
		c.low, c.high = c.low-0.01, c.high+0.01
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

// line draws the closes of the minutes that traded, joined.
func (c *dayChart) line(width, height int) [][]rune {
	if width < 2 || height < 1 {
		return nil
	}
	grid := graph.NewBrailleGrid(width, height, 0, float64(c.to-c.from), c.low, c.high)
	at := func(b *model.Bar) canvas.Point {
		return grid.GridPoint(canvas.Float64Point{X: float64(b.Start + int64(b.Span)/2 - c.from), Y: b.Close})
	}
	before := at(&c.bars[0])
	grid.Set(before)
	for i := range c.bars {
		p := at(&c.bars[i])
		for _, q := range graph.GetLinePoints(before, p) {
			grid.Set(q)
		}
		before = p
	}
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
	var out []chartLine
	label := func(v float64) string { return string(format.AppendPrice(nil, v)) }
	for i, row := range price {
		l := chartLine{ink: paint.Accent, text: plainRunes(row)}
		switch i {
		case 0:
			l.label = label(c.high)
		case len(price) - 1:
			l.label = label(c.low)
		}
		out = append(out, l)
	}
	for i, row := range volume {
		l := chartLine{ink: paint.Dim, text: plainRunes(row)}
		if i == 0 {
			l.label = string(format.AppendCountIn(nil, c.most, chartLabels-1))
		}
		out = append(out, l)
	}
	across := width - chartLabels
	if across < 12 {
		return append(out, chartLine{})
	}
	times := []rune(c.zone.Minute(c.from))
	for len(times) < across-5 {
		times = append(times, ' ')
	}
	times = append(times[:across-5], []rune(c.zone.Minute(c.to))...)
	if c.mark >= c.from && c.mark < c.to {
		if at := c.column(c.mark, across); at >= 6 && at < across-6 {
			times[at] = '▲'
		}
	}
	return append(out, chartLine{ink: paint.Dim, text: string(times)})
}

// chartLine is one line of a chart with its label at the left.
type chartLine struct {
	label string
	ink   paint.Ink
	text  string
}

// plainRunes is a line of glyphs; nothing drawn is a blank.
func plainRunes(row []rune) string {
	out := slices.Clone(row)
	for i, r := range out {
		if r == 0 || r == 0x2800 {
			out[i] = ' '
		}
	}
	return string(out)
}
