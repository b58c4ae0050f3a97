package socket

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"optflow/feed/faults"
	"optflow/feed/relay"
	"optflow/feed/relay/follower"
	"optflow/feed/relay/relaytest"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// publisher is a feed that is served.
type publisher struct {
	*relaytest.Feed
	t       testing.TB
	path    string
	trouble string // why it writes nothing
	server  *Server
}

func newPublisher(t testing.TB) *publisher {
	return &publisher{Feed: relaytest.New(t), t: t, path: filepath.Join(t.TempDir(), "s")}
}

// serve serves followers until the function that it returns is called.
func (p *publisher) serve() (stop func()) {
	p.t.Helper()
	l, err := Listen(p.path)
	if err != nil {
		p.t.Fatal(err)
	}
	s := &Server{Day: p.Log(), Desk: p.Desk, Log: slog.New(slog.DiscardHandler)}
	s.Day.Trouble = func() string { return p.trouble }
	p.server = s
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				p.t.Error(err)
			}
		})
	}
	p.t.Cleanup(stop)
	return stop
}

// attached is a follower, and what it ended with.
type attached struct {
	*follower.Follower
	ended chan error
	stop  func()
}

func (p *publisher) follow(f *follower.Follower) *attached {
	p.t.Helper()
	ours := relay.NewHello("sim", "", 0, 0)
	ours.Epoch, ours.Date, ours.From = f.Wants()
	c, err := Dial(p.t.Context(), p.path, ours)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &attached{Follower: f, ended: make(chan error, 1)}
	go func() { a.ended <- c.Run(ctx, f) }()
	var once sync.Once
	a.stop = func() {
		once.Do(func() {
			cancel()
			<-a.ended
		})
	}
	p.t.Cleanup(a.stop)
	return a
}

func newFollower(t testing.TB) *follower.Follower {
	f := follower.New("process 4711", clock.New(), nil, tape.Options{})
	t.Cleanup(f.Close)
	return f
}

// A follower reads the day, then goes on with it, Live, and says whose it is.
func TestAttach(t *testing.T) {
	p := newPublisher(t)
	p.Bars(500)
	stop := p.serve()
	a, b := p.follow(newFollower(t)), p.follow(newFollower(t))
	p.Equal(a.Market())
	p.Equal(b.Market())
	if s := a.Market().State(); s.Link != model.Live || s.Via != "process 4711" || len(s.Totals) != 1 {
		t.Errorf("it says %v via %q, %d totals", s.Link, s.Via, len(s.Totals))
	}
	p.Bars(50)
	p.Equal(a.Market())
	p.Equal(b.Market())
	if info, err := os.Stat(p.path); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the socket is %v, %v", info.Mode(), err)
	}
	stop()
	if err := <-a.ended; err == nil || !strings.Contains(err.Error(), "it ends") {
		t.Errorf("the end is %v", err)
	}
	a.ended <- nil
	a.Lost("process 4711 has ended")
	if s := a.Market().State(); s.Link != model.Behind {
		t.Error("it is Live without anybody")
	}
}

// Who comes back goes on where it was, if what it has is what the log has; else it
// begins anew.
func TestComingBack(t *testing.T) {
	p := newPublisher(t)
	p.Bars(100)
	stop := p.serve()
	f := newFollower(t)
	a := p.follow(f)
	p.Equal(a.Market())
	a.stop()
	p.Bars(10)
	a = p.follow(f)
	p.Equal(a.Market())
	if g := f.Market().Generation(); g != 0 {
		t.Errorf("it began anew %d times", g)
	}
	a.stop()
	stop()

	p.Bars(10) // nobody heard of
	rest := p.Next()
	_, _, had := f.Wants()
	p.Truncate(had - 1) // the power failed: what it had is not there any more
	p.Anew("second", true)
	p.Bars(int(rest-had) + 30)
	p.serve()
	a = p.follow(f)
	p.Equal(a.Market())
	if g := f.Market().Generation(); g == 0 {
		t.Error("it goes on from what the log does not have")
	}
	a.stop()
}

// One that writes nothing sends followers away with the reason, before anything of
// its day.
func TestTroubleIsSaidFirst(t *testing.T) {
	p := newPublisher(t)
	p.Bars(10)
	p.trouble = "history paused: disk full"
	p.serve()
	_, err := Dial(t.Context(), p.path, relay.NewHello("sim", "", 0, 0))
	var bye Bye
	if !errors.As(err, &bye) || bye.Error() != p.trouble {
		t.Errorf("%v", err)
	}
}

