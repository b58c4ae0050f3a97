package model

import (
	"cmp"
	"math"
	"slices"
)

const (
	// VolumeMarks is how many times of day a session's volume is noted at: each
	// quarter of an hour from 09:45 to 16:00, New York.
	VolumeMarks = 26
	// VolumeSessions is how many sessions a mean stands on at least.
	VolumeSessions = 5
	// volumeKept is how many sessions of a ticker are kept: a month.
	volumeKept = 21

	volumeEvery = 15 * 60_000
	volumeLate  = 60_000 // a mark is noted within this time, or not at all
)

// SessionVolume is how many contracts of an underlying had traded by each mark
// of one session; -1 where nobody looked.
type SessionVolume struct {
	Ticker string
	Date   Date
	At     [VolumeMarks]int64
}

// Volumes compare an underlying's volume with that of earlier sessions at the
// same time of day. The volume is the day's, as the source states it, so a mark
// is right however late the program was started; marks at which it did not run
// are unknown and stay so.
type Volumes struct {
	sessions map[string][]SessionVolume // by ticker, oldest first
	recorded *RecordedVolumes           // nil: none
}

// Recorded takes the volumes of sessions that were recorded, in place of those
// noted of the same dates.
func (v *Volumes) Recorded(r *RecordedVolumes) { v.recorded = r }

// NewVolumes takes what earlier runs noted.
func NewVolumes(list []SessionVolume) *Volumes {
	v := &Volumes{sessions: make(map[string][]SessionVolume)}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b SessionVolume) int { return int(a.Date - b.Date) })
	for _, s := range list {
		*v.session(s.Ticker, s.Date) = s
	}
	return v
}

// session is a ticker's session, made if it is new. Dates must not go back.
func (v *Volumes) session(ticker string, d Date) *SessionVolume {
	all := v.sessions[ticker]
	if n := len(all); n == 0 || all[n-1].Date != d {
		s := SessionVolume{Ticker: ticker, Date: d}
		for i := range s.At {
			s.At[i] = -1
		}
		all = append(all, s)
		all = all[max(len(all)-volumeKept, 0):]
		v.sessions[ticker] = all
	}
	return &all[len(all)-1]
}

// sinceOpen is how many milliseconds after 09:30 in New York a time is.
func sinceOpen(ms int64) int64 { return ms - TradingDate(ms).At(9, 30).UnixMilli() }

// Note takes an underlying's volume of the day at a market time in ms and
// reports whether that was a mark that is to be kept.
func (v *Volumes) Note(ticker string, ms, volume int64) bool {
	since := sinceOpen(ms)
	mark := since/volumeEvery - 1
	if since < 0 || mark < 0 || mark >= VolumeMarks || since%volumeEvery >= volumeLate {
		return false
	}
	d := TradingDate(ms)
	if all := v.sessions[ticker]; len(all) > 0 && all[len(all)-1].Date > d {
		return false // the clock was set back
	}
	at := &v.session(ticker, d).At[mark]
	if *at >= 0 {
		return false
	}
	*at = volume
	return true
}

// Against is an underlying's volume at a market time over the mean of earlier
// sessions at the same time of day, and how many sessions that mean stands on.
// It is NaN where they are fewer than VolumeSessions. Between two marks a
// session's volume is taken to grow evenly.
func (v *Volumes) Against(ticker string, ms, volume int64) (ratio float64, sessions int) {
	since, today := sinceOpen(ms), TradingDate(ms)
	var of *recordedTicker
	if v.recorded != nil {
		of = v.recorded.tickers[ticker]
	}
	sum, sessions := of.by(since)
	sum = float64(sum * float64(sessions))
	for _, s := range slices.Backward(v.sessions[ticker]) {
		if s.Date >= today || of != nil && (slices.Contains(of.dates, s.Date) || sessions >= RecordedSessions) {
			continue
		}
		if then, ok := s.by(since); ok {
			sum += then
			sessions++
		}
	}
	if sessions < VolumeSessions || sum <= 0 {
		return math.NaN(), sessions
	}
	return float64(volume) * float64(sessions) / sum, sessions
}

// by is the volume so many milliseconds after 09:30.
func (s *SessionVolume) by(since int64) (float64, bool) {
	if since < 0 {
		return 0, false
	}
	before, after := since/volumeEvery-1, since/volumeEvery
	if since >= VolumeMarks*volumeEvery { // the last mark stands for the rest of the day
		before, after = VolumeMarks-1, VolumeMarks-1
	}
	from := int64(0) // at 09:30
	if before >= 0 {
		from = s.At[before]
	}
	to := s.At[after]
	if from < 0 || to < 0 {
		return 0, false
	}
	return float64(from) + float64(to-from)*float64(since%volumeEvery)/volumeEvery, true
}

// Sessions are all that is noted, by ticker and date.
func (v *Volumes) Sessions() []SessionVolume {
	var out []SessionVolume
	for _, all := range v.sessions {
		out = append(out, all...)
	}
	slices.SortFunc(out, func(a, b SessionVolume) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Ticker, b.Ticker))
	})
	return out
}
