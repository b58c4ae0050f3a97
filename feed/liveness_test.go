package feed

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/rest"
	"optflow/model"
)

// Nothing inbound of any kind for 45 seconds is a dead transport, whatever the
// hour; pongs that are withheld while data flows are not.
func TestDeadTransport(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(chainSymbols("SPY", 8)...), nil)
		r.live(time.Second)
		r.server.set(func() { r.server.deaf = true })
		r.holds(3*time.Minute, "data without pongs", func(s *model.State) bool { return s.Phase == model.PhaseLive })
		r.server.set(func() { r.server.silent = true })
		start := time.Now()
		s := r.await(link.DeadAfter+time.Second, "dead", func(s *model.State) bool { return s.Link != model.Live })
		if s.Reason != "nothing heard for 45s" || time.Since(start) < link.DeadAfter-3*time.Second {
			t.Errorf("%q after %v", s.Reason, time.Since(start))
		}
	})
}

// Silence while REST has news is a fault of the stream, within 75 seconds.
func TestStaleStreamIsRedialled(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(chainSymbols("SPY", 8)...), nil)
		r.live(time.Second)
		time.Sleep(time.Minute)
		r.server.set(func() { r.server.silent = true })
		r.phase(model.PhaseQuiet, link.QuietLeast+2*time.Second)
		if s := r.state(); s.Link != model.Live || s.Reason != "" {
			t.Errorf("quiet is still Live: link %d, reason %q", s.Link, s.Reason)
		}
		s := r.await(link.ProbeAfter, "stale", func(s *model.State) bool { return s.Link == model.Polling })
		if !strings.Contains(s.Reason, "silent while REST has newer data") {
			t.Errorf("reason %q", s.Reason)
		}
		r.server.set(func() { r.server.silent = false })
		r.live(link.BackoffCap)
		time.Sleep(3 * time.Minute)
		r.checkAccounts()
	})
}

// A market in which nothing trades is left in peace, and asked after once a
// minute.
func TestQuietMarketStaysLive(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		r := newRig(t, m, nil)
		r.live(time.Second)
		time.Sleep(time.Minute)
		m.set(func() { m.perSec = 0 })
		r.phase(model.PhaseQuiet, link.QuietLeast+5*time.Second)
		asked := m.count("aggs")
		r.holds(10*time.Minute, "stays", func(s *model.State) bool { return s.Phase == model.PhaseQuiet && s.Link == model.Live })
		if probes := m.count("aggs") - asked; probes < 9 || probes > 10*rest.LiquidMost {
			t.Errorf("%d probes in ten minutes", probes)
		}
		m.set(func() { m.perSec = 5 })
		r.phase(model.PhaseLive, 5*time.Second)
		if r.server.dialled() != 1 {
			t.Errorf("%d dials", r.server.dialled())
		}
	})
}

// Out of session silence is normal: no Quiet, no probe, no redial, and next to
// nothing is asked of REST.
func TestFault21ClosedMarket(t *testing.T) {
	faults.Open(t, 21)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(model.MakeDate(2000, time.January, 8).At(11, 0))) // a Saturday
		m := newMarket(chainSymbols("SPY", 8)...)
		m.perSec, m.status = 0, "closed"
		r := newRig(t, m, nil)
		r.live(time.Second)
		time.Sleep(time.Minute)
		asked := len(m.requests())
		r.holds(time.Hour, "stays", func(s *model.State) bool {
			return s.Phase == model.PhaseLive && strings.HasPrefix(s.Session.Text, "closed: showing Fri 7 Jan")
		})
		if more := len(m.requests()) - asked; more > 120 || r.server.dialled() != 1 {
			t.Errorf("%d requests in an hour, %d dials", more, r.server.dialled())
		}
	})
}

// Frames that the engine did not come to are dropped, counted, and their volume
// comes back from REST.
func TestFault28Overload(t *testing.T) {
	run := faults.Open(t, 28)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		r := newRig(t, m, nil)
		r.live(time.Second)
		time.Sleep(30 * time.Second)
		r.engine.ring.mu.Lock()
		r.engine.ring.maxFrames = 0 // each frame pushes the one before it out
		r.engine.ring.mu.Unlock()
		jam := make(chan struct{})
		r.engine.inbox.order(func(*Engine) { <-jam })
		time.Sleep(20 * time.Second)
		overloaded := time.Now()
		close(jam)
		r.engine.ring.mu.Lock()
		r.engine.ring.maxFrames = ringFrames
		r.engine.ring.mu.Unlock()
		s := r.await(time.Second, "counted", func(s *model.State) bool { return s.Counters.DroppedFrames > 10 })
		run.Noticed(time.Since(overloaded))
		if s.Link != model.Live {
			t.Errorf("link %d: an overload is no loss of the stream", s.Link)
		}
		time.Sleep(2 * time.Minute)
		if rows, gaps := r.checkAccounts(); rows == 0 || gaps != 0 {
			t.Errorf("%d contracts in rows, %d missing although REST has them", rows, gaps)
		}
	})
}
