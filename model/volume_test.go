package model

import (
	"math"
	"testing"
	"time"
)

// growing notes sessions that trade so many contracts a minute, all day.
func growing(v *Volumes, ticker string, first Date, sessions, perMinute int) {
	for d := range sessions {
		open := (first + Date(d)).At(9, 30).UnixMilli()
		for minute := range 400 {
			v.Note(ticker, open+int64(minute)*60_000+1_000, int64(minute*perMinute))
		}
	}
}

func TestVolumesAgainst(t *testing.T) {
	v := NewVolumes(nil)
	monday := MakeDate(2026, 11, 2)
	growing(v, "SPY", monday, 5, 100)
	today := monday + 7
	for _, c := range []struct {
		hour, minute int
		volume       int64
		want         float64
	}{
		{9, 40, 1_000, 1},     // before the first mark
		{9, 45, 1_500, 1},     // on a mark
		{10, 7, 3_700, 1},     // between two
		{10, 7, 7_400, 2},     // twice as much
		{15, 59, 19_450, 0.5}, // the last quarter
		{16, 10, 39_000, 1},   // after the last mark
		{9, 20, 0, math.NaN()},
	} {
		got, n := v.Against("SPY", today.At(c.hour, c.minute).UnixMilli(), c.volume)
		if math.IsNaN(c.want) != math.IsNaN(got) || math.Abs(got-c.want) > 0.01 {
			t.Errorf("%d:%02d: %d is %.3f of %d sessions, want %.2f", c.hour, c.minute, c.volume, got, n, c.want)
		}
	}
	if got, _ := v.Against("QQQ", today.At(10, 0).UnixMilli(), 5); !math.IsNaN(got) {
		t.Errorf("a ticker that nobody watched: %v", got)
	}
}

// TestVolumesNeedSessions: four sessions are not enough, nor are more that were
// not watched at that time of day; today's own marks never count.
func TestVolumesNeedSessions(t *testing.T) {
	v := NewVolumes(nil)
	monday := MakeDate(2026, 11, 2)
	growing(v, "SPY", monday, 4, 100)
	late := monday + 4 // watched from noon on
	for minute := range 400 {
		if minute >= 150 {
			v.Note("SPY", late.At(9, 30).UnixMilli()+int64(minute)*60_000, int64(minute*100))
		}
	}
	today := monday + 7
	growing(v, "SPY", today, 1, 100)
	if got, n := v.Against("SPY", today.At(10, 0).UnixMilli(), 3_000); n != 4 || !math.IsNaN(got) {
		t.Errorf("at ten: %v of %d sessions", got, n)
	}
	if got, n := v.Against("SPY", today.At(13, 0).UnixMilli(), 21_000); n != 5 || math.Abs(got-1) > 0.01 {
		t.Errorf("at one: %v of %d sessions", got, n)
	}
}

// TestVolumesNote: a mark is noted once, at its time, and not by a clock that
// went back; what is noted survives being kept.
func TestVolumesNote(t *testing.T) {
	v := NewVolumes(nil)
	day := MakeDate(2026, 11, 23)
	at := func(h, m int, late int64) int64 { return day.At(h, m).UnixMilli() + late }
	for _, c := range []struct {
		ms   int64
		want bool
	}{
		{at(9, 30, 0), false}, {at(9, 45, -1), false}, {at(9, 45, 0), true}, {at(9, 45, 900), false},
		{at(10, 1, 0), false}, {at(10, 0, 59_999), true}, {at(16, 0, 10), true}, {at(16, 15, 0), false}, {at(4, 0, 0), false},
		{at(9, 45, 0) - 24*3600_000, false},
	} {
		if got := v.Note("SPY", c.ms, 7); got != c.want {
			t.Errorf("%v: noted %v, want %v", time.UnixMilli(c.ms).In(NewYork), got, c.want)
		}
	}
	again := NewVolumes(v.Sessions())
	if a, b := v.Sessions(), again.Sessions(); len(a) != 1 || len(b) != 1 || a[0] != b[0] {
		t.Errorf("%v became %v", a, b)
	}
}

// TestVolumesAreBounded: a month of sessions a ticker.
func TestVolumesAreBounded(t *testing.T) {
	v := NewVolumes(nil)
	growing(v, "SPY", MakeDate(2026, 1, 1), 3*volumeKept, 1)
	if n := len(v.Sessions()); n != volumeKept {
		t.Errorf("%d sessions are kept, want %d", n, volumeKept)
	}
}
