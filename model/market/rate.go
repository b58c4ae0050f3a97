package market

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// RateText is a rate as people write it: 10x, 1/4x, max.
func RateText(rate float64) string {
	switch {
	case rate == Unpaced:
		return "max"
	case rate == 0.25:
		return "1/4x"
	case rate == 0.5:
		return "1/2x"
	}
	return strconv.FormatFloat(rate, 'g', 4, 64) + "x"
}

// ParseRate reads what RateText writes, with or without the x. The error says what
// is allowed.
func ParseRate(text string) (float64, error) {
	word := strings.ToLower(strings.TrimSpace(text))
	if word == "max" {
		return Unpaced, nil
	}
	word = strings.TrimSuffix(word, "x")
	above, below, fraction := strings.Cut(word, "/")
	rate, err := strconv.ParseFloat(above, 64)
	if fraction && err == nil {
		var by float64
		by, err = strconv.ParseFloat(below, 64)
		rate /= by
	}
	if err != nil || !(rate >= SlowestRate && rate <= FastestRate) {
		return 0, fmt.Errorf("%q: want a rate from 1/4x to %gx, such as 10x, or max", text, float64(FastestRate))
	}
	return rate, nil
}

// ParseTimeOfDay reads 14:05 or 14:05:30 as the time since midnight. The error says
// what is allowed.
func ParseTimeOfDay(text string) (time.Duration, error) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second, nil
		}
	}
	return 0, fmt.Errorf("%q: want a time such as 14:05 or 14:05:30", text)
}

// TimeOn is when a clock in a place shows a time of day while a recording goes on:
// on the day on which it begins there, or on the one after.
func (n *Playing) TimeOn(clock time.Duration, in *time.Location) int64 {
	y, m, d := time.UnixMilli(n.From).In(in).Date()
	at := time.Date(y, m, d, 0, 0, int(clock/time.Second), 0, in).UnixMilli()
	if next := time.Date(y, m, d+1, 0, 0, int(clock/time.Second), 0, in).UnixMilli(); at < n.From && next <= n.To {
		return next
	}
	return at
}
