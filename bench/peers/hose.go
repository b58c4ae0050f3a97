package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// hose is a WebSocket server of the plainest kind: it greets, accepts whatever
// it is sent, and then writes prepared frames as fast as they are taken.
type hose struct{ frames [][]byte }

// contracts is how many contracts the bars are of, in turn.
const contracts = 2000

// newHose prepares second bars in frames of that many.
func newHose(events, per int) *hose {
	seconds := events/contracts + 1
	start := time.Now().Add(-time.Duration(seconds+10) * time.Second).Truncate(time.Second).UnixMilli()
	h := &hose{}
	for i := 0; i < events; {
		var list []string
		for ; i < events && len(list) < per; i++ {
			round := int64(i / contracts)
			at := start + round*1000
			list = append(list, fmt.Sprintf(
				`{"ev":"A","sym":"O:SPY261218C%08d","v":7,"av":%d,"op":4.85,"vw":4.2517,"o":4.25,"c":4.26,"h":4.26,"l":4.24,"a":4.3101,"z":3,"s":%d,"e":%d}`,
				(i%contracts+1)*1000, 7*(round+1), at, at+1000))
		}
		h.frames = append(h.frames, textFrame([]byte("["+strings.Join(list, ",")+"]")))
	}
	return h
}

// serve accepts one client on loopback. stop ends it.
func (h *hose) serve() (address string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	var (
		mu    sync.Mutex
		conn  net.Conn
		group sync.WaitGroup
	)
	group.Go(func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		mu.Lock()
		conn = c
		mu.Unlock()
		h.pour(c)
	})
	return listener.Addr().String(), func() {
		listener.Close()
		mu.Lock()
		if conn != nil {
			conn.Close()
		}
		mu.Unlock()
		group.Wait()
	}, nil
}

// pour shakes hands, answers login and subscription, and writes all frames.
// Whoever has read enough closes the connection, which ends it.
func (h *hose) pour(conn net.Conn) {
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
	fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	status := func(status, message string) {
		conn.Write(textFrame(fmt.Appendf(nil, `[{"ev":"status","status":%q,"message":%q}]`, status, message)))
	}
	status("connected", "Connected Successfully")
	if skipCommand(in) != nil {
		return
	}
	status("auth_success", "authenticated")
	if skipCommand(in) != nil {
		return
	}
	status("success", "subscribed to: A.*")
	out := bufio.NewWriterSize(conn, 64<<10)
	for _, f := range h.frames {
		if _, err := out.Write(f); err != nil {
			return
		}
	}
	if out.Flush() == nil {
		io.Copy(io.Discard, in)
	}
}

// textFrame is an unmasked text frame, as servers send them.
func textFrame(payload []byte) []byte {
	switch n := len(payload); {
	case n < 126:
		return append([]byte{0x81, byte(n)}, payload...)
	case n < 1<<16:
		return append(binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(n)), payload...)
	default:
		return append(binary.BigEndian.AppendUint64([]byte{0x81, 127}, uint64(n)), payload...)
	}
}

// skipCommand reads over one short masked frame of the client.
func skipCommand(in *bufio.Reader) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	n := int(head[1] & 127)
	if n == 126 {
		long := make([]byte, 2)
		if _, err := io.ReadFull(in, long); err != nil {
			return err
		}
		n = int(binary.BigEndian.Uint16(long))
	}
	_, err := in.Discard(4 + n)
	return err
}
