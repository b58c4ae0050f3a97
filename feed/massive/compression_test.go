package massive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive/wiretest"
)

// numbered are frames that pack well, the n-th of them n times as long.
func numbered(n int) []byte {
	return []byte("[" + strings.Repeat(fmt.Sprintf(`{"ev":"A","n":%d},`, n), n) + `{}]`)
}

func TestCompression(t *testing.T) {
	const frames = 200
	send := func(ctx context.Context, ws *websocket.Conn) {
		for n := range frames {
			if ws.Write(ctx, websocket.MessageText, numbered(n)) != nil {
				return
			}
		}
		_, _, _ = ws.Read(ctx)
	}
	taken := newStreamServer(t, send)
	declining := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer ws.CloseNow()
		send(r.Context(), ws)
	}))
	t.Cleanup(declining.Close)
	for name, c := range map[string]struct {
		url               string
		offer, compressed bool
	}{
		"not offered": {taken.ws(), false, false},
		"taken":       {taken.ws(), true, true},
		"declined":    {"ws" + strings.TrimPrefix(declining.URL, "http"), true, false},
	} {
		conn := dialTest(t, c.url, StreamOptions{Compress: c.offer}, link.SecondBars)
		if conn.Compressed() != c.compressed {
			t.Errorf("%s: compressed %v", name, conn.Compressed())
		}
		if c.url == taken.ws() {
			if offer := taken.last().Header.Get("Sec-WebSocket-Extensions"); (offer != "") != c.offer {
				t.Errorf("%s: offered %q", name, offer)
			}
		}
		var frame []byte
		var err error
		for n := range frames {
			if frame, err = conn.Read(wiretest.Bounded(t), frame); err != nil || !bytes.Equal(frame, numbered(n)) {
				t.Fatalf("%s: frame %d is %.80q, %v", name, n, frame, err)
			}
		}
		if err := conn.Subscribe(wiretest.Bounded(t), link.SecondBars, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		conn.CloseNow()
	}
}

// countedConn counts the reads of a socket.
type countedConn struct {
	net.Conn
	reads atomic.Int64
}

func (c *countedConn) Read(p []byte) (int, error) { c.reads.Add(1); return c.Conn.Read(p) }

// Inflating takes nothing from the rule that the socket is read 64 KiB at a time.
func TestCompressedSocketIsReadAhead(t *testing.T) {
	const frames = 4000
	written := make(chan struct{})
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		for n := range frames {
			if ws.Write(ctx, websocket.MessageText, numbered(10+n%20)) != nil {
				return
			}
		}
		close(written)
		_, _, _ = ws.Read(ctx)
	})
	var socket *countedConn
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		socket = &countedConn{Conn: conn}
		return &buffered{socket, bufio.NewReaderSize(socket, readBuffer)}, nil
	}}}
	conn := dialTest(t, server.ws(), StreamOptions{Compress: true, HTTPClient: client}, link.SecondBars)
	<-written
	before := socket.reads.Load()
	var frame []byte
	for n := range frames {
		var err error
		if frame, err = conn.Read(wiretest.Bounded(t), frame); err != nil {
			t.Fatalf("frame %d: %v", n, err)
		}
	}
	if reads := socket.reads.Load() - before; reads > frames/50 {
		t.Errorf("%d reads of the socket for %d frames", reads, frames)
	}
}

// deflated is a payload as one compressed frame holds it (RFC 7692 section 7.2.1).
func deflated(t *testing.T, plain func(w *flate.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	plain(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()[:b.Len()-4]
}

// rawServer agrees on compression and then sends frames as they stand.
func rawServer(t *testing.T, payload []byte) *streamServer {
	s := &streamServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Accept: " + acceptKey(r.Header.Get("Sec-WebSocket-Key")) + "\r\n\r\n"))
		_, _ = conn.Write(compressedFrame(payload))
		_, _ = conn.Read(make([]byte, 64)) // until the client leaves
	}))
	t.Cleanup(s.Close)
	return s
}

// A frame of 256 KB that would be 256 MB is inflated up to the limit only.
func TestFault30InflatesNoFurtherThanTheLimit(t *testing.T) {
	faults.Open(t, 30)
	bomb := deflated(t, func(w *flate.Writer) {
		zeros := make([]byte, 1<<20)
		for range 64 {
			_, _ = w.Write(zeros)
		}
	})
	if len(bomb) > 80<<10 {
		t.Fatalf("the bomb is %d bytes", len(bomb))
	}
	conn := dialTest(t, rawServer(t, bomb).ws(), StreamOptions{Compress: true}, link.SecondBars)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, err := conn.Read(wiretest.Bounded(t), nil)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTooBig) {
		t.Errorf("it ended with %v", err)
	}
	// The buffer doubles to 8 MiB, so all of its sizes together are 16.
	if all := after.TotalAlloc - before.TotalAlloc; all > 2*DefaultReadLimit+1<<20 {
		t.Errorf("%d KB were allocated", all>>10)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 1<<20 {
		t.Errorf("%d KB are kept", kept>>10)
	}
}

func TestWhatCannotBeInflated(t *testing.T) {
	conn := dialTest(t, rawServer(t, []byte("\xff\xff\xff\xff no deflate at all")).ws(), StreamOptions{Compress: true}, link.SecondBars)
	if _, err := conn.Read(wiretest.Bounded(t), nil); !errors.Is(err, ErrCompression) {
		t.Errorf("it ended with %v", err)
	}
	if _, err := conn.Read(wiretest.Bounded(t), nil); err == nil {
		t.Error("it goes on")
	}
}

// What a compressed connection holds more than a plain one while nothing comes:
// the last 32 KiB that were inflated. docs/performance.md states it.
func TestCompressionMemory(t *testing.T) {
	const conns, most = 40, 64 << 10
	plain := func(w io.Writer) { _, _ = w.Write(numbered(100)) }
	held := func(server *streamServer, compress bool) int64 {
		var all []*Conn
		for range conns {
			all = append(all, dialTest(t, server.ws(), StreamOptions{Compress: compress}, link.SecondBars))
		}
		var before, after runtime.MemStats
		collect(&before)
		for _, c := range all {
			if frame, err := c.Read(context.Background(), nil); err != nil || !bytes.Equal(frame, numbered(100)) {
				t.Fatalf("%q, %v", frame, err)
			}
		}
		collect(&after)
		for _, c := range all {
			c.CloseNow()
		}
		return (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / conns
	}
	one := held(newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, numbered(100))
		_, _, _ = ws.Read(ctx)
	}), false)
	packed := held(rawServer(t, deflated(t, func(w *flate.Writer) { plain(w) })), true)
	t.Logf("a connection that read a frame holds %d bytes more, a compressed one %d", one, packed)
	if packed-one > most {
		t.Errorf("compression holds %d bytes a connection", packed-one)
	}
}

// collect reads the heap without what only pools hold.
func collect(into *runtime.MemStats) {
	for range 3 { // a pool lets go at the second
		runtime.GC()
	}
	runtime.ReadMemStats(into)
}

// acceptKey answers a handshake's key (RFC 6455 section 4.2.2).
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// compressedFrame is one whole text frame whose payload is compressed.
func compressedFrame(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{0xc1, 127}, uint64(len(payload))), payload...)
}
