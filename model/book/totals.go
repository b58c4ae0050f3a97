package book

import (
	"optflow/model"
	"optflow/model/twin"
)

// sparkMinutes is how many minutes of premium Totals carries.
const sparkMinutes = 60

// ledger is one underlying's day: the sums of its roots. Which root is whose is
// learnt, so they are kept by root, and one that turns out to be another's goes
// there as a whole.
type ledger struct {
	u      *underlying
	day    *bookDay
	swept  int64 // ms: up to when a complete baseline covers it; 0 none
	heard  int64 // ms: end of the newest window from the stream
	counts int64 // ms: from when all that trades comes in, 0 not yet
	roots  []*sums
	twins  twin.Index // of the day's windows of one second: they do not count as bull or bear
	place  int        // in an image
}

// sums are those of a root's contracts. They are kept by differences as the
// accounts and rows change, and recomputed from the accounts once a minute, so
// that rounding does not pile up.
type sums struct {
	root  string
	place int // in an image

	callPremium, putPremium float64
	callVolume, putVolume   int64

	since               int64 // ms: start of the first row that counts below; 0 none yet
	bull, bear, premium float64

	joint float64 // premium of rows that began when all ledgers of the day counted

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

// sumsOf returns the sums of a root, which belongs to that underlying; they start
// when it is new.
func (d *bookDay) sumsOf(root string, t *ledger) *sums {
	s := d.sums[root]
	if s == nil {
		s = &sums{root: root}
		d.sums[root] = s
		t.roots = append(t.roots, s)
	}
	return s
}

// book takes over what changed in an account's day.
func (s *sums) book(a *account) {
	premium := a.dayPremium()
	if premium == a.premium && a.total == a.booked {
		return
	}
	if a.call {
		s.callPremium += premium - a.premium
		s.callVolume += a.total - a.booked
	} else {
		s.putPremium += premium - a.premium
		s.putVolume += a.total - a.booked
	}
	a.premium, a.booked = premium, a.total
}

// row takes over a row, of an account of the ledger, that replaces another one,
// or nothing.
func (s *sums) row(t *ledger, row, old *model.Row) {
	s.rowMinute(row, row.Premium)
	s.rowPremium(t, row, 1)
	if old != nil {
		s.rowMinute(old, -old.Premium)
		s.rowPremium(t, old, -1)
	}
}

// rowPremium adds a row to the premium that bull and bear are a share of. Rows
// from the past do not count.
func (s *sums) rowPremium(t *ledger, row *model.Row, sign float64) {
	if row.Flags&model.FlagPast != 0 {
		return
	}
	if s.since == 0 || row.Start < s.since {
		s.since = row.Start
	}
	s.premium += float64(sign * row.Premium)
	t.join(row.Start)
	if row.Start >= t.day.joint {
		s.joint += float64(sign * row.Premium)
	}
	t.day.latest = max(t.day.latest, row.End())
}

// rowFlow adds a row to bull or bear, if its side is sure.
func (s *sums) rowFlow(call bool, row *model.Row, sign float64) {
	if row.Flags&model.FlagPast != 0 || row.Certainty != model.CertaintySure {
		return
	}
	kind := model.Put
	if call {
		kind = model.Call
	}
	switch {
	case row.Side.Bullish(kind):
		s.bull += float64(sign * row.Premium)
	case row.Side.Bearish(kind):
		s.bear += float64(sign * row.Premium)
	}
}

// rowMinute adds premium to the minute in which a row ended.
func (s *sums) rowMinute(row *model.Row, premium float64) {
	minute := (row.End() - 1) / int64(model.Minute)
	s.advance(minute)
	if minute > s.minute-sparkMinutes {
		s.minutes[mod(minute, sparkMinutes)] += premium
	}
}

// advance moves the minutes on, so that the given one is in them.
func (s *sums) advance(minute int64) {
	if minute <= s.minute {
		return
	}
	for m := max(s.minute+1, minute-sparkMinutes+1); m <= minute; m++ {
		s.minutes[mod(m, sparkMinutes)] = 0
	}
	s.minute = minute
}

// rebuild recomputes the sums of the current day from its accounts.
func (b *Book) rebuild() {
	b.rebuilt = b.time.now
	day := b.days.today()
	if day == nil {
		return
	}
	for _, s := range day.sums {
		s.callPremium, s.putPremium, s.callVolume, s.putVolume = 0, 0, 0, 0
	}
	for _, a := range day.accounts {
		if a != nil {
			a.premium, a.booked = 0, 0
			a.sums.book(a)
		}
	}
}

// Totals returns the sums of the tickers, in their order.
func (b *Book) Totals(tickers []string) []model.Totals {
	list := make([]model.Totals, len(tickers))
	day := b.days.today()
	for i, name := range tickers {
		list[i] = model.Totals{Underlying: name, Spot: model.Unknown, Minutes: make([]float64, sparkMinutes)}
		if u := b.known.sources[name]; u != nil {
			list[i].Spot, list[i].SpotTime = u.spot, u.spotTime
		}
		if day == nil || day.ledgers[name] == nil {
			continue
		}
		t := day.ledgers[name]
		list[i].Whole = t.swept > 0
		newest := (b.time.now - b.time.delay) / int64(model.Minute)
		for _, s := range t.roots {
			newest = max(newest, s.minute)
		}
		for _, s := range t.roots {
			s.into(&list[i], newest)
		}
		if t.counts > 0 {
			list[i].JointSince = day.joint
		} else {
			list[i].Joint = 0
		}
		list[i].Minute, list[i].Partial = newest*int64(model.Minute), t.partial(newest)
	}
	b.partialByGaps(day, tickers, list)
	return list
}

// into adds the sums to those of an underlying, whose newest minute is given.
func (s *sums) into(to *model.Totals, newest int64) {
	to.CallPremium += s.callPremium
	to.PutPremium += s.putPremium
	to.CallVolume += s.callVolume
	to.PutVolume += s.putVolume
	to.Bull += s.bull
	to.Bear += s.bear
	to.Premium += s.premium
	to.Joint += s.joint
	if s.since != 0 && (to.Since == 0 || s.since < to.Since) {
		to.Since = s.since
	}
	first := newest - sparkMinutes + 1
	for m := max(first, s.minute-sparkMinutes+1); m <= s.minute; m++ {
		to.Minutes[m-first] += s.minutes[mod(m, sparkMinutes)]
	}
}

// join notes from when all that trades in a ledger comes in. What the others
// counted before that has no counterpart here, so all begin a common time anew.
func (t *ledger) join(at int64) {
	if t.counts > 0 {
		return
	}
	t.counts = at
	// No row on the tape began later than this, so nothing has to be counted again.
	if from := max(at, t.day.latest); from > t.day.joint {
		t.day.joint = from
		for _, other := range t.day.sums {
			other.joint = 0
		}
	}
}
