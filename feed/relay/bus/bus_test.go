package bus

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"optflow/feed/faults"
	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/feed/relay/follower"
	"optflow/feed/relay/hub"
	"optflow/feed/relay/relaytest"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// asHub has this test's program be a hub, so that it can be killed.
const asHub = "OPTFLOW_TEST_HUB"

func TestMain(m *testing.M) {
	if at := os.Getenv(asHub); at != "" {
		listen, rest, _ := strings.Cut(at, " ")
		store, keys, _ := strings.Cut(rest, " ")
		h, err := hub.Start(hub.Options{Listen: listen, Store: store, Keys: keys})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("hub at", h.URL())
		h.Run(context.Background())
	}
	os.Exit(m.Run())
}

// server is a hub in a program of its own, at one address and with one store.
type server struct {
	t                   testing.TB
	listen, store, keys string
	url, ca             string // that it is reached by, where that is not at listen and in the open
	cmd                 *exec.Cmd
}

func newServer(t testing.TB) *server {
	s := &server{t: t, listen: freeAddress(t), store: t.TempDir()}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.kill()
		}
	})
	return s
}

// freeAddress is one that stays free while the hub is down: its port is below those
// that the system gives to whoever asks for any, and to whoever dials.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		if err == nil {
			_ = l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(os.Args[0])
	s.cmd.Env = append(os.Environ(), asHub+"="+s.listen+" "+s.store+" "+s.keys)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "hub at") {
		s.t.Fatalf("the hub says %q, %v", line, err)
	}
}

// kill ends it as a power failure would, but for the disk.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

func (s *server) connect(seed string) *nats.Conn {
	s.t.Helper()
	c, err := Connect(Options{URL: cmp.Or(s.url, "nats://"+s.listen), Seed: seed, CA: s.ca, Name: "test"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(c.Close)
	return c
}

// publish publishes a feed until stop is called; fenced is what it says of others.
func (s *server) publish(f *relaytest.Feed, seed string) (fenced func() string, stop func()) {
	var mu sync.Mutex
	why := "-"
	p := &Publisher{
		Conn: s.connect(seed), Day: f.Log(), Desk: f.Desk, Operators: f.Desk, Log: slog.New(slog.DiscardHandler),
		Fenced: func(text string) {
			mu.Lock()
			defer mu.Unlock()
			why = text
		},
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				s.t.Error(err)
			}
		})
	}
	s.t.Cleanup(stop)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return why
	}, stop
}

// witness is a follower that notes what it is told.
type witness struct {
	*follower.Follower
	mu      sync.Mutex
	anew    int
	blocks  int
	last    time.Time
	silence time.Duration // the longest
}

func (w *witness) Block(data []byte) error {
	w.mu.Lock()
	now := time.Now()
	if !w.last.IsZero() {
		w.silence = max(w.silence, now.Sub(w.last))
	}
	w.last, w.blocks = now, w.blocks+1 // before its rows are there to be seen
	w.mu.Unlock()
	return w.Follower.Block(data)
}

func (w *witness) Anew() {
	w.mu.Lock()
	w.anew++
	w.mu.Unlock()
	w.Follower.Anew()
}

func (w *witness) noted() (blocks, anew int, silence time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.blocks, w.anew, w.silence
}

func (s *server) follow(seed string) *witness {
	w := &witness{Follower: follower.New("hub", clock.New(), nil, tape.Options{})}
	s.t.Cleanup(w.Close)
	c := s.connect(seed)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Follow(ctx, c, "sim", w) }()
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
	return w
}

// A hub that is killed and comes back loses, doubles and reorders nothing, and is
// silent for less than two seconds.
func TestFault90HubKilled(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 90)
	s := newServer(t)
	s.start()
	f := relaytest.New(t)
	f.Bars(200)
	s.publish(f, "")
	w := s.follow("")
	f.Equal(w.Market())
	before, _, _ := w.noted()
	blocks := 0
	for range 3 {
		for i := range 30 {
			f.Bars(2)
			blocks++
			if i == 10 {
				s.kill()
				s.start()
			}
			time.Sleep(20 * time.Millisecond) // as a feed does
		}
	}
	f.Equal(w.Market())
	got, anew, silence := w.noted()
	if anew != 0 || got-before != blocks {
		t.Errorf("%d blocks of %d, begun anew %d times", got-before, blocks, anew)
	}
	if silence > 2*time.Second {
		t.Errorf("%v of silence", silence)
	}
	run.Recovered(silence)
	late := s.follow("") // who comes late has all of it as well
	f.Equal(late.Market())
}

