package feed

import "time"

// The law that prevents every storm (faults.md 1.1): whatever the reason to
// dial, attempts pass a bucket of 3 refilled once a second, and never are more
// than 20 in 5 minutes.
const (
	lawBurst  = 3
	lawEvery  = time.Second
	lawMost   = 20
	lawWithin = 5 * time.Minute
)

// rateLaw remembers the dials of the last 5 minutes. It is not safe for
// concurrent use.
type rateLaw struct {
	dials  [lawMost]time.Time // a ring, oldest at next
	next   int
	tokens float64
	filled time.Time // when tokens was last brought up to date; zero: full
}

// wait is how long after now the next dial is lawful; 0 means at once.
func (l *rateLaw) wait(now time.Time) time.Duration {
	var wait time.Duration
	if t := l.level(now); t < 1 {
		wait = time.Duration((1 - t) * float64(lawEvery))
	}
	// The slot about to be overwritten is the dial 20 dials ago.
	if oldest := l.dials[l.next]; !oldest.IsZero() {
		wait = max(wait, oldest.Add(lawWithin).Sub(now))
	}
	return max(wait, 0)
}

// take books a dial at now, if it is lawful.
func (l *rateLaw) take(now time.Time) bool {
	if l.wait(now) > 0 {
		return false
	}
	l.tokens, l.filled = l.level(now)-1, now
	l.dials[l.next] = now
	l.next = (l.next + 1) % lawMost
	return true
}

func (l *rateLaw) level(now time.Time) float64 {
	if l.filled.IsZero() {
		return lawBurst
	}
	return min(lawBurst, l.tokens+float64(now.Sub(l.filled))/float64(lawEvery))
}
