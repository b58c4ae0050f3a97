package massive

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
	statusCells  = 40
	messageCells = 300
)

// Bounds of both wires.
const (
	maxHeader    = 64 << 10 // bytes of an answer's header
	maxErrorBody = 4 << 10  // bytes of an answer that is no success

	shortestRetry = time.Second // what a Retry-After may ask for
	longestRetry  = 5 * time.Minute
)

// noRedirect keeps the answer that wants to send us elsewhere: a redirect would
// take the key along.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// dropKey removes a key from a query, however its name is written, and reports
// whether there was one.
func dropKey(query url.Values) (dropped bool) {
	for name := range query {
		if strings.EqualFold(name, "apiKey") {
			delete(query, name)
			dropped = true
		}
	}
	return dropped
}
