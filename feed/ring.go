package feed

import (
	"bytes"
	"sync"
	"time"
)

// Bounds of the hand-over from the socket's reader to the engine: seconds of
// the heaviest bursts, and a fixed share of memory.
const (
	ringBytes  = 32 << 20
	ringFrames = 16_384
	// Frames with a status are never dropped, unless this many times the bound
	// lies here and is nothing else: a server gone mad must not take the memory.
	statusSlack = 4
	// A buffer that grew beyond this for one giant frame is not kept.
	bufferKeep = 1 << 20
	// Bytes of buffers kept for reuse.
	bufferSpare = 8 << 20
)

// frame is one message as it came off the socket, not yet decoded.
type frame struct {
	data []byte
	at   time.Time // arrival
	conn uint64    // number of the connection it came from
}

// ring is the bounded queue between reader and engine. Its push never waits:
// when it is full the oldest frame that holds no status goes, is counted, and
// its volume comes back through the accounts.
type ring struct {
	ready chan struct{} // holds a token while there may be frames

	mu        sync.Mutex
	frames    []frame // a circle
	head, n   int
	bytes     int
	maxFrames int
	maxBytes  int
	spare     [][]byte
	spared    int // bytes in spare
	dropped   uint64
	lostSince time.Time // arrival of the first frame dropped since the last take
}

func newRing(maxFrames, maxBytes int) *ring {
	return &ring{ready: make(chan struct{}, 1), frames: make([]frame, min(maxFrames, 256)), maxFrames: maxFrames, maxBytes: maxBytes}
}

// push adds a frame, dropping older ones where that is needed, and returns an
// empty buffer for the next one.
func (r *ring) push(f frame) (next []byte) {
	r.mu.Lock()
	for r.n > 0 && (r.n >= r.maxFrames || r.bytes+len(f.data) > r.maxBytes) {
		if !r.dropOldest(false) && (r.n < statusSlack*r.maxFrames || !r.dropOldest(true)) {
			break
		}
	}
	if r.n == len(r.frames) { // statuses only
		r.grow()
	}
	r.frames[(r.head+r.n)%len(r.frames)] = f
	r.n++
	r.bytes += len(f.data)
	next = r.buffer()
	r.mu.Unlock()
	select {
	case r.ready <- struct{}{}:
	default:
	}
	return next
}

// dropOldest drops the oldest frame without a status, or whatever is oldest,
// and says whether there was one.
func (r *ring) dropOldest(whatever bool) bool {
	for i := range r.n {
		at := (r.head + i) % len(r.frames)
		f := r.frames[at]
		if !whatever && holdsStatus(f.data) {
			continue
		}
		for ; i > 0; i-- { // close the hole: the statuses before it move up
			before := (r.head + i - 1) % len(r.frames)
			r.frames[at] = r.frames[before]
			at = before
		}
		r.frames[r.head] = frame{}
		r.head = (r.head + 1) % len(r.frames)
		r.n--
		r.bytes -= len(f.data)
		r.keep(f.data)
		r.dropped++
		if r.lostSince.IsZero() {
			r.lostSince = f.at
		}
		return true
	}
	return false
}

func (r *ring) grow() {
	bigger := make([]frame, 2*len(r.frames))
	for i := range r.n {
		bigger[i] = r.frames[(r.head+i)%len(r.frames)]
	}
	r.frames, r.head = bigger, 0
}

// holdsStatus is a cheap test without false negatives on any text a server
// sends: the word is looked for, quoted, wherever it stands.
func holdsStatus(data []byte) bool { return bytes.Contains(data, []byte(`"status"`)) }

// take moves the oldest frames into into and returns how many.
func (r *ring) take(into []frame) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(r.n, len(into))
	for i := range n {
		into[i] = r.frames[r.head]
		r.frames[r.head] = frame{}
		r.head = (r.head + 1) % len(r.frames)
		r.bytes -= len(into[i].data)
	}
	r.n -= n
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

// drops takes the count of frames dropped since it was last asked, and when
// the first of them had arrived.
func (r *ring) drops() (n uint64, since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, since = r.dropped, r.lostSince
	r.dropped, r.lostSince = 0, time.Time{}
	return n, since
}

func (r *ring) buffer() []byte {
	n := len(r.spare)
	if n == 0 {
		return make([]byte, 0, 4096)
	}
	b := r.spare[n-1]
	r.spare[n-1] = nil
	r.spare = r.spare[:n-1]
	r.spared -= cap(b)
	return b[:0]
}

func (r *ring) keep(b []byte) {
	if cap(b) <= bufferKeep && r.spared+cap(b) <= bufferSpare {
		r.spare = append(r.spare, b)
		r.spared += cap(b)
	}
}
