package massive

import "math"

// Sanity caps. Prices are far below (strikes end at 99,999.999); a row's size
// must fit in 32 bits; times are between 2000 and 2100.
const (
	maxPrice  = 10_000_000
	maxVolume = math.MaxUint32 - 1
	minTime   = 946_684_800_000
	maxTime   = 4_102_444_800_000
)

// whole reports whether f is an integer within bounds.
func whole(f, least, most float64) bool {
	return f >= least && f <= most && f == math.Trunc(f)
}

const (
	symbolTail = 6 + 1 + 8 // YYMMDD, C or P, strike
	maxRoot    = 6
)

// rootOf checks a contract symbol against the allow-list
// O:[A-Z0-9.]{1,6}\d{6}[CP]\d{8} and returns its root.
func rootOf(sym []byte) (root []byte, ok bool) {
	n := len(sym) - symbolTail
	if n < 3 || n > 2+maxRoot || sym[0] != 'O' || sym[1] != ':' {
		return nil, false
	}
	for _, c := range sym[2:n] {
		if !rootByte[c] {
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

var rootByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.'
	}
	return t
}()
