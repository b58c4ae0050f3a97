package feed

import (
	"context"
	"log/slog"
	"net"
	"runtime"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/plan"
	"optflow/feed/sim/faultline"
	"optflow/feed/sim/script"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

// real is an engine on a script over real sockets, through a proxy.
type real struct {
	tape   *tape.Writer
	engine *Engine
	feed   *script.Server
	proxy  *faultline.Proxy
	way    door // of its dials
	log    logged
	end    func()
}

func playReal(t *testing.T, text string) *real {
	t.Helper()
	scenario, err := script.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &real{feed: script.NewServer(scenario, nil), way: newDoor(), tape: tape.New(tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 22})}
	serving, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- r.feed.Serve(serving, listener) }()
	if r.proxy, err = faultline.Listen(listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	clock := clock.New()
	rest, err := api.NewREST(api.RESTOptions{BaseURL: "http://" + listener.Addr().String(), Key: testKey(canary), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	r.engine = New(Options{
		Tape: r.tape, Clock: clock, REST: rest, Tickers: []string{"SPY"}, Span: model.Second, AutoRefresh: true,
		Stream: &massive.Streams{Realtime: Endpoint{URL: "ws://" + r.proxy.Addr(), Key: testKey(canary)}, Connect: r.way.dial},
		Log:    slog.New(slog.NewJSONHandler(&r.log, nil)),
	})
	running, halt := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- r.engine.Run(running) }()
	ended := false
	r.end = func() {
		if ended {
			return
		}
		ended = true
		halt()
		if err := <-ran; err != nil {
			t.Errorf("the engine ended with %v", err)
		}
		rest.Close()
		r.proxy.Close()
		stop()
		if err := <-served; err != nil {
			t.Errorf("the script ended with %v", err)
		}
		(&rig{t: t}).noKey("log", r.log.String())
		if n := len(r.feed.Dials()); n > link.LawMost {
			t.Errorf("%d dials", n)
		}
	}
	t.Cleanup(r.end)
	return r
}

func isLive(s *model.State) bool { return s.Link == model.Live }

// A real reset, over a real socket.
func TestFault18Reset(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 18)
	r := playReal(t, "connect ok; auth ok; send 100000 bars every 20ms")
	awaitState(t, r.tape, 20*time.Second, "rows", func(s *model.State) bool { return isLive(s) && s.Counters.Rows > 20 })
	r.way.shut()
	reset := time.Now()
	r.proxy.Reset()
	awaitState(t, r.tape, 20*time.Second, "told", func(s *model.State) bool { return !isLive(s) && s.Reason == link.ReasonLost })
	run.Noticed(time.Since(reset))
	r.way.open()
	rows := r.tape.State().Counters.Rows
	awaitState(t, r.tape, 20*time.Second, "live again", func(s *model.State) bool { return isLive(s) && s.Counters.Rows > rows })
	run.Recovered(time.Since(reset))
}

// More than can be read, at once: the server's writes never wait long, memory
// stays within its budget, and what was dropped comes back or is counted.
func TestFault28Flood(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 28)
	const bars = 300_000
	r := playReal(t, "contracts 5000\nconnect ok; auth ok; stall 500ms; send 300000 bars; send 100000 bars every 50ms")
	awaitState(t, r.tape, 20*time.Second, "live", isLive)
	var most uint64
	s := awaitState(t, r.tape, 60*time.Second, "all read", func(s *model.State) bool {
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		most = max(most, mem.HeapInuse)
		return s.Counters.Events+100*s.Counters.DroppedFrames >= bars
	})
	flooded := time.Now()
	events := s.Counters.Events
	awaitState(t, r.tape, 20*time.Second, "goes on", func(s *model.State) bool { return isLive(s) && s.Counters.Events > events })
	run.Recovered(time.Since(flooded))
	if s.Counters.Reconnects != 0 {
		t.Errorf("%d reconnects", s.Counters.Reconnects)
	}
	if most > 400<<20 { // the tape keeps every row here, and the script its own truth
		t.Errorf("%d MB in use", most>>20)
	}
	r.end()
	traded := r.feed.Traded()
	r.engine.book.Accounts(func(a model.Account) bool {
		if symbol := r.tape.Contracts.At(a.Contract).Symbol; !a.Whole() || a.Day > traded[symbol] {
			t.Fatalf("%s: %+v, traded %d", symbol, a, traded[symbol])
		}
		return true
	})
	t.Logf("%d events, %d frames dropped, %d MB in use at most", s.Counters.Events, s.Counters.DroppedFrames, most>>20)
}

// Some of the names asked for are refused; the server does not say which.
func TestFault13SomeNamesNotAuthorized(t *testing.T) {
	inFault(t, 13, func(t *testing.T, run *faults.Run) {
		m := newMarket(chainSymbols("SPY", 10)...)
		m.server.refuseSome = m.symbols[3]
		start := time.Now()
		r := newRig(t, m, func(o *Options) { o.Subscribe, o.Feed = link.SubscribeContracts, plan.RealtimeOnly })
		s := r.await(link.AckTimeout+time.Second, "told", func(s *model.State) bool { return len(s.Notes) > 0 })
		run.Noticed(time.Since(start))
		if s.Notes[0] != "some contracts were refused: not authorized" || s.Link != model.Live {
			t.Errorf("notes %q, link %d", s.Notes, s.Link)
		}
		r.holds(5*time.Minute, "stays", isLive)
		if s := r.state(); s.Subscribed != 9 || s.Counters.Rows == 0 || r.server.dialled() != 1 {
			t.Errorf("%d subscribed, %d rows, %d dials", s.Subscribed, s.Counters.Rows, r.server.dialled())
		}
	})
}
