package feed

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/tape"
)

// rig is an engine between a scripted server and a market, in a bubble whose
// clock stands at a Monday morning of New York.
type rig struct {
	t      *testing.T
	market *market
	server *server
	engine *Engine
	tape   *tape.Writer
	ended  chan error
	ctx    context.Context
	stop   context.CancelFunc
	over   bool

	log    logged
	dials  func() []time.Time
	traded func() map[string]int64 // the truth: each contract's volume
}

// inBubble runs f with virtual time, on Monday, 3 January 2000, 10:00 in New
// York.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(model.MakeDate(2000, time.January, 3).At(10, 0)))
		f(t)
	})
}

// The parts of the vendor's wire that tests play.
type (
	Endpoint = massive.StreamOptions
	Wire     = source.Conn
)

// realtime is a stream of one host.
func realtime(at Endpoint) source.Stream { return &massive.Streams{Realtime: at} }

// streams are the hosts that options name.
func streams(o *Options) *massive.Streams { return o.Stream.(*massive.Streams) }

// newRig starts an engine; set may change the options and the knobs first.
func newRig(t *testing.T, m *market, set func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, market: m, server: m.server, tape: tape.New(tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 20}), ended: make(chan error, 1)}
	r.dials, r.traded = m.server.dialTimes, func() map[string]int64 { return m.day }
	go m.run(r.prepare(Options{
		REST: m, Stream: &massive.Streams{Realtime: Endpoint{URL: "ws://realtime", Key: testKey(canary)}, Connect: m.server.dial},
	}, set))
	r.run()
	return r
}

