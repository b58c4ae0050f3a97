package rest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/feed/source"
)

// Whatever is answered, followed and said of the stream: never more than ten
// requests in a second, nothing is asked for whom nobody follows, no sweep hangs,
// and once REST is well every chain is known.
func TestDeskWhateverIsAnswered(t *testing.T) {
	kinds := []source.ErrorKind{
		source.ErrorOther, source.ErrorNotEntitled, source.ErrorNotFound, source.ErrorRateLimited, source.ErrorBadRequest, source.ErrorServer,
		source.ErrorNotJSON, source.ErrorTooLarge, source.ErrorTimeout, source.ErrorNetwork,
	}
	rapid.Check(t, func(t *rapid.T) {
		b := newBench("SPY")
		b.server.volume, b.server.quoted = 5, rapid.Bool().Draw(t, "quotes")
		var sent []time.Time
		step := func(d time.Duration) {
			before := len(b.server.asked)
			b.pass(d)
			for range len(b.server.asked) - before {
				sent = append(sent, b.m.Now)
			}
			for i := Rate; i < len(sent); i++ {
				if d == quarter && sent[i].Sub(sent[i-Rate]) < time.Second {
					t.Fatalf("%d requests within a second", Rate+1)
				}
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				b.server.fail = nil
			case 1:
				kind := rapid.SampledFrom(kinds).Draw(t, "kind")
				b.server.fail = func(string) error { return &source.Failure{Kind: kind} }
			case 2:
				b.Follow(b.m, rapid.SliceOfDistinct(rapid.SampledFrom([]string{"SPY", "QQQ", "AMD"}), func(s string) string { return s }).Draw(t, "tickers"))
			case 3:
				b.m.Live = rapid.Bool().Draw(t, "live")
				b.m.Polling = !b.m.Live
				if b.m.Live {
					b.Live(b.m, true)
				} else {
					b.Polls.Fallen()
				}
			case 4:
				b.Pause(b.m)
			case 5:
				b.Pulses.Feel(b.m)
			}
			for range rapid.IntRange(0, 8).Draw(t, "quarters of a second") {
				step(quarter)
			}
			b.check(t)
		}
		b.server.fail = nil
		b.Follow(b.m, []string{"SPY"})
		b.m.Polling, b.m.Live = true, false
		for range 40 { // a refusal may have made the pace one of five a minute
			b.pass(time.Minute)
		}
		if ch := b.Following.chains["SPY"]; !ch.baseline || b.plan.NoSnapshots || b.Standing.Trouble != "" {
			t.Fatalf("REST is well, and known is %+v, %+v, %q", ch, b.plan, b.Standing.Trouble)
		}
		b.check(t)
	})
}

// quarter is how far the time goes on between two schedules.
const quarter = 250 * time.Millisecond

// check holds what is queued against who is followed and what is under way.
func (b *bench) check(t *rapid.T) {
	for _, j := range b.Budget.queue {
		if j.Owner != nil && b.Following.chains[j.Owner.underlying] != j.Owner {
			t.Fatalf("%s is asked for %s, which nobody follows", j.Key, j.Owner.underlying)
		}
	}
	if b.Budget.flights != 0 || len(b.Budget.keys) != len(b.Budget.queue) {
		t.Fatalf("%d under way, %d keys of %d jobs", b.Budget.flights, len(b.Budget.keys), len(b.Budget.queue))
	}
	for ch := range b.Following.all {
		left := 0
		for _, j := range b.Budget.queue {
			if j.Owner == ch && (j.Class == ForSweep || j.Class == ForUser) && strings.HasPrefix(j.Key, "page/") {
				left++
			}
		}
		if ch.running != nil && left == 0 {
			t.Fatalf("the sweep of %s waits for nothing", ch.underlying)
		}
	}
	if !slices.IsSorted(b.Following.Tickers) || len(b.Following.Tickers) != len(b.Following.chains) {
		t.Fatalf("follows %q", b.Following.Tickers)
	}
}
