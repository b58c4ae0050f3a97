package massive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrorKind sorts what a request can come to.
type ErrorKind uint8

// Kinds of API errors.
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

// APIError says why a request failed.
type APIError struct {
	Kind       ErrorKind
	Status     int           // HTTP status, 0 when there was none
	Endpoint   string        // the path, without query
	Message    string        // the server's words, sanitised, or ours
	RetryAfter time.Duration // clamped to 1 s..5 min; 0 not given
	err        error
}

// Failure sorts any error that a request can end with.
func Failure(err error) *APIError {
	if failure, ok := errors.AsType[*APIError](err); ok {
		return failure
	}
	kind := ErrorOther
	if errors.Is(err, context.DeadlineExceeded) {
		kind = ErrorTimeout
	}
	return &APIError{Kind: kind, Message: err.Error()}
}

// KindOf is the sort of a request's failure.
func KindOf(err error) ErrorKind { return Failure(err).Kind }

func (e *APIError) Error() string {
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

// Unwrap is the cause, free of URLs.
func (e *APIError) Unwrap() error { return e.err }

// Temporary reports whether the same request may succeed later by itself.
func (e *APIError) Temporary() bool {
	switch e.Kind {
	case ErrorRateLimited, ErrorServer, ErrorTruncated, ErrorTimeout, ErrorNetwork, ErrorNotJSON:
		return true
	}
	return false
}

const endpointCells = 120

// statusError sorts an answer other than 200. Some bodies say "error", some
// "message", some are no JSON.
func (r *REST) statusError(answer *http.Response, body []byte, now time.Time) *APIError {
	e := &APIError{Status: answer.StatusCode, RetryAfter: retryAfter(answer.Header, now)}
	switch code := answer.StatusCode; {
	case code == http.StatusUnauthorized:
		e.Kind = ErrorUnauthorized
	case code == http.StatusForbidden:
		e.Kind = ErrorNotEntitled
	case code == http.StatusNotFound:
		e.Kind = ErrorNotFound
	case code == http.StatusTooManyRequests:
		e.Kind = ErrorRateLimited
	case code == http.StatusRequestTimeout:
		e.Kind = ErrorTimeout
	case code == http.StatusProxyAuthRequired: // which no server says
		refused := refusedByProxy(proxyOf(r.base), r.base.Host, code, r.base.Scheme)
		e.Kind, e.Message, e.err = ErrorNetwork, refused.text, refused
		return e
	case code >= 500:
		e.Kind = ErrorServer
	case code >= 400:
		e.Kind = ErrorBadRequest
	case code >= 300:
		e.Kind = ErrorRedirect
	}
	message, is := inVendorsForm(body)
	e.Message = clean(message, messageCells, r.o.Key)
	if e.Kind == ErrorNotEntitled && !is {
		e.Kind, e.Message = ErrorNotJSON, "the answer is not the vendor's: firewall or proxy?"
	}
	return e
}
