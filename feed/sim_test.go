package feed

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type testKey string

func (k testKey) Reveal() string { return string(k) }

// loopback starts a simulated market and an engine on it, over real sockets.
func loopback(t *testing.T, market exchange.Options, set func(*Options)) (*Engine, *tape.Writer, *sim.Server, func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := sim.NewServer(exchange.NewMarket(market), sim.ServerOptions{Key: "secret"})
	serving, stopServer := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- server.Serve(serving, listener) }()

	clock := clock.New()
	var simulated atomic.Bool
	onServer := func(name string) {
		if name == massive.SimulatorServer {
			simulated.Store(true)
		}
	}
	rest, err := api.NewREST(api.RESTOptions{
		BaseURL: "http://" + listener.Addr().String(), Key: testKey("secret"), Now: clock.Now,
		OnDate:   func(server, wall time.Time) { clock.Set(server.UnixMilli(), wall) },
		OnServer: onServer,
	})
	if err != nil {
		t.Fatal(err)
	}
	tape := tape.New(tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 22})
	o := Options{
		Tape: tape, Clock: clock, REST: rest, Tickers: []string{"SPY", "NVDA"}, Span: model.Second, AutoRefresh: true, Sim: simulated.Load,
		PollInterval: time.Second,
		Stream:       realtime(Endpoint{URL: "ws://" + listener.Addr().String() + "/options", Key: testKey("secret"), OnServer: onServer}),
	}
	if set != nil {
		set(&o)
	}
	engine := New(o)
	running, stop := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- engine.Run(running) }()
	return engine, tape, server, func() {
		stop()
		if err := <-ran; err != nil {
			t.Errorf("the engine ended with %v", err)
		}
		stopServer()
		if err := <-served; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	}
}

// door is what an engine's dials pass. While it is shut the engine is not Live for as
// long as it takes to see that: the first pause of the backoff may be of no length.
type door chan struct{}

func newDoor() door {
	d := make(door, 1)
	d.open()
	return d
}

func (d door) open() { d <- struct{}{} }
func (d door) shut() { <-d }

