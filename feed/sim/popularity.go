package sim

import (
	"math"

	"optflow/model"
)

// popularity draws how much a contract is traded whatever the spot is: people like
// a strike, and less so the one type of it more than the other.
func popularity(root string, expiry model.Date, strike int32, own, seed uint64) float64 {
	shared := mix(hashString(root) ^ mix(uint64(expiry)<<32|uint64(strike)) ^ seed)
	return math.Exp(0.6*normalOf(shared) + 0.2*normalOf(mix(own+1)))
}

// weigh sets how likely trades are in each active contract, as of the frontier:
// near expiries and strikes near the money, out of it more than in it; calls and
// puts by what the day wants.
func (m *Market) weigh() {
	total := 0.0
	for _, u := range m.underlyings {
		m.weighUnderlying(u)
		total += u.weight
	}
	for _, u := range m.underlyings {
		before := 0.0
		for i, c := range u.active {
			w := (u.sum[i] - before) / u.sum[len(u.sum)-1]
			before = u.sum[i]
			if c.epoch > 0 {
				continue // known since it was listed
			}
			c.share = u.weight / total * w
			c.interest = m.openInterest(c)
			c.epoch = quoteEpoch(w)
			if m.started {
				c.interest = 0 // listed today
			}
		}
	}
}

func (m *Market) weighUnderlying(u *underlying) {
	spot := u.exactly(m.frontier)
	u.sum = u.sum[:0]
	var calls, puts float64
	var expiry model.Date
	var years, near float64
	for _, c := range u.active {
		if c.expiry != expiry {
			expiry = c.expiry
			days := m.calendar.between(m.day, expiry)
			years = max(yearsTo(m.frontier, m.dayStart, days), 0.5/252)
			near = 1.4 / math.Pow(1.4+float64(expiry-m.day), 0.95)
		}
		w := c.base * near * moneyness(c, spot, u.vol*math.Sqrt(years))
		if c.put {
			puts += w
		} else {
			calls += w
		}
		u.sum = append(u.sum, w)
	}
	wanted := m.callShare(u)
	call, put := wanted/max(calls, 1e-9), (1-wanted)/max(puts, 1e-9)
	running := 0.0
	for i, c := range u.active {
		if c.put {
			running += u.sum[i] * put
		} else {
			running += u.sum[i] * call
		}
		u.sum[i] = running
	}
}

// callShare is the share of calls in an underlying's trades today. Indices and
// their funds are hedged with puts, single names are bought with calls; together
// that is about even, and each day leans by what the seed says.
func (m *Market) callShare(u *underlying) float64 {
	day := uint64(m.day)
	market := normalOf(mix(m.options.Seed ^ mix(day)))
	own := normalOf(mix(m.options.Seed ^ mix(day) ^ hashString(u.ticker)))
	usual := 0.56
	if u.index || u.penny {
		usual = 0.48
	}
	return max(0.4, min(0.64, usual+0.04*market+0.03*own))
}

// moneyness weighs a strike by its distance from the spot in standard
// deviations: most trading is a little out of the money, and little of it is in
// the money by more than half a deviation.
func moneyness(c *contract, spot, deviation float64) float64 {
	d := math.Log(c.strikeDollars()/spot) / deviation
	if c.put {
		d = -d
	}
	if d < 0 {
		return 0.85 * math.Exp(4*d)
	}
	return math.Exp(-math.Pow(math.Abs(d-0.25), 1.4))
}
