package exchange

import (
	"math"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// popularity draws how much a contract is traded whatever the spot is: people like
// a strike, and less so the one type of it more than the other.
func popularity(root string, expiry model.Date, strike int32, own, seed uint64) float64 {
	shared := basis.Mix(basis.HashString(root) ^ basis.Mix(uint64(expiry)<<32|uint64(strike)) ^ seed)
	return math.Exp(0.6*basis.NormalOf(shared) + 0.2*basis.NormalOf(basis.Mix(own+1)))
}

// weigh sets how likely trades are in each active contract, as of the frontier:
// near expiries and strikes near the money, out of it more than in it; calls and
// puts by what the day wants.
func (l *Listing) weigh() {
	total := 0.0
	for _, u := range l.Underlyings {
		l.weighUnderlying(u)
		total += u.Weight
	}
	for _, u := range l.Underlyings {
		before := 0.0
		for i, c := range u.Active {
			w := (u.sum[i] - before) / u.sum[len(u.sum)-1]
			before = u.sum[i]
			if c.epoch > 0 {
				continue // known since it was listed
			}
			c.share = u.Weight / total * w
			c.interest = l.openInterest(c)
			c.epoch = quoteEpoch(w)
			if l.started {
				c.interest = 0 // listed today
			}
			c.interests = []InterestOn{{basis.LastTradingDay(l.time.Day - 1), int64(c.interest)}}
		}
	}
}

func (l *Listing) weighUnderlying(u *Underlying) {
	spot := u.Exactly(l.time.frontier)
	u.sum = u.sum[:0]
	var calls, puts float64
	var expiry model.Date
	var years, near float64
	for _, c := range u.Active {
		if c.Expiry != expiry {
			expiry = c.Expiry
			days := l.time.calendar.Between(l.time.Day, expiry)
			years = max(basis.YearsTo(l.time.frontier, l.time.dayStart, days), 0.5/252)
			near = 1.4 / math.Pow(1.4+float64(expiry-l.time.Day), 0.95)
		}
		w := c.base * near * moneyness(c, spot, u.Vol*math.Sqrt(years))
		if c.Put {
			puts += w
		} else {
			calls += w
		}
		u.sum = append(u.sum, w)
	}
	wanted := l.callShare(u)
	call, put := wanted/max(calls, 1e-9), (1-wanted)/max(puts, 1e-9)
	running := 0.0
	for i, c := range u.Active {
		if c.Put {
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
func (l *Listing) callShare(u *Underlying) float64 {
	day := uint64(l.time.Day)
	market := basis.NormalOf(basis.Mix(l.seed ^ basis.Mix(day)))
	own := basis.NormalOf(basis.Mix(l.seed ^ basis.Mix(day) ^ basis.HashString(u.Ticker)))
	usual := 0.56
	if u.Index || u.Penny {
		usual = 0.48
	}
	return max(0.4, min(0.64, usual+0.04*market+0.03*own))
}

// moneyness weighs a strike by its distance from the spot in standard
// deviations: most trading is a little out of the money, and little of it is in
// the money by more than half a deviation.
func moneyness(c *Contract, spot, deviation float64) float64 {
	d := math.Log(c.StrikeDollars()/spot) / deviation
	if c.Put {
		d = -d
	}
	if d < 0 {
		return 0.85 * math.Exp(4*d)
	}
	return math.Exp(-math.Pow(math.Abs(d-0.25), 1.4))
}
