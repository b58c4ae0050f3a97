package serve

import (
	"context"
	"time"

	"optflow/ui"
)

// resizeEvery is how often a screen is drawn anew while its window is dragged.
const resizeEvery = 50 * time.Millisecond

// window is the size of a viewer's terminal: of sizes that nobody has looked at
// the last one counts.
type window struct{ newest chan ui.Size }

func newWindow() *window { return &window{make(chan ui.Size, 1)} }

// tell replaces the size. One goroutine calls it.
func (w *window) tell(s ui.Size) {
	select {
	case <-w.newest:
	default:
	}
	w.newest <- s
}

// sizes hands the sizes on, the first at once, until ctx ends.
func (w *window) sizes(ctx context.Context, first ui.Size, into chan<- ui.Size) {
	next := first
	for {
		select {
		case into <- next:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(resizeEvery):
		case <-ctx.Done():
			return
		}
		select {
		case next = <-w.newest:
		case <-ctx.Done():
			return
		}
	}
}
