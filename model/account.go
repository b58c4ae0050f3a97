package model

// Account is one contract's day, in the parts of docs/words.md#the-accounts:
// Past + Exact + Polled + Pending + Gaps = Day. It is a copy.
type Account struct {
	Contract ContractID
	Date     Date // trading date in New York

	Day     int64 // largest day volume heard
	Past    int64 // traded before we looked
	Exact   int64 // in bars, from the stream or backfilled
	Polled  int64 // in rows made of poll differences
	Pending int64 // missing, but younger than the grace time
	Gaps    int64 // missing: the sum of the gap rows
	Lost    int64 // of Gaps, those of reason lost or since unknown

	DayVwap  float64 // dollars, NaN unknown
	DayOpen  float64 // NaN unknown, as the next ones
	DayHigh  float64
	DayLow   float64
	DayClose float64 // the last price heard of
	Premium  float64 // dollars: Day x DayVwap x multiplier; 0 when there is no vwap
	Last     int64   // ms: end of the newest window with trades; 0 none
	Windows  int     // bars of the day
	Revised  int     // corrections of the day

	OpenInterest float64 // NaN unknown
	IV           float64
	Delta        float64
	Gamma        float64
	Theta        float64
	Vega         float64
	Quote        Quote // zero Read: none
}

// Whole reports whether the invariant holds; it always does.
func (a *Account) Whole() bool {
	return a.Past+a.Exact+a.Polled+a.Pending+a.Gaps == a.Day
}

// Beyond counts bars for which there is no room: those of contracts beyond the
// number that may trade, and those of times whose windows a flood had forgotten.
// Each version of a bar counts.
type Beyond struct {
	Bars uint64
	Lots uint64 // contracts in them
}

// Add counts a bar of so many contracts.
func (n *Beyond) Add(volume int64) {
	n.Bars++
	n.Lots += uint64(volume)
}
