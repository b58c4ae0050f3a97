//go:build unix

package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"optflow/feed/faults"
)

// hostileMost is how much a program may be resident with whatever a server does:
// 150 MB beyond normal use, which in the long run is 126 MB (TestMemory).
const hostileMost = (126 + 150) << 20

// greed is what one server does: the frames that it sends by turns, and the pages
// that it answers with.
type greed struct {
	name   string
	frames []string
	pages  string
}

// Whatever a server sends for a minute, as fast as it can, memory stays, and q
// ends the program at once. With the tests it is seconds of two seeds, and of
// servers that invent contracts, the dearest thing there is.
func TestFault28GreedyServer(t *testing.T) {
	faults.OpenReal(t, 28)
	seeds, long := []uint64{1, 2}, 6*time.Second
	if os.Getenv("OPTFLOW_FAULTS") == "full" {
		seeds, long = []uint64{1, 2, 3, 4, 5}, time.Minute
	}
	one := os.Getenv("OPTFLOW_GREEDY") // "frames,frames/pages", to look at one alone
	if one != "" {
		if d, err := time.ParseDuration(os.Getenv("OPTFLOW_GREEDY_FOR")); err == nil {
			long = d
		}
	}
	var all []greed
	for _, seed := range seeds {
		frames, pages := drawGreedy(seed)
		all = append(all, greed{fmt.Sprintf("seed %d", seed), frames, pages})
	}
	all = append(all,
		greed{"inventing contracts", []string{"new contracts of all tickers"}, "new contracts"},
		greed{"all contracts trade", []string{"bars of all contracts"}, ""},
		greed{"all contracts trade, volume is missing", []string{"bars of all contracts and volume missing"}, ""},
		greed{"all contracts trade, large", []string{"large trades of all contracts"}, ""},
		greed{"inventing contracts, large pages", []string{"new contracts of all tickers", "new contracts"}, "too many rows"},
	)
	if one != "" {
		frames, pages, _ := strings.Cut(one, "/")
		all = []greed{{one, strings.Split(frames, ","), pages}}
	}
	for i, a := range all {
		t.Run(a.name, func(t *testing.T) {
			frames, pages := a.frames, a.pages
			g := newGreedy(t, uint64(i+1), frames, pages)
			x := start(t, 160, 43, []string{"MASSIVE_API_KEY=" + canary}, g.flags("--min-premium", "0", "--tickers", "SPY,QQQ,TSLA,NVDA,AAPL")...)
			time.Sleep(long)
			peak, told := memoryPeak(x.cmd.Process.Pid)
			screen := x.screen()
			x.press("q")
			asked := time.Now()
			x.awaitEnd(patience)
			took := time.Since(asked)
			t.Logf("%q, pages %q: %d MB sent, %d MB resident at most, ended in %v\n%s", frames, pages, g.sent.Load()>>20, peak>>20, took, strings.Join(lines(screen)[:3], "\n"))
			if told && peak > hostileMost {
				t.Errorf("%d MB resident, more than %d", peak>>20, hostileMost>>20)
			}
			if took > 4*time.Second { // 2, and what a busy machine adds
				t.Errorf("q took %v", took)
			}
			x.assertRestored()
		})
	}
}
