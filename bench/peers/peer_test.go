// The vendor's own clients against the simulated market.
// It is a module of its own so that users of optflow do not inherit that client.
package main

import (
	"context"
	"net"
	"testing"
	"time"

	polygon "github.com/polygon-io/client-go/rest"
	"github.com/polygon-io/client-go/rest/models"
	polygonws "github.com/polygon-io/client-go/websocket"
	wsmodels "github.com/polygon-io/client-go/websocket/models"

	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
)

const key = "peer-test-key"

// serve runs the simulated market on loopback until the test ends and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	server := sim.NewServer(exchange.NewMarket(exchange.Options{Seed: 7}), sim.ServerOptions{Key: key})
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	return listener.Addr().String()
}

// The vendor's own Go client, with nothing but its base URL changed, gets
// second bars over the WebSocket.
func TestVendorClientStreams(t *testing.T) {
	address := serve(t)
	client, err := polygonws.New(polygonws.Config{
		APIKey: key,
		Feed:   polygonws.Feed("ws://" + address),
		Market: polygonws.Options,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Connect(); err != nil {
		t.Fatalf("connecting: %v", err)
	}
	if err := client.Subscribe(polygonws.OptionsSecAggs); err != nil {
		t.Fatalf("subscribing: %v", err)
	}
	deadline := time.After(20 * time.Second)
	for bars := 0; bars < 20; {
		select {
		case err := <-client.Error():
			t.Fatalf("client gave up: %v", err)
		case event := <-client.Output():
			bar, ok := event.(wsmodels.EquityAgg)
			if !ok {
				continue
			}
			if bar.Symbol == "" || bar.Volume <= 0 || bar.High < bar.Low || bar.EndTimestamp-bar.StartTimestamp != 1000 {
				t.Fatalf("not a second bar: %+v", bar)
			}
			bars++
		case <-deadline:
			t.Fatalf("only %d bars within the deadline", bars)
		}
	}
}

// The vendor's REST client pages through a chain and reads the bars of one contract.
func TestVendorClientReads(t *testing.T) {
	client := polygon.New(key)
	client.HTTP.SetBaseURL("http://" + serve(t))
	limit := 250
	pages := client.ListOptionsChainSnapshot(t.Context(), &models.ListOptionsChainParams{UnderlyingAsset: "SPY", Limit: &limit})
	var busiest models.OptionContractSnapshot
	count := 0
	for pages.Next() {
		item := pages.Item()
		if item.Details.Ticker == "" {
			t.Fatalf("snapshot without a ticker: %+v", item)
		}
		if item.Day.Volume > busiest.Day.Volume {
			busiest = item
		}
		count++
	}
	if err := pages.Err(); err != nil {
		t.Fatalf("paging the chain: %v", err)
	}
	if count <= limit {
		t.Fatalf("%d contracts: a second page was expected", count)
	}
	now := time.Now()
	bars := client.ListAggs(t.Context(), &models.ListAggsParams{
		Ticker: busiest.Details.Ticker, Multiplier: 1, Timespan: models.Minute,
		From: models.Millis(now.Add(-time.Hour)), To: models.Millis(now),
	})
	read := 0
	for bars.Next() {
		if bars.Item().Volume <= 0 {
			t.Fatalf("bar without volume: %+v", bars.Item())
		}
		read++
	}
	if err := bars.Err(); err != nil {
		t.Fatalf("reading bars: %v", err)
	}
	if read == 0 {
		t.Fatalf("no bars for %s, whose day volume is %v", busiest.Details.Ticker, busiest.Day.Volume)
	}
}
