package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/market"
)

const (
	// observeEvery is how often the accounts are read while a page shows them.
	observeEvery = 500 * time.Millisecond
	// observeWait is how long an answer may take before it is asked for anew.
	observeWait = 5 * time.Second
)

// accounts are copies of the engine's accounts of the day. Nothing is copied
// while neither a page nor the details show them.
type accounts struct {
	feed        market.Seat     // nil: there is none to ask
	list, spare []model.Account // in use, and room for the next copy
	read        bool            // accounts were read
	asking      bool
	gen         int // of what is asked for: answers to older questions are dropped
	asked       time.Time
	trouble     string // why they cannot be read
}

// accountsMsg is a copy of the accounts, or of the one that the details show.
type accountsMsg struct {
	gen  int
	list []model.Account
	one  bool
	err  error
}

// ask asks the engine for all accounts, or for those named, if it is time to.
func (a *accounts) ask(parent context.Context, now time.Time, only ...model.ContractID) tea.Cmd {
	if a.feed == nil || a.asking || now.Sub(a.asked) < observeEvery {
		return nil
	}
	a.asking, a.asked = true, now
	feed, gen, into := a.feed, a.gen, a.spare
	if len(only) > 0 {
		into = nil
	}
	a.spare = nil
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, observeWait)
		defer cancel()
		list, err := feed.Observe(ctx, into, only...)
		return accountsMsg{gen, list, len(only) > 0, err}
	}
}

// soon makes the next frame ask: another page, another contract.
func (a *accounts) soon() {
	a.gen++
	a.asked = time.Time{}
}

// got takes an answer over, and reports whether it is one to what is asked now.
func (a *accounts) got(msg accountsMsg) bool {
	a.asking = false
	switch {
	case msg.gen != a.gen:
		if !msg.one {
			a.spare = msg.list
		}
		return false
	case msg.err != nil:
		a.trouble = msg.err.Error()
	case msg.one:
		a.trouble = ""
	default:
		a.trouble, a.read = "", true
		a.spare, a.list = a.list, msg.list
	}
	return true
}

// of is a contract's account as last read, nil if it was not.
func (a *accounts) of(id model.ContractID) *model.Account {
	for i := range a.list {
		if a.list[i].Contract == id {
			return &a.list[i]
		}
	}
	return nil
}
