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
func tickerColumns(zone *format.Zone, compared bool) []gridColumn[tickerLine] {
	type line = tickerLine
	columns := []gridColumn[line]{
		{"TICK", "ticker", 6, true, never, false, "underlying", func(p *paint.Pen, l *line, w int) { p.Start(paint.Strong, l.Underlying, w) }, func(l *line) float64 { return tickerKey(l.Underlying) }},
		{"SPOT", "spot", 8, false, 7, true, "price of the underlying", drawTickerSpot, func(l *line) float64 { return l.Spot }},
		{"CALLS", "calls", 7, false, never, true, "call premium of the day", premiumOf(paint.Call, func(l *line) float64 { return l.CallPremium }), func(l *line) float64 { return l.CallPremium }},
		{"PUTS", "puts", 7, false, never, true, "put premium of the day", premiumOf(paint.Put, func(l *line) float64 { return l.PutPremium }), func(l *line) float64 { return l.PutPremium }},
		{"TOTAL", "premium", 7, false, 20, true, "call and put premium of the day", premiumOf(paint.Text, func(l *line) float64 { return l.row.Premium }), func(l *line) float64 { return l.row.Premium }},
		{"P/C $", "p/c premium", 5, false, 5, true, "put over call premium", ratioOf(func(l *line) float64 { return l.PutPremium / l.CallPremium }), func(l *line) float64 { return l.PutPremium / l.CallPremium }},
		{"P/C VOL", "p/c volume", 7, false, 6, true, "put over call volume", ratioOf(volumeRatio), volumeRatio},
		{"BULL-BEAR", "bull-bear", 9, false, 8, true, "ask-side calls and bid-side puts less the mirror, sure sides only; – below 10% of premium", drawBalance, balanceOf},
		{"ON", "on", 4, false, 9, true, "the share of premium that BULL-BEAR stands on", shareOf(func(l *line) float64 { return sureShare(&l.Totals) }), func(l *line) float64 { return sureShare(&l.Totals) }},
		{"SINCE", "since", 5, false, 25, false, "from when BULL-BEAR and ON count: the first row of the ticker in this run", drawSince(zone), sinceOf},
		{"TAPE", "tape", 5, false, 15, true, "share of the premium that all followed tickers traded since the last of them joined; the line of the title says when that was", shareOf(func(l *line) float64 { return l.share }), func(l *line) float64 { return l.share }},
		{"C VOL", "call volume", 8, false, 60, true, "call contracts of the day", volumeOf(func(l *line) int64 { return l.CallVolume }), func(l *line) float64 { return float64(l.CallVolume) }},
		{"P VOL", "put volume", 8, false, 61, true, "put contracts of the day", volumeOf(func(l *line) int64 { return l.PutVolume }), func(l *line) float64 { return float64(l.PutVolume) }},
		{"LAST HOUR", "last hour", 30, false, 50, true, "premium by minute, the newest at the right; ╷ ┊ · hold a minute that is not whole: history, missing volume, the running one", drawHour, hourOf},
	}
	if compared {
		columns = append(columns, gridColumn[line]{"VS MEAN", "relative volume", 9, false, 40, true,
			"volume of the day over its mean at this time of day, and of how many sessions; from the fifth on", drawAgainst, func(l *line) float64 { return l.against }})
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
