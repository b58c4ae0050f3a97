package feed

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
)

// Contracts are subscribed to by name in batches, one in flight;
// new listings are added, unfollowed ones dropped.
func TestContractsByName(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(append(chainSymbols("SPY", 2300), chainSymbols("AMD", 30)...)...)
		m.server.ackDelay = 200 * time.Millisecond
		r := newRig(t, m, func(o *Options) { o.Subscribe = link.SubscribeContracts })
		s := r.await(10*time.Second, "all subscribed", func(s *model.State) bool { return s.Subscribed == 2300 })
		if s.Wildcard || s.Contracts != 2300 || s.Link != model.Live {
			t.Errorf("state %+v", s)
		}
		sum := 0
		for _, n := range r.server.batchSizes() {
			if n > link.BatchNames {
				t.Errorf("a batch of %d", n)
			}
			sum += n
		}
		if sum != 2300 {
			t.Errorf("%d names asked for in %v", sum, r.server.batchSizes())
		}
		r.engine.face().Follow([]string{"SPY", "AMD"})
		r.await(5*time.Second, "AMD too", func(s *model.State) bool { return s.Subscribed == 2330 })
		r.engine.face().Follow([]string{"AMD"})
		r.await(10*time.Second, "SPY dropped", func(s *model.State) bool { return s.Subscribed == 30 })
		m.set(func() { m.symbols = append(m.symbols, "O:AMD000317C00500000") })
		r.await(rest.SweepEvery+time.Minute, "a new listing", func(s *model.State) bool { return s.Subscribed == 31 })
		r.server.last().cut(errConnection)
		r.await(time.Second, "lost", func(s *model.State) bool { return s.Link != model.Live })
		r.await(10*time.Second, "subscribed again", func(s *model.State) bool { return s.Link == model.Live && s.Subscribed == 31 })
		r.checkAccounts()
	})
}

// Names that the server does not answer for are waited for ten seconds, once;
// the others go on.
func TestFault16DuplicateNotAnswered(t *testing.T) {
	faults.Open(t, 16)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 10)...)
		m.server.onDial = func(_ int, w *fakeWire) { // held already: not acknowledged again
			m.server.set(func() { w.pairs["A."+m.symbols[3]] = true })
		}
		r := newRig(t, m, func(o *Options) { o.Subscribe = link.SubscribeContracts })
		r.await(time.Second, "asked", func(*model.State) bool { return len(m.server.batchSizes()) == 1 })
		r.live(link.AckTimeout + time.Second)
		time.Sleep(time.Minute)
		if s := r.state(); s.Subscribed != 9 || len(m.server.batchSizes()) != 1 || s.Link != model.Live {
			t.Errorf("%d subscribed after batches %v, link %d", s.Subscribed, m.server.batchSizes(), s.Link)
		}
	})
}

// A wildcard that is refused, or stays silent while REST has news, gives way to
// names; one that is silent because nothing trades does not.
func TestWildcardFallsBackToNames(t *testing.T) {
	for _, tt := range []struct {
		name   string
		knob   func(*market)
		within time.Duration
		names  bool
	}{
		{"refused", func(m *market) { m.server.refuseAll = [2]string{"error", "wildcard not allowed"} }, 5 * time.Second, true},
		{"not authorized", func(m *market) { m.server.refuseAll = [2]string{"error", "not authorized"} }, 5 * time.Second, true},
		{"silent", func(m *market) { m.server.noWildcard = true }, link.SilentSecond + 5*time.Second, true},
		{"nothing trades", func(m *market) { m.perSec = 0 }, 2 * time.Minute, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 12)...)
				tt.knob(m)
				r := newRig(t, m, func(o *Options) { o.Feed = plan.RealtimeOnly })
				if !tt.names {
					r.live(time.Second)
					r.holds(tt.within, "keeps the wildcard", func(s *model.State) bool { return s.Wildcard && s.Phase != model.PhaseBackoff })
					return
				}
				s := r.await(tt.within, "names", func(s *model.State) bool { return s.Subscribed == 12 && s.Link == model.Live })
				if s.Wildcard || len(s.Notes) == 0 {
					t.Errorf("wildcard %v, notes %q", s.Wildcard, s.Notes)
				}
				time.Sleep(20 * time.Second)
				if s := r.state(); s.Counters.Rows == 0 || s.Counters.Dials != 1 {
					t.Errorf("counters %+v", s.Counters)
				}
				if m.server.last().holds("A.*") {
					t.Error("the wildcard is still subscribed to")
				}
				r.checkAccounts()
			})
		})
	}
}

// SubscribeAll never asks by name.
func TestAllMeansAll(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 12)...)
		m.server.refuseAll = [2]string{"error", "wildcard not allowed"}
		r := newRig(t, m, func(o *Options) { o.Subscribe = link.SubscribeAll })
		s := r.phase(model.PhaseNotEntitled, 5*time.Second)
		if s.Link != model.Polling || slices.ContainsFunc(m.server.batchSizes(), func(n int) bool { return n > 1 }) {
			t.Errorf("link %d, batches %v", s.Link, m.server.batchSizes())
		}
	})
}

