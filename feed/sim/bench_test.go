package sim

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// BenchmarkStart is a market from nothing to its first second.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		m := NewMarket(Options{Seed: 1, Start: monday, Faults: AllFaults()})
		m.mu.Lock()
		m.catchUp()
		m.mu.Unlock()
	}
}

// BenchmarkTrade makes trades and their bars, without anybody listening.
func BenchmarkTrade(b *testing.B) {
	for _, rate := range []float64{250, 50_000} {
		b.Run(ms(int64(rate)), func(b *testing.B) {
			m := NewMarket(Options{Seed: 1, Start: monday, Rate: rate})
			m.mu.Lock()
			defer m.mu.Unlock()
			m.catchUp()
			from := m.log.next
			for b.Loop() {
				m.step()
				m.schedule.release(m, m.frontier)
			}
			n := float64(m.log.next-from) / float64(b.N)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/trade")
			b.ReportMetric(n, "trades/step")
		})
	}
}

// BenchmarkEncode writes one bar.
func BenchmarkEncode(b *testing.B) {
	m := NewMarket(Options{Seed: 1, Start: monday})
	e := event{kind: channelA, contract: m.contracts[0], start: m.live, open: 485, high: 490, low: 480, close: 486,
		opening: 470, count: 7, volume: 412, cents: 412 * 485, dayVolume: 18734, dayCents: 18734 * 471}
	f := Faults{}
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
	s := NewServer(NewMarket(Options{Seed: 1, Start: monday, Rate: rate}), ServerOptions{QueueBytes: 256 << 20})
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