// A hub that lost its store gets all anew, and followers begin anew with it.
func TestFault91StoreLost(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 91)
	s := newServer(t)
	s.start()
	f := relaytest.New(t)
	f.Bars(500)
	s.publish(f, "")
	w := s.follow("")
	f.Equal(w.Market())
	s.kill()
	s.store = t.TempDir()
	s.start()
	back := time.Now()
	f.Bars(50)
	f.Equal(w.Market())
	run.Recovered(time.Since(back))
	if g := w.Market().Generation(); g == 0 {
		t.Error("the follower did not begin anew")
	}
}

// Of two publishers the later is told so; it follows on once the other has ended.
func TestFault92Fence(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 92)
	s := newServer(t)
	s.start()
	first, second := relaytest.New(t), relaytest.New(t)
	second.Anew("other", true)
	first.Bars(100)
	second.Bars(10)
	says, stop := s.publish(first, "")
	w := s.follow("")
	first.Equal(w.Market())
	other, _ := s.publish(second, "")
	began := time.Now()
	relaytest.Await(t, "the fence", func() bool { return other() == "another feed publishes" })
	run.Noticed(time.Since(began))
	first.Bars(20)
	first.Equal(w.Market())
	if why := says(); why != "-" {
		t.Errorf("the first says %q", why)
	}
	stop()
	ended := time.Now()
	relaytest.Await(t, "the second publishes", func() bool { return other() == "" })
	run.Recovered(time.Since(ended))
	second.Bars(10)
	second.Equal(w.Market())
}

// A viewer's key hears and asks, and neither publishes nor changes what is followed.
func TestFault93Keys(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 93)
	s := newServer(t)
	seeds, lines := map[string]string{}, ""
	for _, role := range []string{"viewer", "operator", "publisher"} {
		seed, public, err := hub.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		seeds[role] = filepath.Join(t.TempDir(), role)
		lines += public + " " + role + " # one\n"
		if err := os.WriteFile(seeds[role], []byte(seed), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.keys = filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(s.keys, []byte("# who may come\n"+lines), 0o600); err != nil {
		t.Fatal(err)
	}
	s.start()
	f := relaytest.New(t)
	f.Bars(50)
	s.publish(f, seeds["publisher"])
	w := s.follow(seeds["viewer"])
	f.Equal(w.Market())

	c := s.connect(seeds["viewer"])
	refused := make(chan error, 4)
	c.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err })
	for _, subject := range []string{"flow.v1.sim.log.2026-11-27", "flow.v1.sim.position", "$JS.API.STREAM.DELETE.FLOW_v1_sim", "$JS.API.CONSUMER.CREATE.FLOW_v1_sim.all", "$JS.API.CONSUMER.INFO.FLOW_v1_sim.one"} {
		if err := c.Publish(subject, []byte("x")); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-refused:
			if !errors.Is(err, nats.ErrPermissionViolation) {
				t.Errorf("%s: %v", subject, err)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("a viewer publishes at %s", subject)
		}
	}
	if a, err := Ask(t.Context(), c, "sim", relay.Ask{V: 1, Verb: relay.Lookup, Args: relay.Args{Symbol: "SPY"}}); err != nil || a.Error == "" {
		t.Errorf("a viewer asks: %+v, %v", a, err) // there is nobody behind the desk, who says so
	}
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if a, err := Ask(ctx, c, "sim", relay.Ask{V: 1, Verb: relay.Follow}); err == nil {
		t.Errorf("a viewer changes what is followed: %+v", a)
	}
	if a, err := Ask(t.Context(), s.connect(seeds["operator"]), "sim", relay.Ask{V: 1, Verb: relay.Follow}); err != nil || a.Error == "" {
		t.Errorf("an operator follows: %+v, %v", a, err)
	}
	if named, err := Feed(t.Context(), c, ""); err != nil || named != "sim" {
		t.Errorf("the feed is %q, %v", named, err)
	}
	stranger, err := nats.Connect("nats://"+s.listen, nats.Timeout(2*time.Second))
	if err == nil {
		stranger.Close()
		t.Error("somebody without a key comes in")
	}
}

