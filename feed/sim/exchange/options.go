package exchange

import "time"

// DefaultRate is the mean number of trades a second over the whole market,
// about what the vendor's options stream carries (docs/wire.md#volumes).
const DefaultRate = 250

// DefaultQuoteLag is about how old the vendor's REST quotes are.
const DefaultQuoteLag = 500 * time.Millisecond

// Options say which market to simulate. The zero value is the default market.
type Options struct {
	Seed    uint64    // the same seed, start and speed give the same trades
	Rate    float64   // mean trades a second over the market; 0 is DefaultRate; the day's shape is a U
	Speed   float64   // market seconds per wall second; 0 is 1
	Start   time.Time // market time at the start; zero is now
	Faults  Faults
	Plan    Plan
	Tickers []string // underlyings to list; empty is all of Underlyings()
	// QuoteLag is how far REST's quotes are behind the market, in market time; 0 is
	// DefaultQuoteLag, below 0 is none.
	QuoteLag time.Duration
	Keep     bool // keep every trade since the start in memory, for tests over more than half an hour
}

// quoteLag is the QuoteLag in ms.
func (o *Options) quoteLag() int64 {
	if o.QuoteLag == 0 {
		return DefaultQuoteLag.Milliseconds()
	}
	return max(0, o.QuoteLag.Milliseconds())
}

// Faults are the ways in which the real feed is known or feared to be untidy.
// They change what is shown and when, and which trades are late; never the sums.
type Faults struct {
	SnapshotLag   time.Duration // chain snapshots are up to this much behind or ahead, at most 15 s; ahead they hold trades whose bars are yet to come
	YesterdaysDay bool          // a contract not traded today returns the `day` of the day it last traded
	LateTrades    bool          // some trades are counted in av and day volume seconds to minutes late, and their bar is sent again later still
	NoBarTrades   bool          // some trades are in the volume and in no bar ever
	OutOfOrder    bool          // some bars come up to 8 s after their neighbours
	LostBars      bool          // some bars are never sent; REST has them
	RoundedVwap   bool          // vw and a have four decimals
	OddNumbers    bool          // volumes as 2.384421e+06 or 7.0 now and then, trades without c
}

// AllFaults is every fault at once.
func AllFaults() Faults {
	return Faults{
		SnapshotLag: MaxSnapshotLag, YesterdaysDay: true, LateTrades: true, NoBarTrades: true,
		OutOfOrder: true, LostBars: true, RoundedVwap: true, OddNumbers: true,
	}
}

// MaxSnapshotLag bounds how far a snapshot may be behind or ahead of the market.
const MaxSnapshotLag = 15 * time.Second

// Plan says what the key's plan leaves out. The zero value carries everything.
type Plan struct {
	NoQuotes          bool // no last_quote, channel Q and /v3/quotes are refused
	NoTrades          bool // no last_trade, channel T and /v3/trades are refused
	NoUnderlying      bool // underlying_asset has no price or value
	DelayedUnderlying bool // underlying_asset is 15 minutes old and says DELAYED
	DelayedHost       bool // everything is 15 minutes late; WebSocket data only from a server with DelayedHost
	NoSnapshots       bool // snapshots answer 403
	NoWebSocket       bool // a good key is refused on the WebSocket with the plan's text
	Free              bool // 5 requests a minute, no WebSocket, no snapshots, no trades, only day aggregates
}

// Delay is how late a delayed plan or host is.
const Delay = 15 * time.Minute
