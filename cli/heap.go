package cli

import (
	"context"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// gcPercent is by how much the heap may grow between collections after the
	// start. At the start little is held and much is thrown away.
	gcPercent = 20
	settled   = 20 * time.Second
	// crowded is the heap, in bytes, that ends the start early: only a flood
	// from the first second on makes it that large.
	crowded    = 64 << 20
	crowdCheck = 250 * time.Millisecond

	// memoryGoal is the memory limit, in bytes: twice what a full tape takes, so
	// it matters only in a flood, whose garbage comes in megabytes. When the live
	// heap comes near it (nearGoal), as with hundreds of thousands of contracts,
	// it would only cost processor time and is lifted.
	memoryGoal = 230 << 20
	nearGoal   = 200 << 20
	goalCheck  = 2 * time.Second
)

// frugal has the heap collected more often after the start. Rows hold no
// pointers, so this costs no measurable time and saves a third of the memory.
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
