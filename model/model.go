// Package model holds the market's nouns: contract, bar, row, tape, burst,
// accounts. It is pure: no I/O, no clock of its own, no goroutines. Every time
// in it is market time in Unix milliseconds, every price is in dollars per
// share, every size in contracts.
package model
