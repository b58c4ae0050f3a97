package ui

import (
	"math"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// contractLine is one contract's day: its account, and the same in the words of
// a row, which is what filters and the tape's columns read.
type contractLine struct {
	model.Account
	contract *model.Contract
	row      model.Row
	marks    model.Marks
}

// dayRow writes an account as a row: size and volume are the day's, the price
// its vwap, the time that of the last trade, the spot the present one.
func dayRow(a *model.Account, spot float64, lagging bool, now int64) model.Row {
	r := model.Row{
		Kind: model.KindBurst, Contract: a.Contract, Start: a.Last, Premium: a.Premium, Size: lots(a.Day), DayVolume: lots(a.Day),
		Open: float32(a.DayOpen), High: float32(a.DayHigh), Low: float32(a.DayLow), Close: float32(a.DayClose), Vwap: float32(a.DayVwap),
		Prints: float32(math.NaN()), Spot: float32(spot), IV: float32(a.IV), Delta: float32(a.Delta),
		Bid: float32(math.NaN()), Ask: float32(math.NaN()), OpenInterest: model.UnknownCount, QuoteAge: model.NoQuote,
	}
	if a.Last == 0 {
		r.Start = now
	}
	if a.OpenInterest >= 0 {
		r.OpenInterest = lots(int64(a.OpenInterest))
	}
	if a.Quote.Read > 0 {
		r.Bid, r.Ask = float32(a.Quote.Bid), float32(a.Quote.Ask)
	}
	if lagging {
		r.Flags |= model.FlagSpotDelayed
	}
	return r
}

// lots is a count as rows hold it.
func lots(v int64) uint32 { return uint32(max(min(v, model.UnknownCount-1), 0)) }

// contractColumns are those of the Contracts view. The probe is what the tape's
// columns draw from.
func contractColumns(probe *cell) []column[contractLine] {
	type line = contractLine
	via := func(draw func(*paint.Pen, *cell, int)) func(*paint.Pen, *line, int) {
		return func(p *paint.Pen, l *line, width int) {
			probe.row, probe.contract, probe.marks = &l.row, l.contract, l.marks
			draw(p, probe, width)
		}
	}
	keyed := func(key func(*cell) float64) func(*line) float64 {
		return func(l *line) float64 {
			probe.row, probe.contract, probe.marks = &l.row, l.contract, l.marks
			return key(probe)
		}
	}
	return []column[line]{
		{head: "TICK", name: "ticker", width: 5, toStart: true, note: "underlying",
			draw: via(drawTick), key: keyed(keyTick)},
		{head: "STRIKE", name: "strike", width: 9, note: "strike, C call or P put; * adjusted",
			draw: via(drawStrike), key: keyed(keyStrike)},
		{head: "EXPIRY", name: "expiry", width: 7, toStart: true, note: "day of expiry",
			draw: via(drawExpiry), key: keyed(keyExpiry)},
		{head: "DTE", name: "dte", width: 4, leaves: 30, note: "calendar days to expiry, in New York",
			draw: via(drawDTE), key: keyed(keyDTE)},
		{head: "PREMIUM", name: "premium", width: 7, falls: true, note: "day volume x day vwap x 100; x 10 for minis",
			draw: via(drawPremium), key: keyed(keyPremium)},
		{head: "VOL", name: "volume", width: 8, falls: true, note: "contracts of the day",
			draw: drawDayVolume, key: func(l *line) float64 { return float64(l.Day) }},
		{head: "OI", name: "oi", width: 8, falls: true, leaves: 20, note: "open interest of yesterday's close",
			draw: via(drawOI), key: keyed(keyOI)},
		{head: "V/OI", name: "v/oi", width: 4, falls: true, leaves: 10, note: "volume of the day over open interest",
			draw: via(drawRatio), key: keyed(keyRatio)},
		{head: "LAST", name: "last", width: 6, falls: true, leaves: 15, note: "the last price heard of",
			draw: drawLast, key: func(l *line) float64 { return l.DayClose }},
		{head: "WIN", name: "windows", width: 5, falls: true, leaves: 40, note: "windows of trades of the day that are known one by one",
			draw: drawWindows, key: func(l *line) float64 { return float64(l.Windows) }},
		{head: "GAPS", name: "gaps", width: 6, falls: true, leaves: 35, note: "contracts known to be missing",
			draw: drawGaps, key: func(l *line) float64 { return float64(l.Gaps) }},
		{head: "OTM%", name: "otm", width: 6, falls: true, leaves: 60, note: "how far out of the money by the present spot; negative is in",
			draw: via(drawOTM), key: keyed(keyOTM)},
		{head: "IV", name: "iv", width: 4, falls: true, leaves: 50, note: "implied volatility",
			draw: via(drawIV), key: keyed(keyIV)},
		{head: "Δ", name: "delta", width: 5, falls: true, leaves: 55, note: "delta",
			draw: via(drawDelta), key: keyed(keyDelta)},
		{head: "BID × ASK", name: "quote", width: 13, falls: true, leaves: 90, note: "the quote as last read",
			draw: via(drawQuote), key: keyed(keyQuote)},
		{head: "MARK", name: "marks", width: 4, toStart: true, falls: true, leaves: 70, note: "U: the day's volume is unusual",
			draw: via(drawMark), key: keyed(keyMark)},
		{head: "TIME", name: "time", width: 8, toStart: true, falls: true, leaves: 80, note: "the last trade",
			draw: via(drawTime), key: func(l *line) float64 { return float64(l.Last) }},
	}
}

func drawDayVolume(p *paint.Pen, l *contractLine, width int) {
	var b [24]byte
	p.Number(paint.Text, format.AppendCountIn(b[:0], l.Day, width), width)
}

func drawLast(p *paint.Pen, l *contractLine, width int) {
	if math.IsNaN(l.DayClose) {
		p.Space(width)
		return
	}
	var b [32]byte
	p.Number(paint.Text, format.AppendPrice(b[:0], l.DayClose), width)
}

func drawWindows(p *paint.Pen, l *contractLine, width int) {
	var b [24]byte
	p.Number(paint.Dim, format.AppendCountIn(b[:0], int64(l.Windows), width), width)
}

func drawGaps(p *paint.Pen, l *contractLine, width int) {
	if l.Gaps == 0 {
		p.Space(width)
		return
	}
	i := paint.Dim
	if l.Lost > 0 {
		i = paint.Warn
	}
	var b [24]byte
	p.Number(i, format.AppendCountIn(b[:0], l.Gaps, width), width)
}
