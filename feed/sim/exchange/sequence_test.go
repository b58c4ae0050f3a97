package exchange

import (
	"fmt"
	"hash"
	"hash/fnv"
	"runtime"
	"testing"
	"time"

	"optflow/feed/sim/basis"
)

// One seed gives one market, from one version of the program to the next: whoever
// shows a fault by a seed can be shown it again. A hash stands for all that is
// sent and answered. It changes only where the market is meant to become another.
func TestSeedsGiveTheSameMarket(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("elsewhere the compiler joins multiplications and additions, which rounds differently")
	}
	for name, test := range map[string]struct {
		o    Options
		runs time.Duration
		want uint64
	}{
		"plain":         {Options{Seed: 3, Start: monday, Rate: 60, Tickers: []string{"TSLA", "SPX"}}, 4 * time.Minute, 0xd538e5b9ad7a9439},
		"every fault":   {Options{Seed: 9, Start: monday.Add(123 * time.Millisecond), Rate: 50, Speed: 4, Faults: AllFaults(), Tickers: []string{"SPY", "SPX", "VIX"}}, 3 * time.Minute, 0xe836c01d36accfa9},
		"over midnight": {Options{Seed: 5, Start: monday.Add(13*time.Hour + 17*time.Minute), Rate: 40, Faults: AllFaults(), Tickers: []string{"QQQ", "NVDA"}}, 4 * time.Minute, 0x6d84423742c3c5},
		"an hour":       {Options{Seed: 7, Start: monday, Speed: 30, Rate: 20, Tickers: []string{"NVDA"}, Plan: Plan{DelayedHost: true, DelayedUnderlying: true}}, 2 * time.Minute, 0x2e5f1c89083dc3e0},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := NewMarket(test.o)
				sink, sum := m.Listen(), fnv.New64a()
				for end := time.Now().Add(test.runs); time.Now().Before(end); time.Sleep(1900 * time.Millisecond) {
					now := m.Hold()
					for _, e := range sink.Take(nil) {
						fmt.Fprintln(sum, e.Kind, e.Contract.Symbol, e.Exchange, e.Code, e.due, e.Start, e.Open, e.High, e.Low, e.Close, e.Opening,
							e.Count, e.Volume, e.Cents, e.DayVolume, e.DayCents, e.Sequence)
					}
					m.look(sum, now)
					m.Release()
				}
				fmt.Fprintln(sum, m.Trades(""), m.Symbols())
				m.Leave(sink)
				if got := sum.Sum64(); got != test.want {
					t.Errorf("%#x, want %#x", got, test.want)
				}
			})
		})
	}
}

// look adds what would be answered now of some contracts.
func (m *Market) look(sum hash.Hash, now int64) {
	fmt.Fprintln(sum, now, m.SnapshotLag(now, 7))
	for i := int(now / basis.Second % 40); i < len(m.Contracts); i += 400 {
		c := m.Contracts[i]
		v := m.ViewAt(c, now, now)
		fmt.Fprintln(sum, c.Symbol, v.Day, v.HasDay, v.Before, v.Quote, v.Theory, v.Worth, v.Spot, v.SpotTime, v.Interest, v.HasGreeks())
		for _, w := range m.Prints.Bars(c, basis.Minute, now-3*60*basis.Minute, now, now) {
			fmt.Fprintln(sum, w.Start, w.Open, w.High, w.Low, w.Close, w.Count, w.Volume, w.Cents)
		}
		fmt.Fprintln(sum, m.Prints.Days(c, 0, now, now), m.Quoted.From(c),
			m.Quoted.Between(c, (now-90*basis.Second)*basis.Nanoseconds, m.Quoted.Shown(now), 20, i%2 == 0))
	}
}
