package sim

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/sim/exchange"
)

// BenchmarkEncode writes one bar.
func BenchmarkEncode(b *testing.B) {
	m := exchange.NewMarket(exchange.Options{Seed: 1, Start: monday})
	e := exchange.Event{Kind: exchange.ChannelA, Contract: m.Contracts[0], Start: monday.UnixMilli(), Open: 485, High: 490, Low: 480, Close: 486,
		Opening: 470, Count: 7, Volume: 412, Cents: 412 * 485, DayVolume: 18734, DayCents: 18734 * 471}
	f := exchange.Faults{}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = appendEvent(buf[:0], &e, &f)
	}
	b.SetBytes(int64(len(buf)))
}

// BenchmarkWire sends every trade and second bar of a fast market to one client
// over TCP.
func BenchmarkWire(b *testing.B) {
	const rate = 150_000 // more than can be sent
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	served := make(chan error, 1)
	s := NewServer(exchange.NewMarket(exchange.Options{Seed: 1, Start: monday, Rate: rate}), ServerOptions{QueueBytes: 256 << 20})
	go func() { served <- s.Serve(ctx, l) }()
	defer func() { cancel(); <-served }()
	c, _, err := websocket.Dial(ctx, "ws://"+l.Addr().String()+"/options", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	c.SetReadLimit(64 << 20)
	for _, text := range []string{`{"action":"auth","params":"k"}`, `{"action":"subscribe","params":"A.*,T.*"}`} {
		if err := c.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	began, events := time.Now(), 0
	for events < b.N {
		_, text, err := c.Read(ctx)
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; i+5 < len(text); i++ {
			if text[i] == '"' && text[i+1] == 'e' && text[i+2] == 'v' {
				events++
				i += 60
			}
		}
	}
	b.ReportMetric(float64(events)/time.Since(began).Seconds(), "events/s")
}
