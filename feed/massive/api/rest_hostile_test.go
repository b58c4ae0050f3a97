package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/massive/wire"
	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
)

func TestFault43Statuses(t *testing.T) {
	faults.Open(t, 43)
	for _, c := range []struct {
		code      int
		body      string
		kind      source.ErrorKind
		message   string
		temporary bool
	}{
		{400, `{"status":"ERROR","request_id":"r","error":"bad date"}`, source.ErrorBadRequest, "bad date", false},
		{401, `{"status":"ERROR","request_id":"r","error":"Unknown API Key ` + wiretest.Canary + `"}`, source.ErrorUnauthorized, "Unknown API Key [redacted]", false},
		{403, `{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing"}`, source.ErrorNotEntitled, "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing", false},
		{403, `{"error":"not entitled"}`, source.ErrorNotEntitled, "not entitled", false},
		{403, `<html>blocked by your firewall</html>`, source.ErrorNotJSON, "the answer is not the vendor's: firewall or proxy?", true},
		{403, ``, source.ErrorNotJSON, "the answer is not the vendor's: firewall or proxy?", true},
		{403, `{}`, source.ErrorNotJSON, "the answer is not the vendor's: firewall or proxy?", true},
		{404, `{"status":"NOT_FOUND","message":"no such contract\u001b[2J"}`, source.ErrorNotFound, "no such contract[2J", false},
		{404, `404 page not found`, source.ErrorNotFound, "", false},
		{429, ``, source.ErrorRateLimited, "", true},
		{429, `{"error":5,"message":"slow down"}`, source.ErrorRateLimited, "slow down", true},
		{408, ``, source.ErrorTimeout, "", true},
		{500, `<html>` + strings.Repeat("x", 100_000), source.ErrorServer, "", true},
		{502, `{"error":"` + strings.Repeat("x", 100_000), source.ErrorServer, "", true},
		{503, ``, source.ErrorServer, "", true}, {504, ``, source.ErrorServer, "", true},
		{204, ``, source.ErrorOther, "", false}, {304, ``, source.ErrorRedirect, "", false},
	} {
		server := newRESTServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1e9")
			w.WriteHeader(c.code)
			_, _ = io.WriteString(w, c.body)
		})
		_, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		e := apiError(t, err, c.kind)
		if e.Status != c.code || e.Message != c.message || e.Temporary() != c.temporary || e.RetryAfter != 5*time.Minute || e.Endpoint != "/v3/snapshot/options/SPY" {
			t.Errorf("%d: %+v", c.code, e)
		}
	}
}

