// Package link is one connection's life as a pure machine: its states and their
// deadlines, liveness, backoff, the law of dials, evictions, which host to dial,
// what is subscribed to, and the change of the window. It starts nothing, waits
// for nothing and reads no clock.
package link
