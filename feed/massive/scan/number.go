package scan

import (
	"encoding/binary"
	"strconv"
)

// pow10 are the powers of ten that a float64 holds exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

const (
	exactMantissa = 1 << 53 // every integer up to here is a float64
	safeDigits    = 18      // as many digits fit in a uint64
)

// Number reads a JSON number. One multiplication or division of two exact
// floats rounds correctly, so it yields what strconv.ParseFloat would; where
// that does not hold ParseFloat is asked.
func Number(b []byte, i int) (f float64, next int, ok bool) {
	start := i
	negative := At(b, i) == '-'
	if negative {
		i++
	}
	first := i
	var mantissa uint64
	if i+8 < len(b) && b[i+7]-'0' <= 9 { // times have 13 digits
		if mantissa, ok = eight(b[i : i+8]); ok {
			i += 8
		}
	}
	mantissa, i = digits(b, i, mantissa)
	length := i - first
	if length == 0 || length > 1 && b[first] == '0' {
		return 0, i, false
	}
	exponent := 0
	if At(b, i) == '.' {
		first = i + 1
		if mantissa, i = digits(b, first, mantissa); i == first {
			return 0, i, false
		}
		length += i - first
		exponent = first - i
	}
	if At(b, i)|0x20 == 'e' {
		var power int
		if power, i, ok = exponentOf(b, i+1); !ok {
			return 0, i, false
		}
		exponent += power
	}
	if length > safeDigits || mantissa > exactMantissa || exponent < -22 || exponent > 22 {
		f, err := strconv.ParseFloat(string(b[start:i]), 64)
		return f, i, err == nil
	}
	f = float64(mantissa)
	if exponent < 0 {
		f /= pow10[-exponent]
	} else if exponent > 0 {
		f *= pow10[exponent]
	}
	if negative {
		f = -f
	}
	return f, i, true
}

// digits reads digits behind those of n. Past safeDigits n means nothing.
func digits(b []byte, i int, n uint64) (m uint64, next int) {
	for uint(i) < uint(len(b)) {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
		i++
	}
	return n, i
}

// eight reads eight digits at once: pairs of digits are added up, then pairs of
// pairs, and so on, all in one word.
func eight(b []byte) (n uint64, ok bool) {
	w := binary.LittleEndian.Uint64(b)
	if w&0xf0f0f0f0f0f0f0f0 != 0x3030303030303030 || (w+0x0606060606060606)&0xf0f0f0f0f0f0f0f0 != 0x3030303030303030 {
		return 0, false
	}
	w &= 0x0f0f0f0f0f0f0f0f
	w = w*10 + w>>8
	w = (w&0x00ff00ff00ff00ff)*100 + w>>16&0x00ff00ff00ff00ff
	w = (w&0x0000ffff0000ffff)*10_000 + w>>32&0x0000ffff0000ffff
	return w & 0xffffffff, true
}

// exponentOf reads what follows the e of a number.
func exponentOf(b []byte, i int) (power, next int, ok bool) {
	sign := 1
	switch At(b, i) {
	case '-':
		sign = -1
		i++
	case '+':
		i++
	}
	n, next := digits(b, i, 0)
	if next == i || next-i > 4 {
		return 0, next, false
	}
	return sign * int(n), next, true
}
