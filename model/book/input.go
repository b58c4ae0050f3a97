package book

import "optflow/model"

// Input is one thing that a Book can be told: a type of this file. What a Book
// holds follows from its inputs and their order and from nothing else, so that
// whoever writes them down can have the same Book again. Apply keeps none of
// them, and what it answers stands in the input itself.
type Input interface{ apply(b *Book) }

type (
	// Bar is a bar from the stream. The same version again changes nothing; a
	// changed one becomes a new version of the row; one of a span that is not in
	// force for its time is left out, since the other channel carries its volume.
	Bar struct {
		model.Bar
		NoRoom bool // the answer: as many contracts trade as may
	}

	// Snapshot is what REST says of a contract; its Contract must be set. Its day
	// volume counts for the current trading date only if it was updated on it,
	// else it says that nothing has traded today.
	Snapshot struct {
		*model.Snapshot
		Mode Mode
	}

	// Contract is a symbol such as "O:SPY251219C00650000" that somebody named.
	Contract struct {
		Symbol string
		Traded bool             // by the stream: if it is new it trades
		ID     model.ContractID // the answer, if there is no Err
		Err    error            // model.ErrFull, or what is wrong with the symbol
	}

	// Shares are what the vendor says that a contract delivers. Where that makes it
	// a mini after all, or none, what is booked of it is worth another sum, and its
	// rows get a new version.
	Shares struct {
		Contract model.ContractID
		Shares   float64 // 0 not stated
		More     bool    // cash or other shares beside them
	}

	// Learn is what the vendor says of a root's underlying (model.Registry.Learn).
	// Accounts, sums and twins move with the contracts, so that nothing counts
	// under two names, or none.
	Learn struct {
		Root, Name string
		Moved      bool // the answer: the root's contracts changed their underlying
	}

	// Expect is the name under which a ticker is followed, a better guess than the
	// root (model.Registry.Expect).
	Expect struct{ Name string }

	// Baseline says that the baseline sweep of a ticker, read at that time in ms,
	// was whole: its contracts without volume in it start with past = 0, so that
	// all that follows is rows or gaps.
	Baseline struct {
		Ticker string
		Read   int64
	}

	// Forget drops the accounts of an underlying that is no longer followed, so
	// that following it again starts afresh.
	Forget struct{ Ticker string }

	// Lost is an outage: between two times in ms nothing came in. Reason is GapLost
	// or GapPaused. What turns out to be missing from that time carries it, and
	// contracts first heard of afterwards do not count as past what nobody watched.
	Lost struct {
		From, To int64
		Reason   model.GapReason
		Clock    bool // the times are of the clock, not of windows: these lie back by the feed's delay
	}

	// Date says which trading date is current, when that is not simply the
	// calendar day in New York: on a Saturday Friday is still being shown. A bar
	// of a later date moves it on.
	Date struct{ Date model.Date }

	// Rewind goes to a market time, in ms, and back to a trading date: the clock had
	// been wrong. Dates that were begun on its word alone are left again; what bars
	// have put in one stays, since they carry their own date.
	Rewind struct {
		Now  int64
		Date model.Date
	}

	// Provisional says whether market time stands on one source's word: then no
	// date is given up, since it may not be over.
	Provisional struct{ Alone bool }

	// Span changes the stream's span: windows that start before From (ms, a whole
	// minute) count in the old span, from it on in the new one.
	Span struct {
		Span model.Span
		From int64
	}

	// Delay is the measured delay of the feed in ms, and whether it is a delayed
	// host, whose snapshots may be ahead of the stream by all of the delay.
	Delay struct {
		Delay   int64
		Delayed bool
	}

	// Flags are those that every row appended from now on carries.
	Flags struct{ Flags model.Flags }

	// Tick moves market time on: overdue pending volume becomes gap rows, deferred
	// snapshots are judged, old dates are dropped.
	Tick struct{ Now int64 }

	// Settle ends a run: what is still pending becomes gap rows of reason pending.
	// Snapshots that the stream has not caught up with stay out of it: they may
	// speak of volume that nobody had time to send.
	Settle struct{}

	// Asked says that bars were asked for. What was asked for is Wanted no more,
	// until Filled or Failed answers it.
	Asked struct{ Requests []GapRequest }

	// Filled is the answer to a request: bars of that contract and span. Whole says
	// that REST returned the interval in full, so that what is still missing is in
	// no bar.
	Filled struct {
		Request GapRequest
		Bars    []model.Bar
		Whole   bool
	}

	// Failed gives a request back, to be wanted again later.
	Failed struct{ Request GapRequest }

	// History are bars from before the first stream bar of their contracts. What
	// traded before we looked is marked past and stands outside the sums, what
	// traded between then and the stream counts as any bar. A window that is known
	// already is left alone.
	History struct{ Bars []model.Bar }

	// Sides are the quotes that were in force during a window, newest first. Its
	// row gets a new version with the side that they prove (side.Judge), or with
	// one that is not sure any more.
	Sides struct {
		Contract model.ContractID
		Start    int64
		Span     model.Span
		Quotes   []model.Quote
		Enough   bool // the answer: they were enough to judge
	}

	// Carry is what another Book had come to (Book.Carry). One that has been told
	// nothing but names of contracts goes on as that one from here; any other one
	// does so anyway, and leaves it.
	Carry struct {
		Image []byte
		Taken bool  // the answer
		Err   error // ErrOtherRules, or the Image is damaged and so is the Book now
	}
)