// Beyond this machine nothing goes without TLS and a key.
func TestBeyondThisMachine(t *testing.T) {
	for _, url := range []string{"nats://hub.example", "tls://hub.example", "nats://192.0.2.1:4222"} {
		if _, err := Connect(Options{URL: url}); !errors.Is(err, errOpen) {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, listen := range []string{"0.0.0.0:0", "[::]:0", "hub.example:1"} {
		if h, err := hub.Start(hub.Options{Listen: listen, Store: t.TempDir()}); err == nil {
			h.Stop()
			t.Errorf("a hub is open to all at %s", listen)
		}
	}
}

// What no publisher wrote into the stream is passed over by all, and an ask has no
// answer written there.
func TestFault93Strange(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 93)
	s := newServer(t)
	s.start()
	f := relaytest.New(t)
	f.Bars(50)
	_, stop := s.publish(f, "")
	w := s.follow("")
	f.Equal(w.Market())
	c := s.connect("")
	js, err := jetstream.New(c)
	if err != nil {
		t.Fatal(err)
	}
	stored := func() uint64 {
		t.Helper()
		stream, err := js.Stream(t.Context(), names{"sim"}.stream())
		if err != nil {
			t.Fatal(err)
		}
		return stream.CachedInfo().State.LastSeq
	}
	before := stored()
	for range 3 {
		if err := c.PublishRequest("flow.v1.sim.ask", "flow.v1.sim.log.2026-11-27", []byte(`{"v":1,"verb":"lookup"}`)); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if _, err := Ask(t.Context(), c, "sim", relay.Ask{V: 1, Verb: relay.Lookup}); err != nil {
			t.Fatal(err)
		}
	}
	if n := stored(); n != before {
		t.Errorf("%d answers are in the stream", n-before)
	}
	for _, day := range []string{"2026-11-27", "2030-01-01", "x"} {
		if _, err := js.Publish(t.Context(), "flow.v1.sim.log."+day, []byte("strange")); err != nil {
			t.Fatal(err)
		}
	}
	f.Bars(5)
	f.Equal(w.Market())
	late := s.follow("")
	f.Equal(late.Market())
	stop()
	if _, err := js.Publish(t.Context(), "flow.v1.sim.log.2026-11-27", []byte("strange")); err != nil {
		t.Fatal(err)
	}
	s.publish(f, "")
	f.Bars(5)
	f.Equal(w.Market())
	for _, who := range []*witness{w, late} {
		if _, anew, _ := who.noted(); anew > 0 {
			t.Errorf("begun anew %d times", anew)
		}
	}
}

// A block too large for one message comes in parts, all of them or none.
func TestParts(t *testing.T) {
	b := history.Block{Block: daylog.Block{First: 7, Ops: 3, Raw: 1000, Stored: make([]byte, 1000)}}
	h := relay.NewHello("sim", "e", model.Date(20_000), 7)
	all, err := names{"sim"}.messages("e", "", 20_000, &h, &b, 300)
	if err != nil || len(all) != 4 || all[0].Header.Get(headHello) == "" || all[3].Header.Get(headNext) != "10" || all[2].Header.Get(headNext) != "" {
		t.Fatal(len(all), err)
	}
	var w whole
	for i, m := range all {
		block, err := w.add(m.Data, m.Header.Get(headPart))
		if err != nil || (block != nil) != (i == 3) {
			t.Fatalf("part %d: %d bytes, %v", i, len(block), err)
		}
		if i == 3 {
			if got, _, err := daylog.Next(block); err != nil || got.First != 7 || len(got.Stored) != 1000 {
				t.Errorf("%+v, %v", got, err)
			}
		}
	}
	for _, part := range []string{"2/4", "4/4", "0/4", "x", "5/4"} {
		var w whole
		if _, err := w.add([]byte("x"), part); err == nil {
			t.Errorf("part %q is taken", part)
		}
	}
}

// A hub stores what has one name once, for minutes. A block has another name than
// one of yesterday that begins with the same op: else a day that begins within
// these minutes stood still at the hub.
func TestNamesOfBlocks(t *testing.T) {
	b := history.Block{Block: daylog.Block{First: 7, Ops: 3, Raw: 10, Stored: make([]byte, 10)}}
	seen := map[string]bool{}
	for _, of := range []struct {
		epoch, run string
		day        model.Date
	}{{"e", "", 20_000}, {"e", "", 20_001}, {"f", "", 20_000}, {"e", "-after-9", 20_000}} {
		all, err := names{"sim"}.messages(of.epoch, of.run, of.day, nil, &b, 300)
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		name := all[0].Header.Get(nats.MsgIdHdr)
		if seen[name] {
			t.Errorf("%+v is called %s too", of, name)
		}
		seen[name] = true
	}
}
