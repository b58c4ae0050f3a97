package massive

import (
	"bytes"
	"slices"
	"strings"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
)

// The words of acknowledgements; they are told as link.Acknowledged.
const (
	subscribed link.Word = 1<<7 + iota // Pair was accepted
	unsubscribed
)

// Status is one status message, or one pair of an acknowledgement of several.
type Status struct {
	Word    link.Word // what it means; 0 nothing to us
	Status  string    // the vendor's word, sanitised
	Message string    // sanitised
	Pair    string    // of (un)subscribed: "AM.O:SPY251219C00650000"
}

const pairCells = 60

// MaxStatus is the most bytes of statuses that a frame may hold, beside bars. One is
// some hundred bytes; the acknowledgements of everything that we ask for at once
// are 42 KB.
const MaxStatus = 64 << 10

// HasStatus reports whether a frame of no more than MaxStatus bytes may hold a
// status. It is cheap and never misses one; it may be wrong the other way.
func HasStatus(frame []byte) bool {
	if len(frame) > MaxStatus {
		return false
	}
	// A status has the word between quotes, unless it is written with escapes.
	return bytes.Contains(frame, []byte(`"status"`)) || bytes.IndexByte(frame, '\\') >= 0
}

// appendStatus appends the status event just read.
func (d *Decoder) appendStatus(to []Status) []Status {
	status := Status{
		Status:  wire.Clean(d.event.status, wire.StatusCells, d.Key),
		Message: wire.Clean(d.event.message, wire.MessageCells, d.Key),
	}
	status.Word = wordOf(status.Status, status.Message)
	if status.Word != subscribed && status.Word != unsubscribed {
		return append(to, status)
	}
	_, pairs, _ := strings.Cut(d.event.message, ":")
	first, pairs, _ := strings.Cut(pairs, ",")
	status.Pair = wire.Clean(strings.TrimSpace(first), pairCells, d.Key)
	to = append(slices.Grow(to, 1+len(pairs)/shortestPair), status)
	for pair := range strings.SplitSeq(pairs, ",") {
		if pair = strings.TrimSpace(pair); isPair(pair) { // else it is nobody's
			status.Pair = wire.Scrub(pair, d.Key)
			to = append(to, status)
		}
	}
	return to
}

// shortestPair is "A.*" and a comma, in bytes.
const shortestPair = 4

// isPair reports whether a text may be CHANNEL.SYMBOL or CHANNEL.*, and is fit to
// show as it stands.
func isPair(s string) bool {
	for i := range len(s) {
		if c := s[i]; !wire.RootByte[c] && c != ':' && c != '*' {
			return false
		}
	}
	return len(s) >= shortestPair-1 && len(s) <= pairCells && strings.Contains(s, ".")
}
