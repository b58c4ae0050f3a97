package ui

import (
	"math"
	"strconv"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// tickerLine is one underlying's day.
type tickerLine struct {
	model.Totals
	name  uint32
	share float64 // of the premium of all followed tickers since JointSince; NaN unknown

	against  float64 // the day's volume over that of earlier sessions by now; NaN unknown
	sessions int     // how many those are
	row      model.Row
}

// tickerColumns are those of the Tickers view, with the comparison with earlier
// sessions where there can be any.
func tickerColumns(zone *format.Zone, compared bool) []column[tickerLine] {
	type line = tickerLine
	columns := []column[line]{
		{head: "TICK", name: "ticker", width: 6, toStart: true, note: "underlying",
			draw: func(p *paint.Pen, l *line, w int) { p.Start(paint.Strong, l.Underlying, w) }, key: func(l *line) float64 { return tickerKey(l.Underlying) }},
		{head: "SPOT", name: "spot", width: 8, falls: true, leaves: 7, note: "price of the underlying",
			draw: drawTickerSpot, key: func(l *line) float64 { return l.Spot }},
		{head: "CALLS", name: "calls", width: 7, falls: true, note: "call premium of the day",
			draw: premiumOf(paint.Call, func(l *line) float64 { return l.CallPremium }), key: func(l *line) float64 { return l.CallPremium }},
		{head: "PUTS", name: "puts", width: 7, falls: true, note: "put premium of the day",
			draw: premiumOf(paint.Put, func(l *line) float64 { return l.PutPremium }), key: func(l *line) float64 { return l.PutPremium }},
		{head: "TOTAL", name: "premium", width: 7, falls: true, leaves: 20, note: "call and put premium of the day",
			draw: premiumOf(paint.Text, func(l *line) float64 { return l.row.Premium }), key: func(l *line) float64 { return l.row.Premium }},
		{head: "P/C $", name: "p/c premium", width: 5, falls: true, leaves: 5, note: "put over call premium",
			draw: ratioOf(func(l *line) float64 { return l.PutPremium / l.CallPremium }), key: func(l *line) float64 { return l.PutPremium / l.CallPremium }},
		{head: "P/C VOL", name: "p/c volume", width: 7, falls: true, leaves: 6, note: "put over call volume",
			draw: ratioOf(volumeRatio), key: volumeRatio},
		{head: "BULL-BEAR", name: "bull-bear", width: 9, falls: true, leaves: 8, note: "ask-side calls and bid-side puts less the mirror, sure sides only; – below 10% of premium",
			draw: drawBalance, key: balanceOf},
		{head: "ON", name: "on", width: 4, falls: true, leaves: 9, note: "the share of premium that BULL-BEAR stands on",
			draw: shareOf(func(l *line) float64 { return sureShare(&l.Totals) }), key: func(l *line) float64 { return sureShare(&l.Totals) }},
		{head: "SINCE", name: "since", width: 5, leaves: 25, note: "from when BULL-BEAR and ON count: the first row of the ticker in this run",
			draw: drawSince(zone), key: sinceOf},
		{head: "TAPE", name: "tape", width: 5, falls: true, leaves: 15, note: "share of the premium that all followed tickers traded since the last of them joined; the line of the title says when that was",
			draw: shareOf(func(l *line) float64 { return l.share }), key: func(l *line) float64 { return l.share }},
		{head: "C VOL", name: "call volume", width: 8, falls: true, leaves: 60, note: "call contracts of the day",
			draw: volumeOf(func(l *line) int64 { return l.CallVolume }), key: func(l *line) float64 { return float64(l.CallVolume) }},
		{head: "P VOL", name: "put volume", width: 8, falls: true, leaves: 61, note: "put contracts of the day",
			draw: volumeOf(func(l *line) int64 { return l.PutVolume }), key: func(l *line) float64 { return float64(l.PutVolume) }},
		{head: "LAST HOUR", name: "last hour", width: 30, falls: true, leaves: 50, note: "premium by minute, the newest at the right; ╷ ┊ · hold a minute that is not whole: history, missing volume, the running one",
			draw: drawHour, key: hourOf},
	}
	if compared {
		columns = append(columns, column[line]{head: "VS MEAN", name: "relative volume", width: 9, falls: true, leaves: 40,
			note: "volume of the day over its mean at this time of day, and of how many sessions; from the fifth on",
			draw: drawAgainst, key: func(l *line) float64 { return l.against }})
	}
	return columns
}

// drawAgainst writes 1.8× (7): 1.8 times the mean of 7 sessions. Before there
// are enough, how many of them there are.
func drawAgainst(p *paint.Pen, l *tickerLine, width int) {
	var b [32]byte
	if math.IsNaN(l.against) {
		p.Number(paint.Faint, append(strconv.AppendInt(append(b[:0], "– ("...), int64(l.sessions), 10), ")"...), width)
		return
	}
	i := paint.Text
	if l.against >= 2 {
		i = paint.Strong
	}
	p.Number(i, append(strconv.AppendInt(append(format.AppendRatio(b[:0], l.against), "× ("...), int64(l.sessions), 10), ")"...), width)
}

func drawTickerSpot(p *paint.Pen, l *tickerLine, width int) {
	if math.IsNaN(l.Spot) {
		p.Number(paint.Faint, []byte("–"), width)
		return
	}
	var b [32]byte
	p.Number(paint.Text, format.AppendPrice(b[:0], l.Spot), width)
}

func premiumOf(full paint.Ink, of func(*tickerLine) float64) func(*paint.Pen, *tickerLine, int) {
	return func(p *paint.Pen, l *tickerLine, width int) {
		i := full
		var b [32]byte
		if !l.Whole {
			i = paint.Faint
		}
		p.Number(i, format.AppendSum(b[:0], of(l), l.Whole), width)
	}
}

func volumeOf(of func(*tickerLine) int64) func(*paint.Pen, *tickerLine, int) {
	return func(p *paint.Pen, l *tickerLine, width int) {
		var b [32]byte
		switch n := of(l); {
		case l.Whole:
			p.Number(paint.Dim, format.AppendCountIn(b[:0], n, width), width)
		case n == 0: // which is not known yet
			p.Number(paint.Faint, []byte("–"), width)
		default:
			p.Number(paint.Faint, format.AppendCountIn(append(b[:0], "≥"...), n, width-1), width)
		}
	}
}

func volumeRatio(l *tickerLine) float64 { return float64(l.PutVolume) / float64(l.CallVolume) }

func ratioOf(of func(*tickerLine) float64) func(*paint.Pen, *tickerLine, int) {
	return func(p *paint.Pen, l *tickerLine, width int) {
		var b [32]byte
		v := of(l)
		if math.IsNaN(v) || math.IsInf(v, 0) || !l.Whole {
			p.Number(paint.Faint, []byte("–"), width)
			return
		}
		p.Number(paint.Text, format.AppendPutCall(b[:0], v), width)
	}
}

func shareOf(of func(*tickerLine) float64) func(*paint.Pen, *tickerLine, int) {
	return func(p *paint.Pen, l *tickerLine, width int) {
		var b [32]byte
		v := of(l)
		if math.IsNaN(v) {
			p.Number(paint.Faint, []byte("–"), width)
			return
		}
		p.Number(paint.Dim, append(strconv.AppendFloat(b[:0], v*100, 'f', 0, 64), '%'), width)
	}
}

// bullBearLeast is the share of premium with a sure side below which
// BULL-BEAR says nothing (docs/words.md#the-totals).
const bullBearLeast = 0.10

// sureShare is the share of premium that has a sure side.
func sureShare(r *model.Totals) float64 {
	if r.Premium <= 0 {
		return 0
	}
	return (r.Bull + r.Bear) / r.Premium
}

// balanceOf is BULL-BEAR, NaN where it stands on too little.
func balanceOf(l *tickerLine) float64 {
	if sureShare(&l.Totals) < bullBearLeast {
		return math.NaN()
	}
	return l.Bull - l.Bear
}

func drawBalance(p *paint.Pen, l *tickerLine, width int) {
	net := balanceOf(l)
	if math.IsNaN(net) {
		p.Number(paint.Faint, []byte("–"), width)
		return
	}
	var b [32]byte
	text, i := b[:0], paint.Bid
	if net >= 0 {
		text, i = append(text, '+'), paint.Ask
	}
	p.Number(i, format.AppendMoney(text, net), width)
}

// hourOf is the premium of the minutes shown.
func hourOf(l *tickerLine) (sum float64) {
	for _, v := range l.Minutes {
		sum += v
	}
	return sum
}

func drawHour(p *paint.Pen, l *tickerLine, width int) {
	n := paint.SparkCells(len(l.Minutes), width)
	p.Space(width - n)
	if n > 0 {
		p.Spark(l.Minutes, l.Partial, n)
	}
}

// drawSince writes since when the row's balance counts.
func drawSince(zone *format.Zone) func(p *paint.Pen, l *tickerLine, width int) {
	return func(p *paint.Pen, l *tickerLine, width int) {
		if l.Since == 0 {
			p.Number(paint.Faint, []byte("–"), width)
			return
		}
		p.Number(paint.Dim, zone.AppendClock(nil, l.Since)[:5], width)
	}
}

// sinceOf is NaN before the first row.
func sinceOf(l *tickerLine) float64 {
	if l.Since == 0 {
		return model.Unknown
	}
	return float64(l.Since)
}
