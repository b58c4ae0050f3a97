package link

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever asks to dial, and whenever: never more than 4 in a second (3 at once
// and the one that a second brings), never more than 20 in 5 minutes, and
// whoever waits as long as told may dial.
func TestRateLawHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var law law
		now := time.Unix(1_800_000_000, 0)
		var dials []time.Time
		for range rapid.IntRange(1, 300).Draw(t, "attempts") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "pause")))
			wait := law.wait(now)
			if took := law.take(now); took != (wait == 0) {
				t.Fatalf("told to wait %v, took is %v", wait, took)
			} else if !took {
				now = now.Add(wait)
				if !law.take(now) {
					t.Fatalf("waited %v as told and may still not dial, but after %v", wait, law.wait(now))
				}
			}
			dials = append(dials, now)
		}
		for i := range dials {
			if i >= LawMost && dials[i].Sub(dials[i-LawMost]) < LawWithin {
				t.Fatalf("%d dials within %v", LawMost+1, dials[i].Sub(dials[i-LawMost]))
			}
			if i > LawBurst && dials[i].Sub(dials[i-LawBurst-1]) < LawEvery {
				t.Fatalf("%d dials within %v", LawBurst+2, dials[i].Sub(dials[i-LawBurst-1]))
			}
		}
	})
}

// However long an outage lasts, the backoff leaves room for a dial that
// something speaks for, at any moment and twice in five minutes.
func TestBackoffLeavesDialsToSpare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var law law
		b := backoff{rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
		now := time.Unix(1_800_000_000, 0)
		var spare []time.Time
		for range rapid.IntRange(1, 200).Draw(t, "tries") {
			next := now.Add(max(b.next(0), law.patience(now), time.Millisecond))
			if rapid.IntRange(0, 9).Draw(t, "news") == 0 && (len(spare) < lawSpare || next.Sub(spare[len(spare)-lawSpare]) >= 2*LawWithin) {
				now = now.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(now))).Draw(t, "after")))
				if wait := law.wait(now); wait > LawEvery { // a burst may hold it for a second
					t.Fatalf("news must wait for %v", wait)
				} else {
					now = now.Add(wait)
				}
				spare = append(spare, now)
			} else {
				now = next.Add(law.wait(next))
			}
			if !law.take(now) {
				t.Fatalf("a dial after its wait must wait for %v", law.wait(now))
			}
		}
	})
}

func TestBackoffGrowsToItsCapAndNeverEnds(t *testing.T) {
	b := backoff{rand: rand.New(rand.NewPCG(1, 2))}
	for n := range 10_000 {
		ceiling := min(backoffBase<<min(n, 10), BackoffCap)
		if wait := b.next(0); wait < 0 || wait > ceiling {
			t.Fatalf("try %d waits %v, at most %v", n, wait, ceiling)
		}
	}
	for range 100 {
		if wait := b.next(5 * time.Second); wait < 5*time.Second || wait > 5*time.Second+BackoffCap {
			t.Fatalf("asked for 5s at least, waits %v", wait)
		}
	}
	b.reset()
	if wait := b.next(0); wait > backoffBase {
		t.Fatalf("after a reset it waits %v", wait)
	}
}

// Full jitter means that the waits fill the whole range.
func TestBackoffIsJittered(t *testing.T) {
	b := backoff{rand: rand.New(rand.NewPCG(3, 4)), tries: 99}
	var low, high int
	for range 1000 {
		switch wait := b.next(0); {
		case wait < BackoffCap/4:
			low++
		case wait > BackoffCap*3/4:
			high++
		}
	}
	if low < 150 || high < 150 {
		t.Fatalf("of 1000 waits %d in the lowest and %d in the highest quarter", low, high)
	}
}
