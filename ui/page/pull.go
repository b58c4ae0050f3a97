package page

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/market"
	"optflow/model/tape"
	"optflow/ui/boards"
	"optflow/ui/rows"
	"optflow/ui/scene"
)

const (
	// batchRows is how many rows are read from the tape at a time.
	batchRows = 1024
	// pullMost is how long one frame takes rows in, beyond the first batch, so
	// that keys are answered while there are millions to come.
	pullMost = 40 * time.Millisecond
)

// Pull reads the tape at the screen's own pace and joins what it reads into
// bursts.
type Pull struct {
	*scene.Scene
	market   market.Market
	seat     market.Seat // that hears how far the tape is read; nil: none
	docked   uint64      // the generation of the market that the tape is of
	tape     *tape.Tape
	maxRows  int
	Interval burst.Interval
	Bursts   rows.Bursts
	boards   *boards.Boards // shared with other screens; nil: the bursts are this one's
	look     *boards.Look   // at one of them
	own      *burst.Set     // else
	cursor   tape.Cursor
	batch    []model.Row
	Behind   bool // there was more to read than a frame takes
	changed  <-chan struct{}
	Framed   time.Time // of the last data frame
	Ticked   time.Time // of the last tick
	Played   bool      // a recording is played: the clock may leap, and stand
	Rate     float64   // of the clock, in ms in one of wall time; 0 stands
}

// NewPull reads a market's tape from its first row on, or has boards read it.
func NewPull(s *scene.Scene, m market.Market, seat market.Seat, shared *boards.Boards, interval burst.Interval, maxRows int) (*Pull, error) {
	p := &Pull{Scene: s, market: m, seat: seat, boards: shared, Interval: interval, maxRows: maxRows, Rate: 1}
	p.dock()
	return p, p.lookAt(interval)
}

// dock takes the rows and contracts that the market has now.
func (p *Pull) dock() {
	p.docked, p.tape = p.market.Generation(), p.market.Rows()
	p.Contracts = p.market.Contracts()
	p.changed, p.Behind = nil, true // the first look at a tape is at once
}

// regroup begins anew with the windows that the tape still has.
func (p *Pull) regroup() {
	if p.look != nil {
		p.Bursts = p.look
		return
	}
	if p.batch == nil {
		p.batch = make([]model.Row, batchRows)
	}
	p.own = burst.New(p.tape.Contracts, burst.Options{Interval: p.Interval, Rules: p.Rules, MaxRows: p.maxRows, At: p.tape.At})
	p.Bursts = p.own
	p.cursor = tape.Cursor{Next: p.tape.First(), Trimmed: p.cursor.Trimmed}
	p.tellRead()
}

// Look is the newest state. It is to be asked for before the rows, so that no
// news is missed.
func (p *Pull) Look() *model.State {
	if p.look == nil {
		p.changed = p.tape.Changed()
	}
	return p.market.State()
}

// lookAt looks at the board of an interval and the rules, where bursts are shared.
func (p *Pull) lookAt(interval burst.Interval) error {
	if p.boards == nil {
		return nil
	}
	look, err := p.boards.Look(interval, p.Rules)
	if err == nil {
		p.standAlone()
		p.look = look
	}
	return err
}

// standAlone looks at no board any more.
func (p *Pull) standAlone() {
	if p.look != nil {
		p.look.Leave()
		p.look = nil
	}
}

// Leave ends the reading.
func (p *Pull) Leave() { p.standAlone() }

// take reads what is new. What went is still to be read in Bursts as they are, what
// changed once advance goes on.
func (p *Pull) take() (went, changed []burst.Change) {
	if p.look != nil {
		went, changed = p.look.Take()
		p.changed = p.look.Changed()
		return went, changed
	}
	if !p.read() {
		return nil, nil
	}
	return nil, p.own.Drain()
}