// What is damaged in the day's files is a gap, between rows that there are.
func TestDamagedDay(t *testing.T) {
	p := newPublisher(t)
	p.Bars(20)
	p.Bars(30)
	p.Damage()
	p.Bars(40)
	p.serve()
	m := p.follow(newFollower(t)).Market()
	relaytest.Await(t, "the gap", func() bool { s := m.State(); return s.Link == model.Live && s.Counters.Missing > 0 })
	bars, gaps := 0, int64(0)
	for n := range m.Rows().Next() {
		switch row, _ := m.Rows().At(n); row.Kind {
		case model.KindGap:
			gaps += int64(row.Size)
		case model.KindBar:
			bars++
		}
	}
	if bars != 60 || gaps != 60 || m.Generation() != 0 {
		t.Errorf("%d windows, %d contracts missing, begun anew %d times", bars, gaps, m.Generation())
	}
}

// Who follows when it ends is counted, however soon they hear of it.
func TestLeft(t *testing.T) {
	p := newPublisher(t)
	p.Bars(10)
	for range 50 {
		stop := p.serve()
		a := p.follow(newFollower(t))
		p.Equal(a.Market())
		stop()
		if n := p.server.Left(); n != 1 {
			t.Fatalf("%d followed to the end", n)
		}
		a.stop()
	}
}

// One that reads nothing costs the others nothing, and the publisher no memory.
func TestFault88Stalled(t *testing.T) {
	faults.OpenReal(t, 88)
	p := newPublisher(t)
	p.Bars(20_000)
	p.serve()
	for range 8 {
		c, err := Dial(t.Context(), p.path, relay.NewHello("sim", "", 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		defer c.conn.Close()
	}
	began := time.Now()
	a := p.follow(newFollower(t))
	p.Equal(a.Market())
	p.Bars(100)
	p.Equal(a.Market())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("beside eight that stall it takes %v", took)
	}
}

// Whoever is no follower of this feed is sent away, and the others notice nothing.
func TestFault87Strangers(t *testing.T) {
	faults.OpenReal(t, 87)
	p := newPublisher(t)
	p.Bars(10)
	p.serve()
	other := relay.NewHello("realtime", "", 0, 0)
	if _, err := Dial(t.Context(), p.path, other); err == nil || !strings.Contains(err.Error(), "here is sim") {
		t.Errorf("another feed: %v", err)
	}
	for _, said := range []string{"GET / HTTP/1.1\r\n\r\n", "\xff\xff\xff\xff\x01", "", "\x02\x00\x00\x00\x01{}"} {
		c, err := net.Dial("unix", p.path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(said)); err != nil {
			t.Fatal(err)
		}
		if said != "" {
			_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
			if n, err := c.Read(make([]byte, 100)); n > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%q: %d bytes, %v", said, n, err)
			}
		}
		_ = c.Close()
	}
	p.Equal(p.follow(newFollower(t)).Market())
}

// A publisher of a later version, or of other rules, is not followed, and says
// which version it would take.
func TestFault89Newer(t *testing.T) {
	faults.OpenReal(t, 89)
	p := newPublisher(t)
	p.Hello.V, p.Hello.Optflow = relay.Version+1, "v9.1.0"
	p.serve()
	if _, err := Dial(t.Context(), p.path, relay.NewHello("sim", "", 0, 0)); !errors.Is(err, relay.ErrNewer) || !strings.Contains(err.Error(), "needs optflow ≥ v9.1.0") {
		t.Errorf("%v", err)
	}
}

// More than may be are turned away at once.
func TestFault88Bounded(t *testing.T) {
	faults.OpenReal(t, 88)
	p := newPublisher(t)
	p.serve()
	turned := 0
	for range mostFollowers + 5 {
		c, err := Dial(t.Context(), p.path, relay.NewHello("sim", "", 0, 0))
		if err != nil {
			turned++
			continue
		}
		defer c.conn.Close()
	}
	if turned != 5 {
		t.Errorf("%d were turned away", turned)
	}
}

// What an earlier run left at the path is taken away.
func TestListenTakesThePlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if _, err := Listen(filepath.Join(path, "no", "such")); err == nil {
		t.Error("no folder, and it listens")
	}
}

// BenchmarkAttach reads a day of 500,000 rows from the socket into a book: at most
// a second.
func BenchmarkAttach(b *testing.B) {
	p := newPublisher(b)
	p.Bars(500_000)
	stop := p.serve()
	defer stop()
	for b.Loop() {
		f := follower.New("process 4711", clock.New(), nil, tape.Options{})
		a := p.follow(f)
		for !f.Caught() {
			time.Sleep(time.Millisecond)
		}
		if n := f.Market().Rows().Next(); n < 500_000 {
			b.Fatal(n)
		}
		a.stop()
		f.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/day")
}
