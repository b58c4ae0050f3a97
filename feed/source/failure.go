package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrorKind sorts what a request can come to.
type ErrorKind uint8

// Kinds of failures.
const (
	ErrorOther        ErrorKind = iota
	ErrorUnauthorized           // 401: the key is refused
	ErrorNotEntitled            // 403 in the vendor's form: the plan does not carry it
	ErrorNotFound               // 404
	ErrorRateLimited            // 429, see RetryAfter
	ErrorBadRequest             // other 4xx, or arguments that were not sent at all
	ErrorServer                 // 5xx
	ErrorRedirect               // 3xx, never followed
	ErrorNotJSON                // another content type, or a body that is not what it should be
	ErrorTooLarge               // more bytes, or more rows, than what was asked for can be
	ErrorTruncated              // the body ended early
	ErrorTimeout                // no answer, or no byte, in time
	ErrorNetwork                // no connection
	ErrorBadNext                // next_url names another server or cannot be read; nothing was sent
	ErrorEndless                // pagination did not end
)

// String names the kind in words.
func (k ErrorKind) String() string {
	return [...]string{
		"failed", "key refused", "not in the plan", "not found", "rate limited", "bad request", "server error", "redirect not followed",
		"not JSON", "too large", "truncated", "timeout", "no connection", "bad next_url", "pagination did not end",
	}[k]
}

// Failure says why a request failed, in words without the key.
type Failure struct {
	Kind       ErrorKind
	Status     int           // HTTP status, 0 when there was none
	Endpoint   string        // the path, without query
	Message    string        // the server's words, sanitised, or ours
	Remedy     string        // what a person can do about it, "" nothing in particular
	RetryAfter time.Duration // clamped to 1 s..5 min; 0 not given
	Cause      error         // free of URLs; nil: none
}

// FailureOf sorts any error that a request can end with.
func FailureOf(err error) *Failure {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure
	}
	kind := ErrorOther
	if errors.Is(err, context.DeadlineExceeded) {
		kind = ErrorTimeout
	}
	return &Failure{Kind: kind, Message: err.Error()}
}

// KindOf is the sort of a request's failure.
func KindOf(err error) ErrorKind { return FailureOf(err).Kind }

func (e *Failure) Error() string {
	text := e.Endpoint
	if text == "" {
		text = "request"
	}
	text += ": " + e.Kind.String()
	if e.Status != 0 && e.Status != http.StatusOK {
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// Unwrap is the cause.
func (e *Failure) Unwrap() error { return e.Cause }

// Temporary reports whether the same request may succeed later by itself.
func (e *Failure) Temporary() bool {
	switch e.Kind {
	case ErrorRateLimited, ErrorServer, ErrorTruncated, ErrorTimeout, ErrorNetwork, ErrorNotJSON:
		return true
	}
	return false
}
