package massive

import (
	"slices"
	"strings"
)

// saying is one thing that the vendor says.
type saying struct {
	status []string // any of these
	has    []string // all of these, in small letters
	kind   StatusKind
}

func (s *saying) says(status, message string) bool {
	if !slices.Contains(s.status, status) {
		return false
	}
	for _, word := range s.has {
		if !strings.Contains(message, word) {
			return false
		}
	}
	return true
}

// words are the vendor's own, as they were seen in use (docs/wire.md#login-and-statuses):
// the first row whose status is the message's and whose words are all in it
// says what is meant. A row without words takes every message of its status.
var words = [...]saying{
	{[]string{"connected"}, nil, StatusConnected},
	{[]string{"auth_success"}, nil, StatusAuthOK},
	{[]string{"auth_timeout"}, nil, StatusAuthTimeout},
	{[]string{"max_connections"}, nil, StatusMaxConnections},
	{[]string{"error", "not_authorized"}, []string{"maximum number of", "connections"}, StatusMaxConnections},

	// "You don't have access real-time data. If your plan only includes delayed
	// data, you can connect to the delayed websocket at ...": on the login or,
	// more often, on the first subscription. Another ending asks to sign the
	// exchanges' agreements.
	{denials, []string{"access", "real-time data"}, StatusDelayedOnly},
	{denials, []string{"only includes delayed data"}, StatusDelayedOnly},

	{[]string{"auth_failed"}, []string{"plan"}, StatusNoWebSocket},
	{[]string{"auth_failed"}, nil, StatusAuthFailed},

	{[]string{"success"}, []string{"unsubscribed to:"}, StatusUnsubscribed},
	{[]string{"success"}, []string{"unsubscribed from:"}, StatusUnsubscribed},
	{[]string{"success"}, []string{"subscribed to:"}, StatusSubscribed},

	{[]string{"error", "not_authorized"}, []string{"plan", "websocket access"}, StatusNoWebSocket}, // reported on subscribe, too
	{[]string{"error", "not_authorized"}, []string{"not authorized"}, StatusNotAuthorized},
	{[]string{"error", "not_authorized"}, []string{"not entitled"}, StatusNotAuthorized},
	{[]string{"error", "not_authorized"}, nil, StatusError},
}

// denials are the statuses under which a plan was seen to be refused.
var denials = []string{"auth_failed", "error", "not_authorized"}

// kindOf sorts a status by the vendor's words.
func kindOf(status, message string) StatusKind {
	status, message = strings.ToLower(status), strings.ToLower(message)
	for i := range words {
		if words[i].says(status, message) {
			return words[i].kind
		}
	}
	return StatusUnknown
}
