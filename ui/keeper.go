package ui

import (
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model/crash"
)

// keepAtMost is how long a disk may delay the end of the program.
const keepAtMost = time.Second

// keeper writes what the next run goes on from: outside of Update, in the order
// in which it was decided, one at a time, so that nothing older overwrites
// something newer. What still waits when the screen is left is written then.
type keeper struct {
	writing sync.Mutex // held while one writes
	mu      sync.Mutex
	waiting []func() tea.Msg
}

// add puts a write at the end of the queue. The command writes the first that
// waits, and gives its outcome.
func (k *keeper) add(write func() tea.Msg) tea.Cmd {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waiting = append(k.waiting, write)
	return func() tea.Msg { msg, _ := k.next(); return msg }
}

// next writes the first that waits; false when there is none.
func (k *keeper) next() (tea.Msg, bool) {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.mu.Lock()
	if len(k.waiting) == 0 {
		k.mu.Unlock()
		return nil, false
	}
	write := k.waiting[0]
	k.waiting = k.waiting[1:]
	k.mu.Unlock()
	return write(), true
}

// finish writes all that waits, unless the disk takes longer than the limit.
func (k *keeper) finish(limit time.Duration) {
	done := make(chan struct{})
	crash.Go("keeper", func() {
		defer close(done)
		for more := true; more; {
			_, more = k.next()
		}
	})
	select {
	case <-done:
	case <-time.After(limit):
	}
}
