// Package rest decides what is asked by REST, and when: each sort of question is
// a type of its own that is told the moment, queues what it wants to ask in the
// Budget, and books the answers. Nothing here waits, sends or reads a clock: the
// engine sends what the budget permits and hands the answers back, all on its
// one goroutine.
package rest

import (
	"log/slog"
	"math/rand/v2"
	"time"

	"optflow/feed/plan"
	"optflow/model"
	"optflow/model/book"
)

// Book is what the accounts give to and take from what is asked by REST.
type Book interface {
	teller
	sweepBook
	historyBook
	gapBook
	sideBook
	dayBook
	pulseBook
}

// teller is told what the answers say.
type teller interface{ Apply(book.Input) }

// Options set a Desk up. All of them are required.
type Options struct {
	Source   Source
	Book     Book
	Registry *model.Registry
	Clock    marketClock
	Notes    Notes
	Log      *slog.Logger
	Rand     *rand.Rand

	Plan  *model.Plan     // where what the key's plan carries is noted
	Count *model.Counters // where answers are counted

	PollInterval   time.Duration                   // while Polling
	EnrichInterval time.Duration                   // quotes of active contracts while Live
	Floor          func(underlying string) float64 // premium in dollars from which a burst is shown
	// Watched are the contracts on screen, appended to into[:0], if they have
	// changed since.
	Watched func(into []model.ContractID) (ids []model.ContractID, fresh bool)

	Renamed   func()                       // who is followed has changed, or whose contracts some are, or which are alive
	Grown     func()                       // there are contracts that were not known
	Snapshots func(m Moment, carried bool) // the plan turned out to carry chains, or not to
}

// Desk is all that is asked by REST, each sort of question with its own type.
type Desk struct {
	Budget    *Budget
	Standing  *Standing
	Following *Following
	Interner  *Interner
	Calendar  *Calendar
	Sweeps    *Sweeps
	Polls     *Polls
	Pulses    *Pulses
	Probe     *Probe
	History   *History
	Inquiries *Inquiries
	Followups *Followups

	interests *interests
	listings  *listings
	spots     *spots
	quotes    *quotes
	sides     *sides
	backfill  *backfill
	plan      *model.Plan
}

// New furnishes a desk.
func New(o Options) *Desk {
	contracts := &o.Registry.Contracts
	d := &Desk{plan: o.Plan, Budget: newBudget(o.Rand)}
	d.Standing = &Standing{budget: d.Budget}
	d.Interner = &Interner{contracts: o.Registry, book: o.Book, notes: o.Notes, count: o.Count}
	d.Following = &Following{source: o.Source, contracts: o.Registry, book: o.Book, budget: d.Budget, changed: o.Renamed, chains: map[string]*Chain{}, paths: map[string]string{}}
	d.Calendar = &Calendar{source: o.Source, budget: d.Budget, clock: o.Clock, book: o.Book, turned: o.Renamed}
	d.interests = &interests{contracts: contracts, floor: o.Floor}
	d.listings = &listings{
		source: o.Source, budget: d.Budget, contracts: contracts, interner: d.Interner, following: d.Following, book: o.Book,
		notes: o.Notes, grown: o.Grown, terms: map[string]bool{},
	}
	d.History = &History{source: o.Source, budget: d.Budget, contracts: contracts, following: d.Following, book: o.Book, Covers: model.Unknown}
	noQuotes := new(plan.Denial)
	d.sides = &sides{
		source: o.Source, budget: d.Budget, contracts: contracts, following: d.Following, book: o.Book, plan: o.Plan,
		notes: o.Notes, count: o.Count, judged: map[window]uint16{}, off: noQuotes,
	}
	d.backfill = &backfill{source: o.Source, budget: d.Budget, contracts: contracts, following: d.Following, sides: d.sides, book: o.Book, notes: o.Notes}
	d.Probe = &Probe{source: o.Source, budget: d.Budget, contracts: contracts, following: d.Following, book: o.Book}
	d.Inquiries = &Inquiries{source: o.Source, budget: d.Budget, standing: d.Standing, contracts: contracts, following: d.Following, listings: d.listings, book: o.Book}
	d.Followups = &Followups{source: o.Source, budget: d.Budget, standing: d.Standing, calendar: d.Calendar, following: d.Following, quotes: noQuotes}
	d.furnishSnapshots(o)
	return d
}

