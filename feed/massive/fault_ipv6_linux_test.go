package massive

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive/wiretest"
)

// A listener whose queue is full swallows connection attempts as a broken route
// does. The name has both families, by a resolver of our own.
func TestFault42IPv6Swallowed(t *testing.T) {
	run := faults.OpenReal(t, 42)
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) { _, _, _ = ws.Read(ctx) })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	swallowing := swallowIPv6(t, port)
	saved := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = saved })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go answerNames(far)
		return near, nil
	}}
	start := time.Now()
	c, err := Dial(wiretest.Bounded(t), StreamOptions{URL: "ws://both.test:" + port, Key: wiretest.Secret(wiretest.Canary)}, link.SecondBars)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	c.CloseNow()
	run.Recovered(took)
	if swallowing && took < 200*time.Millisecond {
		t.Errorf("connected after %v: IPv6 was not even tried", took)
	}
}

// swallowIPv6 makes [::1]:port swallow connection attempts; false where there
// is no IPv6, whose attempts then fail at once.
func swallowIPv6(t *testing.T, port string) bool {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	number, _ := net.LookupPort("tcp", port)
	at := &syscall.SockaddrInet6{Port: number, Addr: [16]byte{15: 1}}
	if syscall.SetsockoptInt(fd, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 1) != nil || syscall.Bind(fd, at) != nil || syscall.Listen(fd, 0) != nil {
		return false
	}
	swallows := false
	for range 4 { // more than the queue holds, however soon each is given up
		c, err := net.DialTimeout("tcp6", net.JoinHostPort("::1", port), 50*time.Millisecond)
		if err != nil {
			swallows = true
			continue
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	return swallows
}

// answerNames is a name server over a stream: every name is ::1 and 127.0.0.1.
func answerNames(c net.Conn) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, query); err != nil || len(query) < 17 {
			return
		}
		end := 12 + bytes.IndexByte(query[12:], 0) + 5
		reply := append([]byte(nil), query[:end]...)
		copy(reply[2:], []byte{0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0})
		kind := query[end-3]
		address := []byte{127, 0, 0, 1}
		if kind == 28 {
			address = net.IPv6loopback
		}
		reply = append(reply, 0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, byte(len(address)))
		reply = append(reply, address...)
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}
