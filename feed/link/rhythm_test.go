package link

import (
	"testing"
	"time"
)

func TestGaps(t *testing.T) {
	var g Rhythm
	at := time.Unix(1_800_000_000, 0)
	if g.High() != 0 {
		t.Error("knows without having seen")
	}
	for n := range 10_000 {
		gap := 300 * time.Millisecond
		if n%100 == 0 {
			gap = 6 * time.Second
		}
		g.Add(gap, at)
	}
	if high := g.High(); high < 6*time.Second || high > 12*time.Second {
		t.Errorf("p99.9 of gaps of which 1 %% are 6 s is %v", high)
	}
	for n := range 10_000 { // an hour later only the short ones are left
		g.Add(300*time.Millisecond, at.Add(time.Duration(31+n/200)*time.Minute))
	}
	if high := g.High(); high > time.Second {
		t.Errorf("an hour after the last long gap p99.9 is %v", high)
	}
}
