package model

import "slices"

const (
	// recordedMinutes is how many minutes of a session there are volumes of, from
	// 09:30 to 16:15, when index options close.
	recordedMinutes = 405
	// RecordedSessions is how many recorded sessions a mean stands on at most.
	RecordedSessions = 20
)

// RecordedVolumes are the volumes of recorded sessions by the minute. Of each
// ticker and minute only the sum is kept, so that they stay small.
type RecordedVolumes struct {
	dates   []Date // that were added, newest last
	tickers map[string]*recordedTicker
}

type recordedTicker struct {
	dates    []Date // with a minute of it
	date     Date   // that the calls below it are of
	sum      [recordedMinutes]int64
	sessions [recordedMinutes]uint8
	last     [recordedMinutes]bool // of the present date: it is in the sum
}

// Has reports whether a date was added.
func (v *RecordedVolumes) Has(d Date) bool { return slices.Contains(v.dates, d) }

// Full reports whether there are as many sessions as a mean stands on.
func (v *RecordedVolumes) Full() bool { return len(v.dates) >= RecordedSessions }

// Add adds a part of the contracts of a ticker that had traded by a time, in ms, of
// a date: those of its calls, or its puts. All of a date are added together.
func (v *RecordedVolumes) Add(d Date, ticker string, by, contracts int64) {
	m := sinceOpen(by)/int64(Minute) - 1
	if m < 0 || m >= recordedMinutes || TradingDate(by) != d {
		return
	}
	if n := len(v.dates); n == 0 || v.dates[n-1] != d {
		v.dates = append(v.dates, d)
	}
	t := v.tickers[ticker]
	if t == nil {
		if v.tickers == nil {
			v.tickers = make(map[string]*recordedTicker)
		}
		t = new(recordedTicker)
		v.tickers[ticker] = t
	}
	if t.date != d {
		t.date, t.dates, t.last = d, append(t.dates, d), [recordedMinutes]bool{}
	}
	t.sum[m] += contracts
	if !t.last[m] {
		t.last[m] = true
		t.sessions[m]++
	}
}

// by is the mean volume of a ticker so many ms after 09:30, and of how many
// sessions it is.
func (t *recordedTicker) by(since int64) (mean float64, sessions int) {
	if t == nil || since <= 0 {
		return 0, 0
	}
	m := min((since-1)/int64(Minute), recordedMinutes-1) // it ends then, or later
	n := int(t.sessions[m])
	if n == 0 {
		return 0, 0
	}
	to, from := float64(t.sum[m])/float64(n), 0.0
	into := since - m*int64(Minute)
	if into >= int64(Minute) {
		return to, n
	}
	if m > 0 {
		before := int(t.sessions[m-1])
		if before == 0 {
			return 0, 0
		}
		from, n = float64(t.sum[m-1])/float64(before), min(n, before)
	}
	return from + (to-from)*float64(into)/float64(Minute), n
}
