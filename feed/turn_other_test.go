//go:build !linux

package feed

import "time"

// threadClock is the clock on the wall where threads have none of their own.
func threadClock() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}
