package totals

import (
	"optflow/model"
	"optflow/ui/format"
)

// totalsSaid are the strip's sentences about time. They change with the feed's
// state and the selected ticker, not with the frame, so they are made once for each.
type totalsSaid struct {
	since string   // for the header: since 09:52; "" where each ticker has its own
	whole []string // for the end of the header, the longest first
	brief string   // for the one-line form: bull-bear since 09:52
}

// totalsKey is what they were made of, beside the state's rows.
type totalsKey struct {
	n     int
	fit   int
	first string
	zone  *format.Zone
}

// say makes the sentences for the tickers that fit; rows are in order.
func (t *Strip) say(rows []model.Totals, fit int) *totalsSaid {
	if len(rows) == 0 {
		return &totalsSaid{}
	}
	if t.saidOf != &t.Rows[0] {
		t.saidOf, t.said = &t.Rows[0], map[totalsKey]*totalsSaid{}
	}
	key := totalsKey{len(rows), fit, t.First, t.Zone}
	if s := t.said[key]; s != nil {
		return s
	}
	shown := rows[:min(fit, len(rows))]
	s := &totalsSaid{whole: t.notes(shown), brief: "bull-bear " + SinceText(rows, t.Zone)}
	if at := commonSince(rows); at > 0 {
		s.since = "since " + t.Zone.Minute(at)
	}
	t.said[key] = s
	return s
}

// notes are what the header says at its end: from when the minutes are whole.
func (t *Strip) notes(shown []model.Totals) []string {
	whole := WholeText(shown, t.Zone)
	if whole == "" {
		return nil
	}
	return []string{"last hour, " + whole, whole}
}
