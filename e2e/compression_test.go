//go:build unix

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// A stream that is compressed brings what a plain one does, and a server that
// declines is worked with as it is.
func TestE2ECompression(t *testing.T) {
	for _, c := range []struct {
		server []string
		doctor string
	}{
		{nil, "1s windows; compressed"},
		{[]string{"--no-compression"}, "; not compressed"},
	} {
		t.Run(fmt.Sprint(c.server), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "", append(c.server, "--tickers", "SPY", "--rate", "200")...)
			at := []string{"--ws-url", s.WS, "--rest-url", s.REST, "--compression", "on", "--tickers", "SPY"}
			key := []string{"MASSIVE_API_KEY=any"}
			if r := run(t, key, append([]string{"doctor"}, at...)...); r.code != 0 || !strings.Contains(r.stdout, c.doctor) {
				t.Errorf("doctor ended with %d and said\n%s%s", r.code, r.stdout, r.stderr)
			}
			streamed := func(r result) bool { return strings.Count(r.stdout, `"source":"ws"`) >= 200 }
			if r := runUntil(t, key, streamed, append([]string{"tail", "--min-premium", "0", "--format", "json"}, at...)...); r.code != exitInterrupted || !streamed(r) {
				t.Errorf("few rows of the stream, code %d\n%.1000s\n%s", r.code, r.stdout, r.stderr)
			}
		})
	}
}
