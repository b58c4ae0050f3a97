package rest

import (
	"time"

	"optflow/feed/source"
)

const (
	// KeyPause is how long REST rests after it refused the key while the
	// stream has not said what it thinks of it.
	KeyPause = 30 * time.Second
	// troubleAfter failures in a row the status bar says that REST is away.
	troubleAfter = 2
	TroubleAway  = "REST does not answer"
	troubleHaste = "REST asks for fewer requests"
	// TroubleKey is said while the stream takes the key and REST does not.
	TroubleKey = "REST refuses the key"
)

// Word is what an answer says of REST itself.
type Word uint8

// The words of REST.
const (
	NoNews  Word = iota
	Works        // it answers, if not with what was asked for
	Took         // it answers with data: the key is good
	Refused      // the key is not
	Away         // it has not answered for a while now
)

// Outcome is what a request came to.
type Outcome struct {
	Word  Word
	Words string // the server's, of a refusal
	Back  bool   // REST was away and is back
	Over  bool   // the request is not tried again
}

// Standing is how REST stands: what is the matter with it, and whether it may
// be asked at all.
type Standing struct {
	Trouble string // why REST does not work, "" when it does
	budget  *Budget
	stopped bool      // until Start
	again   time.Time // when a refused key may be tried again
}

// Answered sorts what a request came to, once, for all of them.
func (s *Standing) Answered(j *Job, err error, now time.Time) Outcome {
	if err == nil {
		s.budget.served(j)
		return Outcome{Word: Took, Back: s.works(), Over: true}
	}
	failure := source.FailureOf(err)
	switch failure.Kind {
	case source.ErrorUnauthorized:
		s.budget.served(j)
		return Outcome{Word: Refused, Words: failure.Message, Over: true}
	case source.ErrorRateLimited:
		s.budget.limited(j, now, failure.RetryAfter)
		s.Trouble = troubleHaste
		return Outcome{}
	case source.ErrorServer, source.ErrorTimeout, source.ErrorNetwork, source.ErrorTruncated, source.ErrorNotJSON, source.ErrorOther:
		o := Outcome{Over: !s.budget.failed(j, now, failure.RetryAfter)}
		if s.budget.failures >= troubleAfter && s.Trouble == "" {
			s.Trouble, o.Word = TroubleAway, Away
		}
		return o
	}
	s.budget.served(j) // about this request only: the server works
	return Outcome{Word: Works, Back: s.works(), Over: true}
}

// works notes a good answer and reports whether it ends an outage.
func (s *Standing) works() (back bool) {
	back = s.Trouble == TroubleAway
	s.Trouble = ""
	return back
}

// Off says that nothing is asked because the key is refused.
func (s *Standing) Off() bool { return s.budget.off }

// refused says that the key is believed to be, whether it is asked again or not.
func (s *Standing) refused() bool { return s.stopped || s.budget.off }

// Stop asks nothing more until Start.
func (s *Standing) Stop() { s.stopped, s.budget.off = true, true }

// Pause asks nothing more until Start, or until a time is over.
func (s *Standing) Pause(now time.Time, wait time.Duration) {
	s.budget.off, s.again = true, now.Add(wait)
}

// Start lets REST be asked.
func (s *Standing) Start() { s.stopped, s.budget.off, s.again = false, false, time.Time{} }

// Probe lets REST be asked, one request at a time until one is answered.
func (s *Standing) Probe() { s.budget.off, s.budget.failures = false, breakerAfter }

// Due starts again when the time of Pause is over.
func (s *Standing) Due(now time.Time) {
	if s.budget.off && !s.stopped && !s.again.IsZero() && !now.Before(s.again) {
		s.Start()
	}
}
