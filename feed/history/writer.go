package history

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"optflow/model"
	"optflow/model/daylog"
)

const (
	fileLarge  = 64 << 20         // from which on a file is followed by another
	syncEvery  = time.Second      // power may be lost
	tryEvery   = 5 * time.Second  // while nothing can be written
	tidyEvery  = time.Minute      // what is too old or too much
	endMost    = 2 * time.Second  // for a book that does not end
	lingerMost = 10 * time.Second // for who made the data to say it, see Options.Feed
)

// What the writer asks of the recorder.
const (
	asksNothing uint32 = iota
	asksFile           // the file is large: begin another
	asksPause          // nothing can be written
	asksAgain          // it can again: begin a file, and say what is missing
)

// Why something is missing.
const (
	whySlow = "the disk is slow"
	whyLeft = "the clock was wrong"
)

// Options set a Recorder up.
type Options struct {
	Root   string // the folder of all feeds, HISTORY
	Keep   Keep
	Header Header // what all files have in their first line: all but feed, date, version and sim
	// Feeds are the names that the feed may turn out to have, the likeliest first, and
	// Named the one that it has, "" while nobody knows: who answers says whether it is
	// delayed. Once something is written, the name stays.
	Feeds []string
	Named func() string
	// Anew says that the market is another one at each start: nothing is recovered.
	Anew bool
	Now  func() int64 // market time, ms
	Sim  func() bool  // whether the market is an invented one
	Log  *slog.Logger
}

// buffer is a block on its way to the disk.
type buffer struct {
	ops        []byte
	many       uint32
	start, end int64 // ms
	date       model.Date
	key        bool
	resumes    bool // it says what is missing before it
}

// writer is the half of a recorder that has a goroutine of its own, and waits for
// the disk.
type writer struct {
	o     Options
	begun chan struct{} // closed once the book is known
	queue chan *buffer
	free  chan *buffer
	spare chan []byte // memory for ops

	asks      atomic.Uint32
	upTo      atomic.Int64           // ms: the end of what is written
	reason    atomic.Pointer[string] // why nothing can be written
	retry     time.Duration          // while nothing can be written
	trouble   atomic.Pointer[string] // the same as a sentence, nil: there is none
	followers atomic.Int32

	// All that follows belongs to Run.
	disk   disk
	broken bool // until a block that resumes
	packed []byte
	out    []byte

	mu      sync.Mutex
	at      Position
	written chan struct{} // closed with the next block; nil: nobody waits
}

// Position is how far a log is.
type Position struct {
	Store Store
	Date  model.Date
	Epoch string
	Next  uint64 // op that is written next
}

func newWriter(o Options) *writer {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Sim == nil {
		o.Sim = func() bool { return false }
	}
	w := &writer{o: o, retry: tryEvery, begun: make(chan struct{}), queue: make(chan *buffer, queued), free: make(chan *buffer, queued), spare: make(chan []byte, spares)}
	for range queued {
		w.free <- &buffer{}
	}
	w.disk = disk{o: &w.o, known: map[model.Date]uint64{}}
	return w
}

// buffer is a free and empty one, nil where all of them wait for the disk.
func (w *writer) buffer() *buffer {
	select {
	case b := <-w.free:
		select {
		case b.ops = <-w.spare:
		default:
		}
		return b
	default:
		return nil
	}
}

// Trouble says in a sentence why nothing is written; "" where all is.
func (w *writer) Trouble() string {
	if t := w.trouble.Load(); t != nil {
		return *t
	}
	return ""
}

// Run writes until the book has ended, or for a while after ctx has.
func (w *writer) Run(ctx context.Context) error {
	select {
	case <-w.begun:
	case <-ctx.Done():
		return nil
	}
	defer w.disk.end()
	var (
		tidy   = time.NewTicker(tidyEvery)
		queue  = w.queue
		over   = ctx.Done()
		named  <-chan time.Time // looks whether the feed has its name
		linger = time.After(lingerMost)
		sync   <-chan time.Time
		again  <-chan time.Time
		late   <-chan time.Time
	)
	defer tidy.Stop()
	if w.disk.store.Dir == "" && w.o.Named() == "" {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		named, queue = look.C, nil
	}
	begin := func() { named, linger, queue = nil, nil, w.queue }
	for {
		if w.broken && again == nil {
			again = time.After(w.retry)
		}
		select {
		case <-named:
			if w.o.Named() != "" || len(w.queue) > queued/2 {
				begin()
			}
		case <-linger:
			begin()
		case b, more := <-queue:
			if !more {
				return nil
			}
			w.write(b)
			w.recycle(b)
			if sync == nil {
				sync = time.After(syncEvery)
			}
		case <-sync:
			sync = nil
			w.fail(w.disk.sync())
		case <-tidy.C:
			if w.disk.open() {
				w.fail(w.disk.room())
			}
		case <-again:
			again = nil
			w.try()
		case <-over:
			begin()
			over, late = nil, time.After(endMost)
		case <-late: // what it did hand over is written
			for range len(w.queue) {
				if b, more := <-w.queue; more {
					w.write(b)
				}
			}
			return nil
		}
	}
}

