package sim

import (
	"encoding/json"
	"math"
)

// round4 rounds to four decimals, as the vendor shows greeks and changes.
func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// countShown is a volume, now and then in one of the odd forms.
func (a *rest) countShown(n int64, salt uint64) json.Number {
	odd := a.market.Options().Faults.OddNumbers && mix(salt^uint64(n))%8 == 0
	return json.Number(appendCount(nil, n, odd))
}

// round2 rounds to cents.
func round2(x float64) float64 { return math.Round(x*100) / 100 }

// chainRow shows a view as the chain snapshot does.
func (a *rest) chainRow(v *view) chainRow {
	row := chainRow{
		BreakEven: breakEven(v), Day: a.chainDay(v), Details: detailsOf(v.c, true),
		OpenInterest: v.interest, Underlying: a.spotShown(v),
		LastQuote: a.lastQuote(v), LastTrade: a.lastTrade(v),
	}
	row.Greeks, row.IV = greeksOf(v)
	return row
}

// chainDay shows the day's sums. Of a contract without a trade today the vendor
// is feared to show the last day that had one; otherwise only that day's close.
func (a *rest) chainDay(v *view) chainDay {
	day, previous := v.day, v.before
	if !v.hasDay {
		if previous.volume == 0 {
			return chainDay{}
		}
		if !a.market.Options().Faults.YesterdaysDay {
			return chainDay{PreviousClose: dollars(previous.close)}
		}
		day, previous = previous, dayStats{}
	}
	f := &a.market.Options().Faults
	shown := chainDay{
		Close: dollars(day.close), High: dollars(day.high), Low: dollars(day.low), Open: dollars(day.open),
		LastUpdated: startOfDay(day.date) * nanoseconds,
		Volume:      a.countShown(day.volume, v.c.hash), Vwap: vwapOf(day.cents, day.volume, f),
	}
	if previous.close > 0 && day.close > 0 {
		change := round4(dollars(day.close) - dollars(previous.close))
		percent := round4(100 * change / dollars(previous.close))
		shown.PreviousClose, shown.Change, shown.ChangePercent = dollars(previous.close), &change, &percent
	}
	return shown
}

func detailsOf(c *contract, ticker bool) details {
	d := details{
		Type: c.kind(), Exercise: "american", Expiry: c.expiry.String(), Shares: 100, Strike: c.strikeDollars(),
	}
	if c.under.terms != nil {
		d.Shares = c.under.terms.shares
	}
	if c.under.index {
		d.Exercise = "european"
	}
	if ticker {
		d.Ticker = c.symbol
	}
	return d
}

// breakEven is where the option pays its premium back: strike plus or minus it.
func breakEven(v *view) float64 {
	if v.c.put {
		return round4(v.c.strikeDollars() - v.theory.price)
	}
	return round4(v.c.strikeDollars() + v.theory.price)
}

func greeksOf(v *view) (*greeks, float64) {
	if !v.hasGreeks() {
		return nil, 0
	}
	w := v.worth
	return &greeks{Delta: round4(w.delta), Gamma: round4(w.gamma), Theta: round4(w.theta), Vega: round4(w.vega)},
		round4(v.theory.vol)
}

func (a *rest) lastQuote(v *view) *lastQuote {
	if a.market.Options().Plan.NoQuotes {
		return nil
	}
	q := v.quote
	return &lastQuote{
		Ask: dollars(q.ask), AskExchange: exchangeID(q.askVenue), AskSize: q.askSize,
		Bid: dollars(q.bid), BidExchange: venueID(q.bidVenue), BidSize: q.bidSize,
		LastUpdated: q.nanos,
		Midpoint:    round4((dollars(q.bid) + dollars(q.ask)) / 2),
		Timeframe:   a.timeframe(),
	}
}

func (a *rest) lastTrade(v *view) *tradeShown {
	last := v.day.last
	if last.size == 0 {
		last = v.before.last
	}
	if a.market.Options().Plan.NoTrades || last.size == 0 {
		return nil
	}
	return &tradeShown{
		Conditions: []int{conditionID(last.code)}, Exchange: exchangeID(last.exchange), Price: dollars(last.price),
		Time: min(tradeNanos(last.time, last.nth), v.now*nanoseconds), Size: last.size, Timeframe: a.timeframe(),
	}
}

func (a *rest) spotShown(v *view) spotShown {
	u, plan := v.c.under, a.market.Options().Plan
	shown := spotShown{Ticker: u.snapshotName()}
	if plan.NoUnderlying {
		return shown
	}
	toBreakEven := round4(breakEven(v) - v.spot)
	if v.c.put {
		toBreakEven = -toBreakEven
	}
	shown.ToBreakEven = &toBreakEven
	shown.LastUpdated = v.spotTime * nanoseconds
	shown.Timeframe = a.timeframe()
	if plan.DelayedUnderlying {
		shown.Timeframe = "DELAYED"
	}
	if u.index {
		shown.Value = round2(v.spot)
	} else {
		shown.Price = round2(v.spot)
	}
	return shown
}
