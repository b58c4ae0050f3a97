package book

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"optflow/model"
	"optflow/model/tape"
)

// The market of these tests is a list of trades. Bars, day volumes and
// snapshots all derive from it, each with its own delay, and what the book
// makes of them is held against the list.

// marketDay is Monday 23 Nov 2026, and marketOpen 10:00 in New York.
var (
	marketDay  = model.MakeDate(2026, 11, 23)
	marketOpen = marketDay.At(10, 0).UnixMilli()
)

// trade is one print. It is reported at once, or late; a late one reaches the
// bar of its window by a re-sent version, or no bar ever.
type trade struct {
	contract model.ContractID
	at       int64 // ms
	reported int64 // ms
	size     int64
	price    float64
	inBar    bool
}

// market is the truth.
type market struct {
	ids    []model.ContractID
	trades []trade
	until  int64
}

// marketOptions say what may go wrong in it.
type marketOptions struct {
	contracts int
	seconds   int
	trades    int
	late      bool // trades are reported late
	barless   bool // some of those are in no bar
}

func newMarket(rng *rand.Rand, tape *tape.Writer, o marketOptions) *market {
	m := &market{until: marketOpen + int64(o.seconds)*1000}
	for i := range o.contracts {
		m.ids = append(m.ids, internTest(tape, i))
	}
	for range o.trades {
		t := trade{
			contract: m.ids[rng.IntN(len(m.ids))],
			at:       marketOpen + rng.Int64N(int64(o.seconds)*1000),
			size:     1 + rng.Int64N(30),
			price:    float64(100+rng.IntN(100)) / 100,
			inBar:    true,
		}
		t.reported = t.at
		if o.late && rng.IntN(6) == 0 {
			t.reported += 3000 + rng.Int64N(60_000)
			t.inBar = !o.barless || rng.IntN(3) > 0
		}
		m.trades = append(m.trades, t)
	}
	slices.SortFunc(m.trades, func(a, b trade) int { return int(a.at - b.at) })
	return m
}

// internTest registers the i-th contract of the tests.
func internTest(tape *tape.Writer, i int) model.ContractID {
	id, err := tape.Registry.Intern(fmt.Sprintf("O:SPY261218%c%08d", "CP"[i%2], (600+i)*1000))
	if err != nil {
		panic(err)
	}
	return id
}

// volume is what was reported of a contract up to a time.
func (m *market) volume(id model.ContractID, at int64) (volume int64, vwap float64, last int64) {
	money := 0.0
	for _, t := range m.trades {
		if t.contract == id && t.reported <= at {
			volume += t.size
			money += float64(t.size) * t.price
			last = max(last, t.reported)
		}
	}
	if volume > 0 {
		vwap = math.Round(money/float64(volume)*1e4) / 1e4
	}
	return volume, vwap, last
}

// bar is a contract's window as known at a time; false when nothing is in it.
func (m *market) bar(id model.ContractID, span model.Span, start, known int64) (model.Bar, bool) {
	b := model.Bar{Contract: id, Span: span, Start: start, DayVolume: -1}
	money := 0.0
	n := 0
	for _, t := range m.trades {
		if t.contract != id || !t.inBar || t.at < start || t.at >= start+int64(span) || t.reported > known {
			continue
		}
		if n++; n == 1 {
			b.Open, b.High, b.Low = t.price, t.price, t.price
		}
		b.High, b.Low, b.Close = max(b.High, t.price), min(b.Low, t.price), t.price
		b.Volume += t.size
		money += float64(t.size) * t.price
	}
	if n == 0 {
		return b, false
	}
	b.Vwap = math.Round(money/float64(b.Volume)*1e4) / 1e4
	b.AvgSize = math.Round(float64(b.Volume) / float64(n))
	return b, true
}

// sent is a version of a bar with the time at which the stream sends it.
type sent struct {
	at  int64
	bar model.Bar
}

// stream is every version of every bar in the order in which it is sent: about
// two seconds after its window, and again when a late trade reached it.
func (m *market) stream(span model.Span) []sent {
	type key struct {
		id    model.ContractID
		start int64
	}
	times := make(map[key][]int64)
	for _, t := range m.trades {
		if !t.inBar {
			continue
		}
		start := t.at - mod(t.at, int64(span))
		end := start + int64(span)
		k := key{t.contract, start}
		times[k] = append(times[k], max(end, t.reported))
	}
	var list []sent
	for k, known := range times {
		slices.Sort(known)
		for _, at := range slices.Compact(known) {
			bar, _ := m.bar(k.id, span, k.start, at)
			bar.DayVolume, bar.DayVwap, _ = m.volume(k.id, at)
			if at == k.start+int64(span) { // trades of that very millisecond belong to the next window
				bar.DayVolume, bar.DayVwap, _ = m.volume(k.id, at-1)
				bar, _ = reboundBar(m, k.id, span, k.start, at-1, bar)
			}
			list = append(list, sent{at: at + 2000, bar: bar})
		}
	}
	slices.SortStableFunc(list, func(a, b sent) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		if a.bar.Start != b.bar.Start {
			return int(a.bar.Start - b.bar.Start)
		}
		return int(a.bar.Contract) - int(b.bar.Contract)
	})
	return list
}

