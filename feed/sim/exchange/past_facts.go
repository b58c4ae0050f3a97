package exchange

import (
	"math"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// InterestOn is open interest at the end of a day.
type InterestOn struct {
	Day  model.Date
	Lots int64
}

// interestStated is when, after midnight, the open interest of the day before is
// stated: OPRA does around half past six.
const interestStated = (6*60 + 30) * basis.Minute

// Interests are the open interests of a contract that have been stated by a
// market time, oldest first. The caller holds the market.
func (m *Market) Interests(c *Contract, now int64) []InterestOn {
	all := c.interests
	for len(all) > 0 && now < basis.StartOfDay(all[len(all)-1].Day+1)+interestStated {
		all = all[:len(all)-1]
	}
	return all
}

// SpotBars are bars of an underlying's price, from..to (ms of their starts), as
// far as they are over. The caller holds the market.
func (m *Market) SpotBars(u *Underlying, width, from, to, now int64) (bars []Window) {
	if m.options.Plan.DelayedUnderlying && m.delay == 0 {
		now -= Delay.Milliseconds()
	}
	from = max(basis.Floor(from+width-1, width), basis.Floor(max(m.PastFrom, u.latest-u.spots.span()), width)+width)
	for start := from; start <= to && start+width <= now; start += width {
		w := Window{Start: start, Low: math.MaxInt32}
		for at := start; at < start+width; at += basis.Second {
			price := int32(math.Round(u.share().Exactly(at) * 100))
			if w.Open == 0 {
				w.Open = price
			}
			w.High, w.Low, w.Close = max(w.High, price), min(w.Low, price), price
			w.Count++
		}
		w.Volume = int64(w.Count)
		w.Cents = w.Volume * int64(w.Close)
		bars = append(bars, w)
	}
	return bars
}
