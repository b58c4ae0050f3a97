package feed

import (
	"sync"

	"optflow/feed/link"
)

// inbox holds the user's commands until the engine comes to them. Who gives
// one never waits; where only the last of a kind counts only that is kept.
type inbox struct {
	signal chan struct{}
	ended  chan struct{} // closed when Run is over

	mu     sync.Mutex
	orders []func(*Engine)
	looks  []func(*Engine) // copy something out and change nothing
	seats  []*seat
	seen   bool // what some seat watches is new
	closed bool
}

func (b *inbox) put(order func(*Engine)) { b.ask(order) }

// ask is put, and says whether the order was taken.
func (b *inbox) ask(order func(*Engine)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.orders = append(b.orders, order)
	b.wake()
	return true
}

// look is ask for what changes nothing, so that there is nothing to publish.
func (b *inbox) look(at func(*Engine)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.looks = append(b.looks, at)
	b.wake()
	return true
}

func (b *inbox) wake() {
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

func (b *inbox) close() {
	b.mu.Lock()
	b.closed, b.orders, b.looks = true, nil, nil
	b.mu.Unlock()
	close(b.ended)
}

// Retake tries again at once what waits for a person: a connection that
// another program took, a key that was refused, a plan that had no WebSocket.
func (e *Engine) Retake() { e.inbox.put(func(e *Engine) { e.step(link.Retake{}) }) }

// obey carries the commands out.
func (e *Engine) obey() {
	e.inbox.mu.Lock()
	orders := e.inbox.orders
	looks := e.inbox.looks
	e.inbox.orders, e.inbox.looks = nil, nil
	e.inbox.mu.Unlock()
	for _, order := range orders {
		order(e)
		e.dirty = true
	}
	for _, look := range looks {
		look(e)
	}
}
