package rest

import (
	"time"

	"optflow/model"
	"optflow/model/book"
)

const (
	SweepEvery = 15 * time.Minute // of every chain while Live
	SweepRetry = 10 * time.Second // after one that was not whole
)

// sweep is one reading of a whole chain.
type sweep struct {
	done     func(Moment)
	left     int   // requests outstanding
	began    int64 // market time
	failed   bool
	outgrown bool // pages overflowed: plan anew
	missed   bool // some name of the chain was not found

	rows    int
	own     int    // contracts of the underlying asked for
	other   string // another underlying that contracts turned out to be of
	volumes int    // contracts with volume today
	quotes  int    // contracts with a quote
	spots   int
}

// saw counts a contract's snapshot.
func (s *sweep) saw(ch *Chain, c *model.Contract, volume, quote, spot bool) {
	s.rows++
	if c.Underlying == ch.underlying {
		s.own++
	} else {
		s.other = c.Underlying
	}
	if volume {
		s.volumes++
	}
	if quote {
		s.quotes++
	}
	if spot {
		s.spots++
	}
}

// pageRead ends the reading of one page, and with the last one the sweep.
func (s *sweep) pageRead(m Moment, whole bool) {
	s.failed = s.failed || !whole
	if s.left--; s.left == 0 {
		s.done(m)
	}
}

// Sweeps reads whole chains.
type Sweeps struct {
	following *Following
	contracts *model.Contracts
	reading   *reading
	snapshots *snapshots
	book      sweepBook
	plan      *model.Plan
	notes     Notes
	follow    func(Moment, []string)
}

type sweepBook interface {
	teller
	DayVolume(id model.ContractID) int64
}

// All reads every followed chain.
func (s *Sweeps) All(m Moment, c Class) {
	for ch := range s.following.all {
		s.sweep(m, ch, c)
	}
}

// schedule starts the sweeps that are due.
func (s *Sweeps) schedule(m Moment) {
	if s.plan.NoSnapshots {
		s.snapshots.ask(m)
		return
	}
	for ch := range s.following.all {
		switch {
		case ch.running != nil || m.Now.Before(ch.again):
		case !ch.baseline:
			s.sweep(m, ch, ForSweep)
		case m.Live && m.Now.Sub(ch.swept) >= SweepEvery, m.Session.Open && ch.day != m.Day:
			s.sweep(m, ch, ForSweep)
		}
	}
}

// sweep reads one chain: page after page the first time, by filters after.
func (s *Sweeps) sweep(m Moment, ch *Chain, c Class) {
	if s.plan.NoSnapshots || ch.gone.Holds(m.Now) && c != ForUser {
		return
	}
	if ch.running != nil {
		if c < ForSweep {
			s.reading.budget.hurry(ch, c)
		}
		return
	}
	if ch.day != m.Day { // expired contracts are gone, new ones listed
		ch.day, ch.pages = m.Day, nil
	}
	pages := ch.pages
	if len(pages) == 0 {
		pages = []*page{{underlying: ch.underlying}}
	}
	run := &sweep{began: m.Market, left: len(pages)}
	run.done = func(m Moment) { s.done(m, ch, run) }
	ch.running = run
	for _, p := range pages {
		s.reading.read(m, errand{ch, p, c, run})
	}
}

// done is the end of a sweep.
func (s *Sweeps) done(m Moment, ch *Chain, run *sweep) {
	ch.running = nil
	ch.again = m.Now.Add(SweepRetry)
	if run.failed {
		return
	}
	ch.swept = m.Now
	if run.own == 0 && run.other != "" {
		s.instead(m, ch, run.other)
		return
	}
	if !ch.baseline {
		ch.baseline = true
		s.book.Apply(&book.Baseline{Ticker: ch.underlying, Read: run.began})
		ch.past.want()
	}
	if ch.pages == nil || run.outgrown {
		s.replan(m, ch)
	}
	if run.rows == 0 {
		s.notes.Note(ch.underlying + " has no options here")
		return
	}
	s.plan.Known, s.plan.NoQuotes, s.plan.NoSpots = true, run.quotes == 0, run.spots == 0
}

// replan divides a chain into pages anew.
func (s *Sweeps) replan(m Moment, ch *Chain) {
	contracts := living(s.contracts, ch.underlying, model.TradingDate(m.Market))
	ch.pages = planPages(ch.underlying, contracts)
	for _, p := range ch.pages {
		p.read = m.Now
	}
	for _, c := range contracts {
		if day := s.book.DayVolume(c.ID); day > 0 {
			if p := pageOf(ch.pages, c); p != nil {
				p.volume += day
			}
		}
	}
	if m.Live {
		return
	}
	for _, p := range ch.pages {
		p.hot = p.volume > 0
	}
}

// instead follows the underlying that all contracts of a chain turned out to be
// of: the name asked for is one of its roots.
func (s *Sweeps) instead(m Moment, ch *Chain, name string) {
	s.notes.Note("options of " + ch.underlying + " are those of " + name + ", which is followed instead")
	tickers := []string{name}
	for _, t := range s.following.Tickers {
		if t != ch.underlying {
			tickers = append(tickers, t)
		}
	}
	s.follow(m, tickers)
}
