package sim

import "time"

// clock tells market time: the start plus the wall time since, times the speed.
type clock struct {
	wall  time.Time // carries the monotonic reading
	start int64     // market ms at wall
	speed float64
}

func newClock(start time.Time, speed float64) clock {
	wall := time.Now()
	if start.IsZero() {
		start = wall
	}
	if speed <= 0 {
		speed = 1
	}
	return clock{wall: wall, start: start.UnixMilli(), speed: speed}
}

// now is market time in ms.
func (c *clock) now() int64 {
	return c.start + int64(float64(time.Since(c.wall))/float64(time.Millisecond)*c.speed)
}

const (
	second = int64(1_000)
	minute = int64(60_000)

	nanoseconds = int64(1e6) // in a millisecond
)

// floor rounds market time down to a multiple of width.
func floor(ms, width int64) int64 {
	r := ms % width
	if r < 0 {
		r += width
	}
	return ms - r
}
