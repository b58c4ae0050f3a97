package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/ticker"
	"optflow/ui/act"
	"optflow/ui/details"
	"optflow/ui/paint"
)

// desk is what this screen has left word of with the feed, if there is one.
type desk struct {
	feed    market.Seat
	wanted  []string // tickers chosen here that the engine has not confirmed
	watched []model.ContractID
	unwant  context.CancelFunc // of the day asked for last; nil none was
}

func (d *desk) follow(tickers []string) {
	d.wanted = tickers
	if d.feed != nil {
		d.feed.Follow(slices.Clone(tickers))
	}
}

// following is what is followed once the engine has come so far: what it says, or
// what was chosen since.
func (d *desk) following(tickers []string) []string {
	if d.wanted != nil && slices.EqualFunc(d.wanted, tickers, ticker.Same) {
		d.wanted = nil // the engine may know a better spelling
	}
	if d.wanted != nil {
		return d.wanted
	}
	return tickers
}

// watch tells which contracts are on screen, when they are others.
func (d *desk) watch(ids []model.ContractID) {
	if d.feed == nil {
		return
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if !slices.Equal(ids, d.watched) {
		d.watched = ids
		d.feed.Watch(ids)
	}
}

// poll asks REST now, and the stream again where it waits for a person. It says
// which.
func (d *desk) poll(phase model.Phase) []act.Effect {
	if d.feed == nil {
		return nil
	}
	switch phase {
	case model.PhaseRefused, model.PhaseEvicted, model.PhaseNotEntitled:
		d.feed.Retake()
		return act.One(act.Say{Ink: paint.Text, Text: "trying again"})
	}
	d.feed.PollNow()
	return act.One(act.Say{Ink: paint.Text, Text: "polling now"})
}

func (d *desk) window(span model.Span) {
	if d.feed != nil {
		d.feed.Window(span)
	}
}

// refresh has the feed connect by itself, or not.
func (d *desk) refresh(on bool) {
	if d.feed != nil {
		d.feed.AutoRefresh(on)
	}
}

// lookUp asks the vendor for a symbol.
func (d *desk) lookUp(ctx context.Context, e act.LookUp) tea.Cmd {
	feed := d.feed
	return func() tea.Msg {
		if feed == nil {
			return lookedUp{e.Gen, e.Symbol, fmt.Errorf("%s cannot be looked up without a feed", e.Symbol)}
		}
		return lookedUp{e.Gen, e.Symbol, feed.Lookup(ctx, e.Symbol)}
	}
}

// readDay reads a contract's day from the vendor, after a rest. Of one that was
// asked for before nothing is wanted any more.
func (d *desk) readDay(parent context.Context, e act.ReadDay) tea.Cmd {
	d.leaveDay()
	wanted, unwant := context.WithCancel(parent)
	d.unwant = unwant
	feed := d.feed
	return func() tea.Msg {
		if e.Rest > 0 {
			select {
			case <-time.After(e.Rest):
			case <-wanted.Done():
				return nil
			}
		}
		ctx, cancel := context.WithTimeout(wanted, details.DayWait)
		defer cancel()
		bars, err := feed.Day(ctx, e.ID)
		return details.DayMsg{Gen: e.Gen, Bars: bars, Err: err}
	}
}

// leaveDay spares the request for a day that is no longer wanted.
func (d *desk) leaveDay() {
	if d.unwant != nil {
		d.unwant()
		d.unwant = nil
	}
}
