package feed

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/massive/api"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/side"
)

// only fails requests of the given kinds.
func only(fail func(string) error, kinds ...string) func(string) error {
	return func(what string) error {
		for _, k := range kinds {
			if k == what {
				return fail(what)
			}
		}
		return nil
	}
}

// A REST that goes away is said to be away, is not hammered, and comes back.
func TestFault45RESTOutage(t *testing.T) {
	run := faults.Open(t, 45)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		m.server.dialErr = dialError("connection refused")
		r := newRig(t, m, nil)
		r.await(10*time.Second, "polls", func(s *model.State) bool { return s.PollEvery == 5000 })
		fault := time.Now()
		m.set(func() { m.fail = failWith(source.ErrorServer, 503) })
		s := r.await(20*time.Second, "says so", func(s *model.State) bool { return s.Reason == "REST does not answer" && s.Besides != "" })
		run.Noticed(time.Since(fault))
		if s.PollEvery != 0 || s.Link != model.Polling {
			t.Errorf("polling every %d ms, link %d", s.PollEvery, s.Link)
		}
		asked := len(m.requests())
		time.Sleep(10 * time.Minute)
		if more := len(m.requests()) - asked; more < 10 || more > 120 {
			t.Errorf("%d requests in ten minutes of an outage", more)
		}
		back := time.Now()
		m.set(func() { m.fail = nil })
		r.await(15*time.Second+10*time.Second, "polls again", func(s *model.State) bool { return s.PollEvery == 5000 })
		run.Recovered(time.Since(back))
		time.Sleep(time.Minute)
		r.checkAccounts()
	})
}

// When the whole server was away, REST's first good answer brings the stream
// back before its backoff would.
func TestRESTBackMeansDialNow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		r := newRig(t, m, nil)
		for range 5 {
			r.live(2 * time.Second)
			time.Sleep(5 * time.Second)
			m.server.set(func() { m.server.dialErr = dialError("connection refused") })
			m.set(func() { m.fail = failWith(source.ErrorNetwork, 0) })
			m.server.last().cut(errConnection)
			r.await(time.Second, "not live", func(s *model.State) bool { return s.Link == model.Polling })
			time.Sleep(3 * time.Minute)
			if s := r.state(); !strings.HasSuffix(s.Reason, rest.TroubleAway) || s.PollEvery != 0 {
				t.Fatalf("reason %q, polling every %d", s.Reason, s.PollEvery)
			}
			m.server.set(func() { m.server.dialErr = nil })
			m.set(func() { m.fail = nil })
			r.await(15*time.Second+2*time.Second, "live", func(s *model.State) bool { return s.Link == model.Live })
		}
		time.Sleep(2 * time.Minute)
		if rows, gaps := r.checkAccounts(); rows == 0 || gaps != 0 {
			t.Errorf("%d contracts in rows, %d in gaps", rows, gaps)
		}
	})
}

// A 429 slows everything down for the rest of the run and loses no request.
func TestFault44TooManyRequests(t *testing.T) {
	run := faults.Open(t, 44)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 1000)...)
		left := 8
		var refused time.Time
		m.fail = func(what string) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			if left--; left == -1 {
				refused = time.Now()
				return &source.Failure{Kind: source.ErrorRateLimited, Status: 429, Message: "too many", RetryAfter: 20 * time.Second}
			}
			return nil
		}
		r := newRig(t, m, nil)
		time.Sleep(2 * time.Minute)
		var after []time.Time
		for _, at := range m.requests() {
			if wait := at.Sub(refused); wait > 0 {
				after = append(after, at)
				if wait < 20*time.Second {
					t.Errorf("a request %v after being told to wait 20s", wait)
				}
			}
		}
		if refused.IsZero() || len(after) < 20 {
			t.Fatalf("refused at %v, %d requests after it", refused, len(after))
		}
		run.Recovered(after[0].Sub(refused))
		for i := range after {
			if i >= 6 && after[i].Sub(after[i-6]) < time.Second {
				t.Fatalf("7 requests in %v after a refusal at ten a second", after[i].Sub(after[i-6]))
			}
		}
		r.await(time.Second, "everything was read", func(s *model.State) bool { return s.Contracts == 1000 && s.Plan.Known })
		r.checkAccounts()
	})
}

