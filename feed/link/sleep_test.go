package link

import (
	"testing"
	"time"
)

// After a sleep of the machine the connection is not trusted.
func TestSuspendIsNoticed(t *testing.T) {
	var w Sleep
	now := time.Now()
	w.Start(now, now)
	if gone := w.Check(now.Add(time.Minute), now.Add(time.Minute)); gone != 0 {
		t.Errorf("slept %v although both clocks went on", gone)
	}
	if gone := w.Check(now.Add(time.Minute+time.Second), now.Add(8*time.Hour)); gone < 7*time.Hour {
		t.Errorf("slept %v, want nearly 8h", gone)
	}
	if gone := w.Check(now.Add(time.Minute+2*time.Second), now); gone != 0 {
		t.Errorf("slept %v although the clock was only set back", gone)
	}
}
