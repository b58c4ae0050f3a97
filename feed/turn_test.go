package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/tape"
)

// turnMost is how long a turn of the loop may take: keys, signals and deadlines
// wait for it. What is measured is processor time, which a machine with other
// things to do makes up to twice as much.
const turnMost, turnTolerance = 50 * time.Millisecond, 2

// torrent is a wire that acknowledges at once and else says what next does.
type torrent struct {
	said  chan string // statuses
	next  func() string
	ended chan struct{}
	once  sync.Once
}

func newTorrent(next func() string) *torrent {
	t := &torrent{said: make(chan string, 4096), next: next, ended: make(chan struct{})}
	t.said <- `[{"ev":"status","status":"connected"}]`
	return t
}

func (w *torrent) Read(ctx context.Context, buf []byte) ([]byte, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.ended:
		return nil, errors.New("closed")
	case text := <-w.said:
		return append(buf[:0], text...), nil
	default:
	}
	if w.next == nil {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-w.ended:
			return nil, errors.New("closed")
		case text := <-w.said:
			return append(buf[:0], text...), nil
		}
	}
	return append(buf[:0], w.next()...), nil
}

func (w *torrent) Login(context.Context) error {
	w.said <- `[{"ev":"status","status":"auth_success"}]`
	return nil
}

