package relay

import (
	"encoding/json"
	"errors"
	"fmt"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/termsafe"
)

// Verb is what a follower asks.
type Verb string

// Verbs. A publisher that does not know one says so.
const (
	Follow    Verb = "follow" // these tickers, that span; said anew it renews the lease
	Watch     Verb = "watch"  // these contracts are on screen
	Know      Verb = "know"   // number these contracts
	Poll      Verb = "poll"   // ask REST once
	Retake    Verb = "retake" // try again what waits for a person
	Lookup    Verb = "lookup" // is there such a ticker
	Day       Verb = "day"    // a contract's minutes
	Snapshots Verb = "snapshots"
	AsOf      Verb = "asof"
	Interest  Verb = "interest"
	Leave     Verb = "leave" // the seat is given up
)

// Waits reports whether an ask has an answer that takes a while; all others are
// carried out in their order.
func (v Verb) Waits() bool {
	switch v {
	case Lookup, Day, Snapshots, AsOf, Interest:
		return true
	}
	return false
}

// Ask is a question or a wish of a follower. Contracts go by their symbols, since
// each book has numbers of its own.
type Ask struct {
	V    int    `json:"v"`
	ID   uint64 `json:"id"`             // repeated in the answer
	Seat uint32 `json:"seat,omitempty"` // which face of the follower asks
	Verb Verb   `json:"verb"`
	Args Args   `json:"args"`
}

// Args are those of all verbs.
type Args struct {
	Tickers   []string   `json:"tickers,omitempty"`
	Span      model.Span `json:"span,omitempty"`  // ms
	Rests     bool       `json:"rests,omitempty"` // no auto-refresh
	Aside     bool       `json:"aside,omitempty"` // nothing of its own is wanted
	Contracts []string   `json:"contracts,omitempty"`
	Symbol    string     `json:"symbol,omitempty"` // a ticker, or the one contract
	At        int64      `json:"at,omitempty"`     // ms
	Session   model.Date `json:"session,omitempty"`
}

// Bounds of an ask.
const (
	mostTickers   = 500
	mostContracts = 1000
	longestName   = 40
)

// ReadAsk reads an ask within its bounds.
func ReadAsk(payload []byte) (a Ask, err error) {
	if err := json.Unmarshal(payload, &a); err != nil || a.V < 1 {
		return a, fmt.Errorf("reading an ask: %w", ErrBroken)
	}
	if a.V > Version {
		return a, fmt.Errorf("reading an ask: %w", ErrNewer)
	}
	g := &a.Args
	long := len(g.Tickers) > mostTickers || len(g.Contracts) > mostContracts || len(g.Symbol) > longestName
	for _, names := range [][]string{g.Tickers, g.Contracts} {
		for _, name := range names {
			long = long || len(name) > longestName
		}
	}
	if long {
		return a, fmt.Errorf("reading an ask that is too long: %w", ErrBroken)
	}
	return a, nil
}

// Answer is what came of an ask.
type Answer struct {
	V        int             `json:"v"`
	ID       uint64          `json:"id"`
	Error    string          `json:"error,omitempty"` // a sentence for the user
	NotPlan  bool            `json:"notplan,omitempty"`
	Ops      []byte          `json:"ops,omitempty"` // bars and snapshots, in the form of the day log
	Interest *model.Interest `json:"interest,omitempty"`
}

// longestError are the bytes of an error's sentence.
const longestError = 500

// ReadAnswer reads an answer.
func ReadAnswer(payload []byte) (a Answer, err error) {
	if err := json.Unmarshal(payload, &a); err != nil || a.V < 1 {
		return a, fmt.Errorf("reading an answer: %w", ErrBroken)
	}
	a.Error = termsafe.String(a.Error, longestError)
	return a, nil
}

// fail has the answer say an error.
func (a *Answer) fail(err error) {
	a.Error, a.NotPlan = termsafe.String(err.Error(), longestError), errors.Is(err, market.ErrNotInPlan)
}

// answerError is the error of an answer as the asker's own.
type answerError struct {
	text    string
	notPlan bool
}

func (e answerError) Error() string        { return e.text }
func (e answerError) Is(target error) bool { return e.notPlan && target == market.ErrNotInPlan }

// err is what the answer says went wrong.
func (a *Answer) err() error {
	if a.Error == "" {
		return nil
	}
	return answerError{a.Error, a.NotPlan}
}
