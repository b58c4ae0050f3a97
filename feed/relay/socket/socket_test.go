package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/feed/relay/follower"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	noon   = int64(1_795_798_800_000) // Fri 27 Nov 2026, 12:00 ET
	symbol = "O:SPY261218C00600000"
)

var friday = model.TradingDate(noon)

// publisher is a feed that writes its log, and serves it.
type publisher struct {
	t     testing.TB
	tape  *tape.Writer
	book  *book.Book
	enc   daylog.Encoder
	store history.Store
	path  string
	desk  *relay.Desk
	hello relay.Hello
	stop  func()

	mu   sync.Mutex
	file *os.File
	n    int // files
	next uint64
	now  int64
	id   model.ContractID
}

func newPublisher(t testing.TB) *publisher {
	p := &publisher{t: t, store: history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, path: filepath.Join(t.TempDir(), "s"), now: noon}
	p.anew("first", true)
	t.Cleanup(func() { _ = p.file.Close() })
	return p
}

// anew begins a file of another epoch, with an empty book.
func (p *publisher) anew(epoch string, fresh bool) {
	p.tape = tape.New(tape.Options{})
	p.book = book.New(p.tape, book.Options{})
	p.desk = relay.NewDesk(market.Open{Tape: &p.tape.Tape}, func() market.Seat { return nil })
	p.hello = relay.NewHello("sim", epoch, 0, 0)
	p.hello.Process = os.Getpid()
	dir := filepath.Join(p.store.Dir, friday.String())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		p.t.Fatal(err)
	}
	p.n++
	file, err := os.Create(filepath.Join(dir, fmt.Sprintf("%04d.oflog", p.n)))
	if err != nil {
		p.t.Fatal(err)
	}
	if p.file != nil {
		_ = p.file.Close()
	}
	p.file = file
	head, _ := json.Marshal(history.Header{Version: 1, Feed: "sim", Date: friday.String(), Epoch: epoch, Fresh: fresh})
	if _, err := p.file.Write(append(head, '\n')); err != nil {
		p.t.Fatal(err)
	}
	p.enc.Key(p.book)
	c := book.Contract{Symbol: symbol, Traded: true}
	p.tell(&book.Date{Date: friday}, &c)
	p.id = c.ID
	p.enc.State(&model.State{Link: model.Live, Tickers: []string{"SPY"}, Session: model.Session{Open: true, Text: "open"}})
	p.cut(true)
}

func (p *publisher) tell(all ...book.Input) {
	for _, in := range all {
		p.book.Apply(in)
		p.enc.Put(in)
	}
}

// bars books some windows, each a row.
func (p *publisher) bars(n int) {
	for range n {
		p.now += 1000
		b := book.Bar{Bar: model.Bar{Contract: p.id, Span: model.Second, Start: p.now, Volume: 2, DayVolume: 2 * (p.now - noon) / 1000, Open: 1, High: 2, Low: 1, Close: 1.5, Vwap: 1.2, DayVwap: 1.2}}
		p.tell(&b, &book.Tick{Now: p.now + 1000})
		if p.enc.Len() > 32<<10 {
			p.cut(false)
		}
	}
	p.cut(false)
}

func (p *publisher) cut(key bool) {
	if p.enc.Ops() == 0 {
		return
	}
	b := daylog.Block{First: p.next, Ops: p.enc.Ops(), Start: p.now, Key: key, Raw: p.enc.Len(), Stored: p.enc.Bytes()}
	history.Pack(&b)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.file.Write(b.Append(nil)); err != nil {
		p.t.Fatal(err)
	}
	p.next += uint64(b.Ops)
	p.enc.Reset()
	p.tape.Publish()
}

// serve serves followers until the function that it returns is called.
func (p *publisher) serve() (stop func()) {
	p.t.Helper()
	l, err := Listen(p.path)
	if err != nil {
		p.t.Fatal(err)
	}
	s := &Server{
		Hello:  p.hello,
		Follow: func(date model.Date, from uint64) Blocks { return p.store.Follow(date, from) },
		Position: func() (model.Date, uint64) {
			p.mu.Lock()
			defer p.mu.Unlock()
			return friday, p.next
		},
		Trouble: func() string { return "" },
		Now:     func() int64 { return p.now },
		Desk:    p.desk, Log: slog.New(slog.DiscardHandler),
	}
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

func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain: ", what)
		}
	}
}

