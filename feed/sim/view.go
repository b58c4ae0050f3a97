package sim

// view is one contract as a snapshot shows it. The snapshot may be of a time
// other than now; its timestamps are never later than now.
type view struct {
	c        *contract
	day      dayStats
	hasDay   bool
	before   dayStats
	quote    standing
	theory   theory
	worth    value
	spot     float64
	spotTime int64
	interest float64
	now      int64
}

// viewAt looks at a contract as of a time. The caller holds mu.
func (m *Market) viewAt(c *contract, at, now int64) view {
	at = max(at, m.live)
	m.ensureBefore(c)
	v := view{c: c, before: c.before, interest: c.interest, now: now}
	v.day, v.hasDay = m.dayAt(c, at)
	quoted := min(at, now) - m.quoteLag
	v.quote, v.theory = m.quoteAt(c, quoted), *m.theoryAt(c, quoted)
	v.worth = blackScholes(c.put, v.theory.spot, c.strikeDollars(), v.theory.years, v.theory.vol)
	seen := min(at, now)
	if m.options.Plan.DelayedUnderlying && m.delay == 0 {
		seen -= Delay.Milliseconds()
	}
	v.spot, v.spotTime = c.under.share().at(seen), floor(seen, second)
	return v
}

// hasGreeks: they are left out for what is deep in the money or has no bid, and for a few
// others, as the vendor does for about a tenth of a chain.
func (v *view) hasGreeks() bool {
	d := v.worth.delta
	return v.quote.bid > 0 && d < 0.97 && d > -0.97 && v.c.hash%40 != 0
}

// snapshotLag draws how far a snapshot is behind (negative) or ahead.
func (m *Market) snapshotLag(now int64, salt uint64) int64 {
	most := m.options.Faults.SnapshotLag.Milliseconds()
	if most <= 0 {
		return 0
	}
	r := newRand(m.options.Seed, streamSnapshot, mix(uint64(now))^salt)
	return r.Int64N(2*most+1) - most
}
