package relay

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"optflow/model/daylog"
)

// Type says what a frame carries.
type Type uint8

// Types of frames. One from 32 on may be skipped by who does not know it.
const (
	TypeHello    Type = 1 // JSON
	TypeBlock    Type = 2 // a block of the day log as it is in its file
	TypeAsk      Type = 3 // JSON
	TypeAnswer   Type = 4 // JSON
	TypePosition Type = 5 // u64 op, i64 tick, little-endian; each second
	TypeBye      Type = 6 // why, as text

	optional Type = 32
)

// most are the bytes that a frame of a type may have: a peer must not have us
// hold more.
func (t Type) most() int {
	switch t {
	case TypeHello, TypeBye:
		return 4 << 10
	case TypeBlock:
		return daylog.MaxBlock + 64
	case TypeAsk:
		return 256 << 10
	case TypeAnswer:
		return 4 << 20
	case TypePosition:
		return 16
	}
	return 1 << 20
}

// headSize is that of a frame's head: u32 length of what follows the type, u8 type.
const headSize = 5

// AppendFrame writes a frame behind dst.
func AppendFrame(dst []byte, t Type, payload []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	dst = append(dst, byte(t))
	return append(dst, payload...)
}

// AppendJSON writes a frame of JSON behind dst.
func AppendJSON(dst []byte, t Type, value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err == nil && len(text) > t.most() {
		err = errors.New("too long")
	}
	if err != nil {
		return dst, fmt.Errorf("writing a frame of type %d: %w", t, err)
	}
	return AppendFrame(dst, t, text), nil
}

// AppendPosition writes a frame of a position behind dst.
func AppendPosition(dst []byte, p Position) []byte {
	var payload [16]byte
	binary.LittleEndian.PutUint64(payload[:], p.Op)
	binary.LittleEndian.PutUint64(payload[8:], uint64(p.Tick))
	return AppendFrame(dst, TypePosition, payload[:])
}

// ReadPosition reads the payload of a position.
func ReadPosition(payload []byte) (p Position, err error) {
	if len(payload) != 16 {
		return p, fmt.Errorf("reading a position: %w", ErrBroken)
	}
	return Position{binary.LittleEndian.Uint64(payload), int64(binary.LittleEndian.Uint64(payload[8:]))}, nil
}

// Reader reads frames.
type Reader struct {
	from io.Reader
	head [headSize]byte
	buf  []byte
}

// NewReader reads frames from a stream, which should be buffered.
func NewReader(from io.Reader) *Reader { return &Reader{from: from} }

// step is how much room a frame is given at once: a length alone costs nothing.
const step = 256 << 10

// Next reads the next frame that we know. The payload is good until the next
// call. An unknown type is an ErrNewer, a length that no frame has an ErrBroken.
func (r *Reader) Next() (Type, []byte, error) {
	for {
		if _, err := io.ReadFull(r.from, r.head[:]); err != nil {
			return 0, nil, err
		}
		size, t := binary.LittleEndian.Uint32(r.head[:]), Type(r.head[4])
		if int64(size) > int64(t.most()) {
			return t, nil, fmt.Errorf("a frame of %d bytes: %w", size, ErrBroken)
		}
		if err := r.fill(int(size)); err != nil {
			return t, nil, err
		}
		switch {
		case t >= TypeHello && t <= TypeBye:
			return t, r.buf, nil
		case t < optional:
			return t, nil, ErrNewer
		}
	}
}

// fill reads so many bytes into buf.
func (r *Reader) fill(size int) error {
	if cap(r.buf) > step && size <= step { // one that was large is no measure of the others
		r.buf = nil
	}
	r.buf = r.buf[:0]
	for len(r.buf) < size {
		at := len(r.buf)
		more := min(size-at, max(step, at))
		if cap(r.buf)-at < more {
			r.buf = append(make([]byte, 0, at+more), r.buf...)
		}
		r.buf = r.buf[:at+more]
		if _, err := io.ReadFull(r.from, r.buf[at:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}
