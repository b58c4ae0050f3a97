package session

import (
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/model"

	"github.com/google/go-cmp/cmp"
)

// published are the full closures and the 13:00 closes of the exchange's yearly
// announcements, 2024 to 2028.
var published = map[int]struct{ closed, early []string }{
	2024: {
		[]string{"01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04", "09-02", "11-28", "12-25"},
		[]string{"07-03", "11-29", "12-24"},
	},
	2025: {
		[]string{"01-01", "01-20", "02-17", "04-18", "05-26", "06-19", "07-04", "09-01", "11-27", "12-25"},
		[]string{"07-03", "11-28", "12-24"},
	},
	2026: {
		[]string{"01-01", "01-19", "02-16", "04-03", "05-25", "06-19", "07-03", "09-07", "11-26", "12-25"},
		[]string{"11-27", "12-24"},
	},
	2027: {
		[]string{"01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25", "12-24"},
		[]string{"11-26"},
	},
	2028: {
		[]string{"01-17", "02-21", "04-14", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"},
		[]string{"07-03", "11-24"},
	},
}

func TestFault39PublishedDays(t *testing.T) {
	faults.Open(t, 39)
	var c *Calendar
	for year, want := range published {
		var closed, early []string
		for d := model.MakeDate(year, time.January, 1); d < model.MakeDate(year+1, time.January, 1); d++ {
			hours, trades := c.Hours(d)
			switch {
			case weekend(d) && trades:
				t.Errorf("%s is a weekend and trades", d)
			case weekend(d):
			case !trades:
				closed = append(closed, d.String()[5:])
			case hours.Early:
				early = append(early, d.String()[5:])
				if hours.Close != d.At(13, 0).UnixMilli() || hours.Late != d.At(13, 15).UnixMilli() {
					t.Errorf("%s closes at %v", d, time.UnixMilli(hours.Close))
				}
			case hours.Open != d.At(9, 30).UnixMilli() || hours.Close != d.At(16, 0).UnixMilli() || hours.Late != d.At(16, 15).UnixMilli():
				t.Errorf("%s trades %+v", d, hours)
			}
		}
		if diff := cmp.Diff(want.closed, closed); diff != "" {
			t.Errorf("closures of %d (-published +ours):\n%s", year, diff)
		}
		if diff := cmp.Diff(want.early, early); diff != "" {
			t.Errorf("early closes of %d (-published +ours):\n%s", year, diff)
		}
	}
}

func date(t *testing.T, s string) model.Date {
	t.Helper()
	d, err := model.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFault39Overrides(t *testing.T) {
	faults.Open(t, 39)
	var regular *Calendar
	mourning := date(t, "2025-01-09") // the exchange closed for a day of mourning
	if !regular.TradingDay(mourning) {
		t.Fatal("no rule knows of 2025-01-09")
	}
	c := regular.With(Override{Date: mourning, Closed: true})
	if c.TradingDay(mourning) || c.Next(mourning-1) != mourning+1 || c.Previous(mourning+1) != mourning-1 {
		t.Error("the stated closure of 2025-01-09 is not heeded")
	}
	if !regular.TradingDay(mourning) {
		t.Error("With changed the calendar it was called on")
	}
	later := c.With(Override{Date: date(t, "2026-06-10"), Open: date(t, "2026-06-10").At(10, 30).UnixMilli(), Close: date(t, "2026-06-10").At(14, 0).UnixMilli()})
	if h, ok := later.Hours(date(t, "2026-06-10")); !ok || h.Open != date(t, "2026-06-10").At(10, 30).UnixMilli() || h.Close != date(t, "2026-06-10").At(14, 0).UnixMilli() || !h.Early {
		t.Errorf("stated hours not heeded: %+v", h)
	}
	if later.TradingDay(mourning) {
		t.Error("an earlier override was lost")
	}
	open := c.With(Override{Date: mourning}, Override{Date: date(t, "2026-12-25")}, Override{Date: date(t, "2026-12-24")})
	if !open.TradingDay(mourning) || !open.TradingDay(date(t, "2026-12-25")) {
		t.Error("a day that the server calls open stays closed")
	}
	if h, _ := open.Hours(date(t, "2026-12-24")); !h.Early {
		t.Error("an override without times lost the early close")
	}
	if h, _ := regular.With(Override{Date: mourning, Close: 1}).Hours(mourning); h.Close != mourning.At(16, 0).UnixMilli() {
		t.Error("a close on another day was taken")
	}
}

func TestNextAndPrevious(t *testing.T) {
	var c *Calendar
	for _, tt := range []struct{ day, previous, next string }{
		{"2026-11-20", "2026-11-19", "2026-11-23"}, // over a weekend
		{"2026-11-22", "2026-11-20", "2026-11-23"}, // from one
		{"2026-11-26", "2026-11-25", "2026-11-27"}, // Thanksgiving
		{"2026-12-31", "2026-12-30", "2027-01-04"}, // year end, New Year's Day on a Friday
		{"2028-02-28", "2028-02-25", "2028-02-29"}, // leap day
		{"2026-04-03", "2026-04-02", "2026-04-06"}, // Good Friday
		{"2027-12-31", "2027-12-30", "2028-01-03"}, // New Year's Day on a Saturday is not kept
		{"2026-03-08", "2026-03-06", "2026-03-09"}, // clocks go forward
	} {
		d := date(t, tt.day)
		if p, n := c.Previous(d).String(), c.Next(d).String(); p != tt.previous || n != tt.next {
			t.Errorf("%s: previous %s, next %s; want %s, %s", tt.day, p, n, tt.previous, tt.next)
		}
	}
	shut := c
	for d := date(t, "2026-01-01"); d < date(t, "2027-01-01"); d++ {
		shut = shut.With(Override{Date: d, Closed: true})
	}
	if shut.Next(date(t, "2026-05-01")) > date(t, "2026-07-01") {
		t.Error("a year of closures is not given up on")
	}
}
