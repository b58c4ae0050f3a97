// Command peers times this program's way of an event, from the socket to the
// tape, beside the vendor's own Go client and beside a plain read of the same
// bytes: the same server, the same frames, in turns, so that a busy machine
// hits all of them alike. It is a module of its own so that users of optflow do
// not inherit the other client.
//
//	go run . [-events 200000] [-rounds 5]
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"optflow/bench/cpu"
)

// contestant reads events from a server until it has seen that many. What it
// leaves open is closed by the function that it returns, which is not timed:
// the vendor's client waits for its reader there, for seconds, and is not waited for.
type contestant struct {
	name string
	read func(address string, events int) (leave func(), err error)
}

func main() {
	events := flag.Int("events", 200_000, "events a run")
	rounds := flag.Int("rounds", 5, "rounds; medians are printed")
	flag.Parse()
	if err := compare(*events, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// figure is one run: how many events a second, and processor time an event,
// the server's share included.
type figure struct {
	rate float64
	each time.Duration
}

func compare(events, rounds int) error {
	contestants := []contestant{{"plain read", readBytes}, {"vendor's Go client", readVendor}, {"optflow to the tape", readOptflow}}
	// One core for all, the server included: a client that spreads over two of
	// them is not faster, it only uses more.
	runtime.GOMAXPROCS(1)
	fmt.Printf("%d events a run on one core, median of %d rounds in turns after one that is not counted;\nprocessor time includes the server's\n\n", events, rounds)
	fmt.Println("| events a frame | client | events/s | processor time an event | times the vendor's |")
	fmt.Println("|---:|---|---:|---:|---:|")
	for _, per := range []int{1, 10, 100, 1000} {
		hose := newHose(events, per)
		figures := make([][]figure, len(contestants))
		for round := range rounds + 1 {
			for i, c := range contestants {
				f, err := run(hose, c, events)
				if err != nil {
					return fmt.Errorf("%s, %d events a frame: %w", c.name, per, err)
				}
				if round > 0 { // the first one's memory is fresh, and slow to be touched
					figures[i] = append(figures[i], f)
				}
			}
		}
		vendor := median(figures[1]).rate
		for i, c := range contestants {
			m := median(figures[i])
			fmt.Printf("| %d | %s | %.0f | %v | %.1f |\n", per, c.name, m.rate, m.each, m.rate/vendor)
		}
	}
	return nil
}

// run lets one contestant read everything once.
func run(h *hose, c contestant, events int) (figure, error) {
	address, stop, err := h.serve()
	if err != nil {
		return figure{}, err
	}
	began, used := time.Now(), cpu.Used()
	leave, err := c.read(address, events)
	took, used := time.Since(began), cpu.Used()-used
	leave()
	stop()
	return figure{
		rate: float64(events) / took.Seconds(),
		each: (used / time.Duration(events)).Round(time.Nanosecond),
	}, err
}

func median(f []figure) figure {
	s := slices.Clone(f)
	slices.SortFunc(s, func(a, b figure) int { return cmp.Compare(a.rate, b.rate) })
	return s[len(s)/2]
}
