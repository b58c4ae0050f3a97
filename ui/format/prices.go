package format

import (
	"math"
	"strconv"
)

// AppendPrice writes a price in at most 6 cells: 4.85, 1234.5.
func AppendPrice(b []byte, v float64) []byte { return AppendPriceIn(b, v, 6) }

// AppendPriceIn writes a price in at most width cells (5 at least), in cents
// where they fit.
func AppendPriceIn(b []byte, v float64, width int) []byte {
	from := len(b)
	for digits := 2; digits >= 0; digits-- {
		if b = strconv.AppendFloat(b[:from], v, 'f', digits, 64); len(b)-from <= width {
			return b
		}
	}
	return AppendScaled(b[:from], v)
}

// AppendRatio writes a ratio in at most 4 cells: 1.7, 12.3, 120.
func AppendRatio(b []byte, v float64) []byte {
	switch {
	case v >= 9999.5:
		return append(b, ">9K"...)
	case v >= 99.95:
		return strconv.AppendFloat(b, v, 'f', 0, 64)
	}
	return strconv.AppendFloat(b, v, 'f', 1, 64)
}

// AppendTop writes a rank in at most 5 cells: 0.2%, 4%, 100%. It is rounded up,
// so that no row looks rarer than it is.
func AppendTop(b []byte, v float64) []byte {
	v *= 100
	if v < 0.95 {
		return append(strconv.AppendFloat(b, math.Ceil(v*10-1e-4)/10, 'f', 1, 64), '%')
	}
	return append(strconv.AppendFloat(b, math.Ceil(v-1e-4), 'f', 0, 64), '%')
}

// AppendDelta writes a delta the way chains do: +.48, -1.0.
func AppendDelta(b []byte, v float64) []byte {
	sign := byte('+')
	if v < 0 {
		sign, v = '-', -v
	}
	b = append(b, sign)
	if v >= 0.995 {
		return strconv.AppendFloat(b, v, 'f', 1, 64)
	}
	hundredths := int64(math.Round(v * 100))
	return append(b, '.', byte('0'+hundredths/10), byte('0'+hundredths%10))
}

// AppendStrike writes a strike of thousandths of a dollar: 180, 182.5.
func AppendStrike(b []byte, thousandths int32) []byte {
	if thousandths%1000 != 0 {
		return strconv.AppendFloat(b, float64(thousandths)/1000, 'f', -1, 64)
	}
	return strconv.AppendInt(b, int64(thousandths/1000), 10)
}

// AppendPutCall writes P/C with two digits.
func AppendPutCall(b []byte, v float64) []byte {
	if v >= 9.995 {
		return AppendRatio(b, v)
	}
	return strconv.AppendFloat(b, v, 'f', 2, 64)
}

// AppendSum writes a sum of the day: "–" while nothing is known, "≥" before
// what has been heard so far.
func AppendSum(b []byte, v float64, whole bool) []byte {
	switch {
	case whole:
	case v <= 0:
		return append(b, "–"...)
	default:
		b = append(b, "≥"...)
	}
	return AppendMoney(b, v)
}