// A plan without chains still finds its contracts, by the listing.
func TestNamesWithoutSnapshots(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 12)...)
		m.fail = func(what string) error {
			if what == "chain" || what == "contract" || what == "unified" {
				return failWith(source.ErrorNotEntitled, 403)(what)
			}
			return nil
		}
		r := newRig(t, m, func(o *Options) { o.Subscribe = link.SubscribeContracts })
		s := r.await(5*time.Second, "names", func(s *model.State) bool { return s.Subscribed == 12 && s.Link == model.Live })
		if !s.Plan.NoSnapshots || s.Plan.NoWebSocket {
			t.Errorf("plan %+v", s.Plan)
		}
		time.Sleep(time.Minute)
		asked := m.count("chain") + m.count("unified") + m.count("contract")
		time.Sleep(time.Hour)
		more := m.count("chain") + m.count("unified") + m.count("contract") - asked
		if more == 0 || more > 2*6 { // each after 1, 5 and then every 15 minutes
			t.Errorf("%d requests for what the plan lacks", more)
		}
		if !r.state().Plan.NoSnapshots {
			t.Error("it asks, and takes that for an answer")
		}
	})
}

// Changing the window takes effect at a minute and neither loses nor doubles a
// contract, in either direction, and with a loss in the middle.
func TestWindowChanges(t *testing.T) {
	for _, tt := range []struct {
		from, to model.Span
		cut      bool
	}{{model.Second, model.Minute, false}, {model.Minute, model.Second, false}, {model.Second, model.Minute, true}} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				r := newRig(t, newMarket(chainSymbols("SPY", 30)...), func(o *Options) { o.Span = tt.from })
				r.live(time.Second)
				time.Sleep(3*time.Minute + 20*time.Second)
				r.engine.face().Window(tt.to)
				asked := time.Now()
				if tt.cut {
					time.Sleep(10 * time.Second)
					r.server.last().cut(errConnection)
				}
				s := r.await(61*time.Second, "in force", func(s *model.State) bool { return s.Span == tt.to })
				boundary := asked.Truncate(time.Minute).Add(time.Minute).UnixMilli()
				time.Sleep(link.BothMillis*time.Millisecond - 2*time.Second)
				if w := r.server.last(); !w.holds("A.*") || !w.holds("AM.*") {
					t.Errorf("not both subscribed: %v", w.pairs)
				}
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				if w := r.server.last(); w.holds(massive.NameOf(link.BarsOf(tt.from))+".*") || !w.holds(massive.NameOf(link.BarsOf(tt.to))+".*") {
					t.Errorf("subscribed: %v", w.pairs)
				}
				rows, gaps := r.checkAccounts()
				if rows == 0 || gaps != 0 && !tt.cut {
					t.Errorf("%d contracts in rows, %d in gaps", rows, gaps)
				}
				for seq := r.tape.First(); seq < r.tape.Next(); seq++ {
					row, _ := r.tape.At(seq)
					if row.Kind == model.KindBar && row.Source != model.SourceREST && !row.Is(model.FlagPast) && (row.Start < boundary) != (row.Span == tt.from) {
						t.Fatalf("a window of %d ms starts %d ms after the boundary", row.Span, row.Start-boundary)
					}
				}
				_ = s
			})
		})
	}
}

// A change that is refused, or taken back, leaves everything as it was.
func TestFault13ChannelNotAuthorized(t *testing.T) {
	faults.Open(t, 13)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 30)...)
		r := newRig(t, m, func(o *Options) { o.Feed = plan.RealtimeOnly })
		r.live(time.Second)
		time.Sleep(10 * time.Second)
		m.server.set(func() { m.server.refuseAll = [2]string{"error", "not authorized"} })
		r.engine.face().Window(model.Minute)
		r.await(time.Second, "says so", func(s *model.State) bool {
			return slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "not authorized") })
		})
		r.holds(3*time.Minute, "stays", func(s *model.State) bool { return s.Link == model.Live && s.Span == model.Second && s.Wildcard })
		m.server.set(func() { m.server.refuseAll, m.server.ackDelay = [2]string{}, 2*time.Second })
		r.engine.face().Window(model.Minute)
		time.Sleep(time.Second)
		r.engine.face().Window(model.Second)
		r.holds(5*time.Minute, "stays", func(s *model.State) bool { return s.Link == model.Live && s.Span == model.Second && s.Wildcard })
		if w := r.server.last(); w.holds("AM.*") || !w.holds("A.*") {
			t.Errorf("subscribed: %v", w.pairs)
		}
		if rows, gaps := r.checkAccounts(); rows == 0 || gaps != 0 {
			t.Errorf("%d contracts in rows, %d in gaps", rows, gaps)
		}
	})
}