func TestFault46AnswersThatAreNone(t *testing.T) {
	faults.Open(t, 46)
	packed := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, _ = w.Write(b)
		_ = w.Close()
		return out.Bytes()
	}
	whole := []byte(`{"status":"OK","request_id":"x","results":[` + chainRow + `]}`)
	bomb := packed(make([]byte, maxBody+1))
	if len(bomb) > 100_000 {
		t.Fatalf("the bomb weighs %d bytes", len(bomb))
	}
	for _, c := range []struct {
		name, kind, encoding string
		body                 []byte
		length               string
		want                 source.ErrorKind
	}{
		{"html", "text/html", "", []byte("<html>"), "", source.ErrorNotJSON},
		{"html that is none", "text/html", "", whole, "", source.ErrorNotJSON},
		{"xhtml", "application/xhtml+xml", "", []byte("<html>"), "", source.ErrorNotJSON},
		{"a page as any text", "text/plain", "", []byte("<html>{}"), "", source.ErrorNotJSON},
		{"a page without a type", "", "", []byte("  <!DOCTYPE html>"), "", source.ErrorNotJSON},
		{"words", "text/plain", "", []byte("sign in first"), "", source.ErrorNotJSON},
		{"nothing, as any text", "text/plain", "", nil, "", source.ErrorNotJSON},
		{"half a document, as any text", "text/plain", "", whole[:100], "", source.ErrorNotJSON},
		{"a picture", "image/png", "", whole, "", source.ErrorNotJSON},
		{"empty", "application/json", "", nil, "", source.ErrorNotJSON},
		{"an array", "application/json", "", []byte(`[]`), "", source.ErrorNotJSON},
		{"null", "application/json", "", []byte(`null`), "", source.ErrorNotJSON},
		{"nothing of ours", "application/json", "", []byte(`{}`), "", source.ErrorNotJSON},
		{"half a document", "application/json", "", whole[:100], "", source.ErrorNotJSON},
		{"two documents", "application/json", "", append(append([]byte{}, whole...), whole...), "", source.ErrorNotJSON},
		{"results of a wrong type", "application/json", "", []byte(`{"status":"OK","request_id":"x","results":"none"}`), "", source.ErrorNotJSON},
		{"next_url of a wrong type", "application/json", "", []byte(`{"status":"OK","request_id":"x","results":[],"next_url":7}`), "", source.ErrorNotJSON},
		{"cut off", "application/json", "", whole[:100], "5000", source.ErrorTruncated},
		{"cut off, packed", "application/json", "gzip", packed(whole)[:50], "", source.ErrorTruncated},
		{"nothing, packed", "application/json", "gzip", nil, "", source.ErrorTruncated},
		{"garbage, packed", "application/json", "gzip", []byte("garbage garbage garbage"), "", source.ErrorNotJSON},
		{"broken, packed", "application/json", "gzip", append(packed(whole)[:20], bytes.Repeat([]byte{0xff}, 100)...), "", source.ErrorNotJSON},
		{"packed by other means", "application/json", "br", whole, "", source.ErrorNotJSON},
		{"a bomb", "application/json", "gzip", bomb, "", source.ErrorTooLarge},
		{"an error inside", "application/json", "", []byte(`{"status":"ERROR","request_id":"x","error":"boom ` + wiretest.Canary + `"}`), "", source.ErrorServer},
		{"a refusal inside", "application/json", "", []byte(`{"status":"NOT_AUTHORIZED","message":"plan"}`), "", source.ErrorNotEntitled},
		{"not found inside", "application/json", "", []byte(`{"status":"NOT_FOUND","message":"?"}`), "", source.ErrorNotFound},
	} {
		server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Error("gzip was not offered")
			}
			w.Header()["Content-Type"] = []string{c.kind}
			if c.encoding != "" {
				w.Header().Set("Content-Encoding", c.encoding)
			}
			if c.length != "" {
				w.Header().Set("Content-Length", c.length)
			}
			_, _ = w.Write(c.body)
		})
		r := newTestREST(t, RESTOptions{BaseURL: server.URL})
		page, err := r.Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		if err == nil {
			t.Errorf("%s: taken", c.name)
			continue
		}
		if e := apiError(t, err, c.want); e.Error() == "" || len(page.Snapshots) != 0 {
			t.Errorf("%s: %v, %d snapshots", c.name, e, len(page.Snapshots))
		}
	}
	// Gateways send JSON under other names, or none.
	for _, kind := range []string{"application/json", "application/json; charset=utf-8", "application/problem+json", "text/json", "text/plain; charset=utf-8", "text/plain", "application/octet-stream", "", ";;"} {
		server := newRESTServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{kind}
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed(whole))
		})
		if page, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{}); err != nil || len(page.Snapshots) != 1 {
			t.Errorf("a packed answer of type %q: %v", kind, err)
		}
	}
}

func TestFault51NextURLElsewhere(t *testing.T) {
	faults.Open(t, 51)
	evil := newRESTServer(t, says(`{"status":"OK","request_id":"x"}`))
	evilHost := strings.TrimPrefix(evil.URL, "http://")
	var next string
	server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := json.Marshal(map[string]string{"status": "OK", "request_id": "x", "next_url": next})
		says(string(body))(w, r)
	})
	host := strings.TrimPrefix(server.URL, "http://")
	name, port, _ := net.SplitHostPort(host)
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	for _, next = range []string{
		evil.URL + "/v3/x", "http://" + host + "@" + evilHost + "/", "http://user@" + host + "/", "http://" + host + ".evil.test/", "http://evil." + host + "/", "http://" + name + "/", "http://" + name + ":" + port + "1/",
		"https://" + host + "/", "//" + evilHost + "/", "//" + host + "/", "/v3/relative", "?cursor=x", "http:" + host, "http:///" + host, `http:\\` + evilHost, `http://` + evilHost + `\@` + host + `/`,
		"http://" + evilHost + "#@" + host + "/", "http://" + host + ":" + port + "/", "ftp://" + host + "/", "javascript:alert(1)", "http://" + host + "/?a=%zz", "http://" + host + "/?a=1;apiKey=2", "http://[::1]:" + port + "/",
		"http://" + host + "/" + strings.Repeat("x", longestURL), "http://" + host + "/\n", "\x1b]0;x\a",
	} {
		before := len(server.seen())
		_, err := chainPages(t, r, "SPY", source.ChainFilter{})
		if e := apiError(t, err, source.ErrorBadNext); strings.Contains(e.Error(), "evil") || e.Temporary() {
			t.Errorf("%q: %v", next, e)
		}
		if n := len(server.seen()) - before; n != 1 {
			t.Errorf("%.80q: %d requests", next, n)
		}
	}
	if n := len(evil.seen()); n != 0 {
		t.Errorf("the other server was asked: %v", evil.seen())
	}
}

