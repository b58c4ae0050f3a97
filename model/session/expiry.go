package session

import "optflow/model"

// amSettled are the roots that settle at the opening prices of their expiry day
// and last trade the trading day before it (Cboe's product specifications: the
// monthly SPX, NDX and RUT; VIX and its weeklies). Their PM-settled sisters have
// roots of their own: SPXW, NDXP, RUTW.
var amSettled = map[string]bool{"SPX": true, "NDX": true, "RUT": true, "VIX": true, "VIXW": true}

// indexes and lateFunds are the underlyings whose options trade until 16:15
// (Cboe's trading hours).
var (
	indexes   = map[string]bool{"SPX": true, "NDX": true, "RUT": true, "VIX": true, "XSP": true, "DJX": true, "OEX": true, "XEO": true}
	lateFunds = map[string]bool{"SPY": true, "QQQ": true, "IWM": true, "DIA": true}
)

// LastTradingDay is the last day on which a contract trades: its expiry, the
// trading day before when that is none (a Friday's holiday moves it to
// Thursday), and one more trading day earlier for AM-settled roots.
func (c *Calendar) LastTradingDay(contract *model.Contract) model.Date {
	last := contract.Expiry
	if !c.TradingDay(last) {
		last = c.Previous(last)
	}
	if amSettled[contract.Root] {
		last = c.Previous(last)
	}
	return last
}

// ZeroDTE reports whether a contract trades for the last time on that day and
// expires with it. AM-settled contracts never do: they expire without trading.
func (c *Calendar) ZeroDTE(contract *model.Contract, day model.Date) bool {
	if contract.Expiry < day || contract.Expiry > day+7 {
		return false // nearly every contract, told without the calendar
	}
	return !amSettled[contract.Root] && c.LastTradingDay(contract) == day
}

// Closes is when a contract stops trading on a day, in Unix milliseconds; ok is
// false when it does not trade on that day. Options on an index stop with the
// rest on the day they expire.
func (c *Calendar) Closes(contract *model.Contract, day model.Date) (ms int64, ok bool) {
	hours, trades := c.Hours(day)
	last := c.LastTradingDay(contract)
	if !trades || day > last {
		return 0, false
	}
	if lateFunds[contract.Underlying] || indexes[contract.Underlying] && (day < last || amSettled[contract.Root]) {
		return hours.Late, true
	}
	return hours.Close, true
}
