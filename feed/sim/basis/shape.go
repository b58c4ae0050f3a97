package basis

import (
	"math"

	"optflow/model"
)

// sessionMinutes is the length of a regular session, 9:30 to 16:00 New York.
const SessionMinutes = 390

// shape is the U of trading activity over the session, mean 1: high after the
// open, low at noon, rising into the close. The market is always open, so
// outside 9:30 to 16:00 the U repeats in pseudo-sessions of the same length.
var shape = makeShape()

func makeShape() (u [SessionMinutes]float64) {
	sum := 0.0
	for i := range u {
		x := (float64(i) + 0.5) / SessionMinutes
		u[i] = 0.55 + 2.2*math.Exp(-x/0.06) + 1.3*math.Exp((x-1)/0.05)
		sum += u[i]
	}
	for i := range u {
		u[i] *= SessionMinutes / sum
	}
	return u
}

// SessionMinute is how many minutes of its (pseudo-)session have passed.
func SessionMinute(ms, dayStart int64) int {
	const open = 9*60 + 30
	m := int((ms-dayStart)/Minute) - open
	m %= SessionMinutes
	if m < 0 {
		m += SessionMinutes
	}
	return m
}

// Activity is the U at a market time of the day that starts at dayStart.
func Activity(ms, dayStart int64) float64 { return shape[SessionMinute(ms, dayStart)] }

// StartOfDay is New York midnight of a date in ms.
func StartOfDay(d model.Date) int64 { return d.At(0, 0).UnixMilli() }
