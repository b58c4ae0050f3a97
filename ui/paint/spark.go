package paint

// sparkMost is the widest sparkline: a cell a minute.
const sparkMost = 60

// sparks are the eight heights of a sparkline.
var sparks = []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// sparkParts are the two heights of a cell that does not hold all that traded:
// another glyph, so that it is no lower bar of the same kind.
var sparkParts = []string{"╷", "┊"}

// sparkNone is such a cell in which nothing is known to have traded.
const sparkNone = "·"

// SparkCells is how many cells so many minutes take, in so much room; 0 is too
// little.
func SparkCells(minutes, room int) int {
	n := min(room, sparkMost)
	if n < 8 || minutes == 0 {
		return 0
	}
	per := (minutes + n - 1) / n
	return (minutes + per - 1) / per
}

// Spark writes the premium of minutes in n cells, the newest at the right. Cells
// without premium are blank; those with a minute that is not whole, whose bit is
// set in partial, look so.
func (p *Pen) Spark(minutes []float64, partial uint64, n int) {
	var sums [sparkMost]float64
	var part [sparkMost]bool
	last, top := len(minutes)-1, 0.0
	per := (len(minutes) + n - 1) / n
	for i, v := range minutes {
		cell := n - 1 - (last-i)/per
		sums[cell] += v
		part[cell] = part[cell] || partial&(1<<i) != 0
		top = max(top, sums[cell])
	}
	for i, v := range sums[:n] {
		switch none := v <= 0 || top <= 0; {
		case none && part[i]:
			p.Put(Dim, sparkNone)
		case none:
			p.Put(Dim, " ")
		case part[i]:
			p.Put(Dim, sparkParts[min(int(v/top*2), 1)])
		default:
			p.Put(Dim, sparks[min(int(v/top*8), 7)])
		}
	}
}
