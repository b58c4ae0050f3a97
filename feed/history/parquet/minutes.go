package parquet

import (
	"cmp"
	"maps"
	"slices"

	pq "github.com/parquet-go/parquet-go"

	"optflow/model"
	"optflow/model/twin"
)

// minuteRow is a minute of an underlying's calls or puts. Windows count in the
// minute in which they begin.
type minuteRow struct {
	minute     int64 // ms
	underlying string
	kind       model.OptionType
	minuteSums
	day     int64 // contracts of the day by its end, as the vendor stated them; -1 nobody knew
	missing int64 // contracts of gaps that reach into it; -1 not known
}

type minuteSums struct {
	volume              int64
	premium, bull, bear float64
}

// minuteColumns are of the same stability as those of the windows.
var minuteColumns = []column[minuteRow]{
	{"minute", instant, func(r *minuteRow) pq.Value { return pq.Int64Value(r.minute) }, func(r *minuteRow, v pq.Value) { r.minute = v.Int64() }},
	{"underlying", text, func(r *minuteRow) pq.Value { return textOf(r.underlying) }, func(r *minuteRow, v pq.Value) { r.underlying = v.String() }},
	{"type", text, func(r *minuteRow) pq.Value { return types[r.kind] }, func(r *minuteRow, v pq.Value) {
		if r.kind = model.Call; string(v.ByteArray()) == model.Put.String() {
			r.kind = model.Put
		}
	}},
	{"volume", count, func(r *minuteRow) pq.Value { return pq.Int64Value(r.volume) }, func(r *minuteRow, v pq.Value) { r.volume = v.Int64() }},
	optional("day_volume", count, -1, func(r *minuteRow) *int64 { return &r.day }, pq.Int64Value, pq.Value.Int64),
	{"premium", dollars, func(r *minuteRow) pq.Value { return pq.DoubleValue(r.premium) }, func(r *minuteRow, v pq.Value) { r.premium = v.Double() }},
	{"bull", dollars, func(r *minuteRow) pq.Value { return pq.DoubleValue(r.bull) }, func(r *minuteRow, v pq.Value) { r.bull = v.Double() }},
	{"bear", dollars, func(r *minuteRow) pq.Value { return pq.DoubleValue(r.bear) }, func(r *minuteRow, v pq.Value) { r.bear = v.Double() }},
	optional("missing", count, -1, func(r *minuteRow) *int64 { return &r.missing }, pq.Int64Value, pq.Value.Int64),
}

const minute = int64(model.Minute)

// sample is what the book said of a ticker's day at the end of a minute.
type sample struct {
	minute int64 // ms
	ticker string
	day    [2]int64
}

// watch is a time, in ms, in which all that traded of a ticker is in a row or
// in a gap.
type watch struct{ from, to int64 }

// minutes sums the windows of a day, told in the order of their starts, and
// writes each minute once it is over.
type minutes struct {
	to      *file[minuteRow]
	samples []sample           // by time
	watched map[string][]watch // by ticker
	holes   []watch            // nothing was recorded

	now    int64 // the minute that is summed, ms; 0 none
	sums   map[minuteKey]*minuteSums
	gaps   []gap   // that reach into it, or beyond
	second []entry // windows that begin with the one told last
}

type minuteKey struct {
	underlying string
	kind       model.OptionType
}

type gap struct {
	of   minuteKey
	end  int64
	lots int64
}

type entry struct {
	record
	of *model.Contract
}

// add takes the next window or gap.
func (m *minutes) add(r *record, c *model.Contract) error {
	if len(m.second) > 0 && m.second[0].Start != r.Start {
		m.book()
	}
	if err := m.upTo(r.Start / minute * minute); err != nil {
		return err
	}
	if r.Kind == model.KindGap {
		m.gaps = append(m.gaps, gap{minuteKey{c.Underlying, c.Type}, r.End(), int64(r.Size)})
		return nil
	}
	m.second = append(m.second, entry{*r, c})
	return nil
}

