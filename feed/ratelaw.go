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
	lawSpare  = 2 // of those, kept from the backoff for dials that something speaks for
)

// rateLaw remembers the dials of the last 5 minutes. It is not safe for
// concurrent use.
type rateLaw struct {
	dials [lawMost]time.Time // a ring, oldest at next
	next  int
	full  time.Time // when the bucket is full again
}

// wait is how long after now the next dial is lawful; 0 means at once.
func (l *rateLaw) wait(now time.Time) time.Duration {
	wait := max(l.full.Sub(now), 0) - (lawBurst-1)*lawEvery
	// The slot about to be overwritten is the dial 20 dials ago.
	if oldest := l.dials[l.next]; !oldest.IsZero() {
		wait = max(wait, oldest.Add(lawWithin).Sub(now))
	}
	return max(wait, 0)
}

// patience is how long after now a dial that nothing speaks for waits at least,
// so that lawSpare more would be lawful after it. In a long outage the backoff
// alone would use the law up, and then neither the news that the server is back
// nor the user could bring the stream back at once.
func (l *rateLaw) patience(now time.Time) time.Duration {
	oldest := l.dials[(l.next+lawSpare)%lawMost]
	if oldest.IsZero() {
		return 0
	}
	return max(oldest.Add(lawWithin).Sub(now), 0)
}

// take books a dial at now, if it is lawful.
func (l *rateLaw) take(now time.Time) bool {
	if l.wait(now) > 0 {
		return false
	}
	if l.full.Before(now) {
		l.full = now
	}
	l.full = l.full.Add(lawEvery)
	l.dials[l.next] = now
	l.next = (l.next + 1) % lawMost
	return true
}
