package rules

import (
	"cmp"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/filter"
)

// Moment is what an Evaluator has to know of the feed at one time.
type Moment struct {
	Now       int64 // ms of market time
	Polling   bool  // REST does the work
	PollEvery int64 // ms: the interval that polling really reaches
	Delayed   int64 // ms by which the whole feed is late
	SpotLate  bool  // spots are late beside real-time options
}

// MomentOf reads a feed's state.
func MomentOf(s *model.State, now int64) Moment {
	return Moment{
		Now: now, Polling: s.Link == model.Polling, PollEvery: s.PollEvery,
		Delayed: s.Plan.Delayed, SpotLate: s.Plan.SpotsLag(),
	}
}

// Laws of what may fire, in ms of market time.
const (
	lateAfter = 60_000 // a bar that ended longer ago is late
	sureWait  = 5_000  // how long a side is waited for
)

// Options say how an Evaluator works.
type Options struct {
	Thresholds *model.Rules // floor and marks; model.DefaultRules when nil
	Control    bool         // say what is Unmatched
}

// Evaluator asks the rules. It belongs to one goroutine. It is told the time by
// At before anything else, then bursts, accounts and totals; Drain gives what
// came of them.
type Evaluator struct {
	contracts *model.Contracts
	options   Options
	rules     []*active
	now       Moment
	polling   int64 // ms: since when REST does the work
	newest    int64 // ms: latest end of a window told
	date      model.Date
	events    []Event

	memos  []memo   // by handle of a burst
	bits   []uint64 // by handle: stride words of done, then of lacking
	stride int
	fired  map[string][]*firing // bursts of the session, by symbol
	doubts []*firing            // those that are not true now
	edges  map[edgeName]*edge
	cools  map[coolName]int64 // when it fired last
	all    []int64            // deliveries of the last hour, of all rules
	spent  map[string]bool    // versions with once that fired
	mutes  map[string]int64   // rules by name, until when
}

// active is a rule in force.
type active struct {
	*Rule
	bit    int
	waits  bool  // its filter speaks of sure, so the side is waited for
	since  int64 // bursts that began before are not its own
	hour   []int64
	digest pending
	listed int // held back one by one in this session
	stats  Stats
}

// heldMost is how many of one rule and session are listed one by one as held
// back. A rule that takes everything must not fill the disk.
const heldMost = 1_000

// New returns an Evaluator without rules.
func New(contracts *model.Contracts, o Options) *Evaluator {
	o.Thresholds = cmp.Or(o.Thresholds, model.DefaultRules())
	return &Evaluator{
		contracts: contracts, options: o, date: math.MinInt32,
		fired: map[string][]*firing{}, edges: map[edgeName]*edge{}, cools: map[coolName]int64{},
		spent: map[string]bool{}, mutes: map[string]int64{},
	}
}

// Set puts rules in force in the place of those before. A version that stays
// keeps what it has fired, armed and counted; a new one takes only bursts that
// begin from now on. Of two of the same version the first counts: they would be
// one alert.
func (e *Evaluator) Set(rules []*Rule) {
	before := e.rules
	e.rules = make([]*active, 0, len(rules))
	for _, r := range rules {
		if e.ofVersion(r.Version) != nil {
			continue
		}
		a := &active{since: e.newest}
		if k := slices.IndexFunc(before, func(b *active) bool { return b.Version == r.Version }); k >= 0 {
			*a = *before[k]
		}
		a.Rule, a.bit, a.waits = r, len(e.rules), r.When.Says("sure")
		e.rules = append(e.rules, a)
	}
	e.move(before)
}

// Rules are those in force.
func (e *Evaluator) Rules() []*Rule {
	list := make([]*Rule, len(e.rules))
	for i, a := range e.rules {
		list[i] = a.Rule
	}
	return list
}

// Wants reports whether a rule is asked of accounts, and of totals.
func (e *Evaluator) Wants() (accounts, totals bool) {
	for _, a := range e.rules {
		accounts, totals = accounts || a.On == OnContract, totals || a.On == OnTicker
	}
	return accounts, totals
}

// Stats are a rule's figures of the session, false when there is no such rule.
func (e *Evaluator) Stats(name string) (Stats, bool) {
	for _, a := range e.rules {
		if a.Name == name {
			return a.stats, true
		}
	}
	return Stats{}, false
}

// Mute holds back what a rule fires until a market time in ms; 0 ends it, and
// math.MaxInt64 switches the rule off.
func (e *Evaluator) Mute(name string, until int64) {
	if until <= e.now.Now {
		delete(e.mutes, name)
		return
	}
	e.mutes[name] = until
}

// Muted is until when a rule is muted, 0 when it is not.
func (e *Evaluator) Muted(name string) int64 {
	if until := e.mutes[name]; until > e.now.Now {
		return until
	}
	return 0
}

// At tells the time and how the feed stands. It runs before each batch, and once
// a second while nothing comes.
func (e *Evaluator) At(m Moment) {
	if m.Polling && !e.now.Polling {
		e.polling = m.Now
	}
	e.now = m
	if date := model.TradingDate(m.Now - m.Delayed); date > e.date {
		e.begin(date)
	}
	e.settle()
	e.digests(false)
}

// begin begins a session: what was told of the one before can no longer come.
// Dates in filters are read anew.
func (e *Evaluator) begin(date model.Date) {
	e.digests(true)
	first := e.date == math.MinInt32
	e.date = date
	for symbol, list := range e.fired {
		if list = slices.DeleteFunc(list, func(f *firing) bool { return f.date < date }); len(list) == 0 {
			delete(e.fired, symbol)
		} else {
			e.fired[symbol] = list
		}
	}
	for name, g := range e.edges {
		if g.date < date {
			delete(e.edges, name)
		}
	}
	for _, a := range e.rules {
		if !first {
			a.stats, a.listed = Stats{}, 0
		}
		env := a.env
		env.Now = func() int64 { return e.now.Now }
		if f, err := filter.Parse(a.Written.When, env); err == nil {
			r := *a.Rule
			r.When = f
			a.Rule = &r
		}
	}
}

// Drain gives what happened since the last Drain, oldest first. The slice is the
// caller's.
func (e *Evaluator) Drain() []Event {
	out := e.events
	e.events = nil
	return out
}

// Flush says the digests that are due later, at the end of a run.
func (e *Evaluator) Flush() { e.digests(true) }
