package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/tape"
)

const (
	// batchRows is how many rows are read from the tape at a time.
	batchRows = 1024
	// pullMost is how long one frame takes rows in, beyond the first batch, so
	// that keys are answered while there are millions to come.
	pullMost = 40 * time.Millisecond
)

// pull reads the tape at the screen's own pace and joins what it reads into
// bursts.
type pull struct {
	tape     *tape.Tape
	maxRows  int
	interval burst.Interval
	bursts   *burst.Set
	cursor   tape.Cursor
	batch    []model.Row
	behind   bool // there was more to read than a frame takes
	changed  <-chan struct{}
	framed   time.Time // of the last data frame
	ticked   time.Time // of the last tick
}

// newPull reads a tape from its first row on.
func newPull(tape *tape.Tape, interval burst.Interval, maxRows int) *pull {
	return &pull{
		tape: tape, interval: interval, maxRows: maxRows, batch: make([]model.Row, batchRows),
		behind: true, // the first look at the tape is at once
	}
}

// regroup begins anew with the windows that the tape still has.
func (p *pull) regroup(rules *model.Rules) {
	p.bursts = burst.New(p.tape.Contracts, burst.Options{Interval: p.interval, Rules: rules, MaxRows: p.maxRows, At: p.tape.At})
	p.cursor = tape.Cursor{Next: p.tape.First(), Trimmed: p.cursor.Trimmed}
}

// look is the newest state. It is to be asked for before the rows, so that no
// news is missed.
func (p *pull) look() *model.State {
	p.changed = p.tape.Changed()
	return p.tape.State()
}

// take reads what is new, as much as a frame takes, and reports whether there was
// anything.
func (p *pull) take() (news bool) {
	p.behind = false
	for began := time.Now(); ; {
		if news && time.Since(began) >= pullMost {
			p.behind = true
			break
		}
		n := p.tape.Read(&p.cursor, p.batch)
		for i := range n {
			p.bursts.Add(p.batch[i], p.cursor.Next-uint64(n-i))
		}
		news = news || n > 0
		if n < len(p.batch) {
			break
		}
	}
	return news
}

// frameMsg says that it is time to look at the tape and the clock.
type frameMsg struct{}

// wait is the one command that waits for news: it returns when the tape
// changed, but no sooner after the last frame than the frame rate has it, or
// when the second is over, so that clock and data share a frame. It is armed
// again once its message is handled; there is never a second one.
func (p *pull) wait(ctx context.Context, second, pause time.Duration) tea.Cmd {
	if p.changed == nil {
		p.changed = p.tape.Changed()
	}
	changed, behind := p.changed, p.behind
	earliest := p.framed.Add(pause)
	return func() tea.Msg {
		timer := time.NewTimer(second)
		defer timer.Stop()
		if !behind {
			select {
			case <-ctx.Done():
				return nil
			case <-timer.C:
				return frameMsg{}
			case <-changed:
			}
		}
		if pause := time.Until(earliest); pause > 0 {
			frame := time.NewTimer(pause)
			defer frame.Stop()
			select {
			case <-ctx.Done():
				return nil
			case <-frame.C:
			}
		}
		return frameMsg{}
	}
}

// untilSecond is how long until the exchange clock shows another second, at
// least half a second from the last time: a simulated market may run fast.
func (p *pull) untilSecond(market int64, wall time.Time) time.Duration {
	left := 1000 - market%1000
	d := time.Duration(left) * time.Millisecond
	if since := wall.Sub(p.ticked); since+d < 500*time.Millisecond {
		d = 500*time.Millisecond - since
	}
	return d
}

// due reports whether the clock shows another second than it did.
func (p *pull) due(market, was int64, wall time.Time) bool {
	return market/1000 != was/1000 && wall.Sub(p.ticked) >= 450*time.Millisecond
}
