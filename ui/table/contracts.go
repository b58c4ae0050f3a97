package table

import (
	"optflow/model/view"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// Contract is a row of the Contracts view.
type Contract = view.Contract

// ContractColumns are those of the Contracts view. The probe is what the tape's
// columns draw from.
func ContractColumns(probe *Cell) []Column[Contract] {
	type line = Contract
	via := func(draw func(*paint.Pen, *Cell, int)) func(*paint.Pen, *line, int) {
		return func(p *paint.Pen, l *line, width int) {
			probe.Row, probe.Contract, probe.Marks = &l.Row, l.Of, l.Marks
			draw(p, probe, width)
		}
	}
	keyed := func(key func(*Cell) float64) func(*line) float64 {
		return func(l *line) float64 {
			probe.Row, probe.Contract, probe.Marks = &l.Row, l.Of, l.Marks
			return key(probe)
		}
	}
	return []Column[line]{
		{Head: "TICK", Name: "ticker", Letter: "k", Always: true, Width: 5, ToStart: true, Note: "underlying",
			Draw: via(drawTick), Key: keyed(keyTick)},
		{Head: "STRIKE", Name: "strike", Letter: "r", Always: true, Width: 9, Note: "strike, C call or P put; * adjusted",
			Draw: via(drawStrike), Key: keyed(keyStrike)},
		{Head: "EXPIRY", Name: "expiry", Letter: "e", Always: true, Width: 7, ToStart: true, Note: "day of expiry",
			Draw: via(drawExpiry), Key: keyed(keyExpiry)},
		{Head: "DTE", Name: "dte", Letter: "d", Width: 4, Leaves: 30, Note: "calendar days to expiry, in New York",
			Draw: via(drawDTE), Key: keyed(keyDTE)},
		{Head: "PREMIUM", Name: "premium", Letter: "p", Width: 7, Falls: true, Note: "day volume x day vwap x 100; x 10 for minis",
			Draw: via(drawPremium), Key: keyed(keyPremium)},
		{Head: "VOL", Name: "volume", Letter: "v", Width: 8, Falls: true, Note: "contracts of the day",
			Draw: drawDayVolume, Key: func(l *line) float64 { return float64(l.Day) }},
		{Head: "OI", Name: "oi", Letter: "o", Width: 8, Falls: true, Leaves: 20, Note: "open interest of yesterday's close",
			Draw: via(drawOI), Key: keyed(keyOI)},
		{Head: "V/OI", Name: "v/oi", Letter: "u", Width: 4, Falls: true, Leaves: 10, Note: "volume of the day over open interest",
			Draw: via(drawRatio), Key: keyed(keyRatio)},
		{Head: "LAST", Name: "last", Letter: "c", Width: 6, Falls: true, Leaves: 15, Note: "the last price heard of",
			Draw: drawLast, Key: func(l *line) float64 { return l.DayClose }},
		{Head: "WIN", Name: "windows", Letter: "w", Width: 5, Falls: true, Leaves: 40, Note: "windows of trades of the day that are known one by one",
			Draw: drawWindows, Key: func(l *line) float64 { return float64(l.Windows) }},
		{Head: "GAPS", Name: "gaps", Letter: "g", Width: 6, Falls: true, Leaves: 35, Note: "contracts known to be missing",
			Draw: drawGaps, Key: func(l *line) float64 { return float64(l.Gaps) }},
		{Head: "OTM%", Name: "otm", Letter: "y", Width: 6, Falls: true, Leaves: 60, Note: "how far out of the money by the present spot; negative is in",
			Draw: via(drawOTM), Key: keyed(keyOTM)},
		{Head: "IV", Name: "iv", Letter: "i", Width: 4, Falls: true, Leaves: 50, Note: "implied volatility",
			Draw: via(drawIV), Key: keyed(keyIV)},
		{Head: "Δ", Name: "delta", Letter: "l", Width: 5, Falls: true, Leaves: 55, Note: "delta",
			Draw: via(drawDelta), Key: keyed(keyDelta)},
		{Head: "BID × ASK", Name: "quote", Letter: "q", Width: 13, Falls: true, Leaves: 90, Note: "the quote as last read",
			Draw: via(drawQuote), Key: keyed(keyQuote)},
		{Head: "MARK", Name: "marks", Letter: "m", Width: 4, ToStart: true, Falls: true, Leaves: 70, Note: "U: the day's volume is unusual",
			Draw: via(drawMark), Key: keyed(keyMark)},
		{Head: "TIME", Name: "time", Letter: "t", Width: 8, ToStart: true, Falls: true, Leaves: 80, Note: "the last trade",
			Draw: via(drawTime), Key: func(l *line) float64 { return float64(l.Last) }},
	}
}

func drawDayVolume(p *paint.Pen, l *Contract, width int) {
	p.Number(paint.Text, format.AppendCountIn(p.Scratch(), l.Day, width), width)
}

func drawLast(p *paint.Pen, l *Contract, width int) {
	figure(p, paint.Text, l.DayClose, width, format.AppendPrice)
}

func drawWindows(p *paint.Pen, l *Contract, width int) {
	p.Number(paint.Dim, format.AppendCountIn(p.Scratch(), int64(l.Windows), width), width)
}

func drawGaps(p *paint.Pen, l *Contract, width int) {
	if l.Gaps == 0 {
		p.Space(width)
		return
	}
	i := paint.Dim
	if l.Lost > 0 {
		i = paint.Warn
	}
	p.Number(i, format.AppendCountIn(p.Scratch(), l.Gaps, width), width)
}
