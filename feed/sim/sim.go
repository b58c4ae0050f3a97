// Package sim is a simulated options market and a server that speaks Massive's
// wire: WebSocket and REST on one listener. It promises that every number it
// sends derives from one list of trades, each view of it with a delay of its
// own, and that one seed, start, speed and market time give the same trades
// whatever the wall clock did. The market is always open, and says so.
//
// It knows the wire from docs/wire.md only and shares no code with the
// client, so that an error of one cannot hide an error of the other.
package sim
