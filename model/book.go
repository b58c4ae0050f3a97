package model

// SnapshotMode says what a snapshot is used for.
type SnapshotMode uint8

// Snapshot modes. All of them bring quote, greeks, open interest and spot.
const (
	SnapshotEnrich   SnapshotMode = iota // nothing but those
	SnapshotBaseline                     // the first sweep: what traded before it is past
	SnapshotPoll                         // while Polling: the growth since the last one is a row
	SnapshotCheck                        // while Live: kept, and compared with the stream once that has caught up
)

// BookOptions set a Book up.
type BookOptions struct {
	Span  Span  // of the stream; 0 means Second. Changed by SetSpan
	Flags Flags // FlagSim and FlagDelayed as they apply to every row; changed by SetFlags
}

// GapRequest asks for the bars of one gap.
type GapRequest struct {
	Contract ContractID
	Span     Span    // the span in force at that time
	From, To int64   // ms: whole windows, To exclusive
	Volume   int64   // contracts missing
	Premium  float64 // dollars, estimated with the day's vwap
}

// Book is the engine's accounts and merge. It is owned by one goroutine and
// appends to the tape; the owner publishes.
type Book struct{}

// NewBook returns an empty book that writes to tape.
func NewBook(tape *Tape, o BookOptions) *Book { return &Book{} }

// Bar takes a bar from the stream.
func (b *Book) Bar(bar Bar) {}

// Snapshot takes what REST says of a contract; s.Contract must be set.
func (b *Book) Snapshot(s *Snapshot, mode SnapshotMode) {}

// CompleteBaseline says that the baseline sweep of a ticker, read at that
// time, was whole: its contracts without volume in it start with past = 0.
func (b *Book) CompleteBaseline(underlying string, read int64) {}

// Tick moves market time on: overdue pending volume becomes gap rows, deferred
// checks are judged, old dates dropped.
func (b *Book) Tick(now int64) {}

// Lost says that the stream (and polling) brought nothing between two times.
// Reason is GapLost or GapPaused.
func (b *Book) Lost(from, to int64, reason GapReason) {}

// Wanted returns closed gaps to ask bars for, largest premium first. Each is
// given out once until Filled or Failed answers it.
func (b *Book) Wanted(max int) []GapRequest { return nil }

// Filled takes the answer to a request. Whole says that REST returned the
// interval in full.
func (b *Book) Filled(req GapRequest, bars []Bar, whole bool) {}

// Failed gives a request back, to be handed out again later.
func (b *Book) Failed(req GapRequest) {}

// History takes bars from before the first stream bar of their contracts.
func (b *Book) History(bars []Bar) {}

// SetSpan changes the stream's span: windows before boundary (ms, a whole
// minute) count in the old span, from it on in the new one.
func (b *Book) SetSpan(span Span, boundary int64) {}

// SetDelay sets the measured delay of the feed in ms and whether it is a
// delayed host, on which snapshots are never compared with the stream.
func (b *Book) SetDelay(delay int64, delayed bool) {}

// SetFlags sets the flags that every row appended from now on carries.
func (b *Book) SetFlags(f Flags) {}

// SetSpot sets the price of an underlying, as of a time in ms.
func (b *Book) SetSpot(underlying string, price float64, at int64) {}

// Account returns today's account of a contract.
func (b *Book) Account(id ContractID) (Account, bool) { return Account{}, false }

// Accounts gives today's accounts in the order of contract numbers, until
// yield returns false.
func (b *Book) Accounts(yield func(Account) bool) {}

// Totals returns the sums of the tickers, in their order.
func (b *Book) Totals(tickers []string) []Totals { return nil }

// Counters returns what was counted.
func (b *Book) Counters() BookCounters { return BookCounters{} }

// Forget drops the accounts of an underlying that is no longer followed.
func (b *Book) Forget(underlying string) {}

// Settle ends a run: pending volume becomes gap rows of reason pending, and
// checks that are still waiting are judged.
func (b *Book) Settle() {}
