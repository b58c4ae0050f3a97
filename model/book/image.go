package book

import (
	"maps"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/image"
)

// imageVersion is that of the form of an image.
const imageVersion = 1

// image writes all that the book goes by, or reads it into a book that has been
// told nothing.
func (b *Book) image(m *image.Image) {
	b.tape.Registry.Image(m)
	b.time.image(m)
	m.Base(b.time.now)
	b.tape.Image(m)
	m.Base(b.time.now)
	b.known.image(m)
	image.Int(m, &b.write.flags)
	image.Int(m, &b.write.rows)
	image.Int(m, &b.bars.duplicates)
	image.Int(m, &b.bars.corrections)
	image.Int(m, &b.bars.beyond.Bars)
	image.Int(m, &b.bars.beyond.Lots)
	image.Int(m, &b.gaps.many)
	image.Int(m, &b.crowd.last)
	image.Int(m, &b.crowd.packed)
	image.Int(m, &b.crowd.packing)
	m.Check(b.crowd.last >= 0)
	m.Time(&b.rebuilt)
	b.days.image(m)
	b.days.accountsImage(m, &b.gaps.queue)
	b.days.accountsImage(m, &b.waiting.list)
	if m.Reading() && !m.Bad() {
		for _, a := range b.gaps.queue {
			a.queued = true
		}
		for _, a := range b.waiting.list {
			a.checking = true
		}
	}
}

func (t *timing) image(m *image.Image) {
	image.Int(m, &t.now)
	m.Base(t.now)
	m.Time(&t.event)
	image.List(m, &t.spans, 2, func(s *spanFrom) {
		image.Int(m, &s.from)
		image.Int(m, &s.span)
		m.Check(s.span == model.Second || s.span == model.Minute)
	})
	m.Check(len(t.spans) > 0 && t.spans[0].from == math.MinInt64)
	image.Int(m, &t.delay)
	m.Bool(&t.delayed)
	m.Bool(&t.unsure)
}

func (k *knowledge) image(m *image.Image) {
	image.Map(m, &k.sources, 5, func(name string, at **underlying) {
		if m.Reading() {
			*at = &underlying{name: name}
		}
		u := *at
		m.Time(&u.since)
		m.Float(&u.spot)
		m.Time(&u.spotTime)
		m.Bool(&u.delayed)
	})
	image.Sparse(m, &k.facts, k.tape.Contracts.Len(), func(_ int, f *facts) { f.image(m) })
}

func (f *facts) image(m *image.Image) {
	image.List(m, (*[]model.Quote)(&f.readings), 6, func(q *model.Quote) { quoteImage(m, q) })
	newest := len(f.readings) > 0 && f.readings[0] == f.quote
	m.Bool(&newest)
	switch {
	case !newest:
		quoteImage(m, &f.quote)
	case len(f.readings) > 0:
		f.quote = f.readings[0]
	default:
		m.Check(false)
	}
	m.Time(&f.greeksAt)
	for _, v := range [...]*float64{&f.openInterest, &f.iv, &f.delta, &f.gamma, &f.theta, &f.vega, &f.multiplier} {
		m.Float(v)
	}
}

func quoteImage(m *image.Image, q *model.Quote) {
	m.Float(&q.Bid)
	m.Float(&q.Ask)
	m.Float(&q.BidSize)
	m.Float(&q.AskSize)
	m.Time(&q.Updated)
	m.Time(&q.Read)
}

func (all *days) image(m *image.Image) {
	image.Int(m, &all.date)
	n := m.Len(len(all.list), 10)
	for i := range n {
		date := model.Date(0)
		if !m.Reading() {
			date = all.list[i].date
		}
		image.Int(m, &date)
		if m.Reading() {
			m.Check(date > 0 && date < 1<<16 && (i == 0 || date > all.list[i-1].date))
			if m.Bad() {
				return
			}
			all.list = append(all.list, newDay(date))
		}
		all.list[i].image(m, all)
	}
	m.Check(all.date == 0 || all.today() != nil)
	all.ghostsImage(m)
}

