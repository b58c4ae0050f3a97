package alerts

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/alert"
)

// Whatever happens, at every moment and at the end: fired alerts are the sum of
// those that wait, were delivered, held back, dropped and failed, and no id goes
// out twice.
func TestAccountsOfAlerts(t *testing.T) {
	s := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{200, 500, 429, 204, 400, 302}[n%6])
	})
	rapid.Check(t, func(rt *rapid.T) {
		rule := big("bell", "hook:json", "log")
		rule.Cooldown = rapid.SampledFrom([]string{"", "60s contract", "30s rule"}).Draw(rt, "cooldown")
		rule.Max = rapid.SampledFrom([]string{"", "3/h"}).Draw(rt, "max")
		r := newRig(t, func(o *Options) { o.Hooks = map[string]Hook{"json": {Format: "json", URL: mustURL(t, s.URL)}} },
			rule, alert.Rule{Name: "puts", When: "puts", To: []string{"log"}})
		sums := func() {
			in := r.desk.Inbox()
			all := []alert.Counts{in.Counts}
			for i := range in.Rules {
				all = append(all, in.Rules[i].Counts)
			}
			for _, c := range all {
				if c.Fired != c.Waiting+c.Delivered+c.Held+c.Dropped+c.Failed {
					rt.Fatalf("%+v", c)
				}
			}
		}
		var rows []model.Row
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				r.lock.set(func() { r.lock.lost, r.lock.others = true, rapid.IntRange(0, 1).Draw(rt, "holder") })
			case 1:
				r.stop()
				sums()
				if c := r.desk.Inbox().Counts; c.Waiting != 0 {
					rt.Fatalf("%d wait for ever", c.Waiting)
				}
				r.start()
			case 2:
				r.clock.advance(time.Duration(rapid.IntRange(-100, 4000).Draw(rt, "seconds")) * time.Second)
			case 3:
				if len(rows) > 0 { // a correction, or the same again
					row := rows[rapid.IntRange(0, len(rows)-1).Draw(rt, "row")]
					row.Premium *= rapid.SampledFrom([]float64{1, 0.1, 2}).Draw(rt, "by")
					r.append(row)
				}
			case 4:
				r.desk.Mute("big", time.Duration(rapid.IntRange(0, 90).Draw(rt, "mute"))*time.Second)
			case 6:
				other := rule
				other.When = rapid.SampledFrom([]string{"prem>=1m", "prem>=2m", "prm>1"}).Draw(rt, "when")
				list := []Source{{other, "config.toml:1"}, {alert.Rule{Name: "puts", When: "puts", To: []string{"log"}}, "config.toml:5"}}
				r.desk.Load(list[:rapid.IntRange(1, 2).Draw(rt, "rules")], "")
			case 5:
				_ = r.desk.Test("big") // where nothing is delivered, it says so
			default:
				symbol := fmt.Sprintf("O:NVDA261218%s%08d", rapid.SampledFrom([]string{"C", "P"}).Draw(rt, "type"), 1000*rapid.IntRange(100, 104).Draw(rt, "strike"))
				rows = append(rows, r.trade(symbol, float64(rapid.SampledFrom([]int{1000, 2_000_000}).Draw(rt, "premium"))))
			}
			sums()
		}
		r.stop()
		sums()
		seen := map[string]bool{}
		for _, b := range decoded(t, r.alerts.String()) {
			if b.Event == fired && seen[b.ID] {
				rt.Fatalf("%s of %s went out twice", b.ID, b.Rule)
			}
			seen[b.ID] = seen[b.ID] || b.Event == fired
		}
		if c := r.desk.Inbox().Counts; c.Waiting != 0 {
			rt.Fatalf("%+v at the end", c)
		}
	})
}

// From the row on the tape to the request at the receiver it is no 100 ms, with
// fifty rules and the id on the disk.
func TestFiredToSent(t *testing.T) {
	came := make(chan time.Time, 10)
	s := newReceiver(t, func(int, http.ResponseWriter, *http.Request) { came <- time.Now() })
	var list []alert.Rule
	for i := range 49 {
		list = append(list, alert.Rule{Name: fmt.Sprint("other ", i), When: fmt.Sprintf("spy prem>=%dm side=ask sure", i+1)})
	}
	r := newRig(t, func(o *Options) {
		o.Hooks = map[string]Hook{"desk": {Format: "json", URL: mustURL(t, s.URL)}}
		o.pause = nil
	}, append(list, big("hook:desk"))...)
	best := time.Hour
	for i := range 5 { // the best of some: the machine may do other things
		began := time.Now()
		r.trade(fmt.Sprintf("O:NVDA261218C%08d", 1000*(100+i)), 2e6)
		best = min(best, (<-came).Sub(began))
		r.settled(i + 1)
		r.clock.advance(time.Second)
	}
	t.Logf("%v", best)
	if best > 100*time.Millisecond {
		t.Errorf("sent after %v", best)
	}
}

// Rows at 20,000 a second and fifty rules take a tenth of a core: 5 µs a row.
func BenchmarkFiftyRules(b *testing.B) {
	var list []alert.Rule
	for i := range 50 {
		list = append(list, alert.Rule{Name: fmt.Sprint("rule ", i), When: [...]string{
			"nvda prem>=%dm side=ask sure", "spy puts dte<=7 prem>=%dm", "unusual prem>=%dm", "top<=1%% prem>=%dm", "whale otm prem>=%dm",
		}[i%5]})
		list[i].When = fmt.Sprintf(list[i].When, 50+i)
	}
	r := newRig(b, nil, list...)
	r.stop()
	runner := newRunner(r.desk.o, r.desk)
	runner.enforce()
	var symbols []string
	for i := range 2000 {
		symbols = append(symbols, fmt.Sprintf("O:%s261218%s%08d", [...]string{"NVDA", "SPY", "QQQ", "TSLA"}[i%4], [...]string{"C", "P"}[i/4%2], 1000*(100+i/8)))
	}
	var rows []model.Row
	for _, s := range symbols {
		row := r.trade(s, 50_000)
		row.Side, row.Certainty, row.Spot = model.SideAsk, model.CertaintySure, 180
		rows = append(rows, row)
	}
	runner.read()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		row := rows[i%len(rows)]
		row.Start = r.clock.Now() - 1000
		r.tape.Append(row)
		if i%1000 == 999 { // 20 times a second
			r.tape.Publish()
			r.clock.advance(50 * time.Millisecond)
			runner.read()
		}
	}
	perRow := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(perRow*20_000/1e9*100, "%core@20k/s")
}
