// Package sim is a server that shows a simulated options market (package exchange)
// over Massive's wire: WebSocket and REST on one listener. The market is always
// open, and says so.
//
// It knows the wire from the vendor's documents only and shares no code with the
// client, so that an error of one cannot hide an error of the other.
package sim