// prepare makes the engine and returns the context it will run in.
func (r *rig) prepare(o Options, set func(*Options)) context.Context {
	o.Tape, o.Tickers, o.Span, o.AutoRefresh = r.tape, []string{"SPY"}, model.Second, true
	o.Rand, o.Log = rand.New(rand.NewPCG(9, 10)), slog.New(slog.NewJSONHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if set != nil {
		set(&o)
	}
	r.ctx, r.stop = context.WithCancel(r.t.Context())
	r.engine = New(o)
	return r.ctx
}

// run starts the engine.
func (r *rig) run() {
	go func() { r.ended <- r.engine.Run(r.ctx) }()
	r.t.Cleanup(r.end)
}

// end stops the engine and waits for all that it started.
func (r *rig) end() {
	if r.over {
		return
	}
	r.over = true
	r.stop()
	if err := <-r.ended; err != nil {
		r.t.Errorf("the engine ended with %v", err)
	}
	synctest.Wait()
	r.lawful()
	r.noKey("log", r.log.String())
	r.state()
}

// lawful holds the dials against the rate law, whatever the server did.
func (r *rig) lawful() {
	r.t.Helper()
	dials := r.dials()
	for i := range dials {
		if i >= link.LawMost && dials[i].Sub(dials[i-link.LawMost]) < link.LawWithin {
			r.t.Errorf("%d dials within %v", link.LawMost+1, dials[i].Sub(dials[i-link.LawMost]))
		}
		if i > link.LawBurst && dials[i].Sub(dials[i-link.LawBurst-1]) < link.LawEvery {
			r.t.Errorf("%d dials within %v", link.LawBurst+2, dials[i].Sub(dials[i-link.LawBurst-1]))
		}
	}
}

// canary is a key that must turn up nowhere.
const canary = "cAnArY-key/+0123456789"

func (r *rig) noKey(where, text string) {
	r.t.Helper()
	if strings.Contains(text, "cAnArY") {
		r.t.Errorf("the key is in the %s: %s", where, text)
	}
}

// logged collects what the engine logs.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// drop forgets what was logged, after a look at it.
func (l *logged) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = strings.Builder{}
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// state is what the faces would show; the key is not in it.
func (r *rig) state() *model.State {
	s := r.tape.State()
	r.noKey("reason", s.Reason)
	for _, n := range s.Notes {
		r.noKey("notes", n)
	}
	return s
}

// await waits until the state is as wanted, at most so long.
func (r *rig) await(most time.Duration, what string, want func(*model.State) bool) *model.State {
	r.t.Helper()
	deadline := time.Now().Add(most)
	for {
		synctest.Wait()
		s := r.state()
		if want(s) {
			return s
		}
		if !time.Now().Before(deadline) {
			r.t.Fatalf("%s: not within %v, but phase %d, link %d, reason %q, notes %q", what, most, s.Phase, s.Link, s.Reason, s.Notes)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (r *rig) live(most time.Duration) *model.State {
	r.t.Helper()
	return r.await(most, "live", func(s *model.State) bool { return s.Link == model.Live })
}

func (r *rig) phase(p model.Phase, most time.Duration) *model.State {
	r.t.Helper()
	return r.await(most, fmt.Sprintf("phase %d", p), func(s *model.State) bool { return s.Phase == p })
}

// holds checks that a state stays as it is for a time.
func (r *rig) holds(for_ time.Duration, what string, want func(*model.State) bool) {
	r.t.Helper()
	for end := time.Now().Add(for_); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if s := r.state(); !want(s) {
			r.t.Fatalf("%s: after all phase %d, link %d, reason %q", what, s.Phase, s.Link, s.Reason)
		}
	}
}

// sums are the latest versions of the tape's rows, by contract.
type sums struct{ bars, polled, gaps, past int64 }

func (r *rig) sums() map[string]sums {
	latest := map[model.Identity]model.Row{}
	var cursor tape.Cursor
	into := make([]model.Row, 512)
	for n := r.tape.Read(&cursor, into); n > 0; n = r.tape.Read(&cursor, into) {
		for _, row := range into[:n] {
			latest[row.Identity()] = row
		}
	}
	if cursor.Trimmed > 0 {
		r.t.Fatalf("%d rows trimmed unread", cursor.Trimmed)
	}
	all := map[string]sums{}
	for _, row := range latest {
		symbol := r.tape.Contracts.At(row.Contract).Symbol
		s := all[symbol]
		switch {
		case row.Is(model.FlagPast):
			s.past += int64(row.Size)
		case row.Kind == model.KindGap:
			s.gaps += int64(row.Size)
		case row.Source == model.SourceREST:
			s.polled += int64(row.Size)
		default:
			s.bars += int64(row.Size)
		}
		all[symbol] = s
	}
	return all
}

// checkAccounts ends the run and holds accounts, rows and the truth against
// each other. It returns the volume of all rows and gaps.
func (r *rig) checkAccounts() (rows, gaps int64) {
	r.t.Helper()
	r.end()
	all := r.sums()
	accounts := 0
	r.engine.book.Accounts(func(a model.Account) bool {
		accounts++
		symbol := r.tape.Contracts.At(a.Contract).Symbol
		s := all[symbol]
		if !a.Whole() {
			r.t.Errorf("%s: the parts do not make the day: %+v", symbol, a)
		}
		if traded := r.traded()[symbol]; a.Day > traded {
			r.t.Errorf("%s: day %d, only %d traded", symbol, a.Day, traded)
		}
		if s.bars != a.Exact || s.polled != a.Polled || s.gaps != a.Gaps {
			r.t.Errorf("%s: rows %+v, account %+v", symbol, s, a)
		}
		if s.bars+s.polled+s.gaps != a.Day-a.Past {
			r.t.Errorf("%s: rows and gaps make %d, the day grew by %d", symbol, s.bars+s.polled+s.gaps, a.Day-a.Past)
		}
		rows += s.bars + s.polled
		gaps += s.gaps
		return true
	})
	if accounts == 0 {
		r.t.Error("no account at all")
	}
	return rows, gaps
}

// everyLot holds every contract's account against the truth, once nothing trades
// any more and all has had time to be asked for: nothing lost, nothing doubled.
func (r *rig) everyLot() {
	r.t.Helper()
	synctest.Wait()
	list, err := r.engine.face().Observe(r.ctx, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	accounts := map[string]model.Account{}
	for _, a := range list {
		accounts[r.tape.Contracts.At(a.Contract).Symbol] = a
	}
	if len(r.traded()) == 0 {
		r.t.Error("nothing was traded")
	}
	for symbol, traded := range r.traded() {
		if a := accounts[symbol]; !a.Whole() || a.Day != traded || a.Pending != 0 {
			r.t.Errorf("%s: %d traded, account %+v", symbol, traded, a)
		}
	}
}

func TestStartsLive(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(chainSymbols("SPY", 40)...), nil)
		s := r.live(time.Second)
		if s.Reason != "" || s.Phase != model.PhaseLive || !s.AutoRefresh || !slices.Equal(s.Tickers, []string{"SPY"}) {
			t.Errorf("state %+v", s)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		s = r.state()
		if !s.Wildcard || s.Subscribed != 0 || s.Newest == 0 || s.Received < s.Newest || !s.Plan.Known || s.Contracts != 40 || !s.Session.Open {
			t.Errorf("state %+v", s)
		}
		if s.Counters.Events == 0 || s.Counters.Rows == 0 || s.Counters.Dials != 1 || s.Counters.Reconnects != 0 {
			t.Errorf("counters %+v", s.Counters)
		}
		if len(s.Totals) != 1 || s.Totals[0].Spot != 150 || s.Totals[0].CallVolume == 0 {
			t.Errorf("totals %+v", s.Totals)
		}
		if rows, gaps := r.checkAccounts(); rows == 0 || gaps != 0 {
			t.Errorf("%d contracts in rows, %d in gaps", rows, gaps)
		}
	})
}

// A cut is followed by polling within two seconds, with the reason in words,
// and by Live without a hand; the accounts come out whole.
func TestCutIsPolledAndComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(chainSymbols("SPY", 40)...), nil)
		r.live(time.Second)
		time.Sleep(30 * time.Second)
		polls := r.market.count("chain")
		r.server.set(func() { r.server.dialErr = dialError("connection refused") })
		cut := time.Now()
		r.server.last().cut(errConnection)
		s := r.await(time.Second, "not live", func(s *model.State) bool { return s.Link == model.Polling })
		if s.Reason != link.ReasonLost || s.RetryAt == 0 {
			t.Errorf("reason %q, retry at %d", s.Reason, s.RetryAt)
		}
		r.await(2*time.Second-time.Since(cut), "polling", func(*model.State) bool { return r.market.count("chain") > polls })
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if s := r.state(); s.PollEvery != 5000 || s.Link != model.Polling {
			t.Errorf("polling every %d ms, link %d", s.PollEvery, s.Link)
		}
		polled := int64(0)
		for _, s := range r.sums() {
			polled += s.polled
		}
		if polled == 0 {
			t.Error("nothing was polled in two minutes")
		}
		r.server.set(func() { r.server.dialErr = nil })
		r.live(link.BackoffCap + time.Second)
		time.Sleep(3 * time.Minute)
		if rows, _ := r.checkAccounts(); rows == 0 {
			t.Error("no rows")
		}
		var exact, gaps int64
		for _, s := range r.sums() {
			exact += s.bars
			gaps += s.gaps
		}
		if gaps > 0 {
			t.Errorf("%d contracts stay missing although REST has them", gaps)
		}
		if s := r.state(); s.Counters.Reconnects == 0 {
			t.Errorf("counters %+v", s.Counters)
		}
	})
}

