package script

import (
	"bufio"
	"crypto/sha1" // #nosec G505 -- the handshake's, RFC 6455
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strings"
)

// opcodes of RFC 6455 section 5.2.
const (
	opText  = 1
	opClose = 8
	opPing  = 9
	opPong  = 10
)

const deflate = "permessage-deflate" // RFC 7692

const maxMessage = 1 << 20 // bytes of one message of a client

// acceptKey answers a handshake's key (RFC 6455 section 4.2.2).
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // #nosec G401 -- RFC 6455
	return base64.StdEncoding.EncodeToString(sum[:])
}

// upgrade is the answer to a handshake. An offer to compress is taken, though
// only raw bytes of a script are ever compressed.
func upgrade(r *http.Request, server string) []byte {
	extensions := ""
	if offer := r.Header.Get("Sec-WebSocket-Extensions"); strings.HasPrefix(offer, deflate) {
		extensions = "\r\nSec-WebSocket-Extensions: " + deflate
	}
	return []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nServer: " + server +
		"\r\nSec-WebSocket-Accept: " + acceptKey(r.Header.Get("Sec-WebSocket-Key")) + extensions + "\r\n\r\n")
}

// Frame is one whole frame from a server, as it goes over the wire.
func Frame(op byte, payload []byte) []byte {
	b := []byte{0x80 | op}
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

// readFrame reads one frame of a client. Clients of ours send none in parts.
func readFrame(r *bufio.Reader) (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := uint64(head[1] & 0x7f)
	var wide [8]byte
	switch size {
	case 126:
		if _, err := io.ReadFull(r, wide[:2]); err != nil {
			return 0, nil, err
		}
		size = uint64(binary.BigEndian.Uint16(wide[:]))
	case 127:
		if _, err := io.ReadFull(r, wide[:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(wide[:])
	}
	if size > maxMessage || head[1]&0x80 == 0 || head[0]&0x80 == 0 {
		return 0, nil, errors.New("a frame that no client of ours sends")
	}
	var mask [4]byte
	if _, err := io.ReadFull(r, mask[:]); err != nil {
		return 0, nil, err
	}
	payload = make([]byte, size)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, err
	}
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	return head[0] & 0x0f, payload, nil
}
