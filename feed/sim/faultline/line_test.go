package faultline

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// piped joins two pipes by a line with the faults, under a virtual clock.
func piped(t *testing.T, f Faults) (l *Line, client, server net.Conn) {
	t.Helper()
	client, near := net.Pipe()
	far, server := net.Pipe()
	l = New()
	l.Set(f)
	l.Join(near, far)
	t.Cleanup(func() { l.Close(); _ = client.Close(); _ = server.Close() })
	return l, client, server
}

// What goes in comes out, as late, as slowly and in as small parts as asked.
func TestDelays(t *testing.T) {
	payload := bytes.Repeat([]byte("0123456789"), 400)
	for _, tt := range []struct {
		name        string
		faults      Faults
		first, last time.Duration
	}{
		{"none", Faults{}, 0, 0},
		{"latency", Faults{Latency: 300 * time.Millisecond}, 300 * time.Millisecond, 300 * time.Millisecond},
		{"bandwidth", Faults{Bandwidth: 1000}, 0, 4 * time.Second},
		{"both, in slices", Faults{Latency: time.Second, Bandwidth: 1000, Slice: 7}, time.Second, 5 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, client, server := piped(t, tt.faults)
			start := time.Now()
			go func() { _, _ = server.Write(payload) }()
			got := make([]byte, len(payload))
			if _, err := io.ReadFull(client, got[:1]); err != nil || time.Since(start) != tt.first {
				t.Errorf("%s: the first byte after %v, %v", tt.name, time.Since(start), err)
			}
			if _, err := io.ReadFull(client, got[1:]); err != nil || !bytes.Equal(got, payload) {
				t.Errorf("%s: damaged, %v", tt.name, err)
			}
			if took := time.Since(start); took < tt.last-tt.last/20 || took > tt.last {
				t.Errorf("%s: took %v, want %v", tt.name, took, tt.last)
			}
		})
	}
}

// A hole swallows both directions and both ends; a limit cuts in the middle.
func TestHoleAndLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, client, server := piped(t, Faults{Hole: true})
		_, _ = server.Write([]byte("lost"))
		_ = server.Close()
		_ = client.SetReadDeadline(time.Now().Add(time.Hour))
		if n, err := client.Read(make([]byte, 1)); n != 0 || !strings.Contains(err.Error(), "timeout") {
			t.Errorf("%d bytes out of a hole, %v", n, err)
		}
		l.Close()
		if _, err := client.Read(make([]byte, 1)); err == nil {
			t.Error("open after its end")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		l, client, server := piped(t, Faults{Limit: 1234})
		go func() { _, _ = server.Write(make([]byte, 4000)) }()
		if got, _ := io.ReadAll(client); len(got) != 1234 || l.Passed() != 1234 {
			t.Errorf("%d bytes, %d passed", len(got), l.Passed())
		}
	})
}

// A reset is a reset and a cut the stream's end, over real sockets.
func TestResetAndCut(t *testing.T) {
	target, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	for _, reset := range []bool{true, false} {
		p, err := Listen(target.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		client, err := net.Dial("tcp", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		server, err := target.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = client.Write([]byte("GET / HTTP/1.1\r\nUpgrade: websocket\r\n"))
		_, _ = server.Read(make([]byte, 100))
		if p.Upgrades() != 1 {
			t.Errorf("%d upgrades", p.Upgrades())
		}
		end := p.Cut
		if reset {
			end = p.Reset
		}
		end()
		_, err = client.Read(make([]byte, 1))
		if errors.Is(err, syscall.ECONNRESET) != reset || err == nil {
			t.Errorf("reset %v: %v", reset, err)
		}
		p.Close()
		_ = client.Close()
		_ = server.Close()
	}
}
