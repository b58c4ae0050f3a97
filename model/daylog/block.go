// Package daylog is the form in which the inputs of a book are written down: in
// order, some twenty bytes each, so that a book fed with them is the same book
// again (docs/daylog.md). It is the form of recordings and of what one program
// sends another. It knows bytes only: files, packing and time are others'.
package daylog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Version is that of the form. Within one, fields and optional ops are added only.
const Version = 1

// What a reader says of bytes that it cannot read.
var (
	ErrTorn    = errors.New("the block is not whole") // more bytes may make it so
	ErrDamaged = errors.New("the block is damaged")
)

// Codec says how a block's ops are packed.
type Codec uint8

// Codecs.
const (
	Plain Codec = iota
	Zstd
)

// MaxBlock is how many bytes a block may have, packed and unpacked: what 60,000
// contracts that trade carry over midnight is half of it.
const MaxBlock = 64 << 20

// The head of a block, little-endian: magic, stored u32, crc u32, raw u32,
// codec u8, flags u8, 0 u16, first u64, ops u32, t0 i64.
const (
	magic    = "OFB1"
	headSize = 40
	crcAt    = 8
	crcFrom  = 12
	flagKey  = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Block is a number of ops that are written, sent and read together. It needs no
// other block but for the numbers of contracts.
type Block struct {
	First  uint64 // number of its first op, from the beginning of the day
	Ops    uint32
	Start  int64 // ms: market time of its first op
	Key    bool  // it says all that a reader needs to begin here
	Codec  Codec
	Raw    int    // bytes unpacked
	Stored []byte // as packed
}

// Append writes the block behind dst.
func (b *Block) Append(dst []byte) []byte {
	at := len(dst)
	var flags byte
	if b.Key {
		flags = flagKey
	}
	le := binary.LittleEndian
	dst = append(dst, magic...)
	dst = le.AppendUint32(dst, uint32(len(b.Stored)))
	dst = le.AppendUint32(dst, 0)
	dst = le.AppendUint32(dst, uint32(b.Raw))
	dst = append(dst, byte(b.Codec), flags, 0, 0)
	dst = le.AppendUint64(dst, b.First)
	dst = le.AppendUint32(dst, b.Ops)
	dst = le.AppendUint64(dst, uint64(b.Start))
	dst = append(dst, b.Stored...)
	le.PutUint32(dst[at+crcAt:], crc32.Checksum(dst[at+crcFrom:], castagnoli))
	return dst
}

// Next reads the block at the beginning of data and returns how many bytes it
// has. Stored is a part of data. It is ErrTorn where data ends too early, and
// ErrDamaged where this is no block.
func Next(data []byte) (b Block, size int, err error) {
	if len(data) < headSize {
		if len(data) >= len(magic) && string(data[:len(magic)]) != magic {
			return b, 0, ErrDamaged
		}
		return b, 0, ErrTorn
	}
	le := binary.LittleEndian
	stored, raw := le.Uint32(data[4:]), le.Uint32(data[12:])
	if string(data[:len(magic)]) != magic || stored > MaxBlock || raw > MaxBlock {
		return b, 0, ErrDamaged
	}
	size = headSize + int(stored)
	if len(data) < size {
		return b, 0, ErrTorn
	}
	if crc32.Checksum(data[crcFrom:size], castagnoli) != le.Uint32(data[crcAt:]) {
		return b, 0, ErrDamaged
	}
	return Block{
		First: le.Uint64(data[20:]), Ops: le.Uint32(data[28:]), Start: int64(le.Uint64(data[32:])),
		Key: data[17]&flagKey != 0, Codec: Codec(data[16]), Raw: int(raw), Stored: data[headSize:size:size],
	}, size, nil
}

// Unpacked are the ops of a block that is not packed.
func (b *Block) Unpacked() ([]byte, error) {
	if b.Codec != Plain {
		return nil, fmt.Errorf("codec %d is not known", b.Codec)
	}
	if len(b.Stored) != b.Raw {
		return nil, ErrDamaged
	}
	return b.Stored, nil
}
