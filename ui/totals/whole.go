package totals

import (
	"optflow/model"
	"optflow/ui/format"
)

// sparkLag is how many minutes at the end may be part without a word: the
// running one, and the one before until its last second has come in.
const sparkLag = 2

// wholeSince is from when all of a ticker's minutes are whole, in ms: 0 all are,
// -1 none is.
func wholeSince(r *model.Totals) int64 {
	i := len(r.Minutes) - 1
	for skipped := 0; skipped < sparkLag && i >= 0 && r.Partial&(1<<i) != 0; skipped++ {
		i--
	}
	end := i
	for i >= 0 && r.Partial&(1<<i) == 0 {
		i--
	}
	switch {
	case i < 0:
		return 0
	case i == end:
		return -1
	}
	return r.Minute - int64(len(r.Minutes)-2-i)*int64(model.Minute)
}

// AppendWhole says from when the minutes of all these tickers are whole; nothing
// when the hour is.
func AppendWhole(b []byte, rows []model.Totals, zone *format.Zone) []byte {
	latest := int64(0)
	for i := range rows {
		at := wholeSince(&rows[i])
		if at < 0 {
			return append(b, "no whole minute"...)
		}
		latest = max(latest, at)
	}
	if latest == 0 {
		return b
	}
	return zone.AppendMinute(append(b, "whole from "...), latest)
}
