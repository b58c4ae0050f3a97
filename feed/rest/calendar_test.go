package rest

import (
	"errors"
	"testing"
	"time"
)

// The server is asked every five minutes what the market does, after a failure
// sooner, and at once when that may be another than was thought.
func TestCalendarAsks(t *testing.T) {
	b := newBench()
	b.pass(time.Second)
	if b.count("status") != 1 || b.count("upcoming") != 1 || !b.Calendar.Busy() {
		t.Errorf("asked %q, busy %v", b.server.asked, b.Calendar.Busy())
	}
	b.pass(statusEvery)
	if n := b.count("status"); n != 2 {
		t.Errorf("%d times in five minutes", n)
	}
	b.Calendar.Doubt()
	b.pass(time.Second)
	if n := b.count("status"); n != 3 {
		t.Error("not asked although it is doubted")
	}
	b.server.fail = func(string) error { return errors.New("away") }
	b.pass(statusEvery)
	b.forget()
	b.pass(10 * time.Minute)
	if n := b.count("status"); n < 10 || n > 90 {
		t.Errorf("%d times in ten minutes without an answer", n)
	}
	if b.Standing.Trouble != TroubleAway {
		t.Errorf("%q", b.Standing.Trouble)
	}
}