func (d door) dial(ctx context.Context, at Endpoint, ch link.Channel) (Wire, error) {
	select {
	case <-d:
		d.open()
		return massive.Dial(ctx, at, ch)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// awaitState waits for a state of the tape.
func awaitState(t *testing.T, tape *tape.Writer, most time.Duration, what string, want func(*model.State) bool) *model.State {
	t.Helper()
	deadline := time.NewTimer(most)
	defer deadline.Stop()
	for {
		changed := tape.Changed()
		if s := tape.State(); want(s) {
			return s
		}
		select {
		case <-changed:
		case <-deadline.C:
			s := tape.State()
			t.Fatalf("%s: not within %v, but phase %d, link %d, reason %q, notes %q, counters %+v", what, most, s.Phase, s.Link, s.Reason, s.Notes, s.Counters)
		}
	}
}

// Against the simulated market with every fault switched on, over real sockets
// and through a cut: each contract's rows and gaps make what its day grew by,
// and no day is larger than what was traded.
func TestAccountsAreWholeAgainstTheSimulatedMarket(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of wall time")
	}
	t.Parallel()
	const speed = 5
	way := newDoor()
	engine, tape, server, end := loopback(t, exchange.Options{Seed: 7, Rate: 500, Speed: speed, Faults: exchange.AllFaults(), Tickers: []string{"SPY", "NVDA"}}, func(o *Options) { streams(o).Connect = way.dial })
	live := func(s *model.State) bool { return s.Link == model.Live }
	awaitState(t, tape, 20*time.Second, "live", live)
	awaitState(t, tape, 30*time.Second, "rows", func(s *model.State) bool { return s.Counters.Rows > 500 && s.Plan.Known })
	way.shut()
	server.Cut()
	awaitState(t, tape, 20*time.Second, "not live", func(s *model.State) bool { return s.Link != model.Live && s.Reason != "" })
	way.open()
	awaitState(t, tape, 20*time.Second, "live again", live)
	rows := tape.State().Counters.Rows
	awaitState(t, tape, 30*time.Second, "rows again", func(s *model.State) bool { return s.Counters.Rows > rows+1000 })
	end()

	time.Sleep(exchange.MaxSnapshotLag/speed + 100*time.Millisecond) // snapshots may have told what trades only now
	traded := map[string]int64{}
	for _, trade := range server.Market().Trades("") {
		if model.TradingDate(trade.Time) == engine.book.Date() {
			traded[trade.Symbol] += trade.Size
		}
	}
	latest := map[model.Identity]model.Row{}
	for seq := tape.First(); seq < tape.Next(); seq++ {
		row, _ := tape.At(seq)
		latest[row.Identity()] = row
	}
	grown := map[model.ContractID]int64{}
	for _, row := range latest {
		if !row.Is(model.FlagSim) {
			t.Fatalf("a row without the mark of an invented market: %+v", row)
		}
		if !row.Is(model.FlagPast) {
			grown[row.Contract] += int64(row.Size)
		}
	}
	accounts := 0
	engine.book.Accounts(func(a model.Account) bool {
		accounts++
		symbol := tape.Contracts.At(a.Contract).Symbol
		if !a.Whole() || a.Pending != 0 {
			t.Errorf("%s: %+v", symbol, a)
		}
		if grown[a.Contract] != a.Day-a.Past {
			t.Errorf("%s: rows and gaps make %d, the day %d of which %d are past", symbol, grown[a.Contract], a.Day, a.Past)
		}
		if a.Day > traded[symbol] {
			t.Errorf("%s: day %d, traded %d", symbol, a.Day, traded[symbol])
		}
		return true
	})
	if accounts < 100 || len(latest) < 1000 {
		t.Errorf("%d accounts, %d rows", accounts, len(latest))
	}
}

// The simulated market by names, in minutes, and stopped at once.
func TestSimulatedMarketByName(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of wall time")
	}
	t.Parallel()
	_, tape, _, end := loopback(t, exchange.Options{Seed: 7, Rate: 500, Tickers: []string{"SPY"}}, func(o *Options) {
		o.Subscribe, o.Tickers = link.SubscribeContracts, []string{"SPY"}
	})
	awaitState(t, tape, 30*time.Second, "all names", func(s *model.State) bool {
		return s.Link == model.Live && s.Contracts > 100 && s.Subscribed == s.Contracts && s.Counters.Rows > 0
	})
	asked := time.Now()
	end()
	if took := time.Since(asked); took > 2*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

// The older dialect has the channel in the URL: the window changes by a new
// connection, and nothing is lost by it.
func TestSimulatedMarketInTheOriginDialect(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of wall time")
	}
	t.Parallel()
	engine, tape, _, end := loopback(t, exchange.Options{Seed: 7, Rate: 50, Speed: 60, Tickers: []string{"SPY"}}, func(o *Options) {
		streams(o).Realtime.Dialect, o.Tickers = massive.Origin, []string{"SPY"}
	})
	s := awaitState(t, tape, 20*time.Second, "live", func(s *model.State) bool { return s.Link == model.Live && s.Counters.Rows > 0 })
	if s.Span != model.Second {
		t.Errorf("span %d", s.Span)
	}
	engine.face().Window(model.Minute)
	awaitState(t, tape, 30*time.Second, "a minute over the wire", func(s *model.State) bool {
		for seq := tape.First(); seq < tape.Next() && s.Span == model.Minute; seq++ {
			if row, _ := tape.At(seq); row.Span == model.Minute && row.Source == model.SourceWS && row.Kind == model.KindBar {
				return s.Link == model.Live
			}
		}
		return false
	})
	end()
	engine.book.Accounts(func(a model.Account) bool {
		if !a.Whole() {
			t.Errorf("%+v", a)
		}
		return true
	})
}
