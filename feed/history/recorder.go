package history

import (
	"cmp"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

const (
	blockBytes = 64 << 10 // of ops, from which on a block is cut
	keyBytes   = 1 << 20  // only keys are larger
	queued     = 64       // blocks that may wait for the disk
	spares     = 4        // of them whose memory is kept
	// A block is cut by market time, at the ticks, which come four times a second.
	cutEvery = 900    // ms: each second
	cutCalm  = 10_000 // ms: where nothing came from the market
	hour     = 3600_000
)

// Recorder writes down what a book is told. All but Run and what followers call
// belongs to the goroutine of that book, and waits for nothing: what the disk does
// not take in time is missing, and said to be.
type Recorder struct {
	*writer
	book *book.Book

	enc     daylog.Encoder
	key     bool  // the open block begins a file
	resumes bool  // and says what is missing before it
	news    bool  // something in it came from the market
	start   int64 // ms: where it begins
	last    int64 // ms: the last tick
	began   int64 // ms: the first tick
	hour    int64 // of the file
	date    model.Date
	carries bool                 // the next file is the first of its date: what the book has come to goes into it
	enters  bool                 // that is so until something of the date is written
	left    map[model.Date]int64 // ms: when the files of a date that was moved from ended

	state   *model.State // to be written; nil: it is
	stateAt int64        // ms

	off  bool  // nothing is written
	from int64 // ms: since then
}

// New returns a recorder. It writes while Run does.
func New(o Options) *Recorder { return &Recorder{writer: newWriter(o)} }

// Begin says which book it is, before that is told anything that is to be written
// down.
func (r *Recorder) Begin(b *book.Book) {
	defer close(r.begun)
	r.book = b
	r.date = b.Date()
	r.begin()
}

// Telling hears of an input before the book does: one that moves the date begins a
// file of that date.
func (r *Recorder) Telling(in book.Input) {
	switch date, moves := book.LogOf(r.book).Moves(in); {
	case !moves:
	case r.date == 0:
		r.date = date // nothing was told
	case r.hour == 0 && !r.news: // nothing was written: the first file is of this date
		r.open()
		r.date, r.carries, r.enters = date, true, true
		r.begin()
	default:
		r.move(date)
	}
}

// Told hears of what the book was told, with the book's answers in it.
func (r *Recorder) Told(in book.Input) {
	tick, is := in.(*book.Tick)
	switch {
	case is:
		if !r.off {
			r.enc.Put(in)
		}
		r.tick(tick.Now)
	case !r.off:
		r.news = r.news || isNews(in)
		if r.enc.Put(in); r.enc.Len() >= blockBytes {
			r.cut()
		}
	}
}

// isNews reports whether something came from the market, and not from the calendar
// or from us.
func isNews(in book.Input) bool {
	switch in.(type) {
	case *book.Bar, *book.Snapshot, *book.Baseline, *book.Lost, *book.Filled, *book.History, *book.Sides:
		return true
	}
	return false
}

// Shown hears of a state that is shown to the faces.
func (r *Recorder) Shown(s *model.State) { r.state = s }

// End writes what is left. Nothing more is told.
func (r *Recorder) End() {
	if r.book != nil && !r.off {
		r.say()
		r.cut()
	}
	close(r.queue)
}

// tick does what is to be done by time.
func (r *Recorder) tick(now int64) {
	if r.start == 0 || now < r.start {
		r.start, r.stateAt = now, 0
	}
	r.last = now
	r.began = cmp.Or(r.began, now)
	switch r.asks.Load() {
	case asksFile:
		if r.asks.CompareAndSwap(asksFile, asksNothing) && !r.off {
			r.cut()
			r.begin()
		}
	case asksPause:
		r.pause(r.upTo.Load())
		return
	case asksAgain:
		r.pause(r.upTo.Load())
		r.resume(*r.reason.Load())
		return
	}
	if r.off {
		if len(r.queue) <= queued/2 {
			r.resume(whySlow)
		}
		return
	}
	wait := int64(cutCalm)
	switch {
	case r.followers.Load() > 0:
		wait = 0
	case r.news || r.state != nil && r.hour != 0:
		wait = cutEvery
	}
	if now-r.start < wait {
		return
	}
	if r.hour != 0 && now/hour != r.hour {
		r.cut()
		r.begin()
	}
	r.say()
	r.cut()
}

// say writes the state that is shown, once a second.
func (r *Recorder) say() {
	if r.state != nil && r.last-r.stateAt >= cutEvery {
		r.enc.State(r.state)
		r.state, r.stateAt = nil, r.last
	}
}

// cut hands the open block over to be written, and opens the next one.
func (r *Recorder) cut() {
	if r.off || r.enc.Ops() == 0 {
		return
	}
	if r.date == 0 { // the run was told none
		r.date = cmp.Or(r.book.Date(), model.TradingDate(r.last))
	}
	b := r.buffer()
	if b == nil {
		r.pause(r.start)
		return
	}
	b.ops = append(b.ops, r.enc.Bytes()...)
	b.many, b.start, b.end, b.date, b.key, b.resumes = r.enc.Ops(), r.start, r.last, r.date, r.key, r.resumes
	r.queue <- b // there is room: there are no more buffers than places
	if r.key {
		r.hour = r.last / hour
	}
	r.open()
}

// open opens a block.
func (r *Recorder) open() {
	if r.enc.Len() > keyBytes {
		r.enc = daylog.Encoder{} // its room is for once
	}
	r.enc.Reset()
	r.key, r.resumes, r.news, r.start = false, false, false, r.last
}

// begin makes the block that was opened the first of a file. It is true where
// whoever begins to read there has the book as it is.
func (r *Recorder) begin() (whole bool) {
	if r.off {
		return false
	}
	r.key = true
	r.enc.Key(r.book)
	whole = r.carries && r.enc.Carry(r.book)
	r.carries = false
	return whole
}

// move goes on in a file of another date. Back at one that was left, as where the
// clock had been wrong, what came meanwhile is not in its files.
func (r *Recorder) move(date model.Date) {
	r.cut()
	if r.left == nil {
		r.left = make(map[model.Date]int64)
	}
	r.left[r.date] = r.last
	from, again := r.left[date]
	r.date, r.carries, r.enters = date, !again, !again
	if r.begin(); again && !r.off {
		putHole(&r.enc, daylog.Hole{From: from, To: max(from, r.last), Why: whyLeft})
	}
}

// pause writes nothing more. What came after from is missing.
func (r *Recorder) pause(from int64) {
	if r.off {
		return
	}
	r.off, r.from = true, from
	if from == 0 {
		r.from = r.began // nothing was written yet
	}
	r.open()
}

// resume goes on in a new file, which begins with what is missing.
func (r *Recorder) resume(why string) {
	done := len(r.free) == queued
	if r.enters && r.Position().Date != r.date {
		if !done {
			return // what waits may be the first of the date
		}
		r.carries = true // what had that was dropped
	}
	r.asks.CompareAndSwap(asksAgain, asksNothing)
	r.off = false
	r.open()
	h := daylog.Hole{From: r.from, To: r.last, Why: why}
	if r.begin() {
		r.enc.Hole(h) // the book has heard of all that is missing here
	} else {
		putHole(&r.enc, h)
	}
	r.resumes = true
	r.say()
	r.cut()
}

// putHole says that something is missing: in words, and to the book of whoever
// reads it.
func putHole(e *daylog.Encoder, h daylog.Hole) {
	e.Hole(h)
	e.Put(&book.Lost{From: h.From, To: h.To, Reason: model.GapLost, Clock: true})
}
