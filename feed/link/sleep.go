package link

import "time"

// slept is from how long on a pause of the machine is a sleep.
const slept = 30 * time.Second

// Sleep finds out that the machine slept: wall time went on, the monotonic clock
// did not.
type Sleep struct{ last, wall time.Time }

// Start is the first look at both clocks.
func (w *Sleep) Start(now, wall time.Time) { w.last, w.wall = now, wall.Round(0) }

// Check returns for how long the machine slept, 0 when it did not. Now is read
// for its monotonic clock, wall for what a clock on the wall says.
func (w *Sleep) Check(now, wall time.Time) time.Duration {
	wall = wall.Round(0) // without its monotonic reading
	gone := wall.Sub(w.wall) - now.Sub(w.last)
	w.last, w.wall = now, wall
	if gone < slept {
		return 0
	}
	return gone
}
