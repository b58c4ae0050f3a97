package model

import (
	"math"
	"testing"
)

// Recorded sessions count by the minute, those noted before for the dates that were
// not recorded, until there are enough.
func TestRecordedVolumes(t *testing.T) {
	monday := MakeDate(2026, 11, 23)
	at := func(d Date, minutes int64) int64 { return d.At(9, 30).UnixMilli() + minutes*int64(Minute) }
	var noted []SessionVolume
	for i := range 6 {
		s := SessionVolume{Ticker: "SPY", Date: monday - Date(7+i)}
		for k := range s.At {
			s.At[k] = int64(k+1) * 15 * 100 // 100 a minute
		}
		noted = append(noted, s)
	}
	v := NewVolumes(noted)
	if ratio, n := v.Against("SPY", at(monday, 60), 12_000); n != 6 || math.Abs(ratio-2) > 1e-9 {
		t.Fatalf("noted alone: %v of %d", ratio, n)
	}
	r := new(RecordedVolumes)
	record := func(d Date, minutes int64) {
		for m := int64(1); m <= minutes; m++ {
			r.Add(d, "SPY", at(d, m), 200*m)
			r.Add(d, "SPY", at(d, m), 100*m) // calls and puts
		}
	}
	record(monday-7, 390) // was noted, too
	record(monday-3, 60)  // ended after an hour
	v.Recorded(r)
	for _, c := range []struct {
		minutes  int64
		mean     float64
		sessions int
	}{{60, (2*300*60 + 5*100*60) / 7.0, 7}, {61, (300*61 + 5*100*61) / 6.0, 6}, {390 + 20, (5*390*100 + 0) / 5.0, 5}} {
		ratio, n := v.Against("SPY", at(monday, c.minutes), 30_000)
		if n != c.sessions || math.Abs(ratio-30_000/c.mean) > 1e-6 {
			t.Errorf("after %d minutes %v of %d sessions, want %v of %d", c.minutes, ratio, n, 30_000/c.mean, c.sessions)
		}
	}
	half := at(monday, 60) + 30_000
	if ratio, n := v.Against("SPY", half, 1); n != 6 || math.Abs(1/ratio-(300*60.5+5*100*60.5)/6) > 1e-6 {
		t.Errorf("between minutes %v of %d", 1/ratio, n)
	}
	if !r.Has(monday-7) || r.Has(monday) || r.Full() {
		t.Error("it does not know its dates")
	}
	for d := monday - 60; !r.Full(); d++ {
		record(d, 390)
	}
	if _, n := v.Against("SPY", at(monday, 200), 1); n < RecordedSessions-1 || n > RecordedSessions {
		t.Errorf("the mean stands on %d sessions", n)
	}
	if _, n := v.Against("QQQ", at(monday, 60), 1); n != 0 {
		t.Errorf("nothing is known of QQQ, and %d sessions of it", n)
	}
	before := testing.AllocsPerRun(10, func() { v.Against("SPY", half, 1) })
	if before != 0 {
		t.Errorf("a look allocates %v times", before)
	}
}
