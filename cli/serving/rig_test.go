package serving

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"go.uber.org/goleak"
	gossh "golang.org/x/crypto/ssh"

	"optflow/config/state"
	"optflow/model"
	"optflow/model/market"
	"optflow/model/memory"
	"optflow/model/tape"
	"optflow/ui"
	"optflow/ui/paint"
	"optflow/ui/serve"
	"optflow/ui/serve/servetest"
)

// many is how many viewers there are at a time; fewer where each costs more.
var many = 50

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is the fixture's moment: Monday 23 November 2026, 10:41:27 in New York.
var now = model.MakeDate(2026, 11, 23).At(10, 41).UnixMilli() + 27_000

type still struct{}

func (still) Now() int64 { return now }

// seated is a seat that follows whatever it is told to, for everybody.
type seated struct {
	market.Seat
	mu       sync.Mutex
	followed [][]string
	polls    int
}

func (s *seated) Follow(tickers []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.followed = append(s.followed, tickers)
}
func (s *seated) PollNow()                           { s.mu.Lock(); s.polls++; s.mu.Unlock() }
func (*seated) Window(model.Span)                    {}
func (*seated) AutoRefresh(bool)                     {}
func (*seated) Watch([]model.ContractID)             {}
func (*seated) Know([]string)                        {}
func (*seated) Retake()                              {}
func (*seated) Read(uint64, uint64)                  {}
func (*seated) Aside()                               {}
func (*seated) Leave()                               {}
func (*seated) Lookup(context.Context, string) error { return errors.New("not known") }
func (*seated) Observe(_ context.Context, into []model.Account, _ ...model.ContractID) ([]model.Account, error) {
	return into[:0], nil
}
func (*seated) Day(context.Context, model.ContractID) ([]model.Bar, error) { return nil, nil }

// feed is a market that a test writes to.
type feed struct {
	*tape.Writer
	seat *seated
	n    int
}

func newFeed(t testing.TB) *feed {
	t.Helper()
	f := &feed{Writer: tape.New(tape.Options{}), seat: &seated{}}
	f.SetState(&model.State{
		Link: model.Live, Phase: model.PhaseLive, Span: model.Second, Sim: true, AutoRefresh: true, Wildcard: true,
		Tickers: []string{"NVDA", "QQQ", "SPY"}, Known: []string{"NVDA", "QQQ", "SPY", "TSLA"},
		Session: model.Session{Open: true, Text: "simulated market", Date: model.MakeDate(2026, 11, 23)},
		Newest:  now - 1_900, Received: now - 200, Covers: math.NaN(),
	})
	for range 60 {
		f.trade(t)
	}
	return f
}

func (f *feed) market() market.Market {
	return market.Open{Tape: &f.Tape, Time: still{}, Sit: func() market.Seat { return f.seat }}
}

// trade appends a row whose size says which it is.
func (f *feed) trade(t testing.TB) {
	symbols := []string{"O:SPY261123C00656000", "O:QQQ261124C00600000", "O:NVDA261218C00180000"}
	id, err := f.Registry.Intern(symbols[f.n%len(symbols)])
	if err != nil {
		t.Fatal(err)
	}
	nan := float32(math.NaN())
	size := uint32(10_000 + f.n)
	f.Append(model.Row{
		Start: now - 600_000 + int64(f.n)*500, Span: model.Second, Contract: id, Size: size, DayVolume: 900_000, OpenInterest: 1000,
		Open: 2, High: 2, Low: 2, Close: 2, Vwap: 2, Prints: 3, Spot: 100, IV: nan, Delta: nan, Bid: 1.9, Ask: 2.1, QuoteAge: 100,
		Premium: float64(size) * 200, Side: model.SideMid, Certainty: model.CertaintySure, Flags: model.FlagSim,
	})
	f.n++
	f.Publish()
}

// rig is a server with its files in a folder of its own.
type rig struct {
	t      testing.TB
	dir    string // home and working directory
	o      Options
	feed   *feed
	server *Serving
	addr   string
	stop   func()
}

// start serves some people.
func start(t testing.TB, change func(*Options), lines ...string) *rig {
	t.Helper()
	dir, err := os.MkdirTemp("", "optflow") // whose path is short enough for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	r := &rig{t: t, dir: dir, feed: newFeed(t)}
	r.o = Options{
		Market: r.feed.market(), State: filepath.Join(dir, "state", state.Name), File: filepath.Join(dir, "viewers"), Listen: "127.0.0.1:0", Invented: true,
		Screen: func() ui.Options {
			themes, err := paint.NewThemes(nil)
			if err != nil {
				t.Error(err)
			}
			return ui.Options{Still: true, Tickers: []string{"NVDA"}, Filter: "the owner's", Themes: themes}
		},
		Tail: func(_ context.Context, v *serve.Visit, m market.Market, args []string) int {
			_, _ = fmt.Fprintln(v.Out, args, m.State().Tickers)
			return 0
		},
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&r.o)
	}
	r.write(lines...)
	r.open()
	return r
}

func (r *rig) write(lines ...string) {
	r.t.Helper()
	if err := os.WriteFile(r.o.File, []byte(strings.Join(lines, "")), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// open opens the server and runs it.
func (r *rig) open() {
	r.t.Helper()
	server, err := Open(r.o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.server, r.addr = server, server.listens.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			r.t.Error(err)
		}
	})
	r.t.Cleanup(r.stop)
}

