package sim

import (
	"compress/gzip"
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
	mux    http.ServeMux

	mu     sync.Mutex
	recent []time.Time // wall times of requests in the last minute, on a free plan
	served uint64
}

func newREST(s *Server) *rest {
	a := &rest{server: s, market: s.market}
	for path, endpoint := range map[string]func(*http.Request) (answer, *failure){
		"/v3/snapshot":                                                       a.unified,
		"/v3/snapshot/options/{underlying}":                                  a.chain,
		"/v3/snapshot/options/{underlying}/{contract}":                       a.chainContract,
		"/v3/reference/options/contracts":                                    a.contracts,
		"/v3/reference/options/contracts/{contract}":                         a.contract,
		"/v2/aggs/ticker/{ticker}/range/{multiplier}/{timespan}/{from}/{to}": a.aggs,
		"/v3/trades/{contract}":                                              a.trades,
		"/v3/quotes/{contract}":                                              a.quotes,
		"/options/v1/open-interest":                                          a.interest,
		"/v1/marketstatus/now":                                               a.marketNow,
		"/v1/marketstatus/upcoming":                                          a.marketUpcoming,
		"/v3/reference/exchanges":                                            a.exchanges,
		"/v3/reference/conditions":                                           a.conditions,
	} {
		a.mux.HandleFunc("GET "+path, a.handler(endpoint))
	}
	return a
}

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

// handler checks the key and the pace, and writes the answer of an endpoint.
func (a *rest) handler(endpoint func(*http.Request) (answer, *failure)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if f := a.admit(r); f != nil {
			a.fail(w, r, f)
			return
		}
		a.server.guests.greet(r.Context())
		body, f := endpoint(r)
		if f != nil {
			a.fail(w, r, f)
			return
		}
		writeJSON(w, r, http.StatusOK, body)
	}
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
	if !a.server.accepts(key) {
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
