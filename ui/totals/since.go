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
