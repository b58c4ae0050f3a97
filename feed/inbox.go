package feed

import (
	"sync"

	"optflow/model"
)

// inbox holds the user's commands until the engine comes to them. Who gives
// one never waits; where only the last of a kind counts only that is kept.
type inbox struct {
	signal chan struct{}
	ended  chan struct{} // closed when Run is over

	mu     sync.Mutex
	orders []func(*Engine)
	looks  []func(*Engine) // copy something out and change nothing
	watch  []model.ContractID
	seen   bool // watch is new
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

// Follow changes the underlyings followed, such as "SPY", "SPX".
func (e *Engine) Follow(tickers []string) {
	tickers = append([]string(nil), tickers...)
	e.inbox.put(func(e *Engine) { e.follow(tickers) })
}

// Window changes the span of the tape's windows to model.Second or
// model.Minute. It takes effect at a minute boundary.
func (e *Engine) Window(span model.Span) {
	e.inbox.put(func(e *Engine) { e.changeWindow(span) })
}

// AutoRefresh switches everything that happens by itself on or off.
func (e *Engine) AutoRefresh(on bool) {
	e.inbox.put(func(e *Engine) {
		switch {
		case on && e.paused():
			e.resume()
		case !on && !e.paused():
			e.pause()
		}
	})
}

// PollNow reads every followed chain once. It is the one thing that happens
// while auto-refresh is off, and a reason to try a refused key again.
func (e *Engine) PollNow() { e.inbox.put((*Engine).pollNow) }

// Retake tries again at once what waits for a person: a connection that
// another program took, a key that was refused, a plan that had no WebSocket.
func (e *Engine) Retake() { e.inbox.put((*Engine).retake) }

// Know has contracts numbered that a face remembers from an earlier run.
func (e *Engine) Know(symbols []string) {
	e.inbox.put(func(e *Engine) {
		for _, s := range symbols {
			e.rest.Interner.Intern(s)
		}
	})
}

// Watch says which contracts are on screen now; their quotes are kept fresh.
func (e *Engine) Watch(ids []model.ContractID) {
	e.inbox.mu.Lock()
	e.inbox.watch = append(e.inbox.watch[:0], ids...)
	e.inbox.seen = true
	e.inbox.mu.Unlock()
	// No wake: the next round of quotes looks at it.
}

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

// watched takes the contracts on screen if they are new.
func (b *inbox) watched(into []model.ContractID) ([]model.ContractID, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.seen {
		return into, false
	}
	b.seen = false
	return append(into[:0], b.watch...), true
}
