package rest

import (
	"time"

	"optflow/model"
)

const (
	// coldEvery is how often a page is read while Polling although nothing
	// traded in it the last time.
	coldEvery  = 60 * time.Second
	coldClosed = 10 * time.Minute // the same out of session
	// pollAhead bounds the polls queued: which are due is decided late.
	pollAhead = 2 * Rate
)

// pace is how fast polling gets on.
type pace struct {
	reached time.Duration // mean distance of two readings of a busy page
	newest  int64         // ms: market time of the last reading that brought news
}

// polled books when a page was read and what had changed in it.
func (p *pace) polled(m Moment, page *page, volume int64) {
	if !page.read.IsZero() && page.hot && m.Polling {
		took := m.Now.Sub(page.read)
		if p.reached == 0 {
			p.reached = took
		}
		p.reached += (took - p.reached) / 8
	}
	page.hot = volume != page.volume
	if page.hot && m.Polling {
		p.newest = m.Market
	}
	page.volume, page.read = volume, m.Now
}

// Polls reads the pages that trade while the stream brings nothing of them.
type Polls struct {
	every     time.Duration // between two readings of a busy page
	following *Following
	reading   *reading
	budget    *Budget
	pace      *pace
	plan      *model.Plan
}

// Fallen makes the busy pages due at once: the stream stops delivering.
func (p *Polls) Fallen() {
	p.pace.reached = 0
	for ch := range p.following.all {
		ch.heat()
	}
}

// schedule queues the pages that are due, the longest overdue first.
func (p *Polls) schedule(m Moment) {
	if p.plan.NoSnapshots {
		return
	}
	for queued := p.budget.queued(ForPolling); queued < pollAhead; queued++ {
		ch, page := p.due(m)
		if page == nil {
			return
		}
		p.reading.read(m, errand{ch, page, ForPolling, nil})
	}
}

// due is the page that is overdue longest, of two the busier; nil none is.
func (p *Polls) due(m Moment) (of *Chain, due *page) {
	longest := 1.0
	for ch := range p.following.all {
		if ch.running != nil || !ch.baseline || !m.Polling && !(ch.pulse.silent && m.Live) {
			continue
		}
		for _, page := range ch.pages {
			if page.outstanding {
				continue
			}
			if rank := p.overdue(m, page); rank > longest || rank == longest && due != nil && page.volume > due.volume {
				of, due, longest = ch, page, rank
			}
		}
	}
	return of, due
}

// overdue is the time since a page was read in units of the interval it is to
// be read at. A page not read since the stream was lost is due at once, the
// busiest first.
func (p *Polls) overdue(m Moment, page *page) float64 {
	if page.read.IsZero() {
		if page.hot {
			return 1e9
		}
		return 1e3
	}
	every := coldEvery
	if !m.Session.Open {
		every = coldClosed
	}
	if page.hot {
		every = p.every
	}
	return float64(m.Now.Sub(page.read)) / float64(every)
}

// Reached is the interval that polling really reaches.
func (p *Polls) Reached() time.Duration { return max(p.pace.reached, p.every).Round(time.Second) }

// Newest is the market time, in ms, of the last poll that brought news.
func (p *Polls) Newest() int64 { return p.pace.newest }

// Leapt says that market time is another than was thought.
func (p *Polls) Leapt(market int64) { p.pace.newest = min(p.pace.newest, market) }
