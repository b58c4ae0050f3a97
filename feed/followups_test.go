package feed

import (
	"context"
	"errors"
	"math"
	"net"
	"testing"
	"time"

	"optflow/feed/massive/api"
	"optflow/feed/mimic"
	"optflow/feed/rest"
	"optflow/feed/sim/exchange"
	"optflow/feed/source"
	"optflow/model"
	face "optflow/model/market"
)

// What the ledger asks, over real sockets: the quotes are those that the market
// had in force, the spot is its own, open interest by date is what the snapshots
// show.
func TestFollowupsAgainstTheSimulatedMarket(t *testing.T) {
	t.Parallel()
	engine, tape, server, end := loopback(t, exchange.Options{Seed: 7, Rate: 200, Speed: 5, Tickers: []string{"SPY"}}, func(o *Options) { o.Tickers = []string{"SPY"} })
	defer end()
	awaitState(t, tape, 20*time.Second, "rows", func(s *model.State) bool { return s.Counters.Rows > 50 && s.Plan.Known })
	within := func(most time.Duration) context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), most)
		t.Cleanup(cancel)
		return ctx
	}
	patient := func() context.Context { return within(20 * time.Second) } // as the ledger is with one answer
	seat := engine.Market().Seat()
	symbols := server.Market().Symbols()[:40]
	now, err := seat.Snapshots(patient(), symbols)
	if err != nil || len(now) != len(symbols) {
		t.Fatalf("%d of %d contracts, %v", len(now), len(symbols), err)
	}
	at := now[0].Read - 30_000
	for _, symbol := range symbols[:5] {
		got, err := seat.AsOf(patient(), symbol, at)
		if err != nil {
			t.Fatal(err)
		}
		truth := server.Market().Quotes(symbol, at, at)
		want := truth[len(truth)-1]
		if !got.HasQuote || got.Quote.Bid != want.Bid || got.Quote.Ask != want.Ask || got.Quote.Updated != want.Time || got.Quote.Read != at {
			t.Errorf("%s: %+v, the truth is %+v", symbol, got.Quote, want)
		}
		m := server.Market()
		m.Hold()
		spot := m.UnderlyingOf("SPY").At(got.SpotUpdated - 1000)
		m.Release()
		if math.Abs(got.Spot-spot) > 1e-9 || got.SpotUpdated != at/60_000*60_000 {
			t.Errorf("spot %v as of %d, the truth is %v", got.Spot, got.SpotUpdated, spot)
		}
	}
	// It comes behind the past that the start reads, ten requests a second at best.
	interest, err := seat.Interest(within(20*time.Second+2*rest.HistoryMost*time.Second/rest.Rate), symbols[0], model.TradingDate(at)+1)
	if err != nil || interest != (model.Interest{Lots: -1, Volume: -1}) {
		t.Errorf("of tomorrow: %+v, %v", interest, err)
	}
}

// A seat is told what the plan does not carry, and that the feed has ended.
func TestFollowupsOfASeat(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 4)...)
		r := newRig(t, m, nil)
		r.live(time.Second)
		symbol := chainSymbols("SPY", 4)[0]
		seat := r.engine.face()
		time.Sleep(time.Minute)
		got, err := seat.AsOf(t.Context(), symbol, time.Now().UnixMilli()-30_000)
		if err != nil || got.Quote.Bid != 3.9 || got.Spot != 150 {
			t.Errorf("%+v, %v", got, err)
		}
		session := model.MakeDate(1999, time.December, 31)
		if got, err := seat.Interest(t.Context(), symbol, session); err != nil || got.Lots != int64(session) || !got.ByDate {
			t.Errorf("%+v, %v", got, err)
		}
		m.set(func() {
			m.fail = func(string) error { return &source.Failure{Kind: source.ErrorNotEntitled, Message: "not in your plan"} }
		})
		for range 3 {
			_, err = seat.Snapshots(t.Context(), []string{symbol})
		}
		if !errors.Is(err, face.ErrNotInPlan) {
			t.Errorf("not in the plan: %v", err)
		}
		seat.AutoRefresh(false)
		time.Sleep(time.Second)
		if _, err := seat.Snapshots(t.Context(), []string{symbol}); err == nil {
			t.Error("an answer although the feed rests")
		}
		r.end()
		if _, err := seat.Interest(t.Context(), symbol, session); err == nil {
			t.Error("an answer from an engine that has ended")
		}
	})
}

// The second vendor states yesterday's open interest by date, and has neither
// quotes by time nor prices of underlyings.
func TestFollowupsOfTheOtherVendor(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	vendor := mimic.New(mimic.Options{Seed: 1, Key: "k", Underlying: "ABC", Strikes: 2, Expiry: time.Now().AddDate(0, 0, 7)})
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- vendor.Serve(ctx, listener) }()
	rest, err := api.NewREST(api.RESTOptions{BaseURL: "http://" + listener.Addr().String(), Key: testKey("k")})
	if err != nil {
		t.Fatal(err)
	}
	symbol := "O:ABC" + time.Now().AddDate(0, 0, 7).Format("060102") + "C00090000"
	y, m, d := time.Now().AddDate(0, 0, -1).Date()
	yesterday := model.MakeDate(y, m, d)
	if lots, err := rest.Interest(ctx, symbol, yesterday); lots != 777 || err != nil {
		t.Errorf("%d lots, %v", lots, err)
	}
	if lots, err := rest.Interest(ctx, symbol, yesterday-1); lots != -1 || err != nil {
		t.Errorf("of another day: %d lots, %v", lots, err)
	}
	if _, err := rest.Quotes(ctx, symbol, time.Now().UnixMilli(), 1); source.KindOf(err) != source.ErrorNotEntitled {
		t.Errorf("quotes by time: %v", err)
	}
	rest.Close()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