// left are the files that there are, without those that the server has for itself.
func (r *rig) left() (files []string) {
	r.t.Helper()
	err := filepath.WalkDir(r.dir, func(path string, d os.DirEntry, err error) error {
		name, _ := filepath.Rel(r.dir, path)
		if err == nil && !d.IsDir() && name != "viewers" && !strings.HasPrefix(name, "state/serve") && name != "state/"+AuditName {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return files
}

// screen is an emulated terminal.
type screen struct {
	t       testing.TB
	mu      sync.Mutex
	emu     *vt.Emulator
	width   int
	ended   chan error
	in      io.Writer
	session *gossh.Session
	below   net.Conn
	closed  func()
}

func newScreen(t testing.TB, width, height int) *screen {
	s := &screen{t: t, emu: vt.NewEmulator(width, height), width: width, ended: make(chan error, 1)}
	return s
}

// Write draws; a line ends as a terminal's driver ends it.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.emu.Write(b)
	return len(b), err
}

// answers hands what the terminal answers to the program.
func (s *screen) answers() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(s.in, s.emu)
		_, _ = io.Copy(io.Discard, s.emu) // whoever is gone does not hold it up
	}()
	s.t.Cleanup(func() {
		if s.closed != nil {
			s.closed()
		}
		_ = s.emu.InputPipe().(io.Closer).Close()
		<-done
	})
}

// render is each cell with its style; that of a blank shows in its ground only.
func (s *screen) render() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for y := range s.emu.Height() {
		for x := range s.emu.Width() {
			switch c := s.emu.CellAt(x, y); {
			case c == nil || c.Width == 0:
			case strings.TrimSpace(c.Content) == "":
				fmt.Fprintf(&b, " %v %v,", c.Style.Bg, c.Style.Attrs&uv.AttrReverse)
			default:
				fmt.Fprintf(&b, "%s %v,", c.Content, c.Style)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.emu.String()
}

func (s *screen) await(what string, holds func(text string) bool) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(s.text()); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s does not come:\n%s", what, s.text())
		}
	}
}

func (s *screen) has(text string) {
	s.t.Helper()
	s.await(text, func(t string) bool { return strings.Contains(t, text) })
}

func (s *screen) types(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, text); err != nil {
		s.t.Fatal(err)
	}
}

// newest is the number of the newest trade on the screen, -1 for none.
func (s *screen) newest() int {
	n := -1
	for _, m := range regexp.MustCompile(`\b1(\d),(\d{3})\b`).FindAllStringSubmatch(s.text(), -1) {
		if i, err := strconv.Atoi(m[1] + m[2]); err == nil {
			n = max(n, i)
		}
	}
	return n
}

// dial logs somebody in.
func (r *rig) dial(name string) (*gossh.Client, net.Conn) {
	r.t.Helper()
	below, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	frozen := servetest.NewStalling(below)
	c, channels, requests, err := gossh.NewClientConn(frozen, r.addr, &gossh.ClientConfig{
		User: "me", Auth: []gossh.AuthMethod{gossh.PublicKeys(servetest.Signer(r.t, name))}, HostKeyCallback: gossh.FixedHostKey(r.server.key.PublicKey()), Timeout: 10 * time.Second,
	})
	if err != nil {
		r.t.Fatalf("%s does not get in: %v", name, err)
	}
	client := gossh.NewClient(c, channels, requests)
	r.t.Cleanup(func() { _ = frozen.Close(); _ = client.Close() })
	return client, frozen
}

// look opens a screen of somebody's over ssh.
func (r *rig) look(name string, width, height int) *screen {
	r.t.Helper()
	client, below := r.dial(name)
	session, err := client.NewSession()
	if err != nil {
		r.t.Fatal(err)
	}
	s := newScreen(r.t, width, height)
	s.session, s.below = session, below
	session.Stdout, session.Stderr = s, s
	if s.in, err = session.StdinPipe(); err != nil {
		r.t.Fatal(err)
	}
	s.closed = func() { _ = client.Close() }
	s.answers()
	if err := errors.Join(session.Setenv("COLORTERM", "truecolor"), session.RequestPty("xterm-256color", height, width, nil), session.Shell()); err != nil {
		r.t.Fatal(err)
	}
	go func() { s.ended <- session.Wait() }()
	return s
}

// local opens the screen of a viewer without ssh.
func (r *rig) local(o ui.Options, width, height int) *screen {
	r.t.Helper()
	s := newScreen(r.t, width, height)
	in, out := io.Pipe()
	s.in = out
	sizes := make(chan ui.Size, 1)
	sizes <- ui.Size{Width: width, Height: height}
	o.Sizes, o.Env = sizes, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}
	ctx, cancel := context.WithCancel(context.Background())
	s.closed = func() {
		cancel()
		_ = in.Close()
		<-s.ended
	}
	s.answers()
	go func() { s.ended <- ui.Run(ctx, o, in, driver{s}) }()
	return s
}

// driver ends lines as a terminal's driver does.
type driver struct{ io.Writer }

func (d driver) Write(b []byte) (int, error) {
	_, err := d.Writer.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")))
	return len(b), err
}

func stateOf() memory.Choices { return memory.Choices{} }

func linesOf(n int) memory.Lines { return memory.Lines{Filters: []string{fmt.Sprint("size>", n)}} }

func stateUnsimulated() *model.State { return &model.State{Tickers: []string{"SPY"}} }
