package link

import (
	"math/rand/v2"
	"time"
)

// Backoff figures.
const (
	BackoffBase = 500 * time.Millisecond
	BackoffCap  = 30 * time.Second
	// Healthy is how long the feed must have been live before the backoff
	// starts from its base again. A successful dial proves nothing: a server
	// that accepts and kicks would be dialled without a pause.
	Healthy = 60 * time.Second
)

// Backoff is capped exponential backoff with full jitter. It has no last try.
type Backoff struct {
	Rand  *rand.Rand
	Tries int
}

// Next is the wait before the next try, at least least.
func (b *Backoff) Next(least time.Duration) time.Duration {
	ceiling := BackoffCap
	if b.Tries < 6 { // 0.5 s x 2^6 is over the cap
		ceiling = BackoffBase << b.Tries
		b.Tries++
	}
	wait := time.Duration(b.Rand.Int64N(int64(ceiling) + 1))
	if wait < least {
		// The server asked for a pause; jitter goes on top, so that many
		// clients do not come back in the same instant.
		wait = least + wait/2
	}
	return wait
}

// Reset starts from the base again.
func (b *Backoff) Reset() { b.Tries = 0 }

// Spread is a random duration between low and high.
func Spread(r *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(r.Int64N(int64(high-low)+1))
}
