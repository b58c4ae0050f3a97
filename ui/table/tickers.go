package table

import (
	"math"
	"strconv"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// Ticker is a row of the Tickers view.
type Ticker = view.Ticker

// TickerColumns are those of the Tickers view, with the comparison with earlier
// sessions where there can be any.
func TickerColumns(zone *format.Zone, compared bool) []Column[Ticker] {
	type line = Ticker
	columns := []Column[line]{
		{Head: "TICK", Name: "ticker", Letter: "k", Always: true, Width: 6, ToStart: true, Note: "underlying",
			Draw: func(p *paint.Pen, l *line, w int) { p.Start(paint.Strong, l.Underlying, w) }, Key: func(l *line) float64 { return tickerKey(l.Underlying) }},
		{Head: "SPOT", Name: "spot", Letter: "x", Width: 8, Falls: true, Leaves: 7, Note: "price of the underlying",
			Draw: drawTickerSpot, Key: func(l *line) float64 { return l.Spot }},
		{Head: "CALLS", Name: "calls", Letter: "c", Width: 7, Falls: true, Note: "call premium of the day",
			Draw: premiumOf(paint.Call, func(l *line) float64 { return l.CallPremium }), Key: func(l *line) float64 { return l.CallPremium }},
		{Head: "PUTS", Name: "puts", Letter: "u", Width: 7, Falls: true, Note: "put premium of the day",
			Draw: premiumOf(paint.Put, func(l *line) float64 { return l.PutPremium }), Key: func(l *line) float64 { return l.PutPremium }},
		{Head: "TOTAL", Name: "premium", Letter: "p", Width: 7, Falls: true, Leaves: 20, Note: "call and put premium of the day",
			Draw: premiumOf(paint.Text, func(l *line) float64 { return l.Row.Premium }), Key: func(l *line) float64 { return l.Row.Premium }},
		{Head: "P/C $", Name: "p/c premium", Letter: "r", Width: 5, Falls: true, Leaves: 5, Note: "put over call premium",
			Draw: ratioOf(func(l *line) float64 { return l.PutPremium / l.CallPremium }), Key: func(l *line) float64 { return l.PutPremium / l.CallPremium }},
		{Head: "P/C VOL", Name: "p/c volume", Letter: "o", Width: 7, Falls: true, Leaves: 6, Note: "put over call volume",
			Draw: ratioOf(volumeRatio), Key: volumeRatio},
		{Head: "BULL-BEAR", Name: "bull-bear", Letter: "b", Width: 9, Falls: true, Leaves: 8, Note: "ask-side calls and bid-side puts less the mirror, sure sides only; – below 10% of premium",
			Draw: drawBalance, Key: func(l *line) float64 { return view.Balance(&l.Totals) }, Dash: func(l *line) bool { return view.SureShare(&l.Totals) > 0 }}, // ON says of how little
		{Head: "ON", Name: "on", Letter: "n", Width: 4, Falls: true, Leaves: 9, Note: "the share of premium that BULL-BEAR stands on",
			Draw: shareOf(func(l *line) float64 { return view.SureShare(&l.Totals) }), Key: func(l *line) float64 { return view.SureShare(&l.Totals) }},
		{Head: "SINCE", Name: "since", Letter: "s", Width: 5, Leaves: 25, Note: "from when BULL-BEAR and ON count: the first row of the ticker in this run",
			Draw: drawSince(zone), Key: sinceOf},
		{Head: "TAPE", Name: "tape", Letter: "t", Width: 5, Falls: true, Leaves: 15, Note: "share of the premium that all followed tickers traded since the last of them joined; the line of the title says when that was",
			Draw: shareOf(func(l *line) float64 { return l.Share }), Key: func(l *line) float64 { return l.Share }},
		{Head: "C VOL", Name: "call volume", Letter: "v", Width: 8, Falls: true, Leaves: 60, Note: "call contracts of the day",
			Draw: volumeOf(func(l *line) int64 { return l.CallVolume }), Key: func(l *line) float64 { return float64(l.CallVolume) }},
		{Head: "P VOL", Name: "put volume", Letter: "w", Width: 8, Falls: true, Leaves: 61, Note: "put contracts of the day",
			Draw: volumeOf(func(l *line) int64 { return l.PutVolume }), Key: func(l *line) float64 { return float64(l.PutVolume) }},
		{Head: "LAST HOUR", Name: "last hour", Letter: "h", Width: 30, Falls: true, Leaves: 50, Note: "premium by minute, the newest at the right; ╷ ┊ · hold a minute that is not whole: history, missing volume, the running one",
			Draw: drawHour, Key: func(l *line) float64 { return view.LastHour(&l.Totals) }},
	}
	if compared {
		columns = append(columns, Column[line]{Head: "VS MEAN", Name: "relative volume", Letter: "m", Width: 9, Falls: true, Leaves: 40,
			Note: "volume of the day over its mean at this time of day, and of how many sessions; from the fifth on",
			Draw: drawAgainst, Key: func(l *line) float64 { return l.Against }})
	}
	return columns
}

// drawAgainst writes 1.8× (7): 1.8 times the mean of 7 sessions. Before there
// are enough, how many of them there are.
func drawAgainst(p *paint.Pen, l *Ticker, width int) {
	if math.IsNaN(l.Against) {
		p.Number(paint.Faint, append(strconv.AppendInt(append(p.Scratch(), "– ("...), int64(l.Sessions), 10), ")"...), width)
		return
	}
	i := paint.Text
	if l.Against >= 2 {
		i = paint.Strong
	}
	p.Number(i, append(strconv.AppendInt(append(format.AppendRatio(p.Scratch(), l.Against), "× ("...), int64(l.Sessions), 10), ")"...), width)
}

// orDash writes a number by one of the formats, or a – in its place.
func orDash(p *paint.Pen, i paint.Ink, v float64, width int, write func([]byte, float64) []byte) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		p.Number(paint.Faint, []byte("–"), width)
		return
	}
	p.Number(i, write(p.Scratch(), v), width)
}

