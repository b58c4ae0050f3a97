package scene

import "optflow/model"

// Moment is what stands beside the rows of a page.
type Moment struct {
	Now    int64 // market time, ms
	Totals []model.Totals
	Frozen bool
}

// DataTime is the market time that the newest data speaks of: a delayed feed's
// volume is that of some time ago.
func (s *Scene) DataTime() int64 { return s.Now - s.State.Plan.Delayed }

// Live is the moment of a page that is not frozen.
func (s *Scene) Live() Moment { return Moment{Now: s.Now, Totals: s.State.Totals} }

// Today is the trading date of a moment.
func (s *Scene) Today(p Moment) model.Date {
	if d := s.State.Session.Date; d != 0 {
		return d
	}
	return model.TradingDate(p.Now)
}

// Spot is a ticker's spot at a moment, NaN unknown.
func (p *Moment) Spot(ticker string) float64 {
	for i := range p.Totals {
		if p.Totals[i].Underlying == ticker {
			return p.Totals[i].Spot
		}
	}
	return model.Unknown
}
