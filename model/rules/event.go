package rules

import (
	"optflow/model"
	"optflow/model/filter"
)

// Kind says what an Event tells.
type Kind uint8

// Kinds of events.
const (
	Fired     Kind = iota // to be delivered, once
	Held                  // would have fired and is held back, see Reason; it is in the inbox and the ledger
	Revised               // what fired or was held is no longer true
	Digest                // how many were held back for max since the last one; to be delivered
	Unmatched             // a burst over the floor that no rule takes, for the ledger's control
)

var kindNames = [...]string{Fired: "fired", Held: "held", Revised: "revised", Digest: "digest", Unmatched: "unmatched"}

// String is the word in JSON.
func (k Kind) String() string { return kindNames[k] }

// Reason says why something was held back.
type Reason uint8

// Reasons. Quiet hours are none: they keep the bell from ringing and nothing
// else, see Event.Quiet.
const (
	NotHeld Reason = iota
	HeldMuted
	HeldHours
	HeldOnce
	HeldRearm
	HeldCooldown
	HeldMax
)

var reasonNames = [...]string{NotHeld: "", HeldMuted: "muted", HeldHours: "hours", HeldOnce: "once", HeldRearm: "rearm", HeldCooldown: "cooldown", HeldMax: "max"}

// String is the word on the screen and in JSON.
func (r Reason) String() string { return reasonNames[r] }

// Event is one thing that an Evaluator has to say. It does not change and holds
// copies.
type Event struct {
	Kind     Kind
	ID       string // of the alert; "" of a digest
	Rule     *Rule  // nil of what is unmatched
	At       int64  // ms of market time when it was said
	Row      model.Burst
	Contract *model.Contract // of the row; for a ticker a contract of nothing but that name
	Date     model.Date      // trading date
	First    int64           // ms: start of the first window, which with contract, date and version is its identity
	Why      []string        // the conditions that were met: "premium 612,000 ≥ 500,000"
	Reason   Reason          // of Held; of Revised why it had been held, if it had
	Quiet    bool            // the rule's quiet hours are on: no bell
	Late     bool            // the bar was older than a minute
	More     int             // of a digest: alerts held back
	Premium  float64         // of a digest: their premium in dollars
	Since    int64           // of a digest: when the first of them was held, ms of market time
}

// Symbol is the contract's symbol, or the ticker.
func (e *Event) Symbol() string { return symbolOf(e.Contract) }

func symbolOf(c *model.Contract) string {
	if c.Symbol != "" {
		return c.Symbol
	}
	return c.Underlying
}

// Stats are what a rule has to show for the session.
type Stats struct {
	Fired, Held, Revised int
	Lacked               int         // bursts, contracts or tickers that could not be judged
	Lacks                filter.Lack // what they lacked
	Beyond               int         // held back beyond what is listed one by one: in digests only
	Last                 int64       // ms of market time when it fired last; 0 never
}
