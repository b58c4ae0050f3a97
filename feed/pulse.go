package feed

import (
	"context"
	"strings"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/rest"
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
	gaps   link.Gaps
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

// rest begins anew after a time in which nothing could be heard.
func (p *pulse) rest(now time.Time) { p.heard, p.wait, p.silent = now, 0, false }

// due says whether the ticker has been silent for longer than its rhythm.
func (p *pulse) due(now time.Time, span model.Span) bool {
	after := pulseUsual
	if high := p.gaps.High(); high > 0 {
		after = min(max(quietFactor*high, pulseLeast), pulseMost)
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

// feelPulses looks at each followed ticker while the stream is live.
func (e *Engine) feelPulses() {
	flowing := e.live() && e.session.open() && e.now.Sub(e.stream.heard) < quietLeast
	for _, t := range e.tickers {
		ch := e.chains[t]
		p := &ch.pulse
		silent := p.silent
		p.beat(e.book.Heard(t), e.now)
		if silent && !p.silent { // what traded meanwhile and never again is found only so
			e.dirty = true
			e.sweep(ch, rest.ForSweep)
		}
		switch {
		case !flowing && !e.live(), p.silent && !e.session.open():
			p.rest(e.now)
		case flowing && p.due(e.now, e.window.span) && ch.volume > 0 && !ch.gone.Holds(e.now) && !e.budget.Scarce():
			p.asked(e.now)
			e.askPulse(ch)
		}
	}
}

// askPulse asks REST whether the ticker's busiest contract has traded since its
// last window on the stream.
func (e *Engine) askPulse(ch *chain) {
	span := int64(e.window.span)
	to := (e.eventNow() - closedBefore) / span * span
	from := max(ch.pulse.newest, e.stream.askedAt, to-10*minuteMillis)
	c := e.tape.Contracts.At(ch.busiest)
	if to <= from || c == nil {
		return
	}
	conn, heard := e.machine.conns, ch.pulse.newest
	e.budget.Add(&rest.Job{
		Class: rest.ForUser, Key: "pulse/" + ch.underlying, Owner: ch.underlying,
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			bars, _, err := e.o.REST.Aggs(ctx, c.Symbol, model.Span(span), from, to)
			return func(rest.Moment) {
				if len(bars) > 0 && e.live() && e.machine.conns == conn && ch.pulse.newest == heard {
					e.fellSilent(ch)
				}
			}, err
		},
		Fail: func(_ rest.Moment, err error) {
			if massive.KindOf(err) == massive.ErrorNotEntitled {
				ch.pulse.next = e.now.Add(pulseMost)
			}
		},
	})
}

// fellSilent polls a ticker of which the stream brings nothing although it trades.
func (e *Engine) fellSilent(ch *chain) {
	ch.pulse.silent = true
	e.log.Warn("ticker silent on the stream", "ticker", ch.underlying, "since", ch.pulse.newest)
	e.note("the stream brings nothing of " + ch.underlying + " although it trades: polled instead")
	for _, p := range ch.pages {
		p.hot, p.read = p.volume > 0, time.Time{}
	}
	e.dirty = true
}

// polled says whether REST does the stream's work for a chain now.
func (e *Engine) polled(ch *chain) bool { return e.polling() || ch.pulse.silent && e.live() }

// silentTickers are those polled while the stream is live, in words; "" none.
func (e *Engine) silentTickers() string {
	var names []string
	for _, t := range e.tickers {
		if e.chains[t].pulse.silent {
			names = append(names, t)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "nothing of " + strings.Join(names, ", ") + ", polled"
}
