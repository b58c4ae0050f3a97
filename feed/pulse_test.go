package feed

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/model"
)

// A ticker falls silent while another one flows: it is noticed by its own rhythm,
// said, polled, and whole again when its bars come back.
func TestFault20OneTickerFallsSilent(t *testing.T) {
	run := faults.Open(t, 20)
	for _, span := range []model.Span{model.Second, model.Minute} {
		inBubble(t, func(t *testing.T) {
			m := newMarket(append(chainSymbols("SPY", 8), chainSymbols("QQQ", 8)...)...)
			r := newRig(t, m, func(o *Options) { o.Tickers, o.Span = []string{"QQQ", "SPY"}, span })
			r.live(3 * time.Second)
			time.Sleep(3 * time.Minute)
			if s := r.state(); s.Reason != "" || len(s.Notes) > 0 {
				t.Fatalf("a ticker that flows is called silent: %q %q", s.Reason, s.Notes)
			}
			r.server.set(func() { r.server.without = "O:QQQ" })
			most := 75 * time.Second
			if span == model.Minute {
				most = 4 * time.Minute
			}
			silent := time.Now()
			s := r.await(most, "silence is noticed", func(s *model.State) bool { return s.Reason != "" })
			if span == model.Second {
				run.Noticed(time.Since(silent))
			}
			if s.Link != model.Live || s.Reason != "nothing of QQQ, polled" {
				t.Errorf("%v, %q", s.Link, s.Reason)
			}
			before := r.sums()
			time.Sleep(30 * time.Second)
			synctest.Wait()
			grown := int64(0)
			for symbol, now := range r.sums() {
				if strings.HasPrefix(symbol, "O:QQQ") {
					grown += now.polled - before[symbol].polled
				}
			}
			if grown == 0 {
				t.Error("the silent ticker is not polled")
			}
			r.server.set(func() { r.server.without = "" })
			r.await(2*time.Minute, "its bars are back", func(s *model.State) bool { return s.Reason == "" })
			time.Sleep(2 * time.Minute)
			m.set(func() { m.perSec = 0 })
			time.Sleep(4 * time.Minute)
			r.everyLot()
			if _, gaps := r.checkAccounts(); gaps != 0 {
				t.Errorf("%d lots in gaps", gaps)
			}
			if n := len(r.dials()); n != 1 {
				t.Errorf("%d dials", n)
			}
		})
	}
}

// A ticker in which nothing trades is asked about ever more rarely, and never
// called silent.
func TestQuietTickerIsNotSilent(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(append(chainSymbols("SPY", 8), chainSymbols("QQQ", 8)...)...)
		r := newRig(t, m, func(o *Options) { o.Tickers = []string{"QQQ", "SPY"} })
		r.live(3 * time.Second)
		time.Sleep(time.Minute)
		m.set(func() { m.symbols = m.symbols[:8] })
		time.Sleep(30 * time.Second)
		asked := m.count("aggs")
		r.holds(time.Hour, "quiet", func(s *model.State) bool { return s.Reason == "" && s.Link == model.Live })
		if n := m.count("aggs") - asked; n < 2 || n > 12 {
			t.Errorf("asked %d times in an hour", n)
		}
	})
}
