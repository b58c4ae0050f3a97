package rest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/feed/faults"
)

func testBudget() *Budget { return newBudget(rand.New(rand.NewPCG(5, 6))) }

var budgetStart = time.Unix(1_800_000_000, 0)

// Whatever is asked and however it is answered: at most 10 requests in any
// second, and every job is either answered, given up or still there.
func TestBudgetHoldsAndLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := testBudget()
		now := budgetStart
		var sent []time.Time
		var flying []*Job
		added, ended := 0, 0
		for n := range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "pause")))
			for range rapid.IntRange(0, 5).Draw(t, "jobs") {
				added++
				b.Add(&Job{Key: fmt.Sprint(n, "/", added), Class: Class(rapid.IntRange(0, int(classes)-1).Draw(t, "class"))})
			}
			for j := b.Next(now); j != nil; j = b.Next(now) {
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
			if i >= Rate && sent[i].Sub(sent[i-Rate]) < time.Second {
				t.Fatalf("%d requests within %v", Rate+1, sent[i].Sub(sent[i-Rate]))
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
	for _, j := range []*Job{
		{Key: "history", Class: ForHistory, Rank: 9},
		{Key: "gap of $1", Class: ForBackfill, Rank: 1},
		{Key: "gap of $5", Class: ForBackfill, Rank: 5},
		{Key: "page 1", Class: ForPolling},
		{Key: "page 2", Class: ForPolling},
		{Key: "user", Class: ForUser},
	} {
		b.Add(j)
	}
	var order []string
	for j := b.Next(budgetStart); j != nil; j = b.Next(budgetStart) {
		order = append(order, j.Key)
	}
	want := []string{"user", "gap of $5", "gap of $1", "page 1", "page 2", "history"}
	if !slices.Equal(order, want) {
		t.Fatalf("order %q, want %q", order, want)
	}
}

func TestBudgetAsksOncePerResource(t *testing.T) {
	b := testBudget()
	if !b.Add(&Job{Key: "a", Class: ForSweep}) || b.Add(&Job{Key: "a", Class: ForUser}) {
		t.Fatal("the same key was taken twice")
	}
	j := b.Next(budgetStart)
	if j.Class != ForUser {
		t.Fatalf("the better class was not taken over: %d", j.Class)
	}
	if b.Add(&Job{Key: "a"}) {
		t.Fatal("taken while under way")
	}
	b.served(j)
	if !b.Add(&Job{Key: "a"}) {
		t.Fatal("not taken after the answer")
	}
}

// Backfill leaves room for what keeps a live tape alive.
func TestBudgetBackfillHasItsShare(t *testing.T) {
	b := testBudget()
	for n := range 100 {
		b.Add(&Job{Key: fmt.Sprint("gap", n), Class: ForBackfill})
		b.Add(&Job{Key: fmt.Sprint("spot", n), Class: ForSpots})
	}
	sent := map[Class]int{}
	for now := budgetStart; now.Before(budgetStart.Add(5 * time.Second)); now = now.Add(50 * time.Millisecond) {
		for j := b.Next(now); j != nil; j = b.Next(now) {
			sent[j.Class]++
			b.served(j)
		}
	}
	if sent[ForBackfill] < 25 || sent[ForSpots] < 12 {
		t.Fatalf("in 5 s: %v", sent)
	}
}

func TestBudgetSlowsDownWhenRefused(t *testing.T) {
	b := testBudget()
	b.Add(&Job{Key: "a"})
	now := budgetStart
	for _, wait := range []time.Duration{0, 0, 2 * time.Second} {
		var j *Job
		for j = b.Next(now); j == nil; j = b.Next(now) {
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
		if j := b.Next(now.Add(want - time.Millisecond)); j != nil {
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
	j := &Job{Key: "a"}
	b.Add(j)
	now, tries := budgetStart, 0
	for {
		for b.Next(now) == nil {
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
		b.Add(&Job{Key: fmt.Sprint(n)})
	}
	var flying []*Job
	for range breakerAfter {
		flying = append(flying, b.Next(budgetStart))
	}
	for _, j := range flying {
		b.failed(j, budgetStart, 0)
	}
	if b.Next(budgetStart.Add(breakerBase/2-time.Millisecond)) != nil {
		t.Fatal("sent at once after failures")
	}
	now := budgetStart.Add(breakerMost)
	probe := b.Next(now)
	if probe == nil || b.Next(now) != nil {
		t.Fatal("the probe goes alone")
	}
	b.served(probe)
	if first := b.Next(now); first == nil || b.Next(now) == nil {
		t.Fatal("closed although the server is back")
	}
}

func TestBudgetDrops(t *testing.T) {
	b := testBudget()
	gone, spy := 0, &Chain{}
	for n := range 4 {
		b.Add(&Job{Key: fmt.Sprint(n), Owner: spy, Gone: func(Moment) { gone++ }})
	}
	b.Add(&Job{Key: "kept", Owner: &Chain{}})
	flying := b.Next(budgetStart)
	b.Drop(Moment{}, func(j *Job) bool { return j.Owner == spy })
	if gone != 4 || !flying.dropped || len(b.queue) != 1 {
		t.Fatalf("%d told, under way dropped: %v, %d queued", gone, flying.dropped, len(b.queue))
	}
	if !b.Add(&Job{Key: flying.Key}) {
		t.Fatal("a dropped request blocks a new one")
	}
	b.served(flying)
	if b.keys[flying.Key] == nil {
		t.Fatal("the dropped one's end took the new one's key")
	}
}