// What the plan lacks is switched off and asked for again ever more seldom.
func TestFault43NotInThePlan(t *testing.T) {
	run := faults.Open(t, 43)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		m.noQuotes = true
		m.fail = only(failWith(source.ErrorNotEntitled, 403), "unified", "aggs")
		start := time.Now()
		r := newRig(t, m, func(o *Options) { o.Floor = func(string) float64 { return 1 } })
		s := r.await(5*time.Second, "plan known", func(s *model.State) bool { return s.Plan.Known })
		run.Noticed(time.Since(start))
		if !s.Plan.NoQuotes || s.Plan.NoSpots || s.Plan.NoSnapshots {
			t.Errorf("plan %+v", s.Plan)
		}
		time.Sleep(2 * time.Minute)
		if n := m.count("unified"); n != 2 { // at once and a minute later
			t.Errorf("asked %d times for quotes that are not in the plan", n)
		}
		before := m.count("unified") + m.count("aggs")
		time.Sleep(3*time.Minute + 50*time.Second)
		if after := m.count("unified") + m.count("aggs"); after != before {
			t.Errorf("asked %d times more within five minutes", after-before)
		}
		time.Sleep(time.Hour)
		if more := m.count("unified") + m.count("aggs") - before; more < 4 || more > 2*6 {
			t.Errorf("asked %d times more in an hour", more)
		}
		m.set(func() { m.fail = nil })
		time.Sleep(16 * time.Minute)
		quotes := m.count("unified")
		time.Sleep(time.Minute)
		if m.count("unified") == quotes {
			t.Error("the plan has quotes by now, and they are not asked for")
		}
	})
}

// A ticker that the vendor does not know is said to be unknown, the others go
// on.
func TestFault15UnknownTicker(t *testing.T) {
	run := faults.Open(t, 15)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		r := newRig(t, m, func(o *Options) { o.Tickers = []string{"SPY", "ZZZ"} })
		m.set(func() {
			m.fail = func(what string) error { return nil }
		})
		r.live(time.Second)
		time.Sleep(time.Minute)
		if s := r.state(); s.Contracts != 20 || s.Link != model.Live {
			t.Errorf("state %+v", s)
		}
	})
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		m.perSec = 0
		m.fail = only(failWith(source.ErrorNotFound, 404), "chain")
		start := time.Now()
		r := newRig(t, m, nil)
		s := r.await(time.Minute, "said so", func(s *model.State) bool { return len(s.Notes) > 0 })
		run.Noticed(time.Since(start))
		if s.Notes[0] != "SPY has no options here; asked again in 1 min" {
			t.Errorf("notes %q", s.Notes)
		}
		asked := m.count("chain")
		time.Sleep(time.Hour)
		names := len((*api.REST)(nil).ChainNames("SPY"))
		if more := m.count("chain") - asked; asked != 3*names || more < 4*names || more > 6*names {
			t.Errorf("asked %d times, then %d more", asked, more)
		}
		m.set(func() { m.fail = nil })
		r.await(16*time.Minute, "found after all", func(s *model.State) bool { return s.Contracts == 20 })
	})
}

