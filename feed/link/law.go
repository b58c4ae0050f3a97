package link

import "time"

// The law that prevents every storm: whatever the reason to dial, attempts pass
// a bucket of 3 refilled once a second, and never are more than 20 in 5 minutes.
const (
	LawBurst  = 3
	LawEvery  = time.Second
	LawMost   = 20
	LawWithin = 5 * time.Minute
	lawSpare  = 2 // of those, kept from the backoff for dials that something speaks for
)

// law remembers the dials of the last 5 minutes. It is not safe for concurrent
// use.
type law struct {
	dials [LawMost]time.Time // a ring, oldest at next
	next  int
	full  time.Time // when the bucket is full again
}

// wait is how long after now the next dial is lawful; 0 means at once.
func (l *law) wait(now time.Time) time.Duration {
	wait := max(l.full.Sub(now), 0) - (LawBurst-1)*LawEvery
	// The slot about to be overwritten is the dial 20 dials ago.
	if oldest := l.dials[l.next]; !oldest.IsZero() {
		wait = max(wait, oldest.Add(LawWithin).Sub(now))
	}
	return max(wait, 0)
}

// patience is how long after now a dial that nothing speaks for waits at least,
// so that lawSpare more would be lawful after it. In a long outage the backoff
// alone would use the law up, and then neither the news that the server is back
// nor the user could bring the stream back at once.
func (l *law) patience(now time.Time) time.Duration {
	oldest := l.dials[(l.next+lawSpare)%LawMost]
	if oldest.IsZero() {
		return 0
	}
	return max(oldest.Add(LawWithin).Sub(now), 0)
}

// take books a dial at now, if it is lawful.
func (l *law) take(now time.Time) bool {
	if l.wait(now) > 0 {
		return false
	}
	if l.full.Before(now) {
		l.full = now
	}
	l.full = l.full.Add(LawEvery)
	l.dials[l.next] = now
	l.next = (l.next + 1) % LawMost
	return true
}
