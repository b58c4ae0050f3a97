// Package player plays a recorded day: its blocks go to a replica at the pace of
// their ticks, at any rate, and nobody who looks at it can tell but by the clock.
//
// It goes on by applying without a pace, and back by beginning the day anew. At
// the end of the day it stands.
package player

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"optflow/feed/history"
	"optflow/feed/replica"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/crash"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
)

// Options say what to play and how it begins.
type Options struct {
	Day   history.Day
	Reach history.Reach
	From  int64   // ms: where it begins; 0 at the beginning
	To    int64   // ms: where it ends; 0 at the end
	Rate  float64 // 0 is 1
	// Paused has it stand at From.
	Paused bool
	// Tickers are followed from the start; none: all that were recorded.
	Tickers []string
	// Tape are the options of that of the feed.
	Tape tape.Options
	// Leaves ends Run at the end of what is played, else it stands there. Then
	// nothing is played before somebody reads.
	Leaves bool
}

// Player plays one day.
type Player struct {
	o       Options
	clock   *clock.Clock
	replica *replica.Replica

	mu      sync.Mutex
	changed chan struct{} // closed at the next word
	now     market.Playing
	over    bool         // Run is to end
	applied int64        // ms: the tick that was applied last; 0 none
	missed  *daylog.Hole // that the next tick ends
	quick   bool         // faces are waited for
}

var _ market.Player = (*Player)(nil)

// New returns a player that does nothing until Run.
func New(o Options) *Player {
	p := &Player{o: o, clock: clock.New(), changed: make(chan struct{})}
	from, to := o.Reach.From, o.Reach.To
	if o.To > 0 && o.To < to {
		to = max(o.To, from)
	}
	p.now = market.Playing{Feed: o.Day.Feed, Date: o.Day.Date, From: from, To: to, Rate: bounded(o.Rate), Paused: o.Paused}
	if o.From > from {
		p.now.Target = min(o.From, to)
	}
	p.clock.Drive(from, 0)
	p.replica = replica.New(replica.Options{Clock: p.clock, Pace: p.pace, Hole: p.missing, Tickers: o.Tickers, Sim: o.Reach.Header.Sim, Tape: o.Tape})
	return p
}

// bounded is a rate that can be played.
func bounded(rate float64) float64 {
	switch {
	case rate == 0:
		return 1
	case rate == market.Unpaced:
		return rate
	}
	return min(max(rate, market.SlowestRate), market.FastestRate)
}

// Market is the recorded market, as it is by now.
func (p *Player) Market() market.Market { return p.replica.Market() }

// Accounts are those of the day by now.
func (p *Player) Accounts() []model.Account { return p.replica.Accounts(nil) }

// Run plays until ctx ends, or until the end where that is asked for.
func (p *Player) Run(ctx context.Context) error {
	defer p.replica.Close()
	defer context.AfterFunc(ctx, crash.Guarded("recording", func() {
		p.replica.Close()
		p.word(func(*market.Playing) { p.over = true })
	}))()
	if p.o.Leaves {
		select {
		case <-p.replica.Begun():
		case <-ctx.Done():
			return nil
		}
	}
	p.word(func(*market.Playing) { p.turn() })
	for {
		err := p.pass(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errBack):
		case err != nil:
			return fmt.Errorf("playing %s of %s: %w", p.o.Day.Date, p.o.Day.Feed, err)
		case p.o.Leaves:
			p.end()
			return nil
		default:
			p.end()
			if !p.stand() {
				return nil
			}
		}
		p.again()
	}
}

// errBack says that the day has to be begun anew.
var errBack = errors.New("back")

// errEnd says that what was to be played is played.
var errEnd = errors.New("the end")

// pass goes through the day once, from its beginning.
func (p *Player) pass(ctx context.Context) error {
	first := true
	for b, err := range p.o.Day.Blocks(ctx, nil) {
		if err != nil {
			return err
		}
		if b.Hole != nil {
			p.missing(*b.Hole)
		}
		if b.Begins && !first && b.Header.Fresh { // the book of that time began anew
			p.replica.Renew()
		}
		first = false
		err := p.replica.Block(&b.Block, b.Unpacked)
		if errors.Is(err, errEnd) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
