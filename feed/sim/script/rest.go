package script

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) setREST(step Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = step
}

// serveREST answers from the truth, or as the script wants it.
func (s *Server) serveREST(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	policy := s.rest
	s.mu.Unlock()
	switch policy.Word {
	case "status":
		policy.answer(w, `{"status":"ERROR"}`)
		return
	case "page":
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<html>please log in</html>")
		return
	case "hang":
		<-r.Context().Done()
		return
	case "refused":
		panic(http.ErrAbortHandler) // the connection ends without an answer
	case "cut":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "5000")
		_, _ = fmt.Fprint(w, `{"status":"OK","results":[`)
		return
	}
	answer, ok := s.answer(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if body, is := answer.(map[string]any); is && policy.Word == "late" && body["status"] != nil {
		body["status"] = "DELAYED"
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// answer is what an endpoint says; false: there is no such endpoint.
func (s *Server) answer(r *http.Request) (any, bool) {
	path := r.URL.Path
	switch {
	case path == "/v1/marketstatus/now":
		return map[string]any{"market": "open", "serverTime": s.now().Format(time.RFC3339), "exchanges": map[string]string{"nyse": "open"}}, true
	case path == "/v1/marketstatus/upcoming":
		return []any{}, true
	case path == "/v3/snapshot", path == "/v3/reference/options/contracts":
		return results([]any{}), true
	case strings.HasPrefix(path, "/v3/snapshot/options/"):
		name := strings.Split(strings.TrimPrefix(path, "/v3/snapshot/options/"), "/")
		rows := s.truth.chain(name[0])
		if len(name) == 1 {
			return results(rows), true
		}
		for _, row := range rows {
			if row.(map[string]any)["details"].(map[string]any)["ticker"] == name[1] {
				return results(row), true
			}
		}
	case strings.HasPrefix(path, "/v2/aggs/ticker/"):
		return s.truth.aggs(strings.Split(strings.TrimPrefix(path, "/v2/aggs/ticker/"), "/"))
	}
	return nil, false
}

func results(of any) map[string]any {
	return map[string]any{"status": "OK", "request_id": "x", "results": of}
}

// chain is the snapshot of an underlying.
func (t *truth) chain(underlying string) []any {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := []any{}
	if underlying != "SPY" {
		return rows
	}
	for _, c := range t.contracts {
		row := map[string]any{
			"details": map[string]any{
				"ticker": c.symbol, "contract_type": c.kind, "expiration_date": c.expiry, "strike_price": c.strike,
				"shares_per_contract": 100, "exercise_style": "american",
			},
			"day": map[string]any{}, "greeks": map[string]any{}, "open_interest": 100,
			"underlying_asset": map[string]any{"ticker": underlying, "price": 150, "last_updated": t.now().UnixNano()},
		}
		if c.day > 0 {
			row["day"] = map[string]any{
				"volume": c.day, "vwap": price, "open": price, "high": price, "low": price, "close": price, "last_updated": t.now().UnixNano(),
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// aggs are the bars of TICKER/range/1/SPAN/FROM/TO.
func (t *truth) aggs(parts []string) (any, bool) {
	if len(parts) != 6 {
		return nil, false
	}
	from, errFrom := strconv.ParseInt(parts[4], 10, 64)
	to, errTo := strconv.ParseInt(parts[5], 10, 64)
	width := map[string]int64{"second": 1000, "minute": 60_000}[parts[3]]
	if errFrom != nil || errTo != nil || width == 0 {
		return nil, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	sizes := map[int64]int64{}
	rows := []any{}
	for _, b := range t.bars {
		start := b.start / width * width
		if b.symbol != parts[0] || start < from || start > to {
			continue
		}
		sizes[start] += b.size
	}
	for _, start := range slices.Sorted(maps.Keys(sizes)) {
		rows = append(rows, map[string]any{"v": sizes[start], "vw": price, "o": price, "c": price, "h": price, "l": price, "t": start, "n": 1})
	}
	return results(rows), true
}
