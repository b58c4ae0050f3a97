// Package model holds the market's nouns: contract, date, bar, quote, row, side,
// marks, account, totals, state. What is done with them is in the rooms below
// it. All of them are pure: no I/O and no goroutines. Every time is market time
// in Unix milliseconds, every price is in dollars per share, every size in
// contracts.
package model
