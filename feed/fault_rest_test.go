package feed

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/clock"
)

// A page that never ends is no whole page: its contracts are known, the sweep
// is not taken for complete, and requests stay few.
func TestFault50EndlessChain(t *testing.T) {
	inFault(t, 50, func(t *testing.T, _ *faults.Run) {
		m := newMarket(chainSymbols("SPY", 20)...)
		endless := &endlessChain{market: m}
		r := newRig(t, m, func(o *Options) { o.REST = endless })
		s := r.await(10*time.Second, "told", func(s *model.State) bool { return len(s.Notes) > 0 })
		if !strings.Contains(s.Notes[0], "SPY: request: pagination did not end: stopped after 2 pages") {
			t.Errorf("notes %q", s.Notes)
		}
		time.Sleep(10 * time.Minute)
		if n := m.count("chain"); n > 150 {
			t.Errorf("%d requests in ten minutes", n)
		}
		if r.state().Link != model.Live {
			t.Error("the stream is none of it")
		}
	})
}

// endlessChain names the same next page for ever.
type endlessChain struct{ *market }

func (e *endlessChain) ChainNext(_ context.Context, _ string) (source.ChainPage, error) {
	return e.Chain(context.Background(), "SPY", source.ChainFilter{})
}

func (e *endlessChain) Chain(_ context.Context, underlying string, f source.ChainFilter) (source.ChainPage, error) {
	page, err := e.market.chain(underlying, f, 0)
	page.Next = "the same"
	return page, err
}

// Half a page is asked for again and never taken for a whole one.
func TestFault47CutShort(t *testing.T) {
	inFault(t, 47, func(t *testing.T, run *faults.Run) {
		w := play(t, "rest cut; connect ok; auth ok; send 30 bars every 1s; rest ok; send 100000 bars every 1s", nil)
		w.live(2 * time.Second)
		time.Sleep(25 * time.Second)
		if s := w.state(); s.Contracts != 0 || s.Plan.Known {
			t.Errorf("%d contracts known from half a page", s.Contracts)
		}
		time.Sleep(5 * time.Second)
		back := time.Now()
		w.await(16*time.Second, "whole", func(s *model.State) bool { return s.Contracts == 8 && s.Plan.Known })
		run.Recovered(time.Since(back))
		time.Sleep(time.Minute)
		w.checkAccounts()
	})
}

// pacedREST permits so many requests a minute, as the free plan does.
type pacedREST struct {
	mu      sync.Mutex
	minute  time.Time
	left    int
	refused []time.Time
}

func (p *pacedREST) allow(string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.minute) >= time.Minute {
		p.minute, p.left = now, 5
	}
	if p.left--; p.left < 0 {
		p.refused = append(p.refused, time.Now())
		return &source.Failure{Kind: source.ErrorRateLimited, Status: 429, Message: "5 a minute"}
	}
	return nil
}

func TestFault54FiveRequestsAMinute(t *testing.T) {
	inFault(t, 54, func(t *testing.T, run *faults.Run) {
		m := newMarket(chainSymbols("SPY", 20)...)
		m.server.login = [2]string{"auth_failed", planText}
		pace := &pacedREST{}
		m.fail = pace.allow
		start := time.Now()
		r := newRig(t, m, nil)
		s := r.await(5*time.Minute, "says how often it polls", func(s *model.State) bool { return s.PollEvery > 0 && s.Plan.Known && s.Contracts == 20 })
		if s.Link != model.Polling || s.Reason == "" {
			t.Errorf("link %d, reason %q", s.Link, s.Reason)
		}
		time.Sleep(30 * time.Minute)
		pace.mu.Lock()
		refused := pace.refused
		pace.mu.Unlock()
		if len(refused) == 0 || len(refused) > 12 {
			t.Errorf("refused %d times in half an hour", len(refused))
		} else {
			run.Noticed(refused[min(1, len(refused)-1)].Sub(start))
		}
		if s := r.state(); s.PollEvery < 10_000 || s.PollEvery > 60_000 {
			t.Errorf("says that it polls every %d ms", s.PollEvery)
		}
		if n := m.count("chain"); n < 40 {
			t.Errorf("%d polls in half an hour, five requests a minute are permitted", n)
		}
		polled := int64(0)
		for _, s := range r.sums() {
			polled += s.polled
		}
		if polled == 0 {
			t.Error("nothing was polled")
		}
		r.checkAccounts()
	})
}

// A holiday listed for today that is none: what the server says of the market now
// goes first, and the session is as it says.
func TestFault39HolidayThatIsNone(t *testing.T) {
	inFault(t, 39, func(t *testing.T, run *faults.Run) {
		m := newMarket(chainSymbols("SPY", 12)...)
		j := &jsonMarket{t: t, market: m, meddle: func(endpoint string, l *letter) {
			if endpoint == "upcoming" {
				put(l.doc.([]any)[0], []string{"date"}, "2000-01-03")
			}
		}}
		r := newRig(t, m, func(o *Options) {
			o.Clock = clock.New()
			client := overJSON(t, j, o.Clock.Now)
			o.REST = client
			t.Cleanup(client.Close)
		})
		r.live(time.Second)
		r.holds(10*time.Minute, "open", func(s *model.State) bool { return s.Session.Open || s.Counters.Rows == 0 })
		m.set(func() { m.status = "closed" })
		r.await(6*time.Minute, "closed as said", func(s *model.State) bool { return !s.Session.Open })
	})
}