func drawTickerSpot(p *paint.Pen, l *Ticker, width int) {
	orDash(p, paint.Text, l.Spot, width, format.AppendPrice)
}

func premiumOf(full paint.Ink, of func(*Ticker) float64) func(*paint.Pen, *Ticker, int) {
	return func(p *paint.Pen, l *Ticker, width int) {
		i := full
		if !l.Whole {
			i = paint.Faint
		}
		p.Number(i, format.AppendSum(p.Scratch(), of(l), l.Whole), width)
	}
}

func volumeOf(of func(*Ticker) int64) func(*paint.Pen, *Ticker, int) {
	return func(p *paint.Pen, l *Ticker, width int) {
		switch n := of(l); {
		case l.Whole:
			p.Number(paint.Dim, format.AppendCountIn(p.Scratch(), n, width), width)
		case n == 0: // which is not known yet
			p.Number(paint.Faint, []byte("–"), width)
		default:
			p.Number(paint.Faint, format.AppendCountIn(append(p.Scratch(), "≥"...), n, width-1), width)
		}
	}
}

func volumeRatio(l *Ticker) float64 { return float64(l.PutVolume) / float64(l.CallVolume) }

func ratioOf(of func(*Ticker) float64) func(*paint.Pen, *Ticker, int) {
	return func(p *paint.Pen, l *Ticker, width int) {
		v := of(l)
		if !l.Whole {
			v = math.NaN()
		}
		orDash(p, paint.Text, v, width, format.AppendPutCall)
	}
}

func shareOf(of func(*Ticker) float64) func(*paint.Pen, *Ticker, int) {
	return func(p *paint.Pen, l *Ticker, width int) {
		orDash(p, paint.Dim, of(l), width, func(b []byte, v float64) []byte { return append(strconv.AppendFloat(b, v*100, 'f', 0, 64), '%') })
	}
}

// Balance writes BULL-BEAR, and says in which ink: a – where it stands on too little.
func Balance(b []byte, t *model.Totals) ([]byte, paint.Ink) {
	switch net := view.Balance(t); {
	case math.IsNaN(net):
		return append(b, "–"...), paint.Faint
	case net >= 0:
		return format.AppendMoney(append(b, '+'), net), paint.Ask
	default:
		return format.AppendMoney(b, net), paint.Bid
	}
}

func drawBalance(p *paint.Pen, l *Ticker, width int) {
	text, i := Balance(p.Scratch(), &l.Totals)
	p.Number(i, text, width)
}

func drawHour(p *paint.Pen, l *Ticker, width int) {
	n := paint.SparkCells(len(l.Minutes), width)
	p.Space(width - n)
	if n > 0 {
		p.Spark(l.Minutes, l.Partial, n)
	}
}

// drawSince writes since when the row's balance counts.
func drawSince(zone *format.Zone) func(p *paint.Pen, l *Ticker, width int) {
	return func(p *paint.Pen, l *Ticker, width int) {
		if l.Since == 0 {
			p.Number(paint.Faint, []byte("–"), width)
			return
		}
		p.Number(paint.Dim, zone.AppendClock(nil, l.Since)[:5], width)
	}
}

// sinceOf is NaN before the first row.
func sinceOf(l *Ticker) float64 {
	if l.Since == 0 {
		return model.Unknown
	}
	return float64(l.Since)
}