// reboundBar is the bar as known a moment earlier, with the day part of bar.
func reboundBar(m *market, id model.ContractID, span model.Span, start, known int64, bar model.Bar) (model.Bar, bool) {
	fresh, ok := m.bar(id, span, start, known)
	fresh.DayVolume, fresh.DayVwap = bar.DayVolume, bar.DayVwap
	return fresh, ok
}

// snapshot is what REST says at a time, lagging behind by up to 15 s.
func (m *market) snapshot(id model.ContractID, read, lag int64) *model.Snapshot {
	s := &model.Snapshot{
		Contract: id, Read: read, HasDay: true, OpenInterest: model.Unknown, IV: model.Unknown, Delta: model.Unknown, Gamma: model.Unknown,
		Theta: model.Unknown, Vega: model.Unknown, Spot: model.Unknown, LastTrade: model.Unknown,
	}
	s.DayVolume, s.DayVwap, s.DayUpdated = m.volume(id, read-lag)
	if s.DayVolume == 0 { // not traded today: the vendor still shows yesterday
		s.DayUpdated, s.DayVolume, s.DayVwap = marketOpen-24*60*int64(model.Minute), 4711, 1
	}
	s.DayOpen, s.DayHigh, s.DayLow, s.DayClose = 1, 2, 1, 1.5
	return s
}

// backfill answers a request from the truth as known at a time.
func (m *market) backfill(req GapRequest, known int64) []model.Bar {
	var bars []model.Bar
	for start := req.From; start < req.To; start += int64(req.Span) {
		if bar, ok := m.bar(req.Contract, req.Span, start, known); ok {
			bars = append(bars, bar)
		}
	}
	return bars
}

// failer is a test of either kind.
type failer interface {
	Helper()
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// sumsOf adds up the latest versions of a contract's rows of a date, from the
// tape alone: those that count, gaps, and those of the past. It fails when
// versions do not form chains.
func sumsOf(t failer, tape *tape.Writer, id model.ContractID, date model.Date) (rows, gaps, past int64) {
	t.Helper()
	type version struct {
		row model.Row
		seq uint64
	}
	latest := make(map[model.Identity]version)
	tape.Publish()
	for seq := tape.First(); seq < tape.Next(); seq++ {
		row, _ := tape.At(seq)
		if row.Contract != id || model.TradingDate(row.Start) != date {
			continue
		}
		before, found := latest[row.Identity()]
		switch {
		case !found && (row.Replaces != 0 || row.Revision != 0):
			t.Fatalf("row %d replaces a version that is not there: %+v", seq, row)
		case found && (seq-uint64(row.Replaces) != before.seq || row.Revision != before.row.Revision+1):
			t.Fatalf("row %d %+v does not continue row %d %+v", seq, row, before.seq, before.row)
		}
		latest[row.Identity()] = version{row, seq}
	}
	for _, v := range latest {
		switch {
		case v.row.Kind == model.KindGap:
			gaps += int64(v.row.Size)
		case v.row.Flags&model.FlagPast == 0:
			rows += int64(v.row.Size)
		default:
			past += int64(v.row.Size)
		}
	}
	return rows, gaps, past
}

// checkBook holds every account against the invariant and against the tape.
func checkBook(t failer, b *Book) {
	t.Helper()
	b.Accounts(func(a model.Account) bool {
		if !a.Whole() || a.Past < 0 || a.Exact < 0 || a.Polled < 0 || a.Pending < 0 || a.Gaps < 0 {
			t.Fatalf("contract %d: %+v", a.Contract, a)
		}
		rows, gaps, past := sumsOf(t, b.tape, a.Contract, a.Date)
		if past > a.Past {
			t.Fatalf("contract %d: the tape's rows of the past sum to %d, the account says %+v", a.Contract, past, a)
		}
		if rows != a.Exact+a.Polled || gaps != a.Gaps {
			t.Fatalf("contract %d: the tape's rows sum to %d and its gaps to %d, the account says %+v", a.Contract, rows, gaps, a)
		}
		return true
	})
}
