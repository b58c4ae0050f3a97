package alerts

import (
	"encoding/json"
	"strings"

	"optflow/model/alert"
)

// Events of an alert.
const (
	fired   = "fired"
	revised = "revised" // a correction took the ground from under it: to programs and json hooks only
	digest  = "digest"  // what the caps held back, once a minute
	test    = "test"    // asked for by a person
)

// mail is one event on its way. All of it is set before it is handed over; the
// account of its places is the post's.
type mail struct {
	event   string
	id      string
	rule    string
	version string
	fired   int64 // ms of market time
	places  []string
	body    []byte // a JSON object
	text    string // a line for people, safe to print
	quiet   bool   // no bell
	local   bool   // of a tab that rings: for this terminal alone

	open    int // places that have not answered
	outcome alert.Outcome
	note    string
}

// once reports whether it is an alert, which goes out once for all programs and
// runs.
func (m *mail) once() bool { return m.event == fired && !m.local }

// Body is the JSON object that programs and json hooks get.
type Body struct {
	V       int             `json:"v"`
	Event   string          `json:"event"`
	ID      string          `json:"id"`
	Rule    string          `json:"rule"`
	Version string          `json:"rule_version,omitempty"`
	FiredMS int64           `json:"fired_ms"`
	Row     json.RawMessage `json:"row,omitempty"` // as optflow tail prints it
	Why     []string        `json:"why,omitempty"`
	More    int             `json:"more,omitempty"`    // of a digest: alerts held back
	Premium float64         `json:"premium,omitempty"` // and their dollars
	Text    string          `json:"text,omitempty"`
	Sim     bool            `json:"sim"`
	Test    bool            `json:"test,omitempty"`
	Held    string          `json:"held,omitempty"` // why it was held back: nobody was told
}

// encode is the object on one line. & < > stay as they are: it is no HTML.
func encode(value any) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil // cannot happen: the parts are texts, numbers and checked JSON
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
