// Package alert is what the parts of an alert's life say to each other: a rule as
// its user wrote it, the inbox as it stands, and what a face may ask for.
package alert

import (
	"slices"
	"time"

	"optflow/model"
)

// Rule is a rule as it is written, in the config file or in alerts.toml. What its
// words mean, model/rules judges.
type Rule struct {
	Name     string   `toml:"name"`
	When     string   `toml:"when"`               // a line of the filter language
	On       string   `toml:"on,omitempty"`       // "burst", "contract" or "ticker"; "" is burst
	To       []string `toml:"to,omitempty"`       // "bell", "notify", "log", "exec:NAME", "hook:NAME"
	Cooldown string   `toml:"cooldown,omitempty"` // "60s contract"
	Rearm    string   `toml:"rearm,omitempty"`    // "60s"
	Hours    string   `toml:"hours,omitempty"`    // "09:30-16:00", of the exchange
	Quiet    string   `toml:"quiet,omitempty"`    // hours in which no bell rings
	Max      string   `toml:"max,omitempty"`      // "20/h"
	Once     bool     `toml:"once,omitempty"`     // it is off after it has fired
	Late     bool     `toml:"late,omitempty"`     // bars older than a minute fire too
	Off      bool     `toml:"off,omitempty"`      // switched off on the screen
}

// Outcome is what became of an alert's delivery.
type Outcome uint8

// Outcomes. What is not waiting has one of the others for good.
const (
	Waiting   Outcome = iota
	Delivered         // to every place of its rule
	Held              // back, by cooldown, cap, mute or for want of the lock: see Note
	Dropped           // a queue was full, or the program ended before
	Failed            // some place refused it or could not be reached
)

var outcomes = [...]string{"waiting", "ok", "held back", "dropped", "failed"}

// String is the outcome in a word or two.
func (o Outcome) String() string { return outcomes[o] }

// OutcomeOf is the outcome of a word, Waiting of any other.
func OutcomeOf(word string) Outcome {
	return Outcome(max(0, slices.Index(outcomes[:], word))) // #nosec G115 -- an index of the words
}

// State is what its reader knows of an alert.
type State uint8

// States.
const (
	New State = iota
	Seen
	Revised // corrected since, so that its rule is no longer true
)

var states = [...]string{"new", "seen", "revised"}

// String is the state in a word.
func (s State) String() string { return states[s] }

// Alert is one line of the inbox.
type Alert struct {
	ID       string // hash of version, contract, date and first window; "" of a test
	Rule     string
	Version  string // of the rule: hash of all but name and to
	At       int64  // ms of market time at which it fired, and we knew
	Row      model.Burst
	Contract *model.Contract // nil of an earlier run
	Why      []string        // "premium 612,000 ≥ 500,000"
	Text     string          // in a line, where there is no row: of an earlier run
	State    State
	Outcome  Outcome
	Note     string // why, in a few words: "404 at hooks.example", "cooldown"
	Test     bool
}

// Counts are alerts by what became of them. Fired is always the sum of the
// others.
type Counts struct {
	Fired, Waiting, Delivered, Held, Dropped, Failed uint64
}

// Of is the count of an outcome.
func (c *Counts) Of(o Outcome) *uint64 {
	return [...]*uint64{&c.Waiting, &c.Delivered, &c.Held, &c.Dropped, &c.Failed}[o]
}

// Standing is a rule and how it stands.
type Standing struct {
	Rule
	Version string
	From    string // where it is written: "config.toml:12", "alerts.toml:3", "tab Big"
	Counts  Counts // of this run and session
	Muted   int64  // wall time in ms until which it is muted; 0 is not
	Lacked  string // what was not known where it could not decide: "211 lacked spot"
	Wrong   string // what is wrong with what is written now; the rule before it is in force
}

// Add adds others.
func (c *Counts) Add(other Counts) {
	c.Fired += other.Fired
	for o := Waiting; o <= Failed; o++ {
		*c.Of(o) += *other.Of(o)
	}
}

// Inbox is an immutable picture of alerts and rules.
type Inbox struct {
	Alerts  []Alert // oldest first; the last MostAlerts
	Rules   []Standing
	Counts  Counts   // of all rules
	New     int      // alerts that nobody has seen
	Trouble []string // what does not work now: a hook that is off, rules that cannot be read
	Idle    string   // why this program delivers nothing, "" it does
}

// MostAlerts is how many the inbox keeps: a day's most by the cap of all rules.
const MostAlerts = 500

// Desk is where a face asks. Nothing of it waits, but for Save and Off, which
// write a file.
type Desk interface {
	// Inbox is never nil.
	Inbox() *Inbox
	// Changed is closed once there is another Inbox. Take it before looking.
	Changed() <-chan struct{}
	// See marks all alerts as seen.
	See()
	// Mute holds a rule's alerts back for so long; 0 ends it.
	Mute(rule string, long time.Duration)
	// Test sends one alert marked TEST to all places of a rule. The error is a
	// sentence.
	Test(rule string) error
	// Save adds a rule to those made on the screen, or writes one anew. It goes
	// before one of that name in the config file, which is never written.
	Save(r Rule) error
	// Off switches a rule off, or on again, for later runs too.
	Off(rule string, off bool) error
	// Ring names the tabs that ring, each as a rule, and the floors over which.
	Ring(tabs []Rule, floors *model.Rules)
	// Judge says what is wrong with a rule, nil if nothing is.
	Judge(r Rule) error
}

// Signal is what a terminal is to be given, through whoever writes on it.
type Signal struct {
	Bell   string // "" none
	Notify string // where the terminal is not looked at; "" none
}
