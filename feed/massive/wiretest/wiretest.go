// Package wiretest is what the tests of the vendor's wires share: a key that must
// turn up nowhere, answers made by hand, connections in memory, and what reading
// may cost.
package wiretest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Canary is a key that must turn up nowhere.
const Canary = "cAnArY-key/+0123456789"

// Nobody is an address at which nobody listens; a port that was free once may be
// another test's by now.
const Nobody = "127.0.0.1:1"

// Secret is a key.
type Secret string

// Reveal is the key's text.
func (s Secret) Reveal() string { return string(s) }

// NoCanary fails when a text holds the key in any form.
func NoCanary(t testing.TB, what, text string) {
	t.Helper()
	for _, form := range []string{Canary, "cAnArY"} {
		if strings.Contains(text, form) {
			t.Errorf("%s holds the key: %s", what, text)
		}
	}
}

// Bounded is a context that outlasts a good test and ends a bad one.
func Bounded(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// ByEnvironment sets the proxies, for all schemes, and the hosts without one.
func ByEnvironment(t *testing.T, proxy, except string) {
	t.Helper()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		t.Setenv(name, proxy)
		t.Setenv(strings.ToLower(name), "")
	}
	t.Setenv("NO_PROXY", except)
	t.Setenv("no_proxy", "")
	t.Setenv("REQUEST_METHOD", "")
}

// RoundTrip answers requests without a network.
type RoundTrip func(*http.Request) (*http.Response, error)

// RoundTrip is http.RoundTripper's.
func (f RoundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Answer is a good answer with a body of JSON.
func Answer(body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// HeapFactor is how many bytes reading may allocate in all for each byte of input.
const HeapFactor = 32

// Repeated is an element with commas between, of about size bytes.
func Repeated(element string, size int) string {
	n := max(size/(len(element)+1), 1)
	return strings.TrimSuffix(strings.Repeat(element+",", n), ",")
}

// Keys are as many different keys of an object as fit into size bytes.
func Keys(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `"%x":0,`, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}
