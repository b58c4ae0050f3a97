package daylog

import (
	"encoding/binary"
	"math"
)

// scale is that of the prices of a market, which have four decimals at most.
const scale = 10_000

// The two lowest bits of a number's first byte say what it is.
const (
	numberRaw     = 0 // float64 behind a byte of 0
	numberScaled  = 1 // uvarint of the difference in ten-thousandths, zigzag, times four
	numberUnknown = 2
)

// scaled is a number in ten-thousandths, if that says it without loss.
func scaled(v float64) (n int64, exact bool) {
	s := math.Round(v * scale)
	if !(math.Abs(s) < 1<<53) || s/scale != v || v == 0 && math.Signbit(v) {
		return 0, false
	}
	return int64(s), true
}

// appendNumber writes a number, small where it is close to ref, without loss.
func appendNumber(dst []byte, v, ref float64) []byte {
	if v != v {
		return append(dst, numberUnknown)
	}
	n, exact := scaled(v)
	if !exact {
		return binary.LittleEndian.AppendUint64(append(dst, numberRaw), math.Float64bits(v))
	}
	if r, exact := scaled(ref); exact {
		n -= r
	}
	return binary.AppendUvarint(dst, zigzag(n)<<2|numberScaled)
}

func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// reader reads the payload of an op. What is behind its end is 0, so that fields
// can be added.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *reader) uint() uint64 {
	if len(r.data) == 0 {
		return 0
	}
	u, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return u
}

func (r *reader) int() int64 { return unzigzag(r.uint()) }

func (r *reader) number(ref float64) float64 {
	if len(r.data) == 0 {
		return 0
	}
	switch r.data[0] & 3 {
	case numberUnknown:
		r.data = r.data[1:]
		return math.NaN()
	case numberRaw:
		if len(r.data) < 9 {
			r.bad, r.data = true, nil
			return 0
		}
		v := math.Float64frombits(binary.LittleEndian.Uint64(r.data[1:]))
		r.data = r.data[9:]
		return v
	}
	n := unzigzag(r.uint() >> 2)
	if ref, exact := scaled(ref); exact {
		n += ref
	}
	return float64(n) / scale
}