// try asks for a file where there is room again.
func (w *writer) try() {
	if w.broken && w.asks.Load() == asksPause {
		if err := w.disk.room(); err != nil {
			w.fail(err)
			return
		}
		w.asks.Store(asksAgain)
	}
}

// recycle gives a buffer back, and keeps a few buffers' memory: they go round, so
// that all would have some, and all wait only where the disk is slow.
func (w *writer) recycle(b *buffer) {
	if cap(b.ops) <= 4*blockBytes { // else it is of a key
		select {
		case w.spare <- b.ops[:0]:
		default:
		}
	}
	b.ops = nil
	w.free <- b
}

// write writes a block.
func (w *writer) write(b *buffer) {
	if w.broken && !b.resumes {
		return // the next one that resumes says that it is missing
	}
	if b.key {
		if err := w.disk.begin(b.date); err != nil {
			w.fail(err)
			return
		}
		w.broken = false
		w.trouble.Store(nil)
	}
	block := daylog.Block{First: w.disk.next, Ops: b.many, Start: b.start, Key: b.key, Raw: len(b.ops), Stored: b.ops}
	w.packed = pack(&block, w.packed)
	w.out = block.Append(w.out[:0])
	err := w.disk.append(w.out, b.many)
	if cap(w.packed) > 4*blockBytes || cap(w.out) > 4*blockBytes {
		w.packed, w.out = nil, nil // of a key
	}
	if err != nil {
		w.fail(err)
		return
	}
	w.upTo.Store(b.end)
	w.offer(Position{Store: w.disk.store, Date: b.date, Epoch: w.o.Header.Epoch, Next: w.disk.next})
	if w.disk.size >= fileLarge {
		w.asks.CompareAndSwap(asksNothing, asksFile)
	}
}

// fail notes that nothing can be written, and why.
func (w *writer) fail(err error) {
	if err == nil {
		return
	}
	why, sentence := w.sentence(err)
	if t := w.trouble.Load(); t == nil || *t != sentence {
		w.o.Log.Warn(sentence, "err", err)
	}
	w.disk.close()
	w.broken = true
	w.reason.Store(&why)
	w.trouble.Store(&sentence)
	w.asks.Store(asksPause)
}

// sentence says in words what is the matter.
func (w *writer) sentence(err error) (why, sentence string) {
	switch {
	case errors.Is(err, errTaken):
		return "another optflow recorded", "history: another optflow records this feed"
	case errors.Is(err, errFull), isFull(err):
		return "disk full", "history paused: disk full"
	}
	return "it could not be written", "history paused: " + err.Error()
}

// offer tells followers that more is written.
func (w *writer) offer(at Position) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = at
	if w.written != nil {
		close(w.written)
		w.written = nil
	}
}

// Position is how far the log is; its date is 0 while nothing is written.
func (w *writer) Position() Position {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// wait is closed with the next block.
func (w *writer) wait() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.written == nil {
		w.written = make(chan struct{})
	}
	return w.written
}

// Follow reads what is written, from an op of a day on. While anybody follows,
// blocks are cut more often.
func (w *writer) Follow(store Store, date model.Date, from uint64) *Following {
	f := store.Follow(date, from)
	f.written = w.wait
	f.after = func(path string) (string, error) {
		files := w.disk.began()
		if i := slices.Index(files, path); i >= 0 {
			if i+1 < len(files) {
				return files[i+1], nil
			}
			return "", nil
		}
		return f.later(path)
	}
	w.followers.Add(1)
	f.left = func() { w.followers.Add(-1) }
	return f
}
