// Package wire is what the vendor's WebSocket and its REST have in common: the key
// and what keeps it out of texts, dialling through a proxy and what may be wrong with
// it, and the bounds of the vendor's numbers.
package wire

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Key is an API key that must be asked for its text.
type Key interface{ Reveal() string }

// What the vendor's texts may take of a line, in cells.
const (
	StatusCells  = 40
	MessageCells = 300
)

// Bounds of both wires.
const (
	MaxHeader    = 64 << 10 // bytes of an answer's header
	MaxErrorBody = 4 << 10  // bytes of an answer that is no success

	shortestRetry = time.Second // what a Retry-After may ask for
	longestRetry  = 5 * time.Minute
)

// NoRedirect keeps the answer that wants to send us elsewhere: a redirect would
// take the key along.
func NoRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// DropKey removes a key from a query, however its name is written, and reports
// whether there was one.
func DropKey(query url.Values) (dropped bool) {
	for name := range query {
		if strings.EqualFold(name, "apiKey") {
			delete(query, name)
			dropped = true
		}
	}
	return dropped
}
