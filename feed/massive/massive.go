// Package massive speaks Massive.com's options wire: here the WebSocket of the
// options cluster, in api the REST endpoints that a flow monitor needs, in wire
// what both share. The vendor's field names, status texts and error bodies live
// and die in these rooms; what comes out is model's vocabulary.
//
// The package connects, decodes and classifies. It never retries, waits or
// decides what a fault means for the program: that is the engine's.
//
// Promises: the API key goes to one origin only, redirects are never followed,
// and the key is in no error of this package. All text from outside has passed
// termsafe. Memory per frame and per body is bounded.
package massive

import "time"

// Dialect is which of two wires a WebSocket server speaks.
type Dialect uint8

// The dialects. Origin is the wire of the older document: the channel in the
// URL's path, the key in its query, one contract a subscribe message.
const (
	Massive Dialect = iota
	Origin
)

// String is "massive" or "origin".
func (d Dialect) String() string {
	if d == Origin {
		return "origin"
	}
	return "massive"
}

// DefaultReadLimit is in bytes of one frame, after inflation: some 45,000 bars. A
// minute's burst is the largest that comes.
const DefaultReadLimit = 8 << 20

const (
	dialTimeout  = 10 * time.Second // TCP, then TLS
	closeTimeout = time.Second      // for a polite close
)
