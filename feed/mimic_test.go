package feed

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"optflow/feed/mimic"
	"optflow/model"
)

// Another vendor, that shares no code with the simulated market: through cuts,
// failures of REST, late prints, prints in no bar, other windows and repeated
// frames the accounts are those of its truth, lot by lot. With
// OPTFLOW_MIMIC_MINUTES set, each seed lasts so many minutes of market time.
func TestAnotherVendor(t *testing.T) {
	minutes, err := strconv.Atoi(os.Getenv("OPTFLOW_MIMIC_MINUTES"))
	if err != nil {
		minutes = 10
	}
	for _, seed := range tried(nil, 0, 1, 2, 3, 4, 5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) { compareWithMimic(t, seed, time.Duration(minutes)*time.Minute) })
		})
	}
}

func compareWithMimic(t *testing.T, seed uint64, lasts time.Duration) {
	r := rand.New(rand.NewPCG(seed, 99))
	vendor := mimic.New(mimic.Options{
		Seed: seed, Key: canary, Underlying: "SPY", Strikes: 70, Expiry: time.Date(2000, 1, 21, 0, 0, 0, 0, time.UTC),
		Prints: 20, RESTLag: 500 * time.Millisecond,
	})
	w := wireTo(t, vendor.Serve, vendor.Traded, nil)
	w.live(5 * time.Second)
	for end := time.Now().Add(lasts); time.Now().Before(end); {
		time.Sleep(time.Duration(1+r.IntN(90)) * time.Second)
		switch r.IntN(7) {
		case 0:
			vendor.Cut([]int{0, 1000, 1001, 1006, 1011, 1012}[r.IntN(6)])
		case 1:
			vendor.Break(time.Duration(1+r.IntN(40)) * time.Second)
		case 2:
			vendor.Break(time.Duration(1+r.IntN(20)) * time.Second)
			vendor.Cut(1012)
		case 3:
			w.engine.face().Window([]model.Span{model.Second, model.Minute}[r.IntN(2)])
		case 4:
			vendor.Pace([]float64{1, 5, 20, 60}[r.IntN(4)])
		}
	}
	w.engine.face().Window(model.Second)
	vendor.Pace(0)
	time.Sleep(11 * time.Minute) // the last late print is seen, and gaps are asked for
	w.engine.face().PollNow()
	time.Sleep(3 * time.Minute)
	w.everyLot()
	w.checkAccounts()
	never, late := vendor.Unbarred()
	for symbol, s := range w.sums() {
		if s.gaps > never[symbol]+late[symbol] {
			t.Errorf("%s: %d lots in gaps, and only %d in no bar, %d late: %+v", symbol, s.gaps, never[symbol], late[symbol], s)
		}
	}
}