// REST never sees more than ten requests in a second, whatever is wanted.
func TestRequestsStayInTheBudget(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(append(chainSymbols("SPY", 1500), chainSymbols("QQQ", 1500)...)...)
		m.perSec = 200
		r := newRig(t, m, func(o *Options) {
			o.Tickers = []string{"SPY", "QQQ"}
			o.Floor = func(string) float64 { return 100 }
		})
		r.live(time.Second)
		time.Sleep(30 * time.Second)
		r.server.set(func() { r.server.dialErr = dialError("connection refused") })
		r.server.last().cut(errConnection)
		for range 20 {
			r.engine.face().PollNow()
			time.Sleep(3 * time.Second)
		}
		r.server.set(func() { r.server.dialErr = nil })
		r.live(link.BackoffCap + time.Second)
		time.Sleep(time.Minute)
		r.end()
		times := r.market.requests()
		if len(times) < 300 {
			t.Errorf("only %d requests", len(times))
		}
		for i := range times {
			if i >= rest.Rate && times[i].Sub(times[i-rest.Rate]) < time.Second {
				t.Fatalf("%d requests within %v", rest.Rate+1, times[i].Sub(times[i-rest.Rate]))
			}
		}
	})
}

// With auto-refresh off nothing is connected to until it is asked for.
func TestAutoRefreshOff(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(chainSymbols("SPY", 20)...), func(o *Options) { o.AutoRefresh = false })
		time.Sleep(time.Minute)
		s := r.state()
		if r.server.dialled() != 0 || len(r.market.requests()) != 0 || s.AutoRefresh || s.Phase != model.PhasePaused {
			t.Fatalf("%d dials, %d requests, state %+v", r.server.dialled(), len(r.market.requests()), s)
		}
		r.engine.face().PollNow()
		r.await(time.Second, "contracts", func(s *model.State) bool { return s.Contracts == 20 })
		time.Sleep(10 * time.Second)
		r.engine.face().PollNow()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		polled := int64(0)
		for _, s := range r.sums() {
			polled += s.polled
		}
		if polled == 0 || r.server.dialled() != 0 || r.market.count("chain") != 2 {
			t.Fatalf("polled %d, %d dials, %d pages", polled, r.server.dialled(), r.market.count("chain"))
		}
		r.engine.face().AutoRefresh(true)
		r.live(time.Second)
		time.Sleep(20 * time.Second)
		r.engine.face().AutoRefresh(false)
		r.phase(model.PhasePaused, time.Second)
		time.Sleep(time.Second)
		before := len(r.market.requests())
		time.Sleep(time.Minute)
		if len(r.market.requests()) != before {
			t.Errorf("%d requests while paused", len(r.market.requests())-before)
		}
		r.engine.face().AutoRefresh(true)
		r.live(time.Second)
		time.Sleep(time.Minute)
		r.checkAccounts()
	})
}

