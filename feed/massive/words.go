package massive

import (
	"optflow/feed/link"
	"slices"
	"strings"
)

// saying is one thing that the vendor says.
type saying struct {
	status []string // any of these
	has    []string // all of these, in small letters
	word   link.Word
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
	{[]string{"connected"}, nil, link.Greets},
	{[]string{"auth_success"}, nil, link.TakesKey},
	{[]string{"auth_timeout"}, nil, link.LoginTooLate},
	{[]string{"max_connections"}, nil, link.TakesSlot},
	{[]string{"error", "not_authorized"}, []string{"maximum number of", "connections"}, link.TakesSlot},

	// "You don't have access real-time data. If your plan only includes delayed
	// data, you can connect to the delayed websocket at ...": on the login or,
	// more often, on the first subscription. Another ending asks to sign the
	// exchanges' agreements.
	{denials, []string{"access", "real-time data"}, link.OnlyDelayed},
	{denials, []string{"only includes delayed data"}, link.OnlyDelayed},

	{[]string{"auth_failed"}, []string{"plan"}, link.NoStream},
	{[]string{"auth_failed"}, nil, link.RefusesKey},

	{[]string{"success"}, []string{"unsubscribed to:"}, unsubscribed},
	{[]string{"success"}, []string{"unsubscribed from:"}, unsubscribed},
	{[]string{"success"}, []string{"subscribed to:"}, subscribed},

	{[]string{"error", "not_authorized"}, []string{"plan", "websocket access"}, link.NoStream}, // reported on subscribe, too
	{[]string{"error", "not_authorized"}, []string{"not authorized"}, link.NotAuthorized},
	{[]string{"error", "not_authorized"}, []string{"not entitled"}, link.NotAuthorized},
	{[]string{"error", "not_authorized"}, nil, link.Errs},
}

// denials are the statuses under which a plan was seen to be refused.
var denials = []string{"auth_failed", "error", "not_authorized"}

// wordOf is what a status means.
func wordOf(status, message string) link.Word {
	status, message = strings.ToLower(status), strings.ToLower(message)
	for i := range words {
		if words[i].says(status, message) {
			return words[i].word
		}
	}
	return 0
}
