package model

// sparkMinutes is how many minutes of premium Totals carries.
const sparkMinutes = 60

// ledger is one underlying's sums of a day. They are kept by differences as the
// accounts and rows change, and recomputed from the accounts once a minute, so
// that rounding does not pile up.
type ledger struct {
	u     *underlying
	day   *bookDay
	swept int64 // ms: up to when a complete baseline covers it; 0 none

	callPremium, putPremium float64
	callVolume, putVolume   int64

	since               int64 // ms: start of the first row that counts below; 0 none yet
	bull, bear, premium float64

	heard  int64   // ms: end of the newest window from the stream
	counts int64   // ms: from when all that trades comes in, 0 not yet
	joint  float64 // premium of rows that began when all ledgers of the day counted

	twins twins // of the day's windows of one second: they do not count as bull or bear

	minutes [sparkMinutes]float64 // by minute modulo their number
	minute  int64                 // the newest minute in them, in minutes since 1970
}

// ledger returns the sums of an underlying, starting them when it is new.
func (d *bookDay) ledger(name string, u *underlying) *ledger {
	t := d.ledgers[name]
	if t == nil {
		t = &ledger{u: u, day: d}
		d.ledgers[name] = t
	}
	return t
}

// book takes over what changed in an account's day.
func (t *ledger) book(a *account) {
	premium := a.dayPremium()
	if premium == a.premium && a.total == a.booked {
		return
	}
	if a.call {
		t.callPremium += premium - a.premium
		t.callVolume += a.total - a.booked
	} else {
		t.putPremium += premium - a.premium
		t.putVolume += a.total - a.booked
	}
	a.premium, a.booked = premium, a.total
}

// row takes over a row that replaces another one, or nothing.
func (t *ledger) row(row, old *Row) {
	t.rowMinute(row, row.Premium)
	t.rowPremium(row, 1)
	if old != nil {
		t.rowMinute(old, -old.Premium)
		t.rowPremium(old, -1)
	}
}

// rowPremium adds a row to the premium that bull and bear are a share of. Rows
// from the past do not count.
func (t *ledger) rowPremium(row *Row, sign float64) {
	if row.Flags&FlagPast != 0 {
		return
	}
	if t.since == 0 || row.Start < t.since {
		t.since = row.Start
	}
	t.premium += sign * row.Premium
	t.join(row.Start)
	if row.Start >= t.day.joint {
		t.joint += sign * row.Premium
	}
	t.day.latest = max(t.day.latest, row.End())
}

// rowFlow adds a row to bull or bear, if its side is sure.
func (t *ledger) rowFlow(call bool, row *Row, sign float64) {
	if row.Flags&FlagPast != 0 || row.Certainty != CertaintySure {
		return
	}
	kind := Put
	if call {
		kind = Call
	}
	switch {
	case row.Side.Bullish(kind):
		t.bull += sign * row.Premium
	case row.Side.Bearish(kind):
		t.bear += sign * row.Premium
	}
}

// rowMinute adds premium to the minute in which a row ended.
func (t *ledger) rowMinute(row *Row, premium float64) {
	minute := (row.End() - 1) / int64(Minute)
	t.advance(minute)
	if minute > t.minute-sparkMinutes {
		t.minutes[mod(minute, sparkMinutes)] += premium
	}
}

// advance moves the minutes on, so that the given one is in them.
func (t *ledger) advance(minute int64) {
	if minute <= t.minute {
		return
	}
	for m := max(t.minute+1, minute-sparkMinutes+1); m <= minute; m++ {
		t.minutes[mod(m, sparkMinutes)] = 0
	}
	t.minute = minute
}

// rebuild recomputes the sums of the current day from its accounts.
func (b *Book) rebuild() {
	b.rebuilt = b.now
	day := b.today()
	if day == nil {
		return
	}
	for _, t := range day.ledgers {
		t.callPremium, t.putPremium, t.callVolume, t.putVolume = 0, 0, 0, 0
	}
	for _, a := range day.accounts {
		if a != nil {
			a.premium, a.booked = 0, 0
			a.ledger.book(a)
		}
	}
}

// Totals returns the sums of the tickers, in their order.
func (b *Book) Totals(tickers []string) []Totals {
	list := make([]Totals, len(tickers))
	day := b.today()
	for i, name := range tickers {
		list[i] = Totals{Underlying: name, Spot: Unknown, Minutes: make([]float64, sparkMinutes)}
		if u := b.sources[name]; u != nil {
			list[i].Spot, list[i].SpotTime = u.spot, u.spotTime
		}
		if day == nil || day.ledgers[name] == nil {
			continue
		}
		t := day.ledgers[name]
		list[i].Whole = t.swept > 0
		list[i].CallPremium, list[i].PutPremium = t.callPremium, t.putPremium
		list[i].CallVolume, list[i].PutVolume = t.callVolume, t.putVolume
		list[i].Bull, list[i].Bear, list[i].Premium, list[i].Since = t.bull, t.bear, t.premium, t.since
		if t.counts > 0 {
			list[i].Joint, list[i].JointSince = t.joint, day.joint
		}
		t.advance((b.now - b.delay) / int64(Minute))
		for m := range list[i].Minutes {
			list[i].Minutes[m] = t.minutes[mod(t.minute+1+int64(m), sparkMinutes)]
		}
		list[i].Minute, list[i].Partial = t.minute*int64(Minute), t.partial()
	}
	b.partialByGaps(day, tickers, list)
	return list
}
