// Package basis is what the simulated market is built on: underlyings and their
// expiries, the day's shape, what an option is worth, seeded randomness and a clock
// that may run fast. Nothing in it remembers anything.
package basis
