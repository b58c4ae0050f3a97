package rules

import "optflow/model"

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
