package feed

import (
	"time"

	"optflow/feed/rest"
	"optflow/model"
)

const (
	// coldEvery is how often a page is read while Polling although nothing
	// traded in it the last time.
	coldEvery  = 60 * time.Second
	coldClosed = 10 * time.Minute // the same out of session
	// pollAhead bounds the polls queued: which are due is decided late.
	pollAhead = 2 * rest.Rate
	// startGrace is how long the start may take before it counts as Polling.
	startGrace = 2 * time.Second
)

// pollStats measures the interval that polling really reaches.
type pollStats struct {
	reached time.Duration // mean distance of two readings of a busy page
	newest  int64         // ms: market time of the last reading that brought news
}

// polling says whether REST does the stream's work now.
func (e *Engine) polling() bool {
	return !e.live() && !e.paused() && !e.machine.refused && !e.plan.NoSnapshots && e.machine.phase != model.PhaseIdle
}

// fallen is the moment at which the stream stops delivering: the busy pages are
// read at once.
func (e *Engine) fallen() {
	e.outage(model.GapNone)
	e.polls.reached = 0
	for _, t := range e.tickers {
		for _, p := range e.chains[t].pages {
			p.hot = p.volume > 0
			p.read = time.Time{}
		}
	}
}

// schedulePolls queues the pages that are due, the longest overdue first.
func (e *Engine) schedulePolls() {
	if e.paused() || e.plan.NoSnapshots {
		return
	}
	queued := e.budget.Queued(rest.ForPolling)
	type duePage struct {
		ch   *chain
		p    *page
		rank float64
	}
	for queued < pollAhead {
		best := duePage{rank: 1}
		for _, t := range e.tickers {
			ch := e.chains[t]
			if ch.running != nil || !ch.baseline || !e.polled(ch) {
				continue
			}
			for _, p := range ch.pages {
				if rank := e.overdue(p); !p.outstanding && (rank > best.rank || rank == best.rank && best.p != nil && p.volume > best.p.volume) {
					best = duePage{ch, p, rank}
				}
			}
		}
		if best.p == nil {
			return
		}
		e.readPage(best.ch, best.p, rest.ForPolling, nil)
		queued++
	}
}

// overdue is the time since a page was read in units of the interval it is to
// be read at. A page not read since the stream was lost is due at once, the
// busiest first.
func (e *Engine) overdue(p *page) float64 {
	every := coldEvery
	if !e.session.facts.Open {
		every = coldClosed
	}
	if p.hot {
		every = e.o.PollInterval
	}
	if p.read.IsZero() {
		if p.hot {
			return 1e9
		}
		return 1e3
	}
	return float64(e.now.Sub(p.read)) / float64(every)
}

// pagePolled books when a page was read and what had changed in it.
func (e *Engine) pagePolled(p *page, volume int64) {
	if !p.read.IsZero() && p.hot && e.polling() {
		took := e.now.Sub(p.read)
		if e.polls.reached == 0 {
			e.polls.reached = took
		}
		e.polls.reached += (took - e.polls.reached) / 8
	}
	p.hot = volume != p.volume
	if p.hot && e.polling() {
		e.polls.newest = e.clock.Now()
	}
	p.volume, p.read = volume, e.now
}

// pollEvery is the interval reached, in ms and whole seconds, 0 while not
// polling.
func (e *Engine) pollEvery() int64 {
	if !e.polling() || e.standing.Trouble != "" {
		return 0
	}
	every := max(e.polls.reached, e.o.PollInterval)
	return every.Round(time.Second).Milliseconds()
}
