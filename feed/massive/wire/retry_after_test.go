package wire

import (
	"net/http"
	"testing"
	"time"

	"optflow/feed/faults"
)

func TestFault44RetryAfter(t *testing.T) {
	faults.Open(t, 44)
	now := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "soon": 0, "7": 7 * time.Second, "0": time.Second, "-5": time.Second, "1e9": 5 * time.Minute, "99999999999999999999": 5 * time.Minute, "2.5": 2500 * time.Millisecond, "NaN": 0,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Hour).Format(http.TimeFormat): time.Second, now.Add(time.Hour).Format(http.TimeFormat): 5 * time.Minute,
	} {
		header := http.Header{}
		header.Set("Retry-After", value)
		if got := RetryAfter(header, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