func (all *days) ghostsImage(m *image.Image) {
	ids := slices.Sorted(maps.Keys(all.ghosts))
	image.List(m, &ids, 1, func(id *model.ContractID) { image.Int(m, id) })
	for _, id := range ids {
		if m.Reading() {
			all.ghosts[id] = &windows{}
		}
		all.ghosts[id].image(m, all.tape)
	}
}

// accountsImage is a list of accounts, of any day.
func (all *days) accountsImage(m *image.Image, list *[]*account) {
	image.List(m, list, 2, func(at **account) {
		day, id := 0, model.ContractID(0)
		if !m.Reading() {
			day, id = slices.Index(all.list, (*at).day), (*at).id
		}
		image.Int(m, &day)
		image.Int(m, &id)
		if m.Reading() {
			m.Check(day >= 0 && day < len(all.list))
			if !m.Bad() {
				*at = all.list[day].held(id)
				m.Check(*at != nil)
			}
		}
	})
}

func (d *bookDay) image(m *image.Image, all *days) {
	m.Base(d.from)
	image.List(m, &d.outages, 3, func(o *outage) {
		m.Time(&o.from)
		m.Time(&o.to)
		image.Int(m, &o.reason)
		m.Check(o.reason <= model.GapSinceUnknown)
	})
	m.Time(&d.latest)
	m.Time(&d.joint)
	image.List(m, &d.notes, 1, func(n *int32) { image.Int(m, n) })
	m.Check(len(d.notes) <= all.tape.Contracts.Len())

	var roots []*sums
	image.Map(m, &d.sums, 10, func(root string, at **sums) {
		if m.Reading() {
			*at = &sums{root: root}
		}
		(*at).image(m)
		(*at).place = len(roots)
		roots = append(roots, *at)
	})
	var ledgers []*ledger
	image.Map(m, &d.ledgers, 5, func(name string, at **ledger) {
		if m.Reading() {
			*at = &ledger{u: all.known.sources[name], day: d}
			m.Check((*at).u != nil)
		}
		(*at).image(m, roots, all.tape.Contracts.Len())
		(*at).place = len(ledgers)
		ledgers = append(ledgers, *at)
	})
	if m.Bad() {
		return
	}
	image.Sparse(m, &d.accounts, all.tape.Contracts.Len(), func(n int, a *account) {
		ofLedger, ofRoot := 0, 0
		if m.Reading() {
			id := model.ContractID(n)
			*a = account{id: id, call: all.tape.Contracts.At(id).Type == model.Call, day: d, facts: all.known.factsOf(id)}
			d.many++
		} else {
			ofLedger, ofRoot = a.ledger.place, a.sums.place
		}
		image.Pick(m, &a.ledger, ofLedger, ledgers)
		image.Pick(m, &a.sums, ofRoot, roots)
		a.image(m, all.tape)
	})
	all.accountsOpenImage(m, d)
}

// accountsOpenImage is the day's list of accounts with something missing.
func (all *days) accountsOpenImage(m *image.Image, d *bookDay) {
	image.List(m, &d.open, 1, func(at **account) {
		id := model.ContractID(0)
		if !m.Reading() {
			id = (*at).id
		}
		image.Int(m, &id)
		if m.Reading() {
			*at = d.held(id)
			m.Check(*at != nil)
		}
	})
	if m.Reading() && !m.Bad() {
		for i, a := range d.open {
			a.openAt = uint32(i + 1)
		}
	}
}

func (t *ledger) image(m *image.Image, roots []*sums, contracts int) {
	m.Time(&t.swept)
	m.Time(&t.heard)
	m.Time(&t.counts)
	image.List(m, &t.roots, 1, func(at **sums) {
		place := 0
		if !m.Reading() {
			place = (*at).place
		}
		image.Pick(m, at, place, roots)
	})
	t.twins.Image(m, contracts)
}

func (s *sums) image(m *image.Image) {
	for _, v := range [...]*float64{&s.callPremium, &s.putPremium, &s.bull, &s.bear, &s.premium, &s.joint} {
		m.Float(v)
	}
	image.Int(m, &s.callVolume)
	image.Int(m, &s.putVolume)
	m.Time(&s.since)
	for i := range s.minutes {
		m.Float(&s.minutes[i])
	}
	image.Int(m, &s.minute)
	m.Check(s.minute >= 0 && s.minute < 1<<40)
}
