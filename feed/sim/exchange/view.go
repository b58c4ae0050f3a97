package exchange

import (
	"optflow/feed/sim/basis"
)

// View is one contract as a snapshot shows it. The snapshot may be of a time
// other than now; its timestamps are never later than now.
type View struct {
	C        *Contract
	Day      DayStats
	HasDay   bool
	Before   DayStats
	Quote    Standing
	Theory   theory
	Worth    basis.Worth
	Spot     float64
	SpotTime int64
	Interest float64
	Now      int64
}

// ViewAt looks at a contract as of a time. The caller holds mu.
func (m *Market) ViewAt(c *Contract, at, now int64) View {
	at = max(at, m.live)
	m.past.ensureBefore(c)
	v := View{C: c, Before: c.before, Interest: c.interest, Now: now}
	v.Day, v.HasDay = m.Prints.dayAt(c, at)
	quoted := min(at, now) - m.Quoted.lag
	v.Quote, v.Theory = m.Quoted.at(c, quoted), *m.makers.theoryAt(c, quoted)
	v.Worth = basis.BlackScholes(c.Put, v.Theory.spot, c.StrikeDollars(), v.Theory.years, v.Theory.Vol)
	seen := min(at, now)
	if m.options.Plan.DelayedUnderlying && m.delay == 0 {
		seen -= Delay.Milliseconds()
	}
	v.Spot, v.SpotTime = c.Under.share().At(seen), basis.Floor(seen, basis.Second)
	return v
}

// HasGreeks: they are left out for what is deep in the money or has no bid, and for a few
// others, as the vendor does for about a tenth of a chain.
func (v *View) HasGreeks() bool {
	d := v.Worth.Delta
	return v.Quote.Bid > 0 && d < 0.97 && d > -0.97 && v.C.Hash%40 != 0
}

// SnapshotLag draws how far a snapshot is behind (negative) or ahead.
func (m *Market) SnapshotLag(now int64, salt uint64) int64 {
	most := m.options.Faults.SnapshotLag.Milliseconds()
	if most <= 0 {
		return 0
	}
	r := basis.NewRand(m.options.Seed, basis.StreamSnapshot, basis.Mix(uint64(now))^salt)
	return r.Int64N(2*most+1) - most
}
