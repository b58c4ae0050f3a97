package alerts

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/market"
	"optflow/model/tape"
)

// countingClock counts how often somebody looks at it.
type countingClock struct{ looks atomic.Int64 }

func (c *countingClock) Now() int64 { c.looks.Add(1); return time.Now().UnixMilli() }

// While nothing comes nothing is looked at: a minute after the last row there is
// no timer left, and without a rule there never is one.
func TestIdleCostsNothing(t *testing.T) {
	for _, rules := range [][]Source{nil, {{Rule: big("log"), From: "config.toml:1"}}} {
		synctest.Test(t, func(t *testing.T) {
			clock, w := new(countingClock), tape.New(tape.Options{})
			w.SetState(&model.State{Link: model.Live})
			desk, err := New(Options{
				Market: market.Open{Tape: &w.Tape, Time: clock}, List: rules, Rules: model.DefaultRules(),
				Row: func(*model.Burst, *model.Contract) []byte { return nil }, Text: func(*alert.Alert) string { return "" },
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = desk.Run(ctx) }()
			id, err := w.Registry.Intern("O:NVDA261218C00180000")
			if err != nil {
				t.Fatal(err)
			}
			for range 10 {
				w.Append(model.Row{Contract: id, Start: time.Now().UnixMilli() - 1000, Span: model.Second, Size: 1, Premium: 100})
				w.Publish()
				time.Sleep(time.Second)
			}
			busy := clock.looks.Load()
			if (busy > 10) != (rules != nil) {
				t.Errorf("%d looks at the clock for ten rows with %d rules", busy, len(rules))
			}
			time.Sleep(2 * time.Minute)
			before := clock.looks.Load()
			time.Sleep(time.Hour)
			if looks := clock.looks.Load() - before; looks != 0 {
				t.Errorf("%d looks at the clock in an hour in which nothing came", looks)
			}
			cancel()
			<-done
		})
	}
}