// advance goes on to what take found, and reports whether that was there before, of
// a board that was begun just now.
func (p *Pull) advance() (begun bool) {
	if p.look != nil {
		begun = p.look.Behind()
		p.look.Advance()
		p.Behind = p.look.Behind()
	}
	return begun
}

// read reads as much as a frame takes, and reports whether there was anything.
func (p *Pull) read() (news bool) {
	p.Behind = false
	for began := time.Now(); ; {
		if news && time.Since(began) >= pullMost {
			p.Behind = true
			break
		}
		n := p.tape.Read(&p.cursor, p.batch)
		for i := range n {
			p.own.Add(p.batch[i], p.cursor.Next-uint64(n-i))
		}
		news = news || n > 0
		if n < len(p.batch) {
			break
		}
	}
	if news {
		p.tellRead()
	}
	return news
}

// tellRead tells the market how far the rows are read.
func (p *Pull) tellRead() {
	if p.seat != nil {
		p.seat.Read(p.docked, p.cursor.Next)
	}
}

// Missed is how many rows were dropped before they were read.
func (p *Pull) Missed() uint64 {
	if p.look != nil {
		return p.look.Missed()
	}
	return p.cursor.Trimmed
}

// Renamed is to be called when contracts turned out to be of another underlying
// (State.Moves).
func (p *Pull) Renamed() {
	if p.look == nil { // whose board sees it by itself
		p.own.Renamed()
	}
}

// FrameMsg says that it is time to look at the tape and the clock.
type FrameMsg struct{}

// Wait is the one command that waits for news: it returns when the tape
// changed, but no sooner after the last frame than the frame rate has it, or
// when the second is over, so that clock and data share a frame. It is armed
// again once its message is handled; there is never a second one.
func (p *Pull) Wait(ctx context.Context) tea.Cmd {
	if p.changed == nil && p.look == nil {
		p.changed = p.tape.Changed()
	}
	if p.look != nil {
		p.changed = p.look.Changed()
	}
	changed, behind, second := p.changed, p.Behind, p.untilSecond()
	earliest := p.Framed.Add(p.Pause())
	return func() tea.Msg {
		timer := time.NewTimer(second)
		defer timer.Stop()
		if !behind {
			select {
			case <-ctx.Done():
				return nil
			case <-timer.C:
				return FrameMsg{}
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
		return FrameMsg{}
	}
}

// untilSecond is how long until the exchange clock shows another second, at
// least half a second from the last time, since a simulated market or a recording
// may run fast, and at most one: what is said leaves by itself.
func (p *Pull) untilSecond() time.Duration {
	if p.Rate == 0 {
		return time.Second
	}
	left := 1000 - p.Clock.Now()%1000
	d := min(time.Duration(float64(left)/p.Rate*float64(time.Millisecond)), time.Second)
	if since := p.Wall().Sub(p.Ticked); since+d < 500*time.Millisecond {
		d = 500*time.Millisecond - since
	}
	return d
}

// CalmPause is how far apart two changed lines are at least, for who hears them
// read.
const CalmPause = 500 * time.Millisecond

// Pause is how long after a frame the next one may come.
func (p *Pull) Pause() time.Duration {
	pause := time.Second / time.Duration(p.FPS)
	switch {
	case p.Calm:
		pause = max(CalmPause, pause)
	case p.Blurred:
		pause = rows.BlurredPause
	}
	if p.Shared != nil {
		pause = max(pause, p.Shared())
	}
	return pause
}

// Due reports whether the clock shows another second than it did. One of a
// recording may also have run so far that ages would be wrong, or stand while a
// second went by.
func (p *Pull) Due() bool {
	since, now := p.Framed.Sub(p.Ticked), p.Clock.Now()
	if now/1000 != p.Now/1000 && since >= 450*time.Millisecond {
		return true
	}
	return p.Played && (now-p.Now > leap || now < p.Now || p.Rate < 1 && since >= time.Second)
}

// leap is how far, in ms, the clock of a recording runs at most between two ticks.
const leap = 2_000
