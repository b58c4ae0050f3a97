package cli

import (
	"fmt"
	"slices"
	"strings"

	"optflow/feed/sim/exchange"
)

type faultSwitch struct {
	name string
	set  func(*exchange.Faults)
}

// faultSwitches name the simulator's faults on the command line.
var faultSwitches = []faultSwitch{
	{"snapshot-lag", func(f *exchange.Faults) { f.SnapshotLag = exchange.MaxSnapshotLag }},
	{"yesterdays-day", func(f *exchange.Faults) { f.YesterdaysDay = true }},
	{"late-trades", func(f *exchange.Faults) { f.LateTrades = true }},
	{"no-bar-trades", func(f *exchange.Faults) { f.NoBarTrades = true }},
	{"out-of-order", func(f *exchange.Faults) { f.OutOfOrder = true }},
	{"lost-bars", func(f *exchange.Faults) { f.LostBars = true }},
	{"rounded-vwap", func(f *exchange.Faults) { f.RoundedVwap = true }},
	{"odd-numbers", func(f *exchange.Faults) { f.OddNumbers = true }},
}

func faultNames() []string {
	var names []string
	for _, s := range faultSwitches {
		names = append(names, s.name)
	}
	return names
}

// parseFaults reads "all", "none" or a list of names.
func parseFaults(text string) (exchange.Faults, error) {
	switch text {
	case "", "none":
		return exchange.Faults{}, nil
	case "all":
		return exchange.AllFaults(), nil
	}
	var faults exchange.Faults
	for name := range strings.SplitSeq(text, ",") {
		at := slices.IndexFunc(faultSwitches, func(s faultSwitch) bool { return s.name == strings.TrimSpace(name) })
		if at < 0 {
			return faults, fmt.Errorf("--faults: no fault %q; want all, none or some of %s", name, strings.Join(faultNames(), ", "))
		}
		faultSwitches[at].set(&faults)
	}
	return faults, nil
}

// planNames are the vendor's individual plans.
var planNames = []string{"advanced", "developer", "starter", "basic"}

// parsePlan says what each plan leaves out (massive.com/pricing, 2026). Stock
// prices belong to another product; the cheaper plans get them late here.
func parsePlan(name string) (exchange.Plan, error) {
	switch name {
	case "advanced":
		return exchange.Plan{}, nil
	case "developer":
		return exchange.Plan{NoQuotes: true, DelayedUnderlying: true, DelayedHost: true}, nil
	case "starter":
		return exchange.Plan{NoQuotes: true, NoTrades: true, DelayedUnderlying: true, DelayedHost: true}, nil
	case "basic":
		return exchange.Plan{Free: true, NoQuotes: true, NoTrades: true, NoUnderlying: true, NoSnapshots: true, NoWebSocket: true}, nil
	}
	return exchange.Plan{}, fmt.Errorf("--plan: no plan %q; want %s", name, strings.Join(planNames, ", "))
}
