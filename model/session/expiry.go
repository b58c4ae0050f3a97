package session

import "optflow/model"

// indexes and lateFunds are the underlyings whose options trade until 16:15
// (Cboe's trading hours).
var (
	indexes   = map[string]bool{"SPX": true, "NDX": true, "RUT": true, "VIX": true, "XSP": true, "DJX": true, "OEX": true, "XEO": true}
	lateFunds = map[string]bool{"SPY": true, "QQQ": true, "IWM": true, "DIA": true}
)

// LastTradingDay is the last day on which a contract trades: its expiry, the
// trading day before when that is none (a Friday's holiday moves it to
// Thursday), and one more trading day earlier for those that are AM-settled.
func (c *Calendar) LastTradingDay(contract *model.Contract) model.Date {
	last := contract.Expiry
	if !c.TradingDay(last) {
		last = c.Previous(last)
	}
	if contract.AMSettled() {
		last = c.Previous(last)
	}
	return last
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
	if lateFunds[contract.Underlying] || indexes[contract.Underlying] && (day < last || contract.AMSettled()) {
		return hours.Late, true
	}
	return hours.Close, true
}
