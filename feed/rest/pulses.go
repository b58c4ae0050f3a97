package rest

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"optflow/feed/link"
	"optflow/feed/source"
	"optflow/model"
)

const (
	pulseLeast  = 30 * time.Second // without a bar of a ticker, until REST is asked
	pulseUsual  = time.Minute      // while its rhythm is not known
	pulseMost   = 10 * time.Minute
	pulseMinute = 75 * time.Second // more for windows of a minute
)

// pulse is one followed ticker's life on the stream: that data of others flows
// says nothing of it.
type pulse struct {
	newest int64     // ms: end of its newest window
	heard  time.Time // when that came
	gaps   link.Rhythm
	next   time.Time     // not asked again before
	wait   time.Duration // grows with every answer that it is quiet
	silent bool          // REST has newer bars than the stream: it is polled
}

// beat notes how far the stream has brought the ticker.
func (p *pulse) beat(newest int64, now time.Time) {
	if newest <= p.newest && !p.heard.IsZero() {
		return
	}
	if newest > p.newest && p.newest > 0 {
		p.gaps.Add(now.Sub(p.heard), now)
	}
	if newest > p.newest {
		p.silent = false
	}
	p.newest, p.heard, p.wait = max(newest, p.newest), now, 0
}

// calm begins anew after a time in which nothing could be heard.
func (p *pulse) calm(now time.Time) { p.heard, p.wait, p.silent = now, 0, false }

// due says whether the ticker has been silent for longer than its rhythm.
func (p *pulse) due(now time.Time, span model.Span) bool {
	after := pulseUsual
	if high := p.gaps.High(); high > 0 {
		after = min(max(link.QuietFactor*high, pulseLeast), pulseMost)
	}
	if span == model.Minute {
		after += pulseMinute
	}
	return !p.silent && now.Sub(p.heard) >= after && !now.Before(p.next)
}

// asked puts the next question off: a ticker that is quiet is asked about ever
// more rarely.
func (p *pulse) asked(now time.Time) {
	p.wait = min(max(2*p.wait, pulseUsual), pulseMost)
	p.next = now.Add(p.wait)
}

// Pulses watches each followed ticker while the stream is live.
type Pulses struct {
	source    barSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	sweeps    *Sweeps
	book      pulseBook
	notes     Notes
	log       *slog.Logger
}

type pulseBook interface {
	Heard(name string) int64
}

// Feel looks at each ticker and asks about those that are silent. It reports
// whether one speaks again.
func (p *Pulses) Feel(m Moment) (again bool) {
	flows := m.Live && m.busy() && m.Now.Sub(m.Heard) < link.QuietLeast
	for ch := range p.following.all {
		pulse := &ch.pulse
		silent := pulse.silent
		pulse.beat(p.book.Heard(ch.underlying), m.Now)
		if silent && !pulse.silent { // what traded meanwhile and never again is found only so
			again = true
			p.sweeps.sweep(m, ch, ForSweep)
		}
		switch {
		case !flows && !m.Live, pulse.silent && !m.busy():
			pulse.calm(m.Now)
		case flows && pulse.due(m.Now, m.Span) && ch.volume > 0 && !ch.gone.Holds(m.Now) && !p.budget.scarce():
			pulse.asked(m.Now)
			p.ask(m, ch)
		}
	}
	return again
}

// ask asks whether the ticker's busiest contract has traded since its last
// window on the stream.
func (p *Pulses) ask(m Moment, ch *Chain) {
	from, to := m.compared(ch.pulse.newest)
	c := p.contracts.At(ch.busiest)
	if to <= from || c == nil {
		return
	}
	conn, heard := m.Conn, ch.pulse.newest
	p.budget.Add(&Job{
		Class: ForUser, Key: "pulse/" + ch.underlying, Owner: ch,
		Do: asks(func(ctx context.Context) ([]model.Bar, error) {
			bars, _, err := p.source.Aggs(ctx, c.Symbol, m.Span, from, to)
			return bars, err
		}, func(m Moment, bars []model.Bar) {
			if len(bars) > 0 && m.Live && m.Conn == conn && ch.pulse.newest == heard {
				p.silent(ch)
			}
		}),
		Fail: func(m Moment, err error) {
			if source.KindOf(err) == source.ErrorNotEntitled {
				ch.pulse.next = m.Now.Add(pulseMost)
			}
		},
	})
}

// silent polls a ticker of which the stream brings nothing although it trades.
func (p *Pulses) silent(ch *Chain) {
	ch.pulse.silent = true
	p.log.Warn("ticker silent on the stream", "ticker", ch.underlying, "since", ch.pulse.newest)
	p.notes.Note("the stream brings nothing of " + ch.underlying + " although it trades: polled instead")
	ch.heat()
}

// Silent are the tickers polled while the stream is live, in words; "" none.
func (p *Pulses) Silent() string {
	var names []string
	for ch := range p.following.all {
		if ch.pulse.silent {
			names = append(names, ch.underlying)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "nothing of " + strings.Join(names, ", ") + ", polled"
}

// LiquidMost is how many contracts a probe asks for.
const LiquidMost = 3

// Probe asks whether liquid contracts have traded since the stream's last word:
// then the stream is stale, else the market is quiet.
type Probe struct {
	source    barSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	book      accountsBook
}

// Ask tells answer, for each contract, whether REST has newer bars of it.
func (p *Probe) Ask(m Moment, answer func(newer bool)) {
	from, to := m.compared(m.Newest)
	if to <= from {
		return
	}
	for _, id := range p.liquid() {
		c := p.contracts.At(id)
		p.budget.Add(&Job{
			Class: ForUser, Key: "probe/" + c.Symbol,
			Do: asks(func(ctx context.Context) ([]model.Bar, error) {
				bars, _, err := p.source.Aggs(ctx, c.Symbol, m.Span, from, to)
				return bars, err
			}, func(_ Moment, bars []model.Bar) { answer(len(bars) > 0) }),
		})
	}
}

// liquid names the contracts that would have traded if anything did: the three
// of most volume today, and while none is known one of each ticker.
func (p *Probe) liquid() []model.ContractID {
	var top []model.Account
	for a := range p.book.Accounts {
		at, _ := slices.BinarySearchFunc(top, a, func(a, b model.Account) int { return cmp.Compare(b.Day, a.Day) })
		if a.Day > 0 && at < LiquidMost {
			top = slices.Insert(top, at, a)
			top = top[:min(len(top), LiquidMost)]
		}
	}
	var ids []model.ContractID
	for _, a := range top {
		ids = append(ids, a.Contract)
	}
	for ch := range p.following.all {
		if len(ids) < LiquidMost && ch.volume > 0 && !slices.Contains(ids, ch.busiest) {
			ids = append(ids, ch.busiest)
		}
	}
	return ids
}
