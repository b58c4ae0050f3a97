package rest

import (
	"context"
	"time"

	"optflow/feed/plan"
	"optflow/feed/source"
)

// Job is one REST request wanted.
type Job struct {
	Class  Class
	Rank   float64 // within a class the larger goes first
	Key    string  // of two jobs with the same key one is enough
	Owner  *Chain  // for which it is, nil none: its jobs go when it is unfollowed
	Lookup bool    // somebody waits for it: it is done even while paused

	// Do runs outside the engine and returns what is to be done with the
	// answer; that, Fail and Gone run on the engine's goroutine.
	Do   func(context.Context) (take func(Moment), err error)
	Fail func(Moment, error) // when it is given up
	Gone func(Moment)        // when it is dropped: its answer will not be taken

	after   time.Time // not before
	tries   int
	seq     uint64 // first come, first served
	dropped bool   // its answer is not wanted any more
}

func (j *Job) before(other *Job) bool {
	switch {
	case j.Class != other.Class:
		return j.Class < other.Class
	case j.Rank != other.Rank:
		return j.Rank > other.Rank
	}
	return j.seq < other.seq
}

func (j *Job) drop(m Moment) {
	j.dropped = true
	if j.Gone != nil {
		j.Gone(m)
	}
}

// End takes the answer, or tells of the failure; neither when nobody wants it
// any more.
func (j *Job) End(m Moment, take func(Moment), err error) {
	switch {
	case j.dropped:
	case err == nil && take != nil:
		take(m)
	case err != nil && j.Fail != nil:
		j.Fail(m, source.FailureOf(err))
	}
}

// denied notes that the plan lacks what was asked for, if that is why it failed, and
// says what follows from it once that is believed.
func denied(m Moment, err error, off *plan.Denial, notes Notes, what string) {
	if source.KindOf(err) != source.ErrorNotEntitled {
		return
	}
	if lasts := off.Deny(m.Now); lasts > 0 {
		notes.Note(what + ": " + err.Error() + plan.AgainIn(lasts))
	}
}

// asks is a job's Do: a request, and what is done with its answer.
func asks[A any](request func(context.Context) (A, error), take func(Moment, A)) func(context.Context) (func(Moment), error) {
	return func(ctx context.Context) (func(Moment), error) {
		answer, err := request(ctx)
		return func(m Moment) { take(m, answer) }, err
	}
}
