package sim

import (
	"context"
	"sync"
)

// queue holds the JSON objects not yet sent to one client. It is bounded: a
// client that does not read is dropped, and delays nobody.
type queue struct {
	limit int

	mu    sync.Mutex
	now   batch
	spare batch // the writer's last one, for reuse
	last  ending
	over  bool          // the limit was passed
	ready chan struct{} // holds a token while there is something to take
}

// add queues a batch's objects behind those that wait; false once the client is
// too slow.
func (q *queue) add(b *batch) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over || q.last.set {
		return !q.over
	}
	if len(q.now.text)+len(b.text) > q.limit {
		q.over = true
		q.signal()
		return false
	}
	base := len(q.now.text)
	q.now.text = append(q.now.text, b.text...)
	for _, end := range b.ends {
		q.now.ends = append(q.now.ends, base+end)
	}
	q.signal()
	return true
}

// end makes the writer end the session behind what waits; the first call counts.
func (q *queue) end(e ending) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.last.set {
		q.last = e
	}
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// take waits for something to send. It returns false when ctx ends or the limit
// was passed: then the session is dropped at once.
func (q *queue) take(ctx context.Context) (batch, ending, bool) {
	for {
		select {
		case <-ctx.Done():
			return batch{}, ending{}, false
		case <-q.ready:
		}
		q.mu.Lock()
		if q.over {
			q.mu.Unlock()
			return batch{}, ending{}, false
		}
		if len(q.now.ends) > 0 || q.last.set {
			taken, last := q.now, q.last
			q.now, q.spare = q.spare, taken
			q.now.reset()
			q.mu.Unlock()
			return taken, last, true
		}
		q.mu.Unlock()
	}
}

// batch is a run of JSON objects.
type batch struct {
	text []byte
	ends []int // of each object in text
}

func (b *batch) reset() { b.text, b.ends = b.text[:0], b.ends[:0] }

// add takes one object in.
func (b *batch) add(object []byte) {
	b.text = append(b.text, object...)
	b.ends = append(b.ends, len(b.text))
}

// Frames hold one object while there are few, and many when they pile up
// (docs/wire.md#flow-control).
const (
	fewObjects   = 16
	frameObjects = 1000
	frameBytes   = 100_000
)

// frames cuts the batch into frames, each a JSON array.
func (b *batch) frames(send func([]byte) error) error {
	most := frameObjects
	if len(b.ends) <= fewObjects {
		most = 1
	}
	frame := make([]byte, 0, min(len(b.text)+len(b.ends)+2, frameBytes+4096))
	from := 0
	for i := 0; i < len(b.ends); {
		frame = append(frame[:0], '[')
		for n := 0; i < len(b.ends) && n < most && len(frame) < frameBytes; n++ {
			if n > 0 {
				frame = append(frame, ',')
			}
			frame = append(frame, b.text[from:b.ends[i]]...)
			from = b.ends[i]
			i++
		}
		if err := send(append(frame, ']')); err != nil {
			return err
		}
	}
	return nil
}