// book sums the windows that begin together: twins are neither bull nor bear.
func (m *minutes) book() {
	type legs struct {
		underlying string
		size       uint32
	}
	together := make(map[legs]int)
	for i := range m.second {
		if e := &m.second[i]; twin.Possible(&e.Row) {
			together[legs{e.of.Underlying, e.Size}]++
		}
	}
	for i := range m.second {
		e := &m.second[i]
		s := m.sumsOf(minuteKey{e.of.Underlying, e.of.Type})
		s.volume += int64(e.Size)
		s.premium += e.Premium
		if e.Is(model.FlagPast) || e.Certainty != model.CertaintySure || twin.Possible(&e.Row) && together[legs{e.of.Underlying, e.Size}] > 1 {
			continue
		}
		switch {
		case e.Side.Bullish(e.of.Type):
			s.bull += e.Premium
		case e.Side.Bearish(e.of.Type):
			s.bear += e.Premium
		}
	}
	m.second = m.second[:0]
}

func (m *minutes) sumsOf(of minuteKey) *minuteSums {
	if m.sums == nil {
		m.sums = make(map[minuteKey]*minuteSums)
	}
	if m.sums[of] == nil {
		m.sums[of] = new(minuteSums)
	}
	return m.sums[of]
}

// upTo writes the minutes before one.
func (m *minutes) upTo(now int64) error {
	if m.now == 0 {
		m.now = now
		if len(m.samples) > 0 {
			m.now = min(now, m.samples[0].minute)
		}
	}
	for ; m.now < now; m.now += minute {
		if err := m.write(); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the rest of the day.
func (m *minutes) finish() error {
	m.book()
	last := m.now
	for _, g := range m.gaps {
		last = max(last, (g.end-1)/minute*minute)
	}
	if n := len(m.samples); n > 0 {
		last = max(last, m.samples[n-1].minute)
	}
	if last == 0 {
		return nil
	}
	return m.upTo(last + minute)
}

// write writes the present minute: of all tickers that were watched, or of which
// something is known.
func (m *minutes) write() error {
	rows := make(map[minuteKey]*minuteRow)
	row := func(of minuteKey) *minuteRow {
		if rows[of] == nil {
			rows[of] = &minuteRow{minute: m.now, underlying: of.underlying, kind: of.kind, day: -1, missing: m.known(of.underlying)}
		}
		return rows[of]
	}
	for len(m.samples) > 0 && m.samples[0].minute <= m.now {
		s := m.samples[0]
		m.samples = m.samples[1:]
		for _, kind := range []model.OptionType{model.Call, model.Put} {
			row(minuteKey{s.ticker, kind}).day = s.day[kind]
		}
	}
	for of, sums := range m.sums {
		row(of).minuteSums = *sums
	}
	clear(m.sums)
	for _, g := range m.gaps {
		if r := row(g.of); r.missing >= 0 {
			r.missing += g.lots
		} else {
			r.missing = g.lots
		}
	}
	m.gaps = slices.DeleteFunc(m.gaps, func(g gap) bool { return g.end <= m.now+minute })
	for _, r := range slices.SortedFunc(maps.Values(rows), func(a, b *minuteRow) int {
		return cmp.Or(cmp.Compare(a.underlying, b.underlying), cmp.Compare(a.kind, b.kind))
	}) {
		if err := m.to.add(r); err != nil {
			return err
		}
	}
	return nil
}

// known is 0 where the present minute of a ticker was watched from beginning to
// end, so that nothing is missing but what a gap says; else -1.
func (m *minutes) known(ticker string) int64 {
	from, to := m.now, m.now+minute
	if slices.ContainsFunc(m.holes, func(h watch) bool { return h.from < to && h.to >= from }) {
		return -1
	}
	if slices.ContainsFunc(m.watched[ticker], func(w watch) bool { return w.from <= from && to <= w.to }) {
		return 0
	}
	return -1
}
