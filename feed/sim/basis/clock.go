package basis

import "time"

// Clock tells market time: the start plus the wall time since, times the speed.
type Clock struct {
	wall  time.Time // carries the monotonic reading
	Start int64     // market ms at wall
	speed float64
}

func NewClock(start time.Time, speed float64) Clock {
	wall := time.Now()
	if start.IsZero() {
		start = wall
	}
	if speed <= 0 {
		speed = 1
	}
	return Clock{wall: wall, Start: start.UnixMilli(), speed: speed}
}

// Now is market time in ms.
func (c *Clock) Now() int64 {
	return c.Start + int64(float64(time.Since(c.wall))/float64(time.Millisecond)*c.speed)
}

const (
	Second = int64(1_000)
	Minute = int64(60_000)

	Nanoseconds = int64(1e6) // in a millisecond
)

// Floor rounds market time down to a multiple of width.
func Floor(ms, width int64) int64 {
	r := ms % width
	if r < 0 {
		r += width
	}
	return ms - r
}
