package link

import (
	"math/rand/v2"
	"time"
)

// Backoff figures.
const (
	backoffBase = 500 * time.Millisecond
	BackoffCap  = 30 * time.Second
	// Healthy is how long the feed must have been live before the backoff
	// starts from its base again. A successful dial proves nothing: a server
	// that accepts and kicks would be dialled without a pause.
	Healthy = 60 * time.Second
)

// backoff is capped exponential backoff with full jitter. It has no last try.
type backoff struct {
	rand  *rand.Rand
	tries int
}

// next is the wait before the next try, at least least.
func (b *backoff) next(least time.Duration) time.Duration {
	ceiling := BackoffCap
	if b.tries < 6 { // 0.5 s x 2^6 is over the cap
		ceiling = backoffBase << b.tries
		b.tries++
	}
	wait := time.Duration(b.rand.Int64N(int64(ceiling) + 1))
	if wait < least {
		// The server asked for a pause; jitter goes on top, so that many
		// clients do not come back in the same instant.
		wait = least + wait/2
	}
	return wait
}

// reset starts from the base again.
func (b *backoff) reset() { b.tries = 0 }

// Spread is a random duration between low and high.
func Spread(r *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(r.Int64N(int64(high-low)+1))
}
