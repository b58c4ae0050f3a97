package process

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
	gcPercent = 12
	settled   = 20 * time.Second
	// crowded is the heap, in bytes, that ends the start early: only a flood
	// from the first second on makes it that large.
	crowded    = 64 << 20
	crowdCheck = 250 * time.Millisecond

	goalCheck = 2 * time.Second
)

// goals are memory limits, in bytes, each for a live heap below near. The first is
// nearly twice what a full tape takes, so it matters only in a flood, whose garbage
// comes in megabytes. Beyond the last, as with hundreds of thousands of contracts, a
// limit would only cost processor time and there is none.
var goals = [...]struct{ near, limit int64 }{{150 << 20, 200 << 20}, {200 << 20, 230 << 20}, {220 << 20, 242 << 20}, {245 << 20, 256 << 20}}

// goalOf is the memory limit for a live heap of so many bytes.
func goalOf(live uint64) int64 {
	for _, g := range goals {
		if live < uint64(g.near) {
			return g.limit
		}
	}
	return math.MaxInt64
}

// Frugal has the heap collected more often after the start. Rows hold no
// pointers, so this costs no measurable time and saves a third of the memory.
func Frugal(ctx context.Context) {
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

// keepToGoal sets the goal that can be met.
func keepToGoal(ctx context.Context, check *time.Ticker) {
	held := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	check.Reset(goalCheck)
	for set := int64(0); ; {
		if metrics.Read(held); held[0].Value.Kind() == metrics.KindUint64 {
			if goal := goalOf(held[0].Value.Uint64()); goal != set {
				debug.SetMemoryLimit(goal)
				set = goal
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-check.C:
		}
	}
}
