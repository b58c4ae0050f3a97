package ledger

import (
	"fmt"

	"optflow/model"
	"optflow/model/session"
)

const nvda = "O:NVDA261218C00180000"

var (
	day = model.MakeDate(2026, 11, 23) // a Monday, Thursday is Thanksgiving
	cal *session.Calendar
)

// fired is an alert of 100 lots at the ask at 10:00, with a good quote and spot.
func fired(edit func(*Alert)) *Alert {
	seen := day.At(10, 0).UnixMilli()
	a := &Alert{
		ID: "a", Rule: "whales", Version: "v1", On: "burst", Contract: nvda, Underlying: "NVDA", Date: day.String(),
		Start: seen - 3000, End: seen - 1000, Seen: seen, Price: 5, Size: 100, Premium: 50_000, Side: "A", Certainty: "sure",
		Quote: &Quote{Bid: 4.8, Ask: 5, Updated: seen - 2000, Read: seen, Basis: Snapshot},
		Spot:  180, Volume: 1000, OI: 500, IV: 0.4, Delta: 0.5, DTE: 25,
	}
	if edit != nil {
		edit(a)
	}
	return a
}

// mark is one of an alert at a horizon, read when it was due.
func mark(a *Alert, h Horizon, bid, ask, spot float64) *Mark {
	f := followed(a)
	due, why := f.When(h, cal)
	if why != "" {
		panic(fmt.Sprint(h, ": ", why))
	}
	return &Mark{ID: a.ID, Horizon: h, Due: due, Quote: &Quote{Bid: Number(bid), Ask: Number(ask), Updated: due - 900_000, Read: due, Basis: Snapshot}, Spot: Number(spot), SpotRead: due}
}

// followed is an alert in a ledger, with records.
func followed(a *Alert, records ...Record) *Followed {
	l := New()
	l.Add(a)
	for _, r := range records {
		l.Add(r)
	}
	return l.Of(a.ID)
}
