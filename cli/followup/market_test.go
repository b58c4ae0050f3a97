package followup

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"optflow/feed"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/ledger"
	"optflow/model/tape"
)

type testKey string

func (k testKey) Reveal() string { return string(k) }

// What was missed while the program was off is asked of a market over real
// sockets: the quotes are those that were in force, the spot its own.
func TestMissedMarksOfAMarket(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	venue := exchange.NewMarket(exchange.Options{Seed: 5, Start: day.At(11, 0), Rate: 100, Tickers: []string{"SPY"}})
	server := sim.NewServer(venue, sim.ServerOptions{Key: "k"})
	ctx, stop := context.WithCancel(t.Context())
	served, ran, kept := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener) }()
	at := listener.Addr().String()
	now := clock.New()
	rest, err := api.NewREST(api.RESTOptions{
		BaseURL: "http://" + at, Key: testKey("k"), Now: now.Now, OnDate: func(server, wall time.Time) { now.Set(server.UnixMilli(), wall) },
	})
	if err != nil {
		t.Fatal(err)
	}
	engine := feed.New(feed.Options{
		Tape: tape.New(tape.Options{}), Clock: now, REST: rest, Tickers: []string{"SPY"}, Span: model.Second, AutoRefresh: true,
		Stream: &massive.Streams{Realtime: massive.StreamOptions{URL: "ws://" + at + "/options", Key: testKey("k")}},
	})
	engine.Market().Seat() // of a face: the keeper's own wants nothing
	go func() { ran <- engine.Run(ctx) }()

	symbol, seen := venue.Symbols()[200], day.At(10, 40).UnixMilli()
	dir := filepath.Join(t.TempDir(), "ledger")
	f := files{dir: dir}
	if err := f.append(day, &ledger.Alert{
		ID: "a", Rule: "off", Version: "v", On: "burst", Contract: symbol, Underlying: "SPY", Date: day.String(), Start: seen - 2_000, End: seen, Seen: seen,
		Price: 1, Premium: 1, Spot: 650, Volume: ledger.None, OI: ledger.None, IV: ledger.None, Delta: ledger.None, Side: "A", Certainty: "sure",
	}); err != nil {
		t.Fatal(err)
	}
	f.close()
	k := New(Options{Market: engine.Market(), Dir: dir, Holds: func() bool { return true }, Trouble: func(text string) { t.Error(text) }})
	for changed := engine.Market().Rows().Changed(); engine.Market().State().Link != model.Live; changed = engine.Market().Rows().Changed() {
		select {
		case <-changed:
		case <-time.After(time.Minute):
			t.Fatal("the feed is not live")
		}
	}
	go func() { kept <- k.Run(ctx) }()
	var mark *ledger.Mark
	for deadline := time.Now().Add(time.Minute); mark == nil && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		book, _, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for i := range book.Of("a").Marks {
			if m := &book.Of("a").Marks[i]; m.Horizon == ledger.After5m {
				mark = m
			}
		}
	}
	stop()
	for _, ended := range []chan error{kept, ran, served} {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	rest.Close()
	if mark == nil || mark.Quote == nil {
		t.Fatalf("the mark is %+v", mark)
	}
	due := seen + 5*60_000
	truth := venue.Quotes(symbol, due, due)
	want := truth[len(truth)-1]
	if q := mark.Quote; q.Basis != ledger.RestQuote || float64(q.Bid) != want.Bid || float64(q.Ask) != want.Ask || q.Read != due {
		t.Errorf("%+v, the truth is %+v", q, want)
	}
	venue.Hold()
	spot := venue.UnderlyingOf("SPY").At(due/60_000*60_000 - 1000)
	venue.Release()
	if float64(mark.Spot) != spot || mark.SpotLate {
		t.Errorf("spot %v, the truth is %v", mark.Spot, spot)
	}
}
