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
func contractColumns(probe *cell) []gridColumn[contractLine] {
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
	return []gridColumn[line]{
		{"TICK", "ticker", 5, true, never, false, "underlying", via(drawTick), keyed(keyTick)},
		{"STRIKE", "strike", 9, false, never, false, "strike, C call or P put; * adjusted", via(drawStrike), keyed(keyStrike)},
		{"EXPIRY", "expiry", 7, true, never, false, "day of expiry", via(drawExpiry), keyed(keyExpiry)},
		{"DTE", "dte", 4, false, 30, false, "calendar days to expiry, in New York", via(drawDTE), keyed(keyDTE)},
		{"PREMIUM", "premium", 7, false, never, true, "day volume x day vwap x 100; x 10 for minis", via(drawPremium), keyed(keyPremium)},
		{"VOL", "volume", 8, false, never, true, "contracts of the day", drawDayVolume, func(l *line) float64 { return float64(l.Day) }},
		{"OI", "oi", 8, false, 20, true, "open interest of yesterday's close", via(drawOI), keyed(keyOI)},
		{"V/OI", "v/oi", 4, false, 10, true, "volume of the day over open interest", via(drawRatio), keyed(keyRatio)},
		{"LAST", "last", 6, false, 15, true, "the last price heard of", drawLast, func(l *line) float64 { return l.DayClose }},
		{"WIN", "windows", 5, false, 40, true, "windows of trades of the day that are known one by one", drawWindows, func(l *line) float64 { return float64(l.Windows) }},
		{"GAPS", "gaps", 6, false, 35, true, "contracts known to be missing", drawGaps, func(l *line) float64 { return float64(l.Gaps) }},
		{"OTM%", "otm", 6, false, 60, true, "how far out of the money by the present spot; negative is in", via(drawOTM), keyed(keyOTM)},
		{"IV", "iv", 4, false, 50, true, "implied volatility", via(drawIV), keyed(keyIV)},
		{"Δ", "delta", 5, false, 55, true, "delta", via(drawDelta), keyed(keyDelta)},
		{"BID × ASK", "quote", 13, false, 90, true, "the quote as last read", via(drawQuote), keyed(keyQuote)},
		{"MARK", "marks", 4, true, 70, true, "U: the day's volume is unusual", via(drawMark), keyed(keyMark)},
		{"TIME", "time", 8, true, 80, true, "the last trade", via(drawTime), func(l *line) float64 { return float64(l.Last) }},
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
