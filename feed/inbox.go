package feed

import "sync"

// inbox holds what faces want of the engine until it comes to that. Who puts
// something in never waits.
type inbox struct {
	signal chan struct{} // holds a token while there may be something
	ended  chan struct{} // closed when Run is over

	mu     sync.Mutex
	orders []func(*Engine)
	looks  []func(*Engine) // copy something out and change nothing
	closed bool
}

func newInbox() *inbox {
	return &inbox{signal: make(chan struct{}, 1), ended: make(chan struct{})}
}

// order puts an order in and says whether it was taken.
func (b *inbox) order(do func(*Engine)) bool { return b.put(&b.orders, do) }

// look is order for what changes nothing, so that there is nothing to publish.
func (b *inbox) look(at func(*Engine)) bool { return b.put(&b.looks, at) }

func (b *inbox) put(list *[]func(*Engine), f func(*Engine)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	*list = append(*list, f)
	select {
	case b.signal <- struct{}{}:
	default:
	}
	return true
}

// empty takes everything out.
func (b *inbox) empty() (orders, looks []func(*Engine)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	orders, looks = b.orders, b.looks
	b.orders, b.looks = nil, nil
	return orders, looks
}

func (b *inbox) close() {
	b.mu.Lock()
	b.closed, b.orders, b.looks = true, nil, nil
	b.mu.Unlock()
	close(b.ended)
}

// obey carries out what faces want.
func (e *Engine) obey() {
	orders, looks := e.inbox.empty()
	for _, order := range orders {
		order(e)
		e.dirty = true
	}
	for _, look := range looks {
		look(e)
	}
}
