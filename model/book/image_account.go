package book

import (
	"encoding/binary"

	"optflow/model"
	"optflow/model/image"
	"optflow/model/tape"
)

func (a *account) image(m *image.Image, rows *tape.Writer) {
	m.Bool(&a.unknown)
	a.windows.image(m, rows)
	for _, v := range [...]*int64{&a.exact, &a.history, &a.volume, &a.fall.volume, &a.baseline, &a.first, &a.total, &a.past, &a.polled, &a.missing, &a.lent, &a.vwapOf, &a.booked} {
		image.Int(m, v)
	}
	for _, v := range [...]*int64{&a.historyEnd, &a.volumeAt, &a.fall.at, &a.baseAt, &a.firstAt, &a.streamed, &a.heard, &a.covered, &a.lastEnd} {
		m.Time(v)
	}
	if m.Reading() {
		exact, past, right := a.windows.volumes()
		m.Check(right && exact == a.exact && past == a.history)
	}
	image.Int(m, &a.revised)
	for _, v := range [...]*float64{&a.dayVwap, &a.open, &a.high, &a.low, &a.close, &a.premium} {
		m.Float(v)
	}
	waits := a.checks != nil
	if m.Bool(&waits); waits {
		if m.Reading() {
			a.checks = &checks{}
		}
		a.checks.waiting.image(m)
		a.checks.behind.image(m)
	}
	image.List(m, &a.polls, 11, func(p *poll) { p.image(m) })
	image.List(m, &a.holes, 11, func(g *hole) { g.image(m) })
	room := cap(a.closed)
	image.List(m, &a.closed, 4, func(k *gapKey) {
		m.Time(&k.from)
		m.Time(&k.to)
		image.Int(m, &k.seq)
		image.Int(m, &k.revision)
	})
	image.Room(m, &a.closed, room)
}

func (c *check) image(m *image.Image) {
	image.Int(m, &c.volume)
	m.Time(&c.read)
	m.Time(&c.asOf)
	m.Float(&c.vwap)
}

func (p *poll) image(m *image.Image) {
	for _, v := range [...]*int64{&p.start, &p.end, &p.since, &p.asOf} {
		m.Time(v)
	}
	for _, v := range [...]*int64{&p.volume, &p.raw, &p.size} {
		image.Int(m, v)
	}
	m.Float(&p.premium)
	image.Int(m, &p.seq)
	image.Int(m, &p.revision)
	m.Bool(&p.rough)
}

func (g *hole) image(m *image.Image) {
	for _, v := range [...]*int64{&g.from, &g.to, &g.asked, &g.askTo, &g.waits} {
		m.Time(v)
	}
	image.Int(m, &g.amount)
	image.Int(m, &g.seq)
	image.Int(m, &g.revision)
	image.Int(m, &g.tries)
	image.Int(m, &g.reason)
	m.Bool(&g.pending)
	m.Bool(&g.out)
	m.Check(g.reason <= model.GapSinceUnknown)
}

func (w *windows) image(m *image.Image, rows *tape.Writer) {
	m.Raw(&w.packed)
	image.Int(m, &w.count)
	image.Int(m, &w.last)
	image.Int(m, &w.sum)
	image.Int(m, &w.base)
	image.Int(m, &w.gone)
	image.Int(m, &w.goneSum)
	room, start := cap(w.hot), w.last
	image.List(m, &w.hot, 6, func(x *window) {
		x.start -= start
		image.Int(m, &x.start)
		x.start += start
		start = x.start
		image.Int(m, &x.seq)
		image.Int(m, &x.size)
		image.Int(m, &x.day)
		image.Int(m, &x.revision)
		image.Int(m, &x.flags)
		m.Check(x.seq == tape.NoSeq || x.seq < rows.Appended())
	})
	image.Room(m, &w.hot, room)
}

// volumes are the contracts in all windows, without and with past; false where
// the packed ones are not what is said of them.
func (w *windows) volumes() (exact, past int64, right bool) {
	n, packed := 0, int64(0)
	for data := w.packed; len(data) > 0; n++ {
		_, k := binary.Uvarint(data)
		value, l := binary.Uvarint(data[max(k, 0):])
		if k <= 0 || l <= 0 {
			return 0, 0, false
		}
		data = data[k+l:]
		if size := int64(value >> windowBits); value&windowPast != 0 {
			past += size
		} else {
			packed += size
		}
	}
	exact = packed + w.goneSum
	for i := range w.hot {
		if x := &w.hot[i]; x.is(windowPast) {
			past += int64(x.size)
		} else {
			exact += int64(x.size)
		}
	}
	return exact, past, n == w.count && packed == w.sum && w.gone >= 0
}
