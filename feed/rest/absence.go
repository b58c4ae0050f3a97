package rest

import (
	"context"
	"time"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
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

// snapshots is whether the plan carries the snapshots of chains.
type snapshots struct {
	plan.Denial
	claimed time.Time // the last word to the contrary that counted

	source    chainSource
	budget    *Budget
	following *Following
	plan      *model.Plan
	notes     Notes
	changed   func(m Moment, carried bool)
}

// denied is the vendor's word that the plan has no chains.
func (s *snapshots) denied(m Moment, err error) {
	if s.plan.NoSnapshots || !s.claimed.IsZero() && m.Now.Sub(s.claimed) < SweepRetry/2 {
		return // every page of a sweep says so, and that is one word
	}
	s.claimed = m.Now
	lasts := s.Deny(m.Now)
	if lasts == 0 {
		return
	}
	s.plan.NoSnapshots, s.plan.Known = true, true
	s.say(err, lasts)
	s.budget.Drop(m, func(j *Job) bool { return j.Class == ForPolling || j.Class == ForSweep })
	s.changed(m, false)
}

func (s *snapshots) say(err error, lasts time.Duration) {
	s.notes.Note("no snapshots: " + err.Error() + plan.AgainIn(lasts))
}

// ask finds out whether the plan has chains by now.
func (s *snapshots) ask(m Moment) {
	if s.Holds(m.Now) || len(s.following.Tickers) == 0 || m.Now.Sub(s.claimed) < SweepRetry {
		return
	}
	ch := s.following.chains[s.following.Tickers[0]]
	path := ch.path()
	s.budget.Add(&Job{
		Class: ForSweep, Key: "snapshots", Owner: ch,
		Do: asks(func(ctx context.Context) (source.ChainPage, error) {
			return s.source.Chain(ctx, path, source.ChainFilter{Limit: 1})
		}, func(m Moment, _ source.ChainPage) { s.back(m) }),
		Fail: func(m Moment, err error) {
			s.claimed = m.Now
			switch source.KindOf(err) {
			case source.ErrorNotEntitled:
				s.say(err, s.Deny(m.Now))
			case source.ErrorNotFound: // of this name; the plan has them
				s.back(m)
			}
		},
	})
}

func (s *snapshots) back(m Moment) {
	s.Lift()
	s.plan.NoSnapshots = false
	s.changed(m, true)
}
