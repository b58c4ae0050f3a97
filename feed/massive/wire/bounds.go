package wire

import "math"

// Sanity caps. Prices are far below (strikes end at 99,999.999); a row's size
// must fit in 32 bits; times are between 2000 and 2100.
const (
	MaxPrice  = 10_000_000
	MaxVolume = math.MaxUint32 - 1
	MinTime   = 946_684_800_000
	MaxTime   = 4_102_444_800_000
)

// Whole reports whether f is an integer within bounds.
func Whole(f, least, most float64) bool {
	return f >= least && f <= most && f == math.Trunc(f)
}

const (
	symbolTail = 6 + 1 + 8 // YYMMDD, C or P, strike
	MaxRoot    = 6
)

// RootOf checks a contract symbol against the allow-list
// O:[A-Z0-9.]{1,6}\d{6}[CP]\d{8} and returns its root.
func RootOf(sym []byte) (root []byte, ok bool) {
	n := len(sym) - symbolTail
	if n < 3 || n > 2+MaxRoot || sym[0] != 'O' || sym[1] != ':' {
		return nil, false
	}
	for _, c := range sym[2:n] {
		if !RootByte[c] {
			return nil, false
		}
	}
	for i, c := range sym[n:] {
		if i == 6 {
			if c != 'C' && c != 'P' {
				return nil, false
			}
		} else if c-'0' > 9 {
			return nil, false
		}
	}
	return sym[2:n], true
}

var RootByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.'
	}
	return t
}()
