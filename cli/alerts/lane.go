package alerts

import (
	"context"
	"sync"

	"optflow/model/alert"
	"optflow/model/crash"
)

// queueMost is how many alerts wait for one place. A queue that is longer is of a
// place that does not answer, and what is in it is old.
const queueMost = 100

// result is what came of one mail at one place.
type result struct {
	outcome alert.Outcome
	note    string
}

var ok = result{outcome: alert.Delivered}

func failed(note string) result  { return result{alert.Failed, note} }
func dropped(note string) result { return result{alert.Dropped, note} }

// Notes of what was dropped.
const (
	noteFull  = "queue full"
	noteEnded = "the program ended"
)

// lane is the way to one place: a bounded queue and who works it off. It never
// makes anybody wait: the oldest goes where there is no room.
type lane struct {
	place   string
	workers int
	// send takes the first of the queue, and may take what stands behind it as well.
	send func(ctx context.Context, l *lane, m *mail) result
	done func(m *mail, place string, r result)

	mu    sync.Mutex
	queue []*mail
	ended bool
	wake  chan struct{} // has something in it while the queue may have
}

func newLane(place string, workers int, send func(context.Context, *lane, *mail) result, done func(*mail, string, result)) *lane {
	return &lane{place: place, workers: workers, send: send, done: done, wake: make(chan struct{}, workers)}
}

func (l *lane) put(m *mail) {
	l.mu.Lock()
	ended := l.ended
	var oldest *mail
	if !ended {
		if len(l.queue) >= queueMost {
			oldest, l.queue = l.queue[0], l.queue[1:]
		}
		l.queue = append(l.queue, m)
	}
	l.mu.Unlock()
	if ended {
		l.done(m, l.place, dropped(noteEnded))
		return
	}
	if oldest != nil {
		l.done(oldest, l.place, dropped(noteFull))
	}
	nudge(l.wake)
}

// next takes the oldest, nil where there is none.
func (l *lane) next() *mail {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil
	}
	m := l.queue[0]
	l.queue = l.queue[1:]
	if len(l.queue) > 0 {
		nudge(l.wake)
	}
	return m
}

// rest takes all that wait.
func (l *lane) rest() []*mail {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.queue
	l.queue = nil
	return all
}

// start works the queue off until open ends, and then until it is empty or until
// last ends.
func (l *lane) start(group *sync.WaitGroup, open, last context.Context) {
	var working sync.WaitGroup
	for range l.workers {
		working.Go(crash.Guarded("alerts to "+l.place, func() { l.work(open, last) }))
	}
	group.Go(crash.Guarded("alerts to "+l.place, func() {
		working.Wait()
		l.mu.Lock()
		l.ended = true
		l.mu.Unlock()
		for _, m := range l.rest() {
			l.done(m, l.place, dropped(noteEnded))
		}
	}))
}

func (l *lane) work(open, last context.Context) {
	for {
		if last.Err() != nil {
			return
		}
		if m := l.next(); m != nil {
			l.done(m, l.place, l.send(last, l, m))
			continue
		}
		if open.Err() != nil {
			return
		}
		select {
		case <-open.Done():
		case <-l.wake:
		}
	}
}
