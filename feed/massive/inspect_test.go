package massive

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// pieces gives a text in pieces of the lengths given, again and again.
type pieces struct {
	*bytes.Reader
	lengths []int
	n       int
}

func (p *pieces) Read(b []byte) (int, error) {
	p.n++
	return p.Reader.Read(b[:min(len(b), p.lengths[p.n%len(p.lengths)])])
}
func (p *pieces) Write(b []byte) (int, error) { return len(b), nil }
func (p *pieces) Close() error                { return nil }

// frameOf is a frame whose header states size, with as much of a payload.
func frameOf(first, mask byte, size uint64, payload int) []byte {
	b := []byte{first}
	switch {
	case size < 126:
		b = append(b, mask|byte(size))
	case size < 1<<16:
		b = append(b, mask|126, byte(size>>8), byte(size))
	default:
		b = append(b, mask|127)
		for shift := 56; shift >= 0; shift -= 8 {
			b = append(b, byte(size>>shift))
		}
	}
	return append(b, make([]byte, payload)...)
}

// However frames are cut in pieces, they pass as they are, up to the first
// header that is at fault, which is known at its last byte.
func TestInspectedPassesWhatIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const limit = 70_000
		var sent []byte
		for range rapid.IntRange(0, 5).Draw(t, "frames") {
			size := rapid.SampledFrom([]int{0, 1, 125, 126, 500, 65_535, 65_536, limit}).Draw(t, "size")
			sent = append(sent, frameOf(0x81, 0, uint64(size), size)...)
		}
		sound := len(sent)
		wrong := rapid.SampledFrom([]struct {
			frame []byte
			want  error
		}{
			{nil, io.EOF},
			{frameOf(0x81, 0, limit+1, 0), ErrTooBig}, {frameOf(0x81, 0, 1<<63, 0), ErrTooBig}, {frameOf(0x81, 0, 1<<64-1, 0), ErrTooBig}, {frameOf(0x02, 0, 1<<63-1, 9), ErrTooBig},
			{frameOf(0x81, 0x80, 3, 7), errMasked}, {frameOf(0x89, 0x80, 0, 4), errMasked},
		}).Draw(t, "wrong")
		sent = append(sent, wrong.frame...)
		c := &inspected{limit: limit, ReadWriteCloser: &pieces{bytes.NewReader(sent), rapid.SliceOfN(rapid.SampledFrom([]int{1, 2, 3, 9, 4096, 100_000}), 1, 5).Draw(t, "pieces"), 0}}
		got, err := io.ReadAll(c)
		if wrong.want == io.EOF {
			wrong.want = nil
		}
		if !errors.Is(err, wrong.want) || len(got) < sound || len(got) > sound+len(wrong.frame) || !bytes.Equal(got, sent[:len(got)]) {
			t.Fatalf("%d of %d bytes, %v; want %d and %v", len(got), len(sent), err, sound, wrong.want)
		}
	})
}
