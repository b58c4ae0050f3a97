package history

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"optflow/model/daylog"
)

// zstdWindow is what a packed block looks back on, in bytes: a block is 64 KiB
// but for keys, so that more would only take memory.
const zstdWindow = 256 << 10

var packer = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	if err != nil {
		panic("history: " + err.Error()) // cannot happen: the options are right
	}
	return e
})

var unpacker = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(daylog.MaxBlock))
	if err != nil {
		panic("history: " + err.Error()) // cannot happen: the options are right
	}
	return d
})

// Pack packs the ops of a block, unless that makes them no smaller.
func Pack(b *daylog.Block) { pack(b, nil) }

// pack is Pack into memory that is there already, and returns it for the next one.
func pack(b *daylog.Block, into []byte) []byte {
	if b.Codec != daylog.Plain {
		return into
	}
	packed := packer().EncodeAll(b.Stored, into[:0])
	if len(packed) < len(b.Stored) {
		b.Codec, b.Raw, b.Stored = daylog.Zstd, len(b.Stored), packed
	}
	return packed
}

// Unpack are the ops of a block, in into where they have to be unpacked. It is
// daylog.ErrDamaged where they are not what the block says.
func Unpack(b *daylog.Block, into []byte) ([]byte, error) {
	if b.Codec != daylog.Zstd {
		return b.Unpacked()
	}
	ops, err := unpacker().DecodeAll(b.Stored, into[:0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", daylog.ErrDamaged, err)
	}
	if len(ops) != b.Raw {
		return nil, daylog.ErrDamaged
	}
	return ops, nil
}