func TestDefaultPortIsThePort(t *testing.T) {
	r := newTestREST(t, RESTOptions{BaseURL: "https://API.massive.com"})
	u, err := r.next("https://api.massive.com:443/v3/x?cursor=a%2Bb&limit=1&ApiKey=old#frag")
	if err != nil || u.Host != "API.massive.com" || u.RawQuery != "cursor=a%2Bb&limit=1" || u.Fragment != "" {
		t.Errorf("%v, %v", u, err)
	}
}

func TestFault52Redirects(t *testing.T) {
	faults.Open(t, 52)
	evil := newRESTServer(t, says(`{"status":"OK","request_id":"x"}`))
	for _, code := range []int{301, 302, 303, 307, 308} {
		server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, evil.URL+r.URL.String(), code) })
		_, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		if e := apiError(t, err, source.ErrorRedirect); e.Status != code {
			t.Errorf("%+v", e)
		}
		_, err = newTestREST(t, RESTOptions{BaseURL: server.URL, HTTPClient: &http.Client{}}).Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		apiError(t, err, source.ErrorRedirect)
	}
	if n := len(evil.seen()); n != 0 {
		t.Errorf("the other server was asked %d times", n)
	}
}

func TestFault50Pagination(t *testing.T) {
	faults.Open(t, 50)
	for name, nextOf := range map[string]func(n int) string{
		"the same for ever": func(int) string { return "same" },
		"in a circle":       func(n int) string { return fmt.Sprint(n % 7) },
		"without end":       func(n int) string { return fmt.Sprint(n) },
	} {
		n := 0
		r := newTestREST(t, RESTOptions{BaseURL: "http://host.test", HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(*http.Request) (*http.Response, error) {
			n++
			return wiretest.Answer(fmt.Sprintf(`{"status":"OK","request_id":"x","results":[{"details":{"ticker":"O:A251219C00000001"}}],"next_url":"http://host.test/?cursor=%s"}`, nextOf(n))), nil
		})}})
		pages, err := chainPages(t, r, "SPY", source.ChainFilter{})
		if e := apiError(t, err, source.ErrorEndless); len(pages) != n || n > 10_000 || e.Temporary() {
			t.Errorf("%s: %d pages, %d requests", name, len(pages), n)
		}
		if name == "without end" {
			continue // once is enough of that
		}
		n = 0
		if _, whole, err := r.Aggs(wiretest.Bounded(t), "O:SPY251219C00650000", 1000, 0, 1000); whole || err == nil {
			t.Errorf("%s: aggregates whole", name)
		}
	}
}

// slowBody gives a byte every so often until its request ends.
type slowBody struct {
	ctx   context.Context
	every time.Duration
	left  int
}

func (b *slowBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		<-b.ctx.Done()
		return 0, b.ctx.Err()
	}
	select {
	case <-time.After(b.every):
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
	b.left--
	p[0] = ' '
	return 1, nil
}

func (b *slowBody) Close() error { return nil }

func TestFault48SlowServers(t *testing.T) {
	run := faults.Open(t, 48)
	for name, c := range map[string]struct {
		header   time.Duration // how long the header takes
		every    time.Duration
		bytes    int
		want     time.Duration
		sentence string
	}{
		"no header":           {time.Hour, 0, 0, connectTimeout + headerTimeout, "10 s"},
		"no byte":             {0, 0, 0, stallTimeout, "10 s"},
		"a byte, then none":   {0, time.Second, 3, 3*time.Second + stallTimeout, "10 s"},
		"a byte each 2 s":     {0, 2 * time.Second, 1000, wholeTimeout, "30 s"},
		"a byte each 11 s":    {0, 11 * time.Second, 1000, stallTimeout, "10 s"},
		"a slow header, then": {9 * time.Second, 9 * time.Second, 1000, wholeTimeout, "30 s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newTestREST(t, RESTOptions{BaseURL: "http://host.test", HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(q *http.Request) (*http.Response, error) {
				select {
				case <-time.After(c.header):
				case <-q.Context().Done():
					return nil, q.Context().Err()
				}
				a := wiretest.Answer("")
				a.Body = &slowBody{ctx: q.Context(), every: c.every, left: c.bytes}
				return a, nil
			})}})
			start := time.Now()
			_, err := r.Chain(context.Background(), "SPY", source.ChainFilter{})
			run.Noticed(time.Since(start))
			if e := apiError(t, err, source.ErrorTimeout); !strings.Contains(e.Message, c.sentence) || time.Since(start) != c.want {
				t.Errorf("%s: %v after %v, want %v", name, e, time.Since(start), c.want)
			}
		})
	}
}

func TestEndOfContextIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	server := newRESTServer(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Chain(ctx, "SPY", source.ChainFilter{})
	var e *source.Failure
	if !errors.Is(err, context.Canceled) || errors.As(err, &e) {
		t.Error(err)
	}
	wiretest.NoCanary(t, "error", err.Error())
}

func TestNoServer(t *testing.T) {
	server := newRESTServer(t, says(""))
	server.Close()
	_, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
	if e := apiError(t, err, source.ErrorNetwork); !strings.Contains(e.Error(), "refused the connection") || !e.Temporary() {
		t.Error(e)
	}
	// A transport that quotes what it was sent must not give the key away.
	r := newTestREST(t, RESTOptions{BaseURL: server.URL, HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(q *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("cannot send %v", q.Header)
	})}})
	_, err = r.Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
	apiError(t, err, source.ErrorNetwork)
}

func FuzzRESTAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"status":"OK","request_id":"x","results":[` + chainRow + `],"next_url":"http://host.test/?cursor=1"}`, `{"status":"ERROR","error":"\u001b"}`, `[]`, `{"results":{"details":{}}}`,
		`[{"date":"2026-11-27","exchange":"NYSE","name":"\u0007","status":"early-close","open":"2026-11-27T14:30:00.000Z"}]`, `{"market":"open","serverTime":"2026-01-05T16:48:08-05:00"}`,
		`{"status":"OK","results":[{"o":1,"h":1,"l":1,"c":1,"v":4,"t":1765809000000,"n":1e300}]}`, `{"status":"OK","results":[{"ticker":"O:SPY251219C00650000","underlying_ticker":"SPY"}]}`,
		`{"status":"OK","request_id":"x","results":[{"ask_price":5.13,"bid_price":5.1,"sip_timestamp":1765809012999999999},{"ask_price":5.13,"sip_timestamp":1765809012000000000}]}`,
	} {
		f.Add([]byte(seed), 200)
		f.Add([]byte(seed), 403)
	}
	f.Fuzz(func(t *testing.T, body []byte, code int) {
		synctest.Test(t, func(t *testing.T) { askAll(t, body, code) }) // whose waits cost nothing
	})
}

// askAll has every call answered with the same body and code: no panic, and
// nothing is taken over that has no business on the screen.
func askAll(t *testing.T, body []byte, code int) {
	asked := 0
	r := newTestREST(t, RESTOptions{BaseURL: "http://host.test", HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(q *http.Request) (*http.Response, error) {
		if asked++; q.URL.Host != "host.test" {
			t.Fatalf("asked %v", q.URL)
		}
		a := wiretest.Answer(string(body))
		a.StatusCode = code
		return a, nil
	})}})
	ctx := context.Background()
	page, err := r.Chain(ctx, "SPY", source.ChainFilter{})
	if err != nil {
		if text := err.Error(); strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Fatalf("%q is not safe", text)
		}
	}
	for _, s := range page.Snapshots {
		if _, ok := wire.RootOf([]byte(s.Symbol)); !ok || s.DayVolume < 0 || s.Spot < 0 || s.Quote.Bid != s.Quote.Bid || s.IV > maxIV {
			t.Fatalf("%+v", s)
		}
	}
	_, _ = r.Contract(ctx, "SPY", "O:SPY251219C00650000")
	_, _, _ = r.Unified(ctx, []string{"O:SPY251219C00650000"})
	_, _ = r.Contracts(ctx, "SPY", source.ChainFilter{})
	_, _ = r.MarketStatus(ctx)
	_, _ = r.Upcoming(ctx)
	quotes, _ := r.Quotes(ctx, "O:SPY251219C00650000", wire.MaxTime, 100)
	for i, q := range quotes.Quotes {
		if q.Bid < 0 || q.Ask < 0 || q.BidSize < 0 || q.Updated < wire.MinTime || q.Updated > wire.MaxTime || i > 0 && q.Updated > quotes.Quotes[i-1].Updated {
			t.Fatalf("%+v", q)
		}
	}
	bars, _, _ := r.Aggs(ctx, "O:SPY251219C00650000", 1000, wire.MinTime, wire.MaxTime)
	for _, b := range bars {
		if sum := b.Open + b.High + b.Low + b.Close + b.Vwap + b.AvgSize; sum != sum || b.Volume < 0 || b.Start < wire.MinTime {
			t.Fatalf("%+v", b)
		}
	}
}
