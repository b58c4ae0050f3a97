package format

import (
	"fmt"
	"strconv"

	"optflow/model"
)

// Age writes how long ago something was, as briefly as is honest: 1.9s, 42s,
// 3m05s, 2h10m, 3d4h.
func Age(ms int64) string {
	ms = max(ms, 0)
	switch s := ms / 1000; {
	case s < 10:
		return strconv.FormatFloat(float64(ms/100)/10, 'f', 1, 64) + "s"
	case s < 60:
		return strconv.FormatInt(s, 10) + "s"
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	case s < 86400:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	default:
		return fmt.Sprintf("%dd%dh", s/86400, s/3600%24)
	}
}

// Interval writes a round duration of ms: 10s, 1m, 15m, 1h.
func Interval(ms int64) string {
	switch {
	case ms > 0 && ms%3600_000 == 0:
		return fmt.Sprintf("%dh", ms/3600_000)
	case ms%60_000 == 0:
		return fmt.Sprintf("%dm", ms/60_000)
	case ms%1000 == 0:
		return fmt.Sprintf("%ds", ms/1000)
	}
	return fmt.Sprintf("%.1fs", float64(ms)/1000)
}

// Days is a number of days in words.
func Days(n int) string {
	switch n {
	case 0:
		return "today"
	case 1:
		return "1 day"
	}
	return Count(int64(n)) + " days"
}

// AppendExpiry writes a day of expiry as Date.Short does: in each row, so without a
// layout to read.
func AppendExpiry(b []byte, d model.Date) []byte {
	year, month, day := d.UTC().Date()
	b = append(b, byte('0'+day/10), byte('0'+day%10))
	b = append(b, month.String()[:3]...)
	return append(b, byte('0'+year/10%10), byte('0'+year%10))
}
