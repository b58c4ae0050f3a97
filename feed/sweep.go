package feed

import (
	"context"
	"fmt"
	"time"

	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/ticker"
)

const (
	sweepEvery = 15 * time.Minute // of every chain while Live
	sweepRetry = 10 * time.Second // after one that was not whole
)

// chain is what is known of one followed underlying's contracts and pages.
type chain struct {
	underlying string   // the name under which it is followed
	asks       []string // names under which the vendor may have it, see path
	ask        int
	proven     bool     // it has contracts under that name
	lists      []string // names under which its contracts may be listed
	pages      []*page  // nil until a first sweep was whole
	baseline   bool     // the first sweep was whole
	listed     bool     // the contracts were read from the listing
	running    *sweep
	swept      time.Time // when the last whole sweep ended
	again      time.Time // when to try again after one that was not
	gone       absence   // the vendor does not know the ticker
	day        model.Date

	busiest model.ContractID // the contract whose snapshot gives the spot
	volume  int64            // its day volume; -1 none
	walk    massive.Walk     // along the listing
	spotAt  time.Time        // when the spot was last asked for or came with a page
	noSpot  int              // answers without one

	pulse pulse
}

// sweep is one reading of a whole chain.
type sweep struct {
	left    int   // requests outstanding
	began   int64 // market time
	failed  bool
	follow  bool // pages overflowed: plan anew
	volumes int  // contracts with volume today
	quotes  int  // contracts with a quote
	spots   int
	rows    int
	missed  bool   // some name of the chain was not found
	own     int    // contracts of the underlying asked for
	other   string // another underlying that contracts turned out to be of
}

// sweepAll reads every followed chain.
func (e *Engine) sweepAll(c rest.Class) {
	for _, t := range e.tickers {
		e.sweep(e.chains[t], c)
	}
}

// sweep reads one chain: page after page the first time, by filters after.
func (e *Engine) sweep(ch *chain, c rest.Class) {
	if e.plan.NoSnapshots || ch.gone.Holds(e.now) && c != rest.ForUser {
		return
	}
	if ch.running != nil {
		if c < rest.ForSweep {
			e.hurry(ch, c)
		}
		return
	}
	run := &sweep{began: e.clock.Now()}
	ch.running = run
	if today := e.day(); ch.day != today { // expired contracts are gone, new ones listed
		ch.day, ch.pages = today, nil
	}
	if len(ch.pages) == 0 {
		run.left = 1
		e.readPage(ch, &page{underlying: ch.underlying}, c, run)
		return
	}
	run.left = len(ch.pages)
	for _, p := range ch.pages {
		e.readPage(ch, p, c, run)
	}
}

// hurry gives the queued requests of a running sweep a better place.
func (e *Engine) hurry(ch *chain, c rest.Class) {
	e.budget.Hurry(ch.underlying, c)
}

// scheduleSweeps starts the sweeps that are due.
func (e *Engine) scheduleSweeps() {
	if e.plan.NoSnapshots {
		e.askSnapshots()
		return
	}
	for _, t := range e.tickers {
		ch := e.chains[t]
		switch {
		case ch.running != nil || e.now.Before(ch.again):
		case !ch.baseline:
			e.sweep(ch, rest.ForSweep)
		case e.live() && e.now.Sub(ch.swept) >= sweepEvery, e.session.facts.Open && ch.day != e.day():
			e.sweep(ch, rest.ForSweep)
		}
	}
}

// filter is the page as the endpoint takes it, whose bounds are inclusive.
func (p *page) filter() massive.ChainFilter {
	f := massive.ChainFilter{ExpiryFrom: p.from, ExpiryTo: p.to, StrikeFrom: float64(p.low) / 1000}
	if p.high != 0 {
		f.StrikeTo = float64(p.high-1) / 1000
	}
	return f
}

func (p *page) key() string {
	return fmt.Sprintf("page/%s/%d/%d/%d", p.underlying, p.from, p.low, p.high)
}

// readPage asks for a page, for a sweep or, without one, for polling.
func (e *Engine) readPage(ch *chain, p *page, c rest.Class, run *sweep) {
	p.outstanding = true
	p.walk = massive.Walk{}
	e.readPart(ch, p, c, run, "", 0)
}

// readPart asks for the first or a further part of a page: one that has
// outgrown its plan, or the whole chain while there is no plan.
func (e *Engine) readPart(ch *chain, p *page, c rest.Class, run *sweep, next string, volume int64) {
	j := &rest.Job{Class: c, Rank: float64(p.volume), Key: p.key() + next, Owner: ch.underlying}
	path := ch.path()
	j.Do = func(ctx context.Context) (func(rest.Moment), error) {
		var got massive.ChainPage
		var err error
		if next == "" {
			got, err = e.o.REST.Chain(ctx, path, p.filter())
		} else {
			got, err = e.o.REST.ChainNext(ctx, next)
		}
		return func(rest.Moment) { e.gotPart(ch, p, j, run, got, volume) }, err
	}
	j.Fail = func(_ rest.Moment, err error) { e.pageFailed(ch, p, j, run, err) }
	j.Gone = func(rest.Moment) { e.pageRead(ch, p, run, false) }
	if !e.budget.Add(j) && run != nil {
		// A poll of that page is under way already; the sweep is not whole
		// without its own reading, but the next one will be.
		e.pageRead(ch, p, run, false)
	}
}

