package model

// Account is one contract's day, in the parts of architecture.md "Accounts":
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

// BookCounters count what a Book met since its start. The gap figures are of
// now, and of the accounts still held.
type BookCounters struct {
	Rows        uint64 // versions appended to the tape
	Duplicates  uint64 // statements that said nothing new
	Corrections uint64 // later versions of a bar
	GapRows     uint64 // gap rows that are open now
	Missing     uint64 // contracts in them
	Pending     uint64 // contracts missing but not yet a gap
	LostGaps    uint64 // gap rows of reason lost or since unknown
	LostVolume  uint64 // contracts in those
	Beyond      Beyond // what was left out for want of room
}

// Into writes the figures into the state's counters; what was left out before it
// came to the Book is added to.
func (c BookCounters) Into(to *Counters) {
	to.Rows, to.Duplicates, to.Corrections = c.Rows, c.Duplicates, c.Corrections
	to.GapRows, to.Missing = c.GapRows, c.Missing
	to.LostGaps, to.LostVolume = c.LostGaps, c.LostVolume
	to.Beyond.Bars += c.Beyond.Bars
	to.Beyond.Lots += c.Beyond.Lots
}
