package massive

import (
	"bytes"
	"strings"
)

// StatusKind sorts the server's status messages.
type StatusKind uint8

// Kinds of status messages.
const (
	StatusUnknown        StatusKind = iota // log and carry on
	StatusConnected                        // the greeting
	StatusAuthOK                           // the key was accepted
	StatusAuthFailed                       // the key was refused
	StatusNoWebSocket                      // the key is good, its plan has no WebSocket
	StatusAuthTimeout                      // the server saw no key in time; no sign of a bad one
	StatusSubscribed                       // Pair was accepted
	StatusUnsubscribed                     // Pair was dropped
	StatusNotAuthorized                    // the plan lacks a channel just asked for; which one is not said
	StatusMaxConnections                   // another connection of this key took the slot
	StatusError                            // another error
)

// String names the kind in words.
func (k StatusKind) String() string {
	return [...]string{
		"unknown", "connected", "auth ok", "auth failed", "plan without websocket", "auth timeout",
		"subscribed", "unsubscribed", "not authorized", "max connections", "error",
	}[k]
}

// Status is one status message, or one pair of an acknowledgement of several.
type Status struct {
	Kind    StatusKind
	Status  string // the vendor's word, sanitised
	Message string // sanitised
	Pair    string // of (un)subscribed: "AM.O:SPY251219C00650000"
}

const (
	statusCells  = 40
	messageCells = 300
	pairCells    = 60
)

// HasStatus reports whether a frame may hold a status. It is cheap and never
// misses one; it may be wrong the other way.
func HasStatus(frame []byte) bool {
	// A status has the word between quotes, unless it is written with escapes.
	return bytes.Contains(frame, []byte(`"status"`)) || bytes.IndexByte(frame, '\\') >= 0
}

// appendStatus appends the status event just read.
func (d *Decoder) appendStatus(to []Status) []Status {
	status := Status{
		Status:  clean(d.event.status, statusCells, d.Key),
		Message: clean(d.event.message, messageCells, d.Key),
	}
	status.Kind = kindOf(status.Status, status.Message)
	if status.Kind != StatusSubscribed && status.Kind != StatusUnsubscribed {
		return append(to, status)
	}
	_, pairs, _ := strings.Cut(d.event.message, ":")
	for pair := range strings.SplitSeq(pairs, ",") {
		status.Pair = clean(strings.TrimSpace(pair), pairCells, d.Key)
		to = append(to, status)
	}
	return to
}

// kindOf sorts a status by the vendor's words, as they were seen in use.
func kindOf(status, message string) StatusKind {
	message = strings.ToLower(message)
	switch strings.ToLower(status) {
	case "connected":
		return StatusConnected
	case "auth_success":
		return StatusAuthOK
	case "auth_failed":
		if strings.Contains(message, "plan") {
			return StatusNoWebSocket
		}
		return StatusAuthFailed
	case "auth_timeout":
		return StatusAuthTimeout
	case "max_connections":
		return StatusMaxConnections
	case "success":
		return kindOfSuccess(message)
	case "error", "not_authorized":
		return kindOfError(message)
	}
	return StatusUnknown
}

func kindOfSuccess(message string) StatusKind {
	switch {
	case strings.HasPrefix(message, "subscribed to:"):
		return StatusSubscribed
	case strings.HasPrefix(message, "unsubscribed to:"), strings.HasPrefix(message, "unsubscribed from:"):
		return StatusUnsubscribed
	}
	return StatusUnknown
}

func kindOfError(message string) StatusKind {
	has := func(word string) bool { return strings.Contains(message, word) }
	switch {
	case has("maximum number of") && has("connections"):
		return StatusMaxConnections
	case has("plan") && has("websocket access"): // reported on subscribe, too
		return StatusNoWebSocket
	case has("not authorized"), has("not entitled"):
		return StatusNotAuthorized
	}
	return StatusError
}
