package view

import (
	"math"

	"optflow/model"
)

// Ticker is one underlying's day.
type Ticker struct {
	model.Totals
	Number uint32  // by which a list knows it again
	Share  float64 // of the premium of all followed tickers since JointSince; NaN unknown

	Against  float64 // the day's volume over that of earlier sessions by now; NaN unknown
	Sessions int     // how many those are
	Row      model.Burst
}

// TickerDays appends to a list that is reused the followed underlyings that the
// filter takes. The day's volume is compared with earlier sessions at the time
// that the newest data speaks of, unless volumes are nil. Joint is since when the
// shares count, in ms, 0 not yet.
func (o *Of) TickerDays(into []Ticker, volumes *model.Volumes, dataTime int64) (rows []Ticker, t Tally, joint int64) {
	all := 0.0
	for i := range o.Totals {
		if o.Follows[o.Totals[i].Underlying] {
			all += o.Totals[i].Joint
		}
	}
	for _, of := range o.Totals {
		if !o.Follows[of.Underlying] {
			continue
		}
		l := Ticker{Totals: of, Share: model.Unknown, Against: model.Unknown}
		if of.JointSince > 0 && all > 0 {
			l.Share, joint = of.Joint/all, of.JointSince
		}
		if volumes != nil && of.Whole {
			l.Against, l.Sessions = volumes.Against(of.Underlying, dataTime, of.CallVolume+of.PutVolume)
		}
		l.Row = model.Burst{Row: of.Row(o.Now)}
		if t.takes(o.Filter, &l.Row, &model.Contract{Underlying: of.Underlying, Root: of.Underlying}, o.Now) {
			into = append(into, l)
		}
	}
	return into, t, joint
}

// BullBearLeast is the share of premium with a sure side below which
// BULL-BEAR says nothing (docs/words.md#the-totals).
const BullBearLeast = 0.10

// SureShare is the share of premium that has a sure side.
func SureShare(r *model.Totals) float64 {
	if r.Premium <= 0 {
		return 0
	}
	return (r.Bull + r.Bear) / r.Premium
}

// Balance is BULL-BEAR in dollars, NaN where it stands on too little.
func Balance(r *model.Totals) float64 {
	if SureShare(r) < BullBearLeast {
		return math.NaN()
	}
	return r.Bull - r.Bear
}

// LastHour is the premium of the minutes, in dollars.
func LastHour(r *model.Totals) (sum float64) {
	for _, v := range r.Minutes {
		sum += v
	}
	return sum
}
