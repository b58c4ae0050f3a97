package ui

import "optflow/model"

// moment is what stands beside the rows of a page.
type moment struct {
	now    int64 // market time, ms
	totals []model.Totals
	frozen bool
}

// dataTime is the market time that the newest data speaks of: a delayed feed's
// volume is that of some time ago.
func (s *scene) dataTime() int64 { return s.now - s.st.Plan.Delayed }

// live is the moment of a page that is not frozen.
func (s *scene) live() moment { return moment{now: s.now, totals: s.st.Totals} }

// today is the trading date of a moment.
func (s *scene) today(p moment) model.Date {
	if d := s.st.Session.Date; d != 0 {
		return d
	}
	return model.TradingDate(p.now)
}

// spot is a ticker's spot at a moment, NaN unknown.
func (p *moment) spot(ticker string) float64 {
	for i := range p.totals {
		if p.totals[i].Underlying == ticker {
			return p.totals[i].Spot
		}
	}
	return model.Unknown
}
