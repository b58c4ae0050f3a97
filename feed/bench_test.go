package feed

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"runtime"
	"strings"
	"testing"
	"time"

	"optflow/bench/cpu"
	"optflow/feed/source"
	"optflow/model/tape"
)

// hose is a WebSocket server of the plainest kind: it greets, accepts whatever
// it is sent, and then writes prepared frames as fast as they are taken. Its
// extensions are lines of the handshake's answer.
func hose(b testing.TB, l net.Listener, frames [][]byte, extensions string) {
	conn, err := l.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	text := textproto.NewReader(in)
	if _, err := text.ReadLine(); err != nil {
		return
	}
	header, err := text.ReadMIMEHeader()
	if err != nil {
		return
	}
	sum := sha1.Sum([]byte(header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n", base64.StdEncoding.EncodeToString(sum[:]), extensions)
	status := func(status, message string) {
		conn.Write(wsFrame(fmt.Appendf(nil, `[{"ev":"status","status":%q,"message":%q}]`, status, message)))
	}
	status("connected", "Connected Successfully")
	readClient(in)
	status("auth_success", "authenticated")
	readClient(in)
	status("success", "subscribed to: A.*")
	go io.Copy(io.Discard, in)
	out := bufio.NewWriterSize(conn, 64<<10)
	for _, f := range frames {
		if _, err := out.Write(f); err != nil {
			return
		}
	}
	out.Flush()
	<-b.Context().Done()
}

// wsFrame is one unmasked text frame, as servers send them.
func wsFrame(payload []byte) []byte {
	switch n := len(payload); {
	case n < 126:
		return append([]byte{0x81, byte(n)}, payload...)
	case n < 1<<16:
		return append(binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(n)), payload...)
	default:
		return append(binary.BigEndian.AppendUint64([]byte{0x81, 127}, uint64(n)), payload...)
	}
}

// readClient skips one short masked frame.
func readClient(in *bufio.Reader) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil {
		return
	}
	n := int(head[1] & 127)
	if n == 126 {
		long := make([]byte, 2)
		io.ReadFull(in, long)
		n = int(binary.BigEndian.Uint16(long))
	}
	in.Discard(4 + n)
}

// benchFrames are n bars of 2,000 contracts, a second apart, in frames of per.
func benchFrames(n, per int) [][]byte {
	symbols := chainSymbols("SPY", 2000)
	start := time.Now().Add(-time.Duration(n/len(symbols)+10) * time.Second).Truncate(time.Second).UnixMilli()
	var frames [][]byte
	for i := 0; i < n; {
		var events []string
		for ; i < n && len(events) < per; i++ {
			round := int64(i / len(symbols))
			events = append(events, bar{"A", symbols[i%len(symbols)], start + round*1000, 1000, 7, 7 * (round + 1), 4.25}.json())
		}
		frames = append(frames, []byte("["+strings.Join(events, ",")+"]"))
	}
	return frames
}

// throughSocket takes n events in frames of per from a socket to the tape, and
// returns what that took beyond the preparation.
func throughSocket(b testing.TB, n, per int) (took, processor time.Duration, allocations uint64) {
	b.Helper()
	took, processor, allocations, _ = throughSocketAs(b, n, benchFrames(n, per), plainFrames)
	return took, processor, allocations
}

// throughSocketAs is throughSocket with payloads of n events in frames of a kind,
// and how many bytes of the wire those are.
func throughSocketAs(b testing.TB, n int, payloads [][]byte, kind frameKind) (took, processor time.Duration, allocations uint64, wire int) {
	b.Helper()
	frames := kind.pack(payloads)
	for _, f := range frames {
		wire += len(f)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	go hose(b, l, frames, kind.extensions)
	tape, rest := tape.New(tape.Options{}), newMarket()
	rest.fail = failWith(source.ErrorNotEntitled, http.StatusForbidden) // what is asked goes by time, not by events
	e := New(Options{
		Tape: tape, Tickers: []string{"SPY"}, REST: rest, AutoRefresh: true,
		Stream: realtime(Endpoint{URL: "ws://" + l.Addr().String() + "/options", Key: testKey("k"), Compress: kind.extensions != ""}),
	})
	e.ring.maxFrames, e.ring.maxBytes = 1<<30, 1<<40 // measure the work, not the loss under overload
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	used, start := cpu.Used(), time.Now()
	go func() { ended <- e.Run(ctx) }()
	for deadline := time.After(time.Minute); tape.Next() < uint64(n); {
		changed := tape.Changed()
		if tape.Next() >= uint64(n) {
			break
		}
		select {
		case <-changed:
		case <-deadline:
			b.Fatalf("%d of %d rows, state %+v", tape.Next(), n, tape.State())
		}
	}
	took, processor = time.Since(start), cpu.Used()-used
	runtime.ReadMemStats(&after)
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	return took, processor, after.Mallocs - before.Mallocs, wire
}

// BenchmarkSocketToTape is the whole way of an event: socket, frame, ring,
// decoder, accounts, tape.
func BenchmarkSocketToTape(b *testing.B) {
	for _, per := range []int{100, 1} {
		b.Run(fmt.Sprintf("%d events a frame", per), func(b *testing.B) {
			took, processor, allocations := throughSocket(b, b.N, per)
			b.ReportMetric(float64(took)/float64(b.N), "ns/event")
			b.ReportMetric(float64(processor)/float64(b.N), "cpu-ns/event")
			b.ReportMetric(float64(b.N)/took.Seconds(), "events/s")
			b.ReportMetric(float64(allocations)/float64(b.N), "allocs/event")
		})
	}
}

// TestAllocationsAnEvent holds what an event allocates from the socket to the
// tape, in the long run: what connecting and the first of each contract cost
// falls out of the difference.
func TestAllocationsAnEvent(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates")
	}
	const few, many, most = 150_000, 350_000, 0.05 // docs/performance.md
	_, _, base := throughSocket(t, few, 100)
	_, _, all := throughSocket(t, many, 100)
	if got := (float64(all) - float64(base)) / (many - few); got > most {
		t.Errorf("%.3f allocations an event, at most %v are promised", got, most)
	} else {
		t.Logf("%.3f allocations an event", got)
	}
}
