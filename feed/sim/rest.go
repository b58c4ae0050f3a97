package sim

import (
	"compress/gzip"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// rest answers the vendor's REST requests from the market.
type rest struct {
	server *Server
	market *exchange.Market

	mu     sync.Mutex
	recent []time.Time // wall times of requests in the last minute, on a free plan
	served uint64
}

func newREST(s *Server) *rest { return &rest{server: s, market: s.market} }

// failure is an answer other than 200.
type failure struct {
	code    int
	status  string // "ERROR", "NOT_AUTHORIZED", "NOT_FOUND"
	message string
}

// The bodies' texts (docs/wire.md#rest).
const (
	entitledText = "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing"
	tooManyText  = "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue. https://polygon.io/pricing"
)

func badRequest(format string, args ...any) *failure {
	return &failure{http.StatusBadRequest, "ERROR", fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *failure {
	return &failure{http.StatusNotFound, "NOT_FOUND", fmt.Sprintf(format, args...)}
}

func notEntitled() *failure {
	return &failure{http.StatusForbidden, "NOT_AUTHORIZED", entitledText}
}

// freeRequests is how many requests a minute a free plan carries.
const freeRequests = 5

// answer is what an endpoint returns: a page, or any other JSON value.
type answer = any

// ServeHTTP checks the key and the pace, routes, and writes the answer.
func (a *rest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
		return
	}
	handle := a.route(strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/"))
	if handle == nil {
		http.Error(w, "404 page not found", http.StatusNotFound)
		return
	}
	if f := a.admit(r); f != nil {
		a.fail(w, r, f)
		return
	}
	a.server.guests.greet(r.Context())
	body, f := handle(r)
	if f != nil {
		a.fail(w, r, f)
		return
	}
	writeJSON(w, r, http.StatusOK, body)
}

// route finds the endpoint of a path, nil if there is none.
func (a *rest) route(p []string) func(*http.Request) (answer, *failure) {
	switch path := strings.Join(p, "/"); {
	case path == "v3/snapshot":
		return a.unified
	case match(p, "v3", "snapshot", "options", "*"):
		return func(r *http.Request) (answer, *failure) { return a.chain(r, p[3]) }
	case match(p, "v3", "snapshot", "options", "*", "*"):
		return func(r *http.Request) (answer, *failure) { return a.chainContract(p[3], p[4]) }
	case path == "v3/reference/options/contracts":
		return a.contracts
	case match(p, "v3", "reference", "options", "contracts", "*"):
		return func(r *http.Request) (answer, *failure) { return a.contract(p[4]) }
	case match(p, "v2", "aggs", "ticker", "*", "range", "*", "*", "*", "*"):
		return func(r *http.Request) (answer, *failure) { return a.aggs(r, p[3], p[5], p[6], p[7], p[8]) }
	case match(p, "v3", "trades", "*"):
		return func(r *http.Request) (answer, *failure) { return a.trades(r, p[2]) }
	case match(p, "v3", "quotes", "*"):
		return func(r *http.Request) (answer, *failure) { return a.quotes(r, p[2]) }
	case path == "options/v1/open-interest":
		return a.interest
	case path == "v1/marketstatus/now":
		return a.marketNow
	case path == "v1/marketstatus/upcoming":
		return a.marketUpcoming
	case path == "v3/reference/exchanges":
		return a.exchanges
	case path == "v3/reference/conditions":
		return a.conditions
	}
	return nil
}

// match compares path segments; a star matches anything but nothing.
func match(path []string, pattern ...string) bool {
	if len(path) != len(pattern) {
		return false
	}
	for i, want := range pattern {
		if path[i] == "" || want != "*" && path[i] != want {
			return false
		}
	}
	return true
}

// admit checks the key, from the header or the query, and a free plan's pace.
func (a *rest) admit(r *http.Request) *failure {
	key := r.URL.Query().Get("apiKey")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		key = bearer
	}
	if key == "" {
		return &failure{http.StatusUnauthorized, "ERROR", "API Key was not provided"}
	}
	if good := a.server.options.Key; good != "" && subtle.ConstantTimeCompare([]byte(key), []byte(good)) == 0 {
		return &failure{http.StatusUnauthorized, "ERROR", "Unknown API Key"}
	}
	if !a.market.Options().Plan.Free {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	for len(a.recent) > 0 && now.Sub(a.recent[0]) >= time.Minute {
		a.recent = a.recent[1:]
	}
	if len(a.recent) >= freeRequests {
		return &failure{http.StatusTooManyRequests, "ERROR", tooManyText}
	}
	a.recent = append(a.recent, now)
	return nil
}

// requestID names an answer; it repeats with the seed.
func (a *rest) requestID() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.served++
	return fmt.Sprintf("%016x%016x", basis.Mix(a.market.Options().Seed^a.served), basis.Mix(a.served))
}

// status is the word of a success: DELAYED where the plan is late.
func (a *rest) status() string {
	if a.market.Delayed() {
		return "DELAYED"
	}
	return "OK"
}

// timeframe is the word beside quotes, trades and spots.
func (a *rest) timeframe() string {
	if a.market.Delayed() {
		return "DELAYED"
	}
	return "REAL-TIME"
}

// fail writes an error's body: `message` for what the plan lacks or nobody has,
// `error` for the rest.
func (a *rest) fail(w http.ResponseWriter, r *http.Request, f *failure) {
	body := struct {
		Status    string `json:"status"`
		RequestID string `json:"request_id"`
		Error     string `json:"error,omitempty"`
		Message   string `json:"message,omitempty"`
	}{Status: f.status, RequestID: a.requestID()}
	if f.status == "ERROR" {
		body.Error = f.message
	} else {
		body.Message = f.message
	}
	writeJSON(w, r, f.code, body)
}

// writeJSON writes a body, compressed if the client takes that. An error in
// writing is the client's going away: there is nobody left to tell.
func writeJSON(w http.ResponseWriter, r *http.Request, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, "500 internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || len(text) < 256 {
		w.WriteHeader(code)
		_, _ = w.Write(text)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(code)
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return // cannot happen: the level exists
	}
	_, _ = z.Write(text)
	_ = z.Close()
}