// A ticker that the vendor does not find for half a minute at the start is there
// all the same: the stream serves it at once, REST once it is found, and it is
// never called unknown while its bars come.
func TestFault43NotFoundForAMoment(t *testing.T) {
	run := faults.Open(t, 43)
	for _, streams := range []bool{true, false} {
		inBubble(t, func(t *testing.T) {
			m := newMarket(chainSymbols("SPY", 20)...)
			m.fail = only(failWith(source.ErrorNotFound, 404), "chain")
			if !streams {
				m.server.dialErr = dialError("connection refused")
			}
			r := newRig(t, m, nil)
			time.Sleep(35 * time.Second)
			m.set(func() { m.fail = nil })
			back := time.Now()
			s := r.await(time.Minute+rest.SweepRetry, "found", func(s *model.State) bool { return s.Contracts == 20 })
			run.Recovered(time.Since(back))
			if streams && (len(s.Notes) > 0 || time.Since(back) > rest.SweepRetry+time.Second) {
				t.Errorf("found %v after, notes %q", time.Since(back), s.Notes)
			}
			r.server.set(func() { r.server.dialErr = nil })
			time.Sleep(2 * time.Minute)
			if s := r.state(); s.Counters.Rows == 0 {
				t.Errorf("no rows, counters %+v", s.Counters)
			}
			r.checkAccounts()
		})
	}
}

// A chain that was read and is not found for a moment, page by page, stays.
func TestFault43KnownChainNotFound(t *testing.T) {
	faults.Open(t, 43)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 1000)...) // of many pages
		m.server.dialErr = dialError("connection refused")
		r := newRig(t, m, nil)
		r.await(time.Minute, "read", func(s *model.State) bool { return s.Contracts == 1000 })
		m.set(func() { m.fail = only(failWith(source.ErrorNotFound, 404), "chain") })
		time.Sleep(50 * time.Second)
		m.set(func() { m.fail = nil })
		before := m.count("chain")
		time.Sleep(time.Minute)
		if s := r.state(); m.count("chain") < before+20 || slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "no options here") }) {
			t.Errorf("%d polls in the minute after, notes %q", m.count("chain")-before, s.Notes)
		}
		r.checkAccounts()
	})
}

// Quotes are asked for what crossed the floor once they show its window's end, for what is on screen
// every few seconds, for what is active every enrich interval, and never more
// than once a second.
func TestQuotes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 600)...)
		m.perSec = 20
		r := newRig(t, m, func(o *Options) { o.Floor = func(string) float64 { return 1e9 } })
		r.live(time.Second)
		time.Sleep(time.Minute)
		calm := m.count("unified")
		time.Sleep(time.Minute)
		perMinute := m.count("unified") - calm
		if perMinute == 0 || perMinute > 40 {
			t.Errorf("%d requests a minute for active contracts", perMinute)
		}
		id, ok := r.tape.Registry.Find([]byte(m.symbols[0]))
		if !ok {
			t.Fatal("no such contract")
		}
		r.engine.face().Watch([]model.ContractID{id})
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if age := m.quoteAge(m.symbols[0]); age > rest.VisibleEvery+2*rest.QuoteEvery {
			t.Errorf("the quote on screen is %v old", age)
		}
		before := m.count("contract")
		time.Sleep(time.Minute)
		if spots := m.count("contract") - before; spots < 11 || spots > 13 {
			t.Errorf("%d spots in a minute", spots)
		}
	})
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 40)...)
		m.perSec = 0
		r := newRig(t, m, func(o *Options) { o.Floor = func(string) float64 { return 25_000 } })
		r.live(time.Second)
		time.Sleep(10 * time.Second)
		before := m.count("unified")
		at := time.Now().UnixMilli() / 1000 * 1000
		m.server.broadcast([]bar{{"A", m.symbols[7], at - 2000, 1000, 100, 100, 4}, {"A", m.symbols[8], at - 2000, 1000, 10, 10, 4}})
		r.holds(time.Until(time.UnixMilli(at-1000+side.SureAfter)), "too early to show the window's end", func(*model.State) bool { return m.count("unified") == before })
		time.Sleep(2 * rest.QuoteEvery)
		if m.count("unified") != before+1 {
			t.Errorf("%d requests after a contract crossed the floor", m.count("unified")-before)
		}
	})
}

