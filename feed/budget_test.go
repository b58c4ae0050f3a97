package feed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/feed/faults"
)

func testBudget() *budget { return newBudget(rand.New(rand.NewPCG(5, 6))) }

var budgetStart = time.Unix(1_800_000_000, 0)

// Whatever is asked and however it is answered: at most 10 requests in any
// second, and every job is either answered, given up or still there.
func TestBudgetHoldsAndLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := testBudget()
		now := budgetStart
		var sent []time.Time
		var flying []*job
		added, ended := 0, 0
		for n := range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "pause")))
			for range rapid.IntRange(0, 5).Draw(t, "jobs") {
				added++
				b.add(&job{key: fmt.Sprint(n, "/", added), class: class(rapid.IntRange(0, int(classes)-1).Draw(t, "class"))})
			}
			for j := b.next(now); j != nil; j = b.next(now) {
				sent = append(sent, now)
				flying = append(flying, j)
			}
			for len(flying) > 0 && rapid.Bool().Draw(t, "answer") {
				j := flying[0]
				flying = flying[1:]
				switch rapid.IntRange(0, 3).Draw(t, "how") {
				case 0, 1:
					b.served(j)
					ended++
				case 2:
					if !b.failed(j, now, 0) {
						ended++
					}
				case 3:
					b.limited(j, now, time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "retry after")))
				}
			}
			if b.flights != len(flying) {
				t.Fatalf("%d under way, counted %d", len(flying), b.flights)
			}
		}
		for i := range sent {
			if i >= restRate && sent[i].Sub(sent[i-restRate]) < time.Second {
				t.Fatalf("%d requests within %v", restRate+1, sent[i].Sub(sent[i-restRate]))
			}
		}
		if added != ended+len(flying)+len(b.queue) {
			t.Fatalf("%d added, %d ended, %d under way, %d queued", added, ended, len(flying), len(b.queue))
		}
		if len(b.keys) != len(flying)+len(b.queue) {
			t.Fatalf("%d keys held for %d jobs", len(b.keys), len(flying)+len(b.queue))
		}
	})
}

func TestBudgetGoesByClassRankAndAge(t *testing.T) {
	b := testBudget()
	for _, j := range []*job{
		{key: "history", class: classHistory, rank: 9},
		{key: "gap of $1", class: classBackfill, rank: 1},
		{key: "gap of $5", class: classBackfill, rank: 5},
		{key: "page 1", class: classPolling},
		{key: "page 2", class: classPolling},
		{key: "user", class: classUser},
	} {
		b.add(j)
	}
	var order []string
	for j := b.next(budgetStart); j != nil; j = b.next(budgetStart) {
		order = append(order, j.key)
	}
	want := []string{"user", "gap of $5", "gap of $1", "page 1", "page 2", "history"}
	if !slices.Equal(order, want) {
		t.Fatalf("order %q, want %q", order, want)
	}
}

func TestBudgetAsksOncePerResource(t *testing.T) {
	b := testBudget()
	if !b.add(&job{key: "a", class: classSweep}) || b.add(&job{key: "a", class: classUser}) {
		t.Fatal("the same key was taken twice")
	}
	j := b.next(budgetStart)
	if j.class != classUser {
		t.Fatalf("the better class was not taken over: %d", j.class)
	}
	if b.add(&job{key: "a"}) {
		t.Fatal("taken while under way")
	}
	b.served(j)
	if !b.add(&job{key: "a"}) {
		t.Fatal("not taken after the answer")
	}
}

// Backfill leaves room for what keeps a live tape alive.
func TestBudgetBackfillHasItsShare(t *testing.T) {
	b := testBudget()
	for n := range 100 {
		b.add(&job{key: fmt.Sprint("gap", n), class: classBackfill})
		b.add(&job{key: fmt.Sprint("spot", n), class: classSpots})
	}
	sent := map[class]int{}
	for now := budgetStart; now.Before(budgetStart.Add(5 * time.Second)); now = now.Add(50 * time.Millisecond) {
		for j := b.next(now); j != nil; j = b.next(now) {
			sent[j.class]++
			b.served(j)
		}
	}
	if sent[classBackfill] < 25 || sent[classSpots] < 12 {
		t.Fatalf("in 5 s: %v", sent)
	}
}

func TestBudgetSlowsDownWhenRefused(t *testing.T) {
	b := testBudget()
	b.add(&job{key: "a"})
	now := budgetStart
	for _, wait := range []time.Duration{0, 0, 2 * time.Second} {
		var j *job
		for j = b.next(now); j == nil; j = b.next(now) {
			now = now.Add(100 * time.Millisecond)
		}
		before := b.rate
		b.limited(j, now, wait)
		if b.rate >= before && before > restFloor {
			t.Fatalf("rate stays %v", b.rate)
		}
		want := wait
		if want == 0 {
			want = refusalPause << (b.refusals - 1)
		}
		if j := b.next(now.Add(want - time.Millisecond)); j != nil {
			t.Fatalf("sent %v after a refusal", want)
		}
	}
	for range 50 {
		b.rate = max(b.rate/2, restFloor)
	}
	if b.rate*60 < 4.99 {
		t.Fatalf("slowed down to %v a minute", b.rate*60)
	}
}

func TestBudgetTriesFourTimes(t *testing.T) {
	b := testBudget()
	j := &job{key: "a"}
	b.add(j)
	now, tries := budgetStart, 0
	for {
		for b.next(now) == nil {
			now = now.Add(100 * time.Millisecond)
		}
		tries++
		if !b.failed(j, now, 0) {
			break
		}
	}
	if tries != restTries || len(b.keys) != 0 {
		t.Fatalf("%d tries, %d keys left", tries, len(b.keys))
	}
}

// After failures in a row only one request at a time finds out whether the
// server is back.
func TestFault45Breaker(t *testing.T) {
	faults.Open(t, 45)
	b := testBudget()
	for n := range 20 {
		b.add(&job{key: fmt.Sprint(n)})
	}
	var flying []*job
	for range breakerAfter {
		flying = append(flying, b.next(budgetStart))
	}
	for _, j := range flying {
		b.failed(j, budgetStart, 0)
	}
	if b.next(budgetStart.Add(breakerBase/2-time.Millisecond)) != nil {
		t.Fatal("sent at once after failures")
	}
	now := budgetStart.Add(breakerMost)
	probe := b.next(now)
	if probe == nil || b.next(now) != nil {
		t.Fatal("the probe goes alone")
	}
	b.served(probe)
	if first := b.next(now); first == nil || b.next(now) == nil {
		t.Fatal("closed although the server is back")
	}
}

func TestBudgetDrops(t *testing.T) {
	b := testBudget()
	gone := 0
	for n := range 4 {
		b.add(&job{key: fmt.Sprint(n), owner: "SPY", gone: func() { gone++ }})
	}
	b.add(&job{key: "kept", owner: "QQQ"})
	flying := b.next(budgetStart)
	b.drop(func(j *job) bool { return j.owner == "SPY" })
	if gone != 4 || !flying.dropped || len(b.queue) != 1 {
		t.Fatalf("%d told, under way dropped: %v, %d queued", gone, flying.dropped, len(b.queue))
	}
	if !b.add(&job{key: flying.key}) {
		t.Fatal("a dropped request blocks a new one")
	}
	b.served(flying)
	if b.keys[flying.key] == nil {
		t.Fatal("the dropped one's end took the new one's key")
	}
}
