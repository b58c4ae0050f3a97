package feed

import (
	"sync"
	"time"
)

// Bounds of the hand-over from the socket's reader to the engine: seconds of
// the heaviest bursts, and a fixed share of memory.
const (
	ringBytes  = 8 << 20
	ringFrames = 16_384
	// statusMost is how many frames with a status may stand before the first one
	// without: they are dropped last, but a server gone mad must not be able to
	// fill the ring with them.
	statusMost = 1024
	// bufferFirst is what a buffer begins with, in bytes: twenty events.
	bufferFirst = 4096
	// One buffer that grew beyond this for a giant frame is kept, for as long as
	// there was one among the last giantFor frames.
	bufferKeep = 1 << 20
	giantFor   = 1000
	// Bytes of buffers kept for reuse.
	bufferSpare = 4 << 20
)

// frame is one message as it came off the socket, not yet decoded.
type frame struct {
	data []byte
	at   time.Time // arrival
	conn uint64    // number of the connection it came from
}

// ring is the bounded queue between reader and engine. Its push never waits:
// when it is full the oldest frame that holds no status goes, is counted, and
// its volume comes back through the accounts. Where there is none, or there are
// too many statuses before it, the oldest frame goes, whatever it is. Its memory
// is bounded by the buffers' sizes, not by what is in them.
type ring struct {
	ready   chan struct{} // holds a token while there may be frames
	matters func(frame []byte) bool

	mu        sync.Mutex
	frames    []frame // a circle
	head, n   int
	statuses  int // how many frames from the head on are known to hold a status
	bytes     int // of the buffers
	maxFrames int
	maxBytes  int
	spare     [][]byte
	spared    int // bytes in spare
	giant     []byte
	calm      int // frames since the last giant one
	dropped   uint64
}

// newRing is an empty one. Matters says whether a frame may hold a status.
func newRing(maxFrames, maxBytes int, matters func(frame []byte) bool) *ring {
	return &ring{ready: make(chan struct{}, 1), frames: make([]frame, min(maxFrames, 256)), maxFrames: maxFrames, maxBytes: maxBytes, matters: matters}
}

// push adds a frame, dropping older ones where that is needed, and returns an
// empty buffer for the next one.
func (r *ring) push(f frame) (next []byte) {
	r.mu.Lock()
	next = r.large(&f)
	size := cap(f.data)
	for r.full(size) {
		if r.findStatuses(); r.full(size) {
			r.dropOldest()
		}
	}
	if r.n == len(r.frames) {
		r.grow()
	}
	r.frames[(r.head+r.n)%len(r.frames)] = f
	r.n++
	r.bytes += size
	if next == nil {
		next = r.buffer()
	}
	r.mu.Unlock()
	r.wake()
	return next
}

// large is a giant buffer for the frame after this one, while such frames come. A
// small one that came in such a buffer gets one of its own size.
func (r *ring) large(f *frame) (next []byte) {
	if len(f.data) > bufferKeep {
		r.calm = 0
	} else {
		r.calm++
		if cap(f.data) > bufferKeep {
			r.giant, f.data = f.data[:0], append(r.buffer(), f.data...)
		}
	}
	next, r.giant = r.giant, nil
	if r.calm > giantFor {
		return nil
	}
	return next
}

// full reports whether something has to go before a buffer of that size comes.
func (r *ring) full(size int) bool {
	return r.n > 0 && (r.n-r.statuses >= r.maxFrames || r.bytes+size > r.maxBytes)
}

// findStatuses counts the statuses before the first frame without one.
func (r *ring) findStatuses() {
	for r.statuses < r.n && r.statuses <= statusMost && r.matters(r.frames[(r.head+r.statuses)%len(r.frames)].data) {
		r.statuses++
	}
}

// dropOldest drops the oldest frame without a status, or what is oldest.
func (r *ring) dropOldest() {
	i := r.statuses
	if i == r.n || i > statusMost {
		i = 0
		r.statuses--
	}
	at := (r.head + i) % len(r.frames)
	f := r.frames[at]
	for ; i > 0; i-- { // close the hole: the statuses before it move up
		before := (r.head + i - 1) % len(r.frames)
		r.frames[at] = r.frames[before]
		at = before
	}
	r.frames[r.head] = frame{}
	r.head = (r.head + 1) % len(r.frames)
	r.n--
	r.bytes -= cap(f.data)
	r.keep(f.data)
	r.dropped++
}

func (r *ring) grow() {
	bigger := make([]frame, 2*len(r.frames))
	for i := range r.n {
		bigger[i] = r.frames[(r.head+i)%len(r.frames)]
	}
	r.frames, r.head = bigger, 0
}

// take moves the oldest frames into into and returns how many: as many as there
// is room for, but beyond the first one no more than most bytes.
func (r *ring) take(into []frame, most int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for ; n < min(r.n, len(into)); n++ {
		f := &r.frames[(r.head+n)%len(r.frames)]
		if most -= len(f.data); most < 0 && n > 0 {
			break
		}
		into[n] = *f
		r.bytes -= cap(f.data)
		*f = frame{}
	}
	r.head = (r.head + n) % len(r.frames)
	r.n -= n
	r.statuses = max(r.statuses-n, 0)
	if r.n > 0 {
		r.wake()
	}
	return n
}

func (r *ring) wake() {
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

func (r *ring) empty() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n == 0
}

// drop forgets all that is left and returns how many frames that were.
func (r *ring) drop() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.n
	clear(r.frames)
	r.n, r.head, r.statuses, r.bytes = 0, 0, 0, 0
	return n
}

// recycle takes the buffers of decoded frames back, and empties the list.
func (r *ring) recycle(frames []frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range frames {
		r.keep(frames[i].data)
		frames[i] = frame{}
	}
}

// drops takes the count of frames dropped since it was last asked.
func (r *ring) drops() (n uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, r.dropped = r.dropped, 0
	return n
}

func (r *ring) buffer() []byte {
	n := len(r.spare)
	if n == 0 {
		return make([]byte, 0, bufferFirst)
	}
	b := r.spare[n-1]
	r.spare[n-1] = nil
	r.spare = r.spare[:n-1]
	r.spared -= cap(b)
	return b[:0]
}

func (r *ring) keep(b []byte) {
	switch {
	case cap(b) > bufferKeep:
		r.giant = b[:0]
	case r.spared+cap(b) <= bufferSpare:
		r.spare = append(r.spare, b)
		r.spared += cap(b)
	}
}
