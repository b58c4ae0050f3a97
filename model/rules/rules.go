// Package rules decides which bursts, contracts and tickers a person is told of.
//
// A Rule is a filter with an on, limits and where to tell. An Evaluator is told
// bursts, accounts and totals and says as values what fired, what was held back
// and why, and what turned out wrong; a Watch reads a tape for it. It promises
// that one identity fires at most once for one version of a rule, over replay,
// restart, correction, reordering and a change of window, and that what is not
// known never counts as true. Delivery is another's.
package rules

import (
	"optflow/model"
	"optflow/model/filter"
)

// On says what a rule is asked of.
type On uint8

// What a rule is asked of. OnOrder has its place in the format and is refused
// until single trades are read.
const (
	OnBurst    On = iota // bursts of 10 s, whatever the screen's interval
	OnContract           // a contract's day
	OnTicker             // an underlying's day
	OnOrder
)

var onNames = [...]string{OnBurst: "burst", OnContract: "contract", OnTicker: "ticker", OnOrder: "order"}

// String is the word in the config file.
func (o On) String() string { return onNames[o] }

// Scope says among what a cooldown holds back.
type Scope uint8

// Scopes of a cooldown.
const (
	PerContract Scope = iota
	PerTicker
	PerRule
)

var scopeNames = [...]string{PerContract: "contract", PerTicker: "ticker", PerRule: "rule"}

// String is the word in the config file.
func (s Scope) String() string { return scopeNames[s] }

// MostPerHour bounds what all rules together deliver in an hour of market time.
const MostPerHour = 60

// Rule is one rule, checked. It does not change.
type Rule struct {
	Name     string
	When     *filter.Filter
	On       On
	To       []string // bell, notify, log, exec:NAME, hook:NAME; none: the inbox alone
	Cooldown int64    // ms of market time; 0 none
	Per      Scope    // of the cooldown
	Rearm    int64    // ms of market time that a contract or ticker must be false before the next; 0 none
	Hours    *Hours   // of the exchange in which it fires; nil always
	Quiet    *Hours   // in which it does not ring the bell; nil never
	Once     bool     // fires once and is spent
	Late     bool     // fires for bars older than a minute, too
	Max      int      // deliveries an hour; 0: only MostPerHour
	// Over is set of a tab that rings: only bursts over these floors are its own, and
	// no cap holds back the bell. Nil for all others.
	Over    *model.Rules
	Version string // hash of all but Name and To, 16 hex digits

	Written Written // as it was written
	env     filter.Env
}
