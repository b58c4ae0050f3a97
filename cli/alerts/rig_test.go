package alerts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/market"
	"optflow/model/tape"
)

// began is 10:00 in New York on a day of trading.
var began = model.MakeDate(2026, 11, 23).At(10, 0)

// wallClock is market time and wall time of a test, which advances it.
type wallClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *wallClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *wallClock) Now() int64 { return c.now().UnixMilli() }

func (c *wallClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fakeLock is a state's lock that a test gives and takes.
type fakeLock struct {
	mu     sync.Mutex
	others int // process that holds it, 0 it is free
	lost   bool
}

func (l *fakeLock) Claim() (bool, int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = false
	return l.others == 0, l.others, nil
}

func (l *fakeLock) Lost() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

func (l *fakeLock) Release() error { return nil }

func (l *fakeLock) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// buffer is a writer that goroutines share.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// rig is a desk over a hand-made tape.
type rig struct {
	t       testing.TB
	tape    *tape.Writer
	clock   *wallClock
	lock    *fakeLock
	o       Options
	desk    *Desk
	log     buffer // the program's
	alerts  buffer // of `to = "log"`
	signals buffer // one a line
	waited  buffer // every wait that was asked for
	end     func()
	ids     map[string]model.ContractID
	last    map[model.Identity]uint64
}

func newRig(t testing.TB, set func(o *Options), list ...alert.Rule) *rig {
	t.Helper()
	r := &rig{t: t, tape: tape.New(tape.Options{}), clock: &wallClock{at: began}, lock: new(fakeLock), ids: map[string]model.ContractID{}, last: map[model.Identity]uint64{}}
	r.o = Options{
		Market: market.Open{Tape: &r.tape.Tape, Time: r.clock}, Dir: t.TempDir(), Lock: r.lock,
		Signal: func(s alert.Signal) { fmt.Fprintf(&r.signals, "%q\n", s.Bell+s.Notify) }, Notification: func(text string) string { return "<" + text + ">" },
		Row: func(row *model.Burst, c *model.Contract) []byte {
			return fmt.Appendf(nil, `{"contract":%q,"premium":%.0f}`, c.Symbol, row.Premium)
		},
		Text: func(a *alert.Alert) string {
			if a.Contract == nil {
				return a.Text
			}
			return a.Contract.Symbol
		},
		AlertLog: &r.alerts, Log: slog.New(slog.NewTextHandler(&r.log, nil)), Now: r.clock.now,
		pause: func(ctx context.Context, d time.Duration) error {
			if d > 0 {
				fmt.Fprintln(&r.waited, d)
				r.clock.advance(d)
			}
			return ctx.Err()
		},
	}
	for i := range list {
		r.o.List = append(r.o.List, Source{Rule: list[i], From: fmt.Sprintf("config.toml:%d", i+1)})
	}
	if set != nil {
		set(&r.o)
	}
	r.tape.SetState(&model.State{Link: model.Live, Sim: true})
	r.start()
	t.Cleanup(func() { r.stop() })
	return r
}

// start runs the desk, as after a start of the program.
func (r *rig) start() {
	r.t.Helper()
	desk, err := New(r.o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.desk = desk
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = desk.Run(ctx) }()
	r.end = func() { cancel(); <-done }
	r.await("it stands at the tape", func(*alert.Inbox) bool { return r.ready(desk) })
}

// ready reports that the desk's post has begun.
func (r *rig) ready(d *Desk) bool {
	return d.post.holds() || d.Inbox().Idle != "" || !d.post.concerned()
}

func (r *rig) stop() {
	if r.end != nil {
		r.end()
		r.end = nil
	}
}

// obeyed waits until the runner has done what was asked of it.
func (r *rig) obeyed() {
	done := make(chan struct{})
	r.desk.order(func(*runner) { close(done) })
	<-done
}

// trade puts a window of a contract on the tape, a second wide, that ends now.
func (r *rig) trade(symbol string, premium float64) model.Row {
	r.t.Helper()
	id, known := r.ids[symbol]
	if !known {
		var err error
		if id, err = r.tape.Registry.Intern(symbol); err != nil {
			r.t.Fatal(err)
		}
		r.ids[symbol] = id
	}
	nan := float32(model.Unknown)
	row := model.Row{
		Start: r.clock.Now() - 1000, Contract: id, Span: model.Second, Size: uint32(premium / 100), Premium: premium,
		Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1, Prints: 1, DayVolume: model.UnknownCount, OpenInterest: model.UnknownCount,
		Spot: nan, IV: nan, Delta: nan, Bid: nan, Ask: nan, QuoteAge: model.NoQuote, Flags: model.FlagSim,
	}
	r.append(row)
	return row
}

func (r *rig) append(row model.Row) {
	r.tape.Append(row)
	r.tape.Publish()
}

// await waits until the inbox is as wanted.
func (r *rig) await(what string, is func(in *alert.Inbox) bool) *alert.Inbox {
	r.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		changed := r.desk.Changed()
		in := r.desk.Inbox()
		if is(in) {
			return in
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Millisecond): // what is asked may be elsewhere
		case <-deadline:
			r.t.Fatalf("not within 10 s: %s\ninbox %+v\nlog %s", what, in, r.log.String())
		}
	}
}

// settled waits for so many alerts of which none waits.
func (r *rig) settled(n int) *alert.Inbox {
	r.t.Helper()
	return r.await(fmt.Sprintf("%d alerts settled", n), func(in *alert.Inbox) bool {
		return in.Counts.Fired == uint64(n) && in.Counts.Waiting == 0
	})
}

// fire has a rule fire once, of a contract of its own, and waits for the outcome.
func (r *rig) fire() alert.Alert {
	r.t.Helper()
	n := int(r.desk.Inbox().Counts.Fired)
	r.trade(fmt.Sprintf("O:NVDA261218C%08d", 100_000+1000*len(r.ids)), 2e6)
	in := r.settled(n + 1)
	return in.Alerts[len(in.Alerts)-1]
}

// big fires for a million dollars.
func big(to ...string) alert.Rule { return alert.Rule{Name: "big", When: "prem>=1m", To: to} }

// mustURL is a URL of a test.
func mustURL(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// decoded are the JSON objects of a text, one a line.
func decoded(t testing.TB, text string) (list []Body) {
	t.Helper()
	for line := range bytes.Lines([]byte(text)) {
		var b Body
		if err := json.Unmarshal(line, &b); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list = append(list, b)
	}
	return list
}

// journalOf are the lines of the journal.
func (r *rig) journal() (list []entry) {
	r.t.Helper()
	list, _, err := readJournal(filepath.Join(r.o.Dir, journalName), time.Time{})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		r.t.Fatal(err)
	}
	return list
}

func mustAddr(text string) netip.Addr { return netip.MustParseAddr(text) }
