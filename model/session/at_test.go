package session

import (
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/model"
)

// ms is a New York wall-clock time.
func ms(t *testing.T, s string) int64 {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, model.NewYork)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

func TestAt(t *testing.T) {
	c := new(Calendar).With(Override{Date: date(t, "2025-01-09"), Closed: true})
	for _, tt := range []struct{ now, date, text, next string }{
		{"2026-11-23 10:41:27", "2026-11-23", "open", "2026-11-24 09:30:00"},
		{"2026-11-23 09:29:59", "2026-11-20", "closed: showing Fri 20 Nov, opens Mon 09:30 ET", "2026-11-23 09:30:00"},
		{"2026-11-23 09:30:00", "2026-11-23", "open", "2026-11-24 09:30:00"},
		{"2026-11-23 15:59:59", "2026-11-23", "open", "2026-11-24 09:30:00"},
		{"2026-11-23 16:00:00", "2026-11-23", "index options until 16:15 ET", "2026-11-24 09:30:00"},
		{"2026-11-23 16:15:00", "2026-11-23", "closed: showing Mon 23 Nov, opens Tue 09:30 ET", "2026-11-24 09:30:00"},
		{"2026-11-23 23:59:59", "2026-11-23", "closed: showing Mon 23 Nov, opens Tue 09:30 ET", "2026-11-24 09:30:00"},
		{"2026-11-24 00:00:00", "2026-11-23", "closed: showing Mon 23 Nov, opens Tue 09:30 ET", "2026-11-24 09:30:00"},
		{"2026-11-21 12:00:00", "2026-11-20", "closed: showing Fri 20 Nov, opens Mon 09:30 ET", "2026-11-23 09:30:00"},
		{"2026-11-26 12:00:00", "2026-11-25", "closed: showing Wed 25 Nov, opens Fri 09:30 ET", "2026-11-27 09:30:00"},
		{"2026-11-27 12:59:59", "2026-11-27", "open until 13:00 ET", "2026-11-30 09:30:00"},
		{"2026-11-27 13:00:00", "2026-11-27", "index options until 13:15 ET", "2026-11-30 09:30:00"},
		{"2026-11-27 13:15:00", "2026-11-27", "closed: showing Fri 27 Nov, opens Mon 09:30 ET", "2026-11-30 09:30:00"},
		{"2026-03-06 20:00:00", "2026-03-06", "closed: showing Fri 6 Mar, opens Mon 09:30 ET", "2026-03-09 09:30:00"}, // clocks change in between
		{"2026-03-08 03:00:00", "2026-03-06", "closed: showing Fri 6 Mar, opens Mon 09:30 ET", "2026-03-09 09:30:00"},
		{"2026-11-01 01:30:00", "2026-10-30", "closed: showing Fri 30 Oct, opens Mon 09:30 ET", "2026-11-02 09:30:00"},
		{"2026-12-31 17:00:00", "2026-12-31", "closed: showing Thu 31 Dec, opens Mon 09:30 ET", "2027-01-04 09:30:00"},
		{"2027-01-01 10:00:00", "2026-12-31", "closed: showing Thu 31 Dec, opens Mon 09:30 ET", "2027-01-04 09:30:00"},
		{"2028-02-29 12:00:00", "2028-02-29", "open", "2028-03-01 09:30:00"},
		{"2025-01-09 11:00:00", "2025-01-08", "closed: showing Wed 8 Jan, opens Fri 09:30 ET", "2025-01-10 09:30:00"},
	} {
		f := c.At(ms(t, tt.now), Statement{})
		if f.Date.String() != tt.date || f.Text() != tt.text || f.NextOpen != ms(t, tt.next) {
			t.Errorf("%s: data of %s, %q, next %v; want %s, %q, %s", tt.now, f.Date, f.Text(), time.UnixMilli(f.NextOpen).In(model.NewYork), tt.date, tt.text, tt.next)
		}
	}
}

// New York is five hours behind UTC in winter and four in summer.
func TestFault38SummerTime(t *testing.T) {
	faults.Open(t, 38)
	for now, open := range map[string]bool{
		"2026-03-06T14:29:59Z": false, "2026-03-06T14:30:00Z": true, "2026-03-09T13:29:59Z": false, "2026-03-09T13:30:00Z": true,
		"2026-10-30T19:59:59Z": true, "2026-10-30T20:15:00Z": false, "2026-11-02T20:59:59Z": true, "2026-11-02T21:15:00Z": false,
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if f := new(Calendar).At(at.UnixMilli(), Statement{}); f.Open != open {
			t.Errorf("%s: open is %v", now, f.Open)
		}
	}
}

func TestServersWordGoesFirst(t *testing.T) {
	var c *Calendar
	for _, tt := range []struct {
		name, said   string
		status       Status
		now          string
		open, forced bool
	}{
		{"unscheduled closure", "2026-11-23 09:31:00", StatusClosed, "2026-11-23 11:00:00", false, true},
		{"early close nobody announced", "2026-11-23 14:00:00", StatusExtended, "2026-11-23 14:01:00", false, true},
		{"said before the open", "2026-11-23 09:25:00", StatusExtended, "2026-11-23 09:31:00", true, false},
		{"said yesterday", "2026-11-20 11:00:00", StatusClosed, "2026-11-23 11:00:00", true, false},
		{"closed after hours is the calendar's word", "2026-11-23 17:00:00", StatusClosed, "2026-11-23 17:01:00", false, false},
		{"stocks rest, index options trade", "2026-11-23 16:01:00", StatusExtended, "2026-11-23 16:02:00", true, false},
		{"open in hours ends with them", "2026-11-23 15:59:00", StatusOpen, "2026-11-23 16:20:00", false, false},
		{"simulated market at night", "2026-11-23 22:00:00", StatusOpen, "2026-11-24 03:00:00", true, true},
		{"simulated market on Sunday", "2026-11-22 12:00:00", StatusOpen, "2026-11-22 12:00:05", true, true},
		{"open in hours", "2026-11-23 10:00:00", StatusOpen, "2026-11-23 10:00:05", true, false},
		{"unknown word", "2026-11-23 10:00:00", ParseStatus("half-open"), "2026-11-23 10:00:05", true, false},
	} {
		f := c.At(ms(t, tt.now), Statement{tt.status, ms(t, tt.said)})
		if f.Open != tt.open || f.Forced != tt.forced {
			t.Errorf("%s: open %v forced %v, want %v %v", tt.name, f.Open, f.Forced, tt.open, tt.forced)
		}
		if s := f.Session(); s.Open != f.Open || s.Forced != f.Forced || s.Date != f.Date || s.Text == "" {
			t.Errorf("%s: session %+v of %+v", tt.name, s, f)
		}
	}
	night := c.At(ms(t, "2026-11-22 12:00:00"), Statement{StatusOpen, ms(t, "2026-11-22 12:00:00")})
	if night.Date.String() != "2026-11-22" || night.Text() != "open" {
		t.Errorf("a market open on Sunday shows %s, %q", night.Date, night.Text())
	}
}

func TestParseStatus(t *testing.T) {
	for word, want := range map[string]Status{"open": StatusOpen, "closed": StatusClosed, "extended-hours": StatusExtended, "": StatusUnknown, "OPEN": StatusUnknown} {
		if got := ParseStatus(word); got != want {
			t.Errorf("%q: %v, want %v", word, got, want)
		}
	}
}

func BenchmarkAt(b *testing.B) {
	c, now := new(Calendar), model.MakeDate(2026, time.November, 23).At(11, 0).UnixMilli()
	for b.Loop() {
		c.At(now, Statement{})
	}
}
