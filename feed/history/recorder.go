package history

import (
	"cmp"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

const (
	blockBytes = 64 << 10 // of ops, from which on a block is cut
	queued     = 64       // blocks that may wait for the disk
	// A block is cut by market time, at the ticks, which come four times a second.
	cutEvery = 900    // ms: each second
	cutCalm  = 10_000 // ms: where there are ticks only
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
	news    bool  // it has more than ticks
	start   int64 // ms: where it begins
	last    int64 // ms: the last tick
	began   int64 // ms: the first tick
	hour    int64 // of the file
	date    model.Date
	dayEnd  int64 // ms: the midnight of that date

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
	if date := b.Date(); date != 0 {
		r.setDate(date)
	}
	r.begin()
}

// Telling hears of an input before the book does: one that begins another date
// begins a file of that date.
func (r *Recorder) Telling(in book.Input) {
	switch in := in.(type) {
	case *book.Bar:
		if in.Start >= r.dayEnd && r.date != 0 {
			r.move(model.TradingDate(in.Start))
		}
	case *book.Snapshot:
		if in.DayUpdated >= r.dayEnd && in.Mode != book.ModeEnrich && in.HasDay && r.date != 0 {
			r.move(model.TradingDate(in.DayUpdated))
		}
	case *book.Date:
		if in.Date > r.date && r.date != 0 {
			r.move(in.Date)
		}
	case *book.Rewind:
		if in.Date < r.date {
			r.move(in.Date)
		}
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
		r.news = true
		if r.enc.Put(in); r.enc.Len() >= blockBytes {
			r.cut()
		}
	}
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
	case r.news || r.state != nil:
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
		r.setDate(cmp.Or(r.book.Date(), model.TradingDate(r.last)))
	}
	b := r.buffer()
	if b == nil {
		r.pause(r.start)
		return
	}
	b.ops = append(b.ops[:0], r.enc.Bytes()...)
	b.many, b.start, b.end, b.date, b.key, b.resumes = r.enc.Ops(), r.start, r.last, r.date, r.key, r.resumes
	r.queue <- b // there is room: there are no more buffers than places
	if r.key {
		r.hour = r.last / hour
	}
	r.open()
}

// open opens a block.
func (r *Recorder) open() {
	r.enc.Reset()
	r.key, r.resumes, r.news, r.start = false, false, false, r.last
}

// begin makes the block that was opened the first of a file.
func (r *Recorder) begin() {
	if !r.off {
		r.key = true
		r.enc.Key(r.book)
	}
}

// move goes on in a file of another date.
func (r *Recorder) move(date model.Date) {
	r.cut()
	r.setDate(date)
	r.begin()
}

func (r *Recorder) setDate(date model.Date) {
	r.date, r.dayEnd = date, (date+1).At(0, 0).UnixMilli()
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
	r.asks.CompareAndSwap(asksAgain, asksNothing)
	r.off = false
	r.open()
	r.begin()
	r.resumes = true
	putHole(&r.enc, daylog.Hole{From: r.from, To: r.last, Why: why})
	r.say()
	r.cut()
}

// putHole says that something is missing: in words, and to the book of whoever
// reads it.
func putHole(e *daylog.Encoder, h daylog.Hole) {
	e.Hole(h)
	e.Put(&book.Lost{From: h.From, To: h.To, Reason: model.GapLost})
}
