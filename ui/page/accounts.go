package page

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/market"
)

const (
	// ObserveEvery is how often the accounts are read while a page shows them.
	ObserveEvery = 500 * time.Millisecond
	// observeWait is how long an answer may take before it is asked for anew.
	observeWait = 5 * time.Second
)

// Accounts are copies of the engine's accounts of the day. Nothing is copied
// while neither a page nor the details show them.
type Accounts struct {
	Feed        market.Seat     // nil: there is none to ask
	list, spare []model.Account // in use, and room for the next copy
	read        bool            // accounts were read
	Asking      bool
	gen         int // of what is asked for: answers to older questions are dropped
	Asked       time.Time
	trouble     string // why they cannot be read
}

// AccountsMsg is a copy of the accounts, or of the one that the details show.
type AccountsMsg struct {
	gen  int
	List []model.Account
	One  bool
	Err  error
}

// Ask asks the engine for all accounts, or for those named, if it is time to.
func (a *Accounts) Ask(parent context.Context, now time.Time, only ...model.ContractID) tea.Cmd {
	if a.Feed == nil || a.Asking || now.Sub(a.Asked) < ObserveEvery {
		return nil
	}
	a.Asking, a.Asked = true, now
	feed, gen, into := a.Feed, a.gen, a.spare
	if len(only) > 0 {
		into = nil
	}
	a.spare = nil
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, observeWait)
		defer cancel()
		list, err := feed.Observe(ctx, into, only...)
		return AccountsMsg{gen, list, len(only) > 0, err}
	}
}

// Soon makes the next frame ask: another page, another contract.
func (a *Accounts) Soon() {
	a.gen++
	a.Asked = time.Time{}
}

// Got takes an answer over, and reports whether it is one to what is asked now.
func (a *Accounts) Got(msg AccountsMsg) bool {
	a.Asking = false
	switch {
	case msg.gen != a.gen:
		if !msg.One {
			a.spare = msg.List
		}
		return false
	case msg.Err != nil:
		a.trouble = msg.Err.Error()
	case msg.One:
		a.trouble = ""
	default:
		a.trouble, a.read = "", true
		a.spare, a.list = a.list, msg.List
	}
	return true
}

// Of is a contract's account as last read, nil if it was not.
func (a *Accounts) Of(id model.ContractID) *model.Account {
	for i := range a.list {
		if a.list[i].Contract == id {
			return &a.list[i]
		}
	}
	return nil
}
