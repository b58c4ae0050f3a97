package feed

import (
	"context"
	"errors"
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/model"
)

const (
	// keyPause is how long REST rests after it refused the key while the
	// stream has not said what it thinks of it.
	keyPause = 30 * time.Second
	// troubleAfter failures in a row the status bar says that REST is away.
	troubleAfter = 2
	troubleAway  = "REST does not answer"
)

// answered sorts what a request came to, once, for all of them.
func (e *Engine) answered(j *job, apply func(), err error) {
	b := e.budget
	if err == nil {
		b.served(j)
		e.restWorks()
		e.restSaid(e.hosts.TookByREST)
		if !j.dropped && apply != nil {
			apply()
		}
		e.dirty = true
		return
	}
	var api *massive.APIError
	if !errors.As(err, &api) {
		api = &massive.APIError{Kind: massive.ErrorOther, Message: err.Error()}
		if errors.Is(err, context.DeadlineExceeded) {
			api.Kind = massive.ErrorTimeout
		}
	}
	e.log.Debug("request failed", "key", j.key, "kind", int(api.Kind), "err", err)
	switch api.Kind {
	case massive.ErrorUnauthorized:
		b.answered(j)
		e.restRefused(api)
	case massive.ErrorRateLimited:
		b.limited(j, e.now, api.RetryAfter)
		e.trouble = "REST asks for fewer requests"
		return
	case massive.ErrorServer, massive.ErrorTimeout, massive.ErrorNetwork, massive.ErrorTruncated, massive.ErrorNotJSON, massive.ErrorOther:
		again := b.failed(j, e.now, api.RetryAfter)
		if b.failures >= troubleAfter && e.trouble == "" {
			e.trouble = troubleAway
			e.dirty = true
			e.restSaid(func() { e.hosts.Mute(true) })
		}
		if again {
			return
		}
	default: // about this request only: the server works
		b.answered(j)
		e.restWorks()
	}
	if !j.dropped && j.fail != nil {
		j.fail(api)
	}
}

// restWorks notes a good answer. One after an outage says that the server or
// the network is back: the stream need not wait for its backoff to find out.
func (e *Engine) restWorks() {
	if e.trouble == "" {
		return
	}
	back := e.trouble == troubleAway
	e.trouble = ""
	e.dirty = true
	if m := &e.machine; back && m.phase == model.PhaseBackoff && !m.asked {
		e.dial(m.reason)
	}
}

// restRefused is REST's refusal of the key. REST rests for a while, and then
// asks once more before that is believed.
func (e *Engine) restRefused(err *massive.APIError) {
	if e.budget.off {
		return // said already: several requests were under way
	}
	h := &e.hosts
	lasts := h.RefusedByREST(e.now)
	e.budget.off, e.restRetry = true, e.now.Add(max(lasts, keyPause))
	if e.subs.begun { // the stream takes the key: only REST does not
		e.trouble = "REST refuses the key"
		e.note("REST refuses the key: " + err.Message + askedAgainIn(max(lasts, keyPause)))
		return
	}
	if h.words = err.Message; h.Facts(e.now).REST == plan.Refuses {
		e.reconsider()
	}
}

// restAgain lets REST try a refused key again when the time has come.
func (e *Engine) restAgain() {
	if e.budget.off && !e.machine.refused && !e.restRetry.IsZero() && !e.now.Before(e.restRetry) {
		e.budget.off, e.restRetry = false, time.Time{}
	}
}

// kindOf is the sort of a request's failure.
func kindOf(err error) massive.ErrorKind {
	var api *massive.APIError
	if errors.As(err, &api) {
		return api.Kind
	}
	return massive.ErrorOther
}