// gotPart books the snapshots of a page, or of a part of it.
func (e *Engine) gotPart(ch *chain, p *page, j *rest.Job, run *sweep, got massive.ChainPage, volume int64) {
	e.count.Polls++
	e.count.Malformed += uint64(got.Malformed)
	if e.tape.Contracts.Full() {
		e.beyond()
	}
	mode, asked := e.snapshotMode(ch), ticker.Vendor(ch.path())
	before := e.tape.Contracts.Len()
	for i := range got.Snapshots {
		s := &got.Snapshots[i]
		id, ok := e.intern(s.Symbol)
		if !ok {
			continue
		}
		s.Contract = id
		e.told(id, s.Underlying, asked)
		e.book.Snapshot(s, mode)
		e.wantTerms(ch, id)
		volume += e.learn(ch, s, run)
	}
	if e.tape.Contracts.Len() > before {
		e.subs.stale = true
	}
	ch.gone.found()
	e.snapshots.Lift()
	if n := len(got.Snapshots); n > 0 {
		e.found(ch, got.Snapshots[n-1].Index)
	}
	if !e.paused() {
		e.history.glance(e, got.Snapshots)
	}
	if got.Next != "" {
		if err := p.walk.Step(got.Next); err != nil { // what came so far counts, but it is not all
			e.note(ch.underlying + ": " + err.Error())
			e.pageRead(ch, p, run, false)
			return
		}
		if run != nil {
			run.follow = true
		}
		e.readPart(ch, p, j.Class, run, got.Next, volume)
		return
	}
	if e.otherwise(ch, p, j.Class, run) {
		return
	}
	if run != nil && run.rows == 0 && run.missed {
		e.pageRead(ch, p, run, false) // not found is not the same as nothing there
		return
	}
	e.pagePolled(p, volume)
	e.pageRead(ch, p, run, true)
}

// learn takes from a snapshot what the engine itself wants to know, and
// returns today's volume in it.
func (e *Engine) learn(ch *chain, s *model.Snapshot, run *sweep) int64 {
	var volume int64
	if s.HasDay && model.TradingDate(s.DayUpdated) == ch.day {
		volume = s.DayVolume
	}
	if volume >= ch.volume || ch.volume == 0 {
		ch.busiest, ch.volume = s.Contract, max(volume, 1)
	}
	hasSpot := s.Spot == s.Spot
	if hasSpot {
		ch.spotAt = e.now
		e.plan.SpotDelayed = s.SpotDelayed
	}
	if s.HasQuote {
		e.interest.quoted(s.Contract, e.now)
	}
	if run != nil {
		run.rows++
		if c := e.tape.Contracts.At(s.Contract); c.Underlying == ch.underlying {
			run.own++
		} else {
			run.other = c.Underlying
		}
		if volume > 0 {
			run.volumes++
		}
		if s.HasQuote {
			run.quotes++
		}
		if hasSpot {
			run.spots++
		}
	}
	return volume
}

// snapshotMode says what snapshots of a chain are used for now.
func (e *Engine) snapshotMode(ch *chain) book.Mode {
	switch {
	case !ch.baseline:
		return book.Baseline
	case e.live() && !ch.pulse.silent:
		return book.Check
	}
	return book.Poll
}

func (e *Engine) pageFailed(ch *chain, p *page, j *rest.Job, run *sweep, err error) {
	switch massive.KindOf(err) {
	case massive.ErrorNotEntitled:
		e.noSnapshots(err)
	case massive.ErrorTooLarge:
		e.note(ch.underlying + ": " + err.Error())
	case massive.ErrorNotFound:
		if run != nil {
			run.missed = true
		}
		if e.otherwise(ch, p, j.Class, run) {
			return
		}
		e.missing(ch)
	}
	e.pageRead(ch, p, run, false)
}

// pageRead ends the reading of one page.
func (e *Engine) pageRead(ch *chain, p *page, run *sweep, whole bool) {
	p.outstanding = false
	if run == nil || ch.running != run {
		return
	}
	run.failed = run.failed || !whole
	if run.left--; run.left > 0 {
		return
	}
	ch.running = nil
	ch.again = e.now.Add(sweepRetry)
	if run.failed {
		return
	}
	ch.swept = e.now
	if run.own == 0 && run.other != "" {
		e.instead(ch, run.other)
		return
	}
	if !ch.baseline {
		ch.baseline = true
		e.book.CompleteBaseline(ch.underlying, run.began)
		e.history.baseline(e, ch.underlying)
	}
	if ch.pages == nil || run.follow {
		e.replan(ch)
	}
	if run.rows == 0 {
		e.note(ch.underlying + " has no options here")
	}
	e.learnPlan(run)
	e.dirty = true
}

// replan divides a chain into pages anew.
func (e *Engine) replan(ch *chain) {
	today := model.TradingDate(e.clock.Now())
	var contracts []*model.Contract
	for n := range e.tape.Contracts.Len() {
		if c := e.tape.Contracts.At(model.ContractID(n)); c.Underlying == ch.underlying && c.Expiry >= today {
			contracts = append(contracts, c)
		}
	}
	ch.pages = planPages(ch.underlying, contracts)
	for _, p := range ch.pages {
		p.read = e.now
	}
	for _, c := range contracts {
		if day := e.book.DayVolume(c.ID); day > 0 {
			if p := pageOf(ch.pages, c); p != nil {
				p.volume += day
			}
		}
	}
	if !e.live() {
		for _, p := range ch.pages {
			p.hot = p.volume > 0
		}
	}
}

// learnPlan notes what the key's plan turned out to carry.
func (e *Engine) learnPlan(run *sweep) {
	if run.rows == 0 {
		return
	}
	plan := e.plan
	plan.Known = true
	plan.NoQuotes = run.quotes == 0
	plan.NoSpots = run.spots == 0
	e.plan = plan
}

// contractsOf counts the living contracts of the followed tickers.
func (e *Engine) contractsOf() int {
	n := 0
	for _, t := range e.tickers {
		for _, p := range e.chains[t].pages {
			n += p.contracts
		}
	}
	return n
}