// furnishSnapshots adds what reads snapshots.
func (d *Desk) furnishSnapshots(o Options) {
	contracts := &o.Registry.Contracts
	carried := &snapshots{source: o.Source, budget: d.Budget, following: d.Following, plan: o.Plan, notes: o.Notes, changed: o.Snapshots}
	in := &intake{
		contracts: o.Registry, interner: d.Interner, following: d.Following, listings: d.listings, interests: d.interests,
		book: o.Book, plan: o.Plan, count: o.Count, grown: o.Grown,
	}
	pages := &reading{
		source: o.Source, budget: d.Budget, following: d.Following, intake: in, interests: d.interests, history: d.History,
		snapshots: carried, pace: &pace{}, notes: o.Notes,
	}
	d.Sweeps = &Sweeps{
		following: d.Following, contracts: contracts, reading: pages, snapshots: carried, book: o.Book,
		plan: o.Plan, notes: o.Notes, follow: d.Follow,
	}
	d.Polls = &Polls{every: o.PollInterval, following: d.Following, reading: pages, budget: d.Budget, pace: pages.pace, plan: o.Plan}
	d.Pulses = &Pulses{
		source: o.Source, budget: d.Budget, contracts: contracts, following: d.Following, sweeps: d.Sweeps, book: o.Book,
		notes: o.Notes, log: o.Log,
	}
	d.spots = &spots{source: o.Source, budget: d.Budget, contracts: contracts, following: d.Following, intake: in, plan: o.Plan}
	d.quotes = &quotes{
		every: o.EnrichInterval, watched: o.Watched, source: o.Source, budget: d.Budget, contracts: o.Registry,
		following: d.Following, interests: d.interests, intake: in, plan: o.Plan, notes: o.Notes,
	}
}

// Schedule queues what is due.
func (d *Desk) Schedule(m Moment) {
	d.Calendar.Ask(m.Now)
	d.Sweeps.schedule(m)
	d.Polls.schedule(m)
	d.spots.schedule(m)
	d.quotes.schedule(m)
	d.sides.schedule(m)
	d.backfill.schedule(m)
	d.History.schedule(m)
}

// Follow makes the given tickers the ones followed, and reads the new ones'
// chains.
func (d *Desk) Follow(m Moment, tickers []string) {
	fresh := d.Following.set(m, tickers)
	if m.Resting {
		return // the start, or the next poll by hand, reads them
	}
	for _, ch := range fresh {
		d.Sweeps.sweep(m, ch, ForUser)
	}
}

// Bar notes a bar of the stream. It runs for every event.
func (d *Desk) Bar(bar *model.Bar, now time.Time) {
	d.sides.want(bar, d.interests.bar(bar, now))
}

// Discover makes sure that the contracts of every followed ticker are known by
// name: by a sweep, or by the listing where the plan has no chains.
func (d *Desk) Discover(m Moment) {
	for ch := range d.Following.all {
		switch {
		case d.plan.NoSnapshots:
			d.listings.list(ch, "")
		case !ch.baseline:
			d.Sweeps.sweep(m, ch, ForUser)
		}
	}
}

// Live says that the stream delivers, again or for the first time.
func (d *Desk) Live(m Moment, again bool) {
	d.Budget.Cancel(m, func(j *Job) bool { return j.Class == ForPolling })
	if again {
		d.Sweeps.All(m, ForSweep) // what traded meanwhile and never again is found only so
	}
}

// Pause drops all but what a person waits for and what fills gaps.
func (d *Desk) Pause(m Moment) {
	d.Budget.Drop(m, func(j *Job) bool { return !j.Lookup && j.Class != ForBackfill })
}

// Leapt says that market time is another than was thought.
func (d *Desk) Leapt(market int64) {
	d.Calendar.Leapt(market)
	d.Polls.Leapt(market)
}

// Contracts counts the living contracts of the followed tickers.
func (d *Desk) Contracts() (n int) {
	for ch := range d.Following.all {
		n += ch.total()
	}
	return n
}
