package cli

import (
	"context"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// gcPercent is by how much the heap may grow between two collections, once
	// the start is over, in which little is held and much is thrown away.
	gcPercent = 20
	settled   = 20 * time.Second
	// crowded is a heap, in bytes, after which the start is over whatever the
	// time: no start is that large, a flood from the first second on is.
	crowded    = 64 << 20
	crowdCheck = 250 * time.Millisecond

	// memoryGoal is what the program wants to get by with, in bytes. It is twice
	// what a full tape takes, so it is met in a flood alone, whose garbage comes in
	// pieces of a megabyte. Where what is held comes near it, as with hundreds of
	// thousands of contracts, it would only cost processor time and is given up.
	memoryGoal = 230 << 20
	nearGoal   = 200 << 20
	goalCheck  = 2 * time.Second
)

// frugal has the heap collected more often once the start is over. What is held
// are rows without pointers: collecting them costs nothing that can be measured,
// and a third less memory.
func frugal(ctx context.Context) {
	check := time.NewTicker(crowdCheck)
	defer check.Stop()
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for began := time.Now(); time.Since(began) < settled; {
		if metrics.Read(heap); heap[0].Value.Kind() == metrics.KindUint64 && heap[0].Value.Uint64() > crowded {
			break
		}
		select {
		case <-ctx.Done():
			return
		case <-check.C:
		}
	}
	debug.SetGCPercent(gcPercent)
	keepToGoal(ctx, check)
}

// keepToGoal sets the goal while it can be met.
func keepToGoal(ctx context.Context, check *time.Ticker) {
	held := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	check.Reset(goalCheck)
	for set := false; ; {
		if metrics.Read(held); held[0].Value.Kind() == metrics.KindUint64 {
			switch near := held[0].Value.Uint64() > nearGoal; {
			case near && set:
				debug.SetMemoryLimit(math.MaxInt64)
				set = false
			case !near && !set:
				debug.SetMemoryLimit(memoryGoal)
				set = true
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-check.C:
		}
	}
}
