package model

// Bar is one window of trades as a source stated it: the input of the Book.
type Bar struct {
	Contract  ContractID
	Span      Span
	Start     int64 // ms
	Volume    int64 // contracts in the window
	DayVolume int64 // contracts of the day so far, this window included; -1 unknown
	Open      float64
	High      float64
	Low       float64
	Close     float64
	Vwap      float64
	DayVwap   float64 // 0 unknown
	AvgSize   float64 // z: mean size of a print in the window; 0 unknown
}

// Quote is a contract's best bid and offer.
type Quote struct {
	Bid, Ask         float64 // dollars
	BidSize, AskSize float64 // contracts; 0 unknown
	Updated          int64   // ms: when the quote last changed
	Read             int64   // ms: market time when we asked for it
}

// Snapshot is what REST says of one contract at one time. Unknown floats are
// NaN; HasDay and HasQuote say whether those parts were there.
type Snapshot struct {
	Symbol     string
	Contract   ContractID // set by whoever interned Symbol
	Underlying string     // as ticker.Vendor spells it; "" not stated
	Index      bool       // the vendor's name of it is that of an index
	Shares     float64    // 0 unknown
	More       bool       // stated to deliver more than those
	Read       int64      // ms: market time when the answer came

	HasDay        bool
	DayUpdated    int64 // ms: day.last_updated, today's volume is this one only if it falls on today
	DayVolume     int64
	DayVwap       float64
	DayOpen       float64
	DayHigh       float64
	DayLow        float64
	DayClose      float64
	LastTrade     float64 // price of the last trade, NaN unknown
	LastTradeTime int64   // ms, 0 unknown

	HasQuote     bool
	Quote        Quote
	OpenInterest float64
	IV           float64
	Delta        float64
	Gamma        float64
	Theta        float64
	Vega         float64

	Spot        float64 // of the underlying
	SpotUpdated int64   // ms, 0 unknown
	SpotDelayed bool
}

// Interest is what the vendor states of one contract's session once that is
// over.
type Interest struct {
	Lots   int64 // open interest at its end; -1 not stated
	Volume int64 // contracts traded in it; -1 not stated
	// ByDate says that the open interest was stated for that session by name. A
	// snapshot's is that of the trading day before the one on which it was read.
	ByDate bool
}
