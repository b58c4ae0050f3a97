// Package exchange is a simulated options market. It promises that every number
// it gives derives from one list of trades, each view of it with a delay of its
// own, and that one seed, start, speed and market time give the same trades
// whatever the wall clock did. Prices are in cents, times in ms.
package exchange