func (w *torrent) acknowledge(words string, ch link.Channel, symbols []string) error {
	if symbols == nil {
		symbols = []string{""}
	}
	var b strings.Builder
	for i, s := range symbols {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"ev":"status","status":"success","message":"%s to: %s"}`, words, massive.Pair(ch, s))
	}
	w.said <- "[" + b.String() + "]"
	return nil
}

func (w *torrent) Subscribe(_ context.Context, ch link.Channel, symbols []string) error {
	return w.acknowledge("subscribed", ch, symbols)
}

func (w *torrent) Unsubscribe(_ context.Context, ch link.Channel, symbols []string) error {
	return w.acknowledge("unsubscribed", ch, symbols)
}

func (w *torrent) Compressed() bool           { return false }
func (w *torrent) Ping(context.Context) error { return nil }
func (w *torrent) Heard() time.Time           { return time.Now() }
func (w *torrent) Partial() (time.Time, bool) { return time.Time{}, false }
func (w *torrent) Close()                     { w.CloseNow() }
func (w *torrent) Bare() bool                 { return false }
func (w *torrent) CloseNow()                  { w.once.Do(func() { close(w.ended) }) }

// manyRows is a REST whose chains are giant: every page names contracts that
// nobody has heard of, and another page.
type manyRows struct {
	rest.Source
	rows int
	n    atomic.Int64
}

func (r *manyRows) page(underlying string) source.ChainPage {
	p := source.ChainPage{Next: fmt.Sprint(r.n.Load())}
	for range r.rows {
		p.Snapshots = append(p.Snapshots, model.Snapshot{
			Symbol: nthSymbol(underlying, r.n.Add(1)), Shares: 100, HasDay: true, DayVolume: 5, DayUpdated: time.Now().UnixMilli(), DayVwap: 2, DayClose: 2,
			HasQuote: true, Quote: model.Quote{Bid: 1, Ask: 2, Read: time.Now().UnixMilli()}, Spot: 500,
		})
	}
	return p
}

func (r *manyRows) ChainNames(name string) []string   { return []string{name} }
func (r *manyRows) ListingNames(name string) []string { return []string{name} }
func (r *manyRows) IndexName(name string) string      { return name }

func (r *manyRows) Chain(_ context.Context, underlying string, _ source.ChainFilter) (source.ChainPage, error) {
	return r.page(underlying), nil
}
func (r *manyRows) ChainNext(context.Context, string) (source.ChainPage, error) {
	return r.page("SPY"), nil
}
func (r *manyRows) Contract(context.Context, string, string) (model.Snapshot, error) {
	return model.Snapshot{}, errors.New("none")
}
func (r *manyRows) Unified(context.Context, []string) ([]model.Snapshot, map[string]string, error) {
	return nil, nil, nil
}
func (r *manyRows) Contracts(context.Context, string, source.ChainFilter) (source.ListingPage, error) {
	return source.ListingPage{}, nil
}
func (r *manyRows) ContractsNext(context.Context, string) (source.ListingPage, error) {
	return source.ListingPage{}, nil
}
func (r *manyRows) Aggs(context.Context, string, model.Span, int64, int64) ([]model.Bar, bool, error) {
	return nil, true, nil
}
func (r *manyRows) MarketStatus(context.Context) (source.MarketStatus, error) {
	return source.MarketStatus{Market: "open", NYSE: "open", ServerTime: time.Now()}, nil
}
func (r *manyRows) Upcoming(context.Context) ([]source.Holiday, error) { return nil, nil }

func nthSymbol(underlying string, n int64) string {
	return fmt.Sprintf("O:%s%sC%08d", underlying, time.Now().AddDate(0, 1, int(n/50_000_000)).Format("060102"), 1+n%50_000_000)
}

func oneBar(symbol string, n int64) string {
	start := time.Now().UnixMilli()/1000*1000 - n%600*1000
	return fmt.Sprintf(`{"ev":"A","sym":%q,"v":3,"av":%d,"vw":9,"o":9,"c":9,"h":9,"l":9,"a":9,"z":1,"s":%d,"e":%d}`, symbol, 3*(1+n), start, start+1000)
}

func frameOf(size int, element func() string) string {
	var b strings.Builder
	for b.WriteByte('['); b.Len() < size; b.WriteByte(',') {
		b.WriteString(element())
	}
	return b.String()[:b.Len()-1] + "]"
}

// toldOfTooMany is a screen that says that contracts are left out.
func toldOfTooMany(s *model.State) bool {
	return slices.ContainsFunc(s.Notes, func(note string) bool { return strings.Contains(note, "with no room for") })
}

// No turn of the loop is long, and Run returns at once, whatever comes: giant
// frames and pages, ever new contracts and roots, a hundred thousand names to
// subscribe to.
func TestFault28NoTurnIsLong(t *testing.T) {
	faults.OpenReal(t, 28)
	if raced {
		t.Skip("times are judged without the race detector; TestFault28Flood is under it")
	}
	var n atomic.Int64
	bars := func(symbolOf func(i int64) string) func() string {
		return func() string {
			return frameOf(900<<10, func() string { i := n.Add(1); return oneBar(symbolOf(i), i/5000) })
		}
	}
	// Made before, since to make them takes longer than to read them.
	ready := func(make func() string) func() string {
		frames := []string{make(), make(), make(), make()}
		var i atomic.Int64
		return func() string { return frames[i.Add(1)%4] }
	}
	for name, c := range map[string]struct {
		next  func() string
		known int // contracts from the start
		rows  int // in a page of REST
		names bool
		done  func(s *model.State) bool
	}{
		"giant frames":  {next: ready(bars(func(i int64) string { return nthSymbol("SPY", i%5000) })), rows: 50},
		"new contracts": {next: bars(func(i int64) string { return nthSymbol([]string{"SPY", "QQQ"}[i%2], i) }), rows: 50, done: toldOfTooMany},
		"new roots":     {next: bars(func(i int64) string { return nthSymbol(fmt.Sprintf("A%05d", i%100_000), 1) }), rows: 50},
		"nothing":       {next: ready(func() string { return frameOf(1<<20-8, func() string { return "{}" }) }), rows: 50},
		"statuses": {next: ready(func() string {
			return frameOf(60<<10, func() string { return `{"ev":"status","status":"error","message":"x"}` })
		}), rows: 50},
		"acknowledgements": {next: ready(func() string {
			return `[{"ev":"status","status":"success","message":"subscribed to: ` + strings.Repeat("A.*,", 15<<10) + `"}]`
		}), rows: 50},
		"odd elements": {next: ready(func() string {
			return frameOf(250<<10, func() string { return `{"ev":"A","sym":"O:\u0053PY","v":{}}` })
		}), rows: 50},
		"giant pages":         {rows: 1250},
		"many names":          {known: 100_000, rows: 1, names: true, done: func(s *model.State) bool { return s.Subscribed >= 100_000 }},
		"names and new pages": {known: 40_000, rows: 1250, names: true},
	} {
		t.Run(name, func(t *testing.T) {
			tape := tape.New(tape.Options{})
			for i := range c.known {
				if _, err := tape.Registry.Intern(nthSymbol([]string{"SPY", "QQQ"}[i%2], int64(i))); err != nil {
					t.Fatal(err)
				}
			}
			o := Options{Tape: tape, REST: &manyRows{rows: c.rows}, Tickers: []string{"SPY", "QQQ"}, AutoRefresh: true, Stream: realtime(Endpoint{URL: "ws://x"})}
			if c.names {
				o.Subscribe = link.SubscribeContracts
			}
			streams(&o).Connect = func(context.Context, Endpoint, link.Channel) (Wire, error) { return newTorrent(c.next), nil }
			e := New(o)
			var longest atomic.Int64
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			ended := make(chan error, 1)
			go func() {
				clock := threadClock()
				last := clock()
				e.turned = func() {
					now := clock()
					longest.Store(max(longest.Load(), int64(now-last)))
					last = now
				}
				ended <- e.Run(ctx)
			}()
			done := c.done
			if done == nil {
				until := time.Now().Add(2 * time.Second)
				done = func(*model.State) bool { return time.Now().After(until) }
			}
			awaitState(t, tape, 60*time.Second, "done", done)
			asked := time.Now()
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			t.Logf("the longest turn %v, the end %v, %d contracts", time.Duration(longest.Load()).Round(time.Millisecond), time.Since(asked).Round(time.Millisecond), tape.Contracts.Len())
			if took := time.Duration(longest.Load()); took > turnTolerance*turnMost {
				t.Errorf("a turn took %v", took)
			}
			if took := time.Since(asked); took > 2*time.Second {
				t.Errorf("the end took %v", took)
			}
		})
	}
}
