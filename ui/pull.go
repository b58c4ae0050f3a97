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
	*scene
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
func newPull(s *scene, tape *tape.Tape, interval burst.Interval, maxRows int) *pull {
	return &pull{
		scene: s, tape: tape, interval: interval, maxRows: maxRows, batch: make([]model.Row, batchRows),
		behind: true, // the first look at the tape is at once
	}
}

// regroup begins anew with the windows that the tape still has.
func (p *pull) regroup() {
	p.bursts = burst.New(p.tape.Contracts, burst.Options{Interval: p.interval, Rules: p.rules, MaxRows: p.maxRows, At: p.tape.At})
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
func (p *pull) wait(ctx context.Context) tea.Cmd {
	if p.changed == nil {
		p.changed = p.tape.Changed()
	}
	changed, behind, second := p.changed, p.behind, p.untilSecond()
	earliest := p.framed.Add(p.pause())
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
func (p *pull) untilSecond() time.Duration {
	left := 1000 - p.clock.Now()%1000
	d := time.Duration(left) * time.Millisecond
	if since := p.wall().Sub(p.ticked); since+d < 500*time.Millisecond {
		d = 500*time.Millisecond - since
	}
	return d
}

// pause is how long after a frame the next one may come.
func (p *pull) pause() time.Duration {
	if p.blurred {
		return blurredPause
	}
	return time.Second / time.Duration(p.fps)
}

// due reports whether the clock shows another second than it did.
func (p *pull) due() bool {
	return p.clock.Now()/1000 != p.now/1000 && p.framed.Sub(p.ticked) >= 450*time.Millisecond
}
