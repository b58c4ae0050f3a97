// Package format writes numbers, prices, durations and times as the screen prints
// them: in a known number of cells, never rounded so that they say more than is
// known.
package format

import (
	"math"
	"strconv"
	"strings"
)

// scales are the suffixes of large numbers.
var scales = [...]struct {
	unit   float64
	suffix byte
}{{1e12, 'T'}, {1e9, 'B'}, {1e6, 'M'}, {1e3, 'K'}}

// AppendScaled writes a number with three significant digits: 950, 31.0K,
// 411K, 1.12M. What would round up to 1000 takes the next suffix.
func AppendScaled(b []byte, v float64) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	for i, s := range scales {
		if v < s.unit*0.9995 {
			continue
		}
		x := v / s.unit
		digits := 2
		switch {
		case x >= 99.95:
			digits = 0
		case x >= 9.995:
			digits = 1
		}
		if x >= 999.5 && i > 0 { // only the largest suffix may go past 999
			continue
		}
		return append(strconv.AppendFloat(b, x, 'f', digits, 64), s.suffix)
	}
	return strconv.AppendFloat(b, v, 'f', 0, 64)
}

// AppendMoney writes dollars: $1.12M, -$9.6M.
func AppendMoney(b []byte, v float64) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	return AppendScaled(append(b, '$'), v)
}

// Money is AppendMoney as a string.
func Money(v float64) string { return string(AppendMoney(nil, v)) }

// RoundMoney is money without zeros that say nothing: $25K.
func RoundMoney(v float64) string {
	b := AppendMoney(nil, v)
	suffix := b[len(b)-1]
	if suffix >= '0' && suffix <= '9' {
		return string(b)
	}
	digits := strings.TrimRight(string(b[:len(b)-1]), "0")
	if !strings.Contains(digits, ".") {
		return string(b)
	}
	return strings.TrimSuffix(digits, ".") + string(suffix)
}

func appendCount(b []byte, v int64) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	var digits [20]byte
	d := strconv.AppendInt(digits[:0], v, 10)
	for i, c := range d {
		if i > 0 && (len(d)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, c)
	}
	return b
}

// Count is appendCount as a string.
func Count(v int64) string { return string(appendCount(nil, v)) }

// Counting writes a whole number of things, each called thing.
func Counting(v int64, thing string) string {
	if v == 1 {
		return "1 " + thing
	}
	return Count(v) + " " + thing + "s"
}

// AppendCountIn writes a whole number, not negative, in at most width cells (3
// at least): with commas if they fit, else scaled, with as many digits as fit.
func AppendCountIn(b []byte, v int64, width int) []byte {
	from := len(b)
	if b = appendCount(b, v); len(b)-from <= width {
		return b
	}
	if b = AppendScaled(b[:from], float64(v)); len(b)-from <= width {
		return b
	}
	for _, s := range scales {
		x := float64(v) / s.unit
		if x >= 0.95 {
			if b = append(strconv.AppendFloat(b[:from], x, 'f', 0, 64), s.suffix); len(b)-from <= width {
				return b
			}
		} else if x >= 0.095 { // .1M is shorter than 100K
			return append(b[:from], '.', byte('0'+int(math.Round(x*10))), s.suffix)
		}
	}
	return b
}

// AppendPercent writes a signed share in at most 6 cells: +1.0%, -12.2%, +120%.
func AppendPercent(b []byte, v float64) []byte {
	v *= 100
	switch {
	case v > -0.05 && v < 0.05:
		return append(b, "+0.0%"...)
	case v >= 9999:
		return append(b, ">+9K%"...)
	case v <= -9999: // a put struck at a hundred times the spot
		return append(b, "<-9K%"...)
	case v > 0:
		b = append(b, '+')
	}
	digits := 1
	if math.Abs(v) >= 99.95 {
		digits = 0
	}
	return append(strconv.AppendFloat(b, v, 'f', digits, 64), '%')
}

// AppendShare writes a share of 0 to 1 in at most 3 cells.
func AppendShare(b []byte, v float64) []byte {
	if v >= 0.995 {
		return append(b, "all"...)
	}
	return append(strconv.AppendFloat(b, v*100, 'f', 0, 64), '%')
}
