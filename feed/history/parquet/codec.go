package parquet

import (
	"github.com/klauspost/compress/zstd"
	pq "github.com/parquet-go/parquet-go/compress/zstd"
)

// codec packs pages with a window that is not larger than they are: the usual one
// takes 8 MB.
type codec struct {
	pq.Codec // reads, and says its name
	encoder  *zstd.Encoder
}

func newCodec() (*codec, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithWindowSize(128<<10), zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false))
	return &codec{encoder: encoder}, err
}

func (c *codec) Encode(dst, src []byte) ([]byte, error) {
	return c.encoder.EncodeAll(src, dst[:0]), nil
}
