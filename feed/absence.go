package feed

import (
	"context"
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
)

// A ticker has no options here once the vendor has said so for this long, by the
// clock and not by pages: a moment's 404 comes once a page. One whose chain was
// read before has to be missing for longer.
const (
	absentAfter = 20 * time.Second
	absentKnown = time.Minute
)

// absence is the vendor's 404 for a ticker.
type absence struct {
	plan.Denial
	since time.Time // of the first in a row; zero: none
}

// missed books a 404 and says for how long the ticker is then believed to have
// no options here, 0 when that is not believed, or already was.
func (a *absence) missed(now time.Time, after time.Duration) time.Duration {
	if a.since.IsZero() {
		a.since = now
	}
	if now.Sub(a.since) < after {
		return 0
	}
	return a.Deny(now)
}

func (a *absence) found() { *a = absence{} }

// missing is a 404 for a page of a chain. What streams is there, whatever REST
// says.
func (e *Engine) missing(ch *chain) {
	after := absentAfter
	if ch.baseline {
		after = absentKnown
	}
	if e.streams(ch.underlying) {
		return
	}
	if lasts := ch.gone.missed(e.now, after); lasts > 0 {
		e.note(ch.underlying + " has no options here" + askedAgainIn(lasts))
	}
}

// streams says whether the stream brought a bar of a ticker lately.
func (e *Engine) streams(ticker string) bool {
	for _, id := range e.interest.active {
		if e.tape.Contracts.At(id).Underlying == ticker && e.now.Sub(e.interest.of[id].row) < activeFor {
			return true
		}
	}
	return false
}

// snapshots is what is believed of the plan's chains.
type snapshots struct {
	plan.Denial
	claimed time.Time // the last word to the contrary that counted
}

// noSnapshots is the vendor's word that the plan has no chains: contracts are
// then found by listing.
func (e *Engine) noSnapshots(err error) {
	s := &e.snapshots
	if e.plan.NoSnapshots || !s.claimed.IsZero() && e.now.Sub(s.claimed) < sweepRetry/2 {
		return // every page of a sweep says so, and that is one word
	}
	s.claimed = e.now
	lasts := s.Deny(e.now)
	if lasts == 0 {
		return
	}
	e.plan.NoSnapshots, e.plan.Known, e.hosts.NoSnapshots = true, true, true
	e.note("no snapshots: " + err.Error() + askedAgainIn(lasts))
	e.budget.Drop(e.moment(), func(j *rest.Job) bool { return j.Class == rest.ForPolling || j.Class == rest.ForSweep })
	e.settlePlan()
	if !e.subs.wildcard {
		e.discover()
	}
}

// settlePlan says anew what is left where the plan has no stream.
func (e *Engine) settlePlan() {
	if e.plan.NoWebSocket && e.machine.conn == nil {
		e.reconsider()
	}
}

// askSnapshots finds out whether the plan has chains by now.
func (e *Engine) askSnapshots() {
	s := &e.snapshots
	if s.Holds(e.now) || len(e.tickers) == 0 || e.now.Sub(s.claimed) < sweepRetry {
		return
	}
	ticker := e.tickers[0]
	path := e.chains[ticker].path()
	e.budget.Add(&rest.Job{
		Class: rest.ForSweep, Key: "snapshots", Owner: ticker,
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			_, err := e.o.REST.Chain(ctx, path, massive.ChainFilter{Limit: 1})
			return func(rest.Moment) { e.snapshotsAreBack() }, err
		},
		Fail: func(_ rest.Moment, err error) {
			s.claimed = e.now
			switch massive.KindOf(err) {
			case massive.ErrorNotEntitled:
				e.note("no snapshots: " + err.Error() + askedAgainIn(s.Deny(e.now)))
			case massive.ErrorNotFound: // of this name; the plan has them
				e.snapshotsAreBack()
			}
		},
	})
}

func (e *Engine) snapshotsAreBack() {
	e.snapshots.Lift()
	e.plan.NoSnapshots, e.hosts.NoSnapshots = false, false
	e.settlePlan()
	e.sweepAll(rest.ForSweep)
}
