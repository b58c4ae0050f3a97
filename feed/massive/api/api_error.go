package api

import (
	"net/http"
	"time"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
)

const endpointCells = 120

// statusError sorts an answer other than 200. Some bodies say "error", some
// "message", some are no JSON.
func (r *REST) statusError(answer *http.Response, body []byte, now time.Time) *source.Failure {
	e := &source.Failure{Status: answer.StatusCode, RetryAfter: wire.RetryAfter(answer.Header, now)}
	switch code := answer.StatusCode; {
	case code == http.StatusUnauthorized:
		e.Kind = source.ErrorUnauthorized
	case code == http.StatusForbidden:
		e.Kind = source.ErrorNotEntitled
	case code == http.StatusNotFound:
		e.Kind = source.ErrorNotFound
	case code == http.StatusTooManyRequests:
		e.Kind = source.ErrorRateLimited
	case code == http.StatusRequestTimeout:
		e.Kind = source.ErrorTimeout
	case code == http.StatusProxyAuthRequired: // which no server says
		refused := wire.RefusedByProxy(wire.ProxyOf(r.base), r.base.Host, code, r.base.Scheme)
		e.Kind, e.Message, e.Cause = source.ErrorNetwork, refused.Text, refused
		return e
	case code >= 500:
		e.Kind = source.ErrorServer
	case code >= 400:
		e.Kind = source.ErrorBadRequest
	case code >= 300:
		e.Kind = source.ErrorRedirect
	}
	message, is := wire.InVendorsForm(body)
	e.Message = wire.Clean(message, wire.MessageCells, r.o.Key)
	if e.Kind == source.ErrorNotEntitled && !is {
		e.Kind, e.Message = source.ErrorNotJSON, "the answer is not the vendor's: firewall or proxy?"
	}
	return e
}