// The start reads the past of the busiest contracts and says how much of the
// day's premium that covers.
func TestHistory(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 300)...)
		for range 600 {
			m.second(time.Now().UnixMilli())
			time.Sleep(time.Second)
		}
		r := newRig(t, m, nil)
		r.await(30*time.Second, "history", func(s *model.State) bool { return s.Covers > 0 && m.count("aggs") == rest.HistoryMost })
		time.Sleep(5 * time.Second)
		s := r.state()
		if s.Covers < 0.4 || s.Covers > 0.99 {
			t.Errorf("covers %v", s.Covers)
		}
		past := int64(0)
		for _, s := range r.sums() {
			past += s.past
		}
		if past == 0 {
			t.Error("no rows of the past")
		}
		r.checkAccounts()
	})
}

// A chain of many pages is polled page by page: the busy ones at the interval,
// the others within a minute.
func TestPollingPages(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(append(chainSymbols("SPY", 40), chainSymbols("QQQ", 2000)...)...)
		m.perSec = 0
		m.server.dialErr = dialError("connection refused")
		r := newRig(t, m, func(o *Options) { o.Tickers = []string{"SPY", "QQQ"} })
		r.await(20*time.Second, "swept", func(s *model.State) bool { return s.Contracts == 2040 })
		time.Sleep(time.Minute)
		before := m.count("chain")
		time.Sleep(10 * time.Minute)
		if pages := m.count("chain") - before; pages < 90 || pages > 140 {
			t.Errorf("%d pages in ten minutes in which nothing traded", pages)
		}
		m.set(func() { m.symbols, m.perSec = m.symbols[:40], 5 }) // SPY trades
		time.Sleep(90 * time.Second)
		before = m.count("chain")
		time.Sleep(time.Minute)
		if pages := m.count("chain") - before; pages < 17 || pages > 32 {
			t.Errorf("%d pages in a minute of trading on one page", pages)
		}
		if s := r.state(); s.PollEvery != 5000 {
			t.Errorf("polling every %d ms", s.PollEvery)
		}
	})
}

// Where the budget does not suffice the state says the interval reached.
func TestPollingSaysWhatItReaches(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		symbols := chainSymbols("QQQ", 18_000) // about 80 pages
		m := newMarket(symbols...)
		m.perSec = 400
		m.server.dialErr = dialError("connection refused")
		r := newRig(t, m, func(o *Options) { o.Tickers = []string{"QQQ"} })
		time.Sleep(90 * time.Second)
		synctest.Wait()
		if s := r.state(); s.PollEvery < 7000 || s.PollEvery > 14_000 {
			t.Errorf("polling every %d ms", s.PollEvery)
		}
	})
}

// Bars that REST does not find for a while are no statement that nothing traded:
// the gap stays one that is asked for, and closes once they are found.
func TestBarsNotFoundAreAskedForAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 20)...)
		r := newRig(t, m, nil)
		r.live(2 * time.Second)
		time.Sleep(20 * time.Second)
		m.server.set(func() { m.server.dialErr = dialError("connection refused") })
		m.set(func() { m.fail = failWith(source.ErrorNetwork, 0) }) // so that polls do not cover it
		m.server.last().cut(errConnection)
		time.Sleep(20 * time.Second)
		m.server.set(func() { m.server.dialErr = nil })
		m.set(func() { m.fail = only(failWith(source.ErrorNotFound, 404), "aggs") })
		r.live(time.Minute)
		time.Sleep(2 * time.Minute)
		if s := r.state(); s.Counters.Missing == 0 {
			t.Fatal("nothing is missing")
		}
		m.set(func() { m.fail = nil })
		time.Sleep(12 * time.Minute)
		if rows, gaps := r.checkAccounts(); rows == 0 || gaps != 0 {
			t.Errorf("%d contracts in rows, %d in gaps", rows, gaps)
		}
	})
}
