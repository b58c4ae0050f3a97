package model

import "math"

// Span is the width of a window of trades in milliseconds.
type Span int32

// The two channels' spans. Polled rows and bursts have spans of their own.
const (
	Second Span = 1_000
	Minute Span = 60_000
)

// Kind says what a row is.
type Kind uint8

// Row kinds.
const (
	KindBar   Kind = iota // a window of trades
	KindGap               // volume known to be missing: Size, the time span and Reason; no prices
	KindBurst             // windows of one contract joined by burst.Set
)

// Source says where a row's numbers came from.
type Source uint8

// Sources of rows.
const (
	SourceWS       Source = iota // "ws": the stream
	SourceREST                   // "rest": the difference of two polls
	SourceBackfill               // "backfill": /v2/aggs after the fact
)

// Side is where in the quote the trades of a row took place (docs/words.md#sides).
type Side uint8

// Sides. Unknown means that there was no quote to compare with.
const (
	SideUnknown  Side = iota
	SideMid           // M
	SideAsk           // A: the low is at or above the ask
	SideBid           // B: the high is at or below the bid
	SideAboveAsk      // AA: the whole range is above the ask
	SideBelowBid      // BB: the whole range is below the bid
	SideNearAsk       // a: vwap in the outer quarter, the range does not reach the bid
	SideNearBid       // b
)

// NumSides is how many sides there are, the unknown one among them.
const NumSides = SideNearBid + 1

// Certainty says how sure a side is.
type Certainty uint8

// Certainties, from none to sure.
const (
	CertaintyNone  Certainty = iota // no side
	CertaintyLoose                  // "~": what was in force is not known, or the row was polled
	CertaintyFair                   // "?": the quotes read before and after have the same prices
	CertaintySure                   // all quotes in force put the trades on that side, see SureBefore
)

// GapReason says why a gap row's volume is missing.
type GapReason uint8

// Reasons of gaps.
const (
	GapNone         GapReason = iota
	GapPending                // younger than the grace time; printed as a gap only at the end of a run
	GapLost                   // a stream or program fault; REST is asked
	GapPaused                 // auto-refresh off, suspended, key taken
	GapNotInBars              // REST returned the whole interval and added nothing
	GapSinceUnknown           // the contract was first heard of after an outage
)

// Flags are facts about a row.
type Flags uint8

// Row flags.
const (
	FlagPast        Flags = 1 << iota // from before the contract was first seen; not in the accounts
	FlagApproximate                   // the price of a polled row could only be approximated
	FlagDelayed                       // the feed is a delayed one
	FlagSim                           // from the built-in or another simulated market
	FlagSpotDelayed                   // the spot is a delayed one beside real-time options: shown dimmed, reckoned with by nothing
	FlagTwin                          // of a burst: one of its windows has a twin, see Burst.Twin
	FlagAlone                         // of a burst: all of its windows were looked at and none has a twin
)

// UnknownCount stands for a count that is not known.
const UnknownCount = math.MaxUint32

// Row is one immutable version of a window of trades or of a gap, and what a
// Burst sums up.
// Spot, open interest, IV, delta and quote are frozen as known when the row was
// appended. Unknown floats are NaN, unknown counts UnknownCount. It is kept
// under 100 bytes: hundreds of thousands are held.
//
// Identity is (Kind, Contract, Span, Start). A later version of one identity
// carries Replaces, the distance back in the tape to the version before it.
type Row struct {
	Start        int64   // ms, window start
	Premium      float64 // dollars: vwap x size x the contract's multiplier
	Contract     ContractID
	Span         Span   // ms; Start+Span is the window's end
	Size         uint32 // contracts
	DayVolume    uint32 // contracts of the day as stated with this row, or UnknownCount
	Open         float32
	High         float32
	Low          float32
	Close        float32
	Vwap         float32
	Prints       float32 // estimated number of prints, v / z; NaN unknown
	Spot         float32
	IV           float32 // 0.41 is 41 %
	Delta        float32
	Bid          float32
	Ask          float32
	OpenInterest uint32
	QuoteAge     int32  // ms from the quote's last update to Start; negative when it changed later; MinInt32 no quote
	Replaces     uint32 // 0: a first version, or a burst
	Revision     uint16
	Kind         Kind
	Source       Source
	Side         Side
	Certainty    Certainty
	Reason       GapReason
	Flags        Flags
}

// NoQuote is the QuoteAge of a row without a quote.
const NoQuote = math.MinInt32

// End is the end of the row's time span in ms.
func (r *Row) End() int64 { return r.Start + int64(r.Span) }

// Identity names a row across its versions.
type Identity struct {
	Start    int64
	Contract ContractID
	Span     Span
	Kind     Kind
}

// Identity of the row.
func (r *Row) Identity() Identity {
	return Identity{Start: r.Start, Contract: r.Contract, Span: r.Span, Kind: r.Kind}
}

// Is reports whether all of the given flags are set.
func (r *Row) Is(f Flags) bool { return r.Flags&f == f }

// Known32 reports whether a frozen value is known.
func Known32(v float32) bool { return v == v }

// Unknown is the float of a value that is not known.
var Unknown = math.NaN()
