package sim

import (
	"encoding/json"
	"math"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// round4 rounds to four decimals, as the vendor shows greeks and changes.
func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// countShown is a volume, now and then in one of the odd forms.
func (a *rest) countShown(n int64, salt uint64) json.Number {
	odd := a.market.Options().Faults.OddNumbers && basis.Mix(salt^uint64(n))%8 == 0
	return json.Number(appendCount(nil, n, odd))
}

// round2 rounds to cents.
func round2(x float64) float64 { return math.Round(x*100) / 100 }

// chainRow shows a view as the chain snapshot does.
func (a *rest) chainRow(v *exchange.View) chainRow {
	row := chainRow{
		BreakEven: breakEven(v), Day: a.chainDay(v), Details: detailsOf(v.C),
		OpenInterest: v.Interest, Underlying: a.spotShown(v),
		LastQuote: a.lastQuote(v), LastTrade: a.lastTrade(v),
	}
	row.Greeks, row.IV = greeksOf(v)
	return row
}

// chainDay shows the day's sums. Of a contract without a trade today the vendor
// is feared to show the last day that had one; otherwise only that day's close.
func (a *rest) chainDay(v *exchange.View) chainDay {
	day, previous := v.Day, v.Before
	if !v.HasDay {
		if previous.Volume == 0 {
			return chainDay{}
		}
		if !a.market.Options().Faults.YesterdaysDay {
			return chainDay{dayShown: dayShown{PreviousClose: exchange.Dollars(previous.Close)}}
		}
		day, previous = previous, exchange.DayStats{}
	}
	f := &a.market.Options().Faults
	shown := chainDay{dayShown{
		Close: exchange.Dollars(day.Close), High: exchange.Dollars(day.High), Low: exchange.Dollars(day.Low), Open: exchange.Dollars(day.Open),
		Volume: a.countShown(day.Volume, v.C.Hash),
	}, basis.StartOfDay(day.Date) * basis.Nanoseconds, vwapOf(day.Cents, day.Volume, f)}
	if previous.Close > 0 && day.Close > 0 {
		change := round4(exchange.Dollars(day.Close) - exchange.Dollars(previous.Close))
		percent := round4(100 * change / exchange.Dollars(previous.Close))
		shown.PreviousClose, shown.Change, shown.ChangePercent = exchange.Dollars(previous.Close), &change, &percent
	}
	return shown
}

func detailsOf(c *exchange.Contract) details {
	d := details{
		Type: c.Kind(), Exercise: "american", Expiry: c.Expiry.String(), Shares: 100, Strike: c.StrikeDollars(), Ticker: c.Symbol,
	}
	if c.Under.Terms != nil {
		d.Shares = c.Under.Terms.Shares
	}
	if c.Under.Index {
		d.Exercise = "european"
	}
	return d
}

// breakEven is where the option pays its premium back: strike plus or minus it.
func breakEven(v *exchange.View) float64 {
	if v.C.Put {
		return round4(v.C.StrikeDollars() - v.Theory.Price)
	}
	return round4(v.C.StrikeDollars() + v.Theory.Price)
}

func greeksOf(v *exchange.View) (*greeks, float64) {
	if !v.HasGreeks() {
		return nil, 0
	}
	w := v.Worth
	return &greeks{Delta: round4(w.Delta), Gamma: round4(w.Gamma), Theta: round4(w.Theta), Vega: round4(w.Vega)},
		round4(v.Theory.Vol)
}

func (a *rest) lastQuote(v *exchange.View) *lastQuote {
	if a.market.Options().Plan.NoQuotes {
		return nil
	}
	q := v.Quote
	return &lastQuote{
		Ask: exchange.Dollars(q.Ask), AskExchange: exchange.ExchangeID(q.AskVenue), AskSize: q.AskSize,
		Bid: exchange.Dollars(q.Bid), BidExchange: exchange.VenueID(q.BidVenue), BidSize: q.BidSize,
		LastUpdated: q.Nanos,
		Midpoint:    round4((exchange.Dollars(q.Bid) + exchange.Dollars(q.Ask)) / 2),
		Timeframe:   a.timeframe(),
	}
}

func (a *rest) lastTrade(v *exchange.View) *tradeShown {
	last := v.Day.Last
	if last.Size == 0 {
		last = v.Before.Last
	}
	if a.market.Options().Plan.NoTrades || last.Size == 0 {
		return nil
	}
	return &tradeShown{
		Conditions: []int{exchange.ConditionID(last.Code)}, Exchange: exchange.ExchangeID(last.Exchange), Price: exchange.Dollars(last.Price),
		Time: min(exchange.TradeNanos(last.Time, last.Nth), v.Now*basis.Nanoseconds), Size: last.Size, Timeframe: a.timeframe(),
	}
}

func (a *rest) spotShown(v *exchange.View) spotShown {
	u, plan := v.C.Under, a.market.Options().Plan
	shown := spotShown{Ticker: u.SnapshotName()}
	if plan.NoUnderlying {
		return shown
	}
	toBreakEven := round4(breakEven(v) - v.Spot)
	if v.C.Put {
		toBreakEven = -toBreakEven
	}
	shown.ToBreakEven = &toBreakEven
	shown.LastUpdated = v.SpotTime * basis.Nanoseconds
	shown.Timeframe = a.timeframe()
	if plan.DelayedUnderlying {
		shown.Timeframe = "DELAYED"
	}
	if u.Index {
		shown.Value = round2(v.Spot)
	} else {
		shown.Price = round2(v.Spot)
	}
	return shown
}