// Apply tells the Book something: the one way to change it. It allocates nothing
// of its own.
func (b *Book) Apply(in Input) { in.apply(b) }

func (in *Bar) apply(b *Book)         { in.NoRoom = !b.bar(&in.Bar) }
func (in *Snapshot) apply(b *Book)    { b.snapshot(in.Snapshot, in.Mode) }
func (in *Shares) apply(b *Book)      { b.shares(in.Contract, in.Shares, in.More) }
func (in *Learn) apply(b *Book)       { in.Moved = b.learn(in.Root, in.Name) }
func (in *Expect) apply(b *Book)      { b.expect(in.Name) }
func (in *Baseline) apply(b *Book)    { b.baseline(in.Ticker, in.Read) }
func (in *Forget) apply(b *Book)      { b.forget(in.Ticker) }
func (in *Date) apply(b *Book)        { b.days.set(in.Date) }
func (in *Rewind) apply(b *Book)      { b.rewind(in.Now, in.Date) }
func (in *Provisional) apply(b *Book) { b.time.unsure = in.Alone }
func (in *Span) apply(b *Book)        { b.time.setSpan(in.Span, in.From) }
func (in *Delay) apply(b *Book)       { b.time.delay, b.time.delayed = max(0, in.Delay), in.Delayed }
func (in *Flags) apply(b *Book)       { b.write.flags = in.Flags }
func (in *Tick) apply(b *Book)        { b.tick(in.Now) }
func (in *Settle) apply(b *Book)      { b.settle() }
func (in *Asked) apply(b *Book)       { b.asked(in.Requests) }
func (in *Filled) apply(b *Book)      { b.filled(in.Request, in.Bars, in.Whole) }
func (in *Failed) apply(b *Book)      { b.failed(in.Request) }
func (in *History) apply(b *Book)     { b.history(in.Bars) }
func (in *Sides) apply(b *Book)       { in.Enough = b.sides(in.Contract, in.Start, in.Span, in.Quotes) }
func (in *Carry) apply(b *Book)       { in.Taken, in.Err = b.goOn(in.Image) }

func (in *Contract) apply(b *Book) {
	intern := b.tape.Registry.Intern
	if in.Traded {
		intern = b.tape.Registry.InternTraded
	}
	in.ID, in.Err = intern(in.Symbol)
}

func (in *Lost) apply(b *Book) {
	back := int64(0)
	if in.Clock {
		back = b.time.delay
	}
	b.lost(in.From-back, in.To-back, in.Reason)
}
