package totals

import (
	"optflow/model"
	"optflow/ui/format"
)

// The balance of a ticker counts from its first row, so each has a start of its
// own. Starts are shown to the minute.

// commonSince is the start that tickers share, in ms; 0 where they have none in
// common. Those of which nothing was counted have no say.
func commonSince(rows []model.Totals) (at int64) {
	for i := range rows {
		switch since := rows[i].Since; {
		case since == 0:
		case at == 0:
			at = since
		case since/int64(model.Minute) != at/int64(model.Minute):
			return 0
		}
	}
	return at
}

// SinceText says since when tickers count: since 09:52, or begun 09:52 to 10:15;
// "" when nothing was counted.
func SinceText(rows []model.Totals, zone *format.Zone) string {
	first, last := int64(0), int64(0)
	for i := range rows {
		if since := rows[i].Since; since > 0 {
			if first == 0 || since < first {
				first = since
			}
			last = max(last, since)
		}
	}
	switch {
	case last == 0:
		return ""
	case first/int64(model.Minute) == last/int64(model.Minute):
		return "since " + zone.Minute(first)
	}
	return "begun " + zone.Minute(first) + " to " + zone.Minute(last)
}

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