// equal awaits that a follower has the publisher's rows, and compares them.
func (p *publisher) equal(f *attached) {
	p.t.Helper()
	await(p.t, "the publisher's rows", func() bool { return f.Caught() && f.Market().Rows().Next() == p.tape.Next() })
	for n := range p.tape.Next() {
		a, _ := p.tape.At(n)
		b, _ := f.Market().Rows().At(n)
		if a != b && fmt.Sprint(a) != fmt.Sprint(b) { // NaN is as NaN
			p.t.Fatalf("row %d\nhere  %+v\nthere %+v", n, a, b)
		}
	}
}

// A follower reads the day, then goes on with it, Live, and says whose it is.
func TestAttach(t *testing.T) {
	p := newPublisher(t)
	p.bars(500)
	stop := p.serve()
	a, b := p.follow(newFollower(t)), p.follow(newFollower(t))
	p.equal(a)
	p.equal(b)
	if s := a.Market().State(); s.Link != model.Live || s.Via != "process 4711" || len(s.Totals) != 1 {
		t.Errorf("it says %v via %q, %d totals", s.Link, s.Via, len(s.Totals))
	}
	p.bars(50)
	p.equal(a)
	p.equal(b)
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
	p.bars(100)
	stop := p.serve()
	f := newFollower(t)
	a := p.follow(f)
	p.equal(a)
	a.stop()
	p.bars(10)
	a = p.follow(f)
	p.equal(a)
	if g := f.Market().Generation(); g != 0 {
		t.Errorf("it began anew %d times", g)
	}
	a.stop()
	stop()

	p.bars(10) // nobody heard of
	rest := p.next
	_, _, had := f.Wants()
	p.truncate(had - 1) // the power failed: what it had is not there any more
	p.anew("second", true)
	p.bars(int(rest-had) + 30)
	p.serve()
	a = p.follow(f)
	p.equal(a)
	if g := f.Market().Generation(); g == 0 {
		t.Error("it goes on from what the log does not have")
	}
	a.stop()
}

// truncate has the day end before an op.
func (p *publisher) truncate(op uint64) {
	if err := p.file.Close(); err != nil {
		p.t.Fatal(err)
	}
	data, err := os.ReadFile(p.file.Name())
	if err != nil {
		p.t.Fatal(err)
	}
	at := strings.IndexByte(string(data), '\n') + 1
	for {
		b, size, err := daylog.Next(data[at:])
		if err != nil || b.First+uint64(b.Ops) > op {
			p.next = b.First
			break
		}
		at += size
	}
	if err := os.WriteFile(p.file.Name(), data[:at], 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.file = nil
}

// One that reads nothing costs the others nothing, and the publisher no memory.
func TestStalledFollower(t *testing.T) {
	p := newPublisher(t)
	p.bars(20_000)
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
	p.equal(a)
	p.bars(100)
	p.equal(a)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("beside eight that stall it takes %v", took)
	}
}

// Whoever is no follower of this feed is sent away, and the others notice nothing.
func TestStrangers(t *testing.T) {
	p := newPublisher(t)
	p.bars(10)
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
	p.equal(p.follow(newFollower(t)))
}

// A publisher of a later version, or of other rules, is not followed, and says
// which version it would take.
func TestNewerPublisher(t *testing.T) {
	p := newPublisher(t)
	p.hello.V, p.hello.Optflow = relay.Version+1, "v9.1.0"
	p.serve()
	if _, err := Dial(t.Context(), p.path, relay.NewHello("sim", "", 0, 0)); !errors.Is(err, relay.ErrNewer) || !strings.Contains(err.Error(), "needs optflow ≥ v9.1.0") {
		t.Errorf("%v", err)
	}
}

// More than may be are turned away at once.
func TestFollowersAreBounded(t *testing.T) {
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
	p.tape = tape.New(tape.Options{KeepRows: 1 << 20, MaxRows: 1 << 20})
	p.book = book.New(p.tape, book.Options{})
	p.enc.Reset()
	p.next = 0
	p.anew("bench", true)
	p.bars(500_000)
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