func TestFollowAddsAndDrops(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(append(chainSymbols("SPY", 20), chainSymbols("AMD", 20)...)...), nil)
		r.live(time.Second)
		time.Sleep(20 * time.Second)
		for symbol := range r.sums() {
			if !strings.HasPrefix(symbol, "O:SPY") {
				t.Fatalf("a row of %s, which nobody follows", symbol)
			}
		}
		s := r.state()
		if s.Counters.Filtered == 0 || !slices.Equal(s.Known, []string{"AMD", "SPY"}) {
			t.Errorf("filtered %d, known %v", s.Counters.Filtered, s.Known)
		}
		r.engine.face().Follow([]string{"amd"})
		r.await(time.Second, "follows AMD", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"AMD"}) && s.Contracts == 20 })
		time.Sleep(30 * time.Second)
		r.end()
		seen := false
		r.engine.book.Accounts(func(a model.Account) bool {
			c := r.tape.Contracts.At(a.Contract)
			seen = true
			if c.Underlying != "AMD" || !a.Whole() {
				t.Errorf("account %+v of %s", a, c.Symbol)
			}
			return true
		})
		if !seen {
			t.Error("no account of AMD")
		}
	})
}

func TestLookup(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(append(chainSymbols("SPY", 4), chainSymbols("AMD", 4)...)...), func(o *Options) { o.AutoRefresh = false })
		for symbol, want := range map[string]string{
			"amd": "", "ZZZ": "ZZZ has no listed options", "A.": "is no ticker: did you mean A?", "": "is no ticker", "TOOLONGNAME": "is no ticker", "SPXW": "did you mean SPX?",
		} {
			err := r.engine.face().Lookup(t.Context(), symbol)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", symbol, err, want)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := r.engine.face().Lookup(ctx, "AMD"); err == nil {
			t.Error("an answer although nobody waited for it")
		}
		r.end()
		if err := r.engine.face().Lookup(t.Context(), "AMD"); err == nil {
			t.Error("an answer from an engine that has ended")
		}
		r.engine.face().Follow([]string{"AMD"}) // must not block
	})
}
