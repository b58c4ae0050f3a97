package burst

import (
	"slices"
	"testing"

	"optflow/model"
)

func TestPolledRowGivesUp(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, false)
	polled := func(size uint32, replaces uint32) model.Row {
		return with(bar(0, 5, size, 10), func(r *model.Row) { r.Span, r.Source, r.Replaces = 5*model.Second, model.SourceREST, replaces })
	}
	b.add(bar(0, 0, 10, 10))
	b.add(polled(90, 0))
	if c := b.Counts(); c.Over != 1 || c.Under != 0 || b.all()[0].Row.Source != model.SourceREST {
		t.Fatalf("%+v", c)
	}
	b.add(polled(5, 1))
	if c, e := b.Counts(), b.all()[0]; c.Over != 0 || c.Under != 1 || e.Row.Size != 15 || e.Over {
		t.Fatalf("%+v %+v", c, e)
	}
	b.add(polled(0, 1))
	if e := b.all()[0]; e.Row.Size != 10 || e.Windows != 1 || e.Row.Source != model.SourceWS {
		t.Fatalf("%+v", e)
	}
	b.add(with(bar(0, 0, 0, 10), func(r *model.Row) { r.Replaces = 4 }))
	if got := b.all(); len(got) != 0 || b.Counts().Seen != 0 {
		t.Fatalf("%+v", got)
	}
	b.add(polled(0, 1)) // once more changes nothing
	if len(b.all()) != 0 {
		t.Fatal("came back")
	}
}

func TestGapRows(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s, MaxGaps: 2}, false)
	gap := func(contract model.ContractID, second float64, size uint32) model.Row {
		return model.Row{Start: burstStart + int64(second*1000), Span: 13 * model.Second, Contract: contract, Kind: model.KindGap, Size: size, Reason: model.GapLost}
	}
	b.add(bar(0, 0, 10, 1))
	b.add(gap(0, 1, 640))
	b.add(bar(0, 5, 10, 1))
	all := b.all()
	if len(all) != 2 || all[0].Windows != 2 || all[1].Row.Kind != model.KindGap || all[1].Row.Size != 640 || all[1].Over {
		t.Fatalf("%+v", all)
	}
	b.add(gap(0, 1, 40))
	if all := b.all(); all[1].Row.Size != 40 {
		t.Fatalf("a partly filled gap: %+v", all[1].Row)
	}
	b.add(gap(0, 1, 0))
	if c := b.Counts(); c.Gaps != 0 || c.Seen != 1 {
		t.Fatalf("a filled gap: %+v", c)
	}
	for i := range 3 {
		b.add(gap(1, float64(20*i), 5))
	}
	if c := b.Counts(); c.Gaps != 2 || b.all()[len(b.all())-1].Row.Start != burstStart+40_000 {
		t.Fatalf("the oldest gap goes: %+v", c)
	}
}

func TestBurstRetention(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, true)
	b.add(bar(0, 0, 10, 1))   // under the floor
	b.add(bar(1, 0, 300, 1))  // over
	b.add(bar(2, 900, 10, 1)) // 15 minutes on
	if c := b.Counts(); c.Under != 2 || c.Over != 1 {
		t.Fatalf("after 15 minutes: %+v", c)
	}
	b.add(bar(2, 961, 10, 1))
	if c := b.Counts(); c.Under != 2 || c.Over != 1 || c.TrimmedUnder != 1 || c.Seen != 4 {
		t.Fatalf("after 16 minutes: %+v", c)
	}
	over := b.all()[0]
	b.add(with(bar(1, 0, 5, 1), func(r *model.Row) { r.Replaces = 3 }))
	if got := b.all()[0]; !sameRow(got.Row, over.Row) {
		t.Fatalf("a correction of a closed burst: %+v", got)
	}
	if len(b.kept) != 2 {
		t.Errorf("%d copies kept of 2 windows", len(b.kept))
	}
}

func TestMaxRows(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s, MaxRows: 3, MaxUnder: 2}, false)
	for i := range 6 {
		b.add(bar(0, float64(20*i), 300, 1))
		b.add(bar(1, float64(20*i), 3, 1))
	}
	c := b.Counts()
	if c.Over != 3 || c.TrimmedOver != 3 || c.Under != 2 || c.TrimmedUnder != 4 || c.Seen != 12 {
		t.Fatalf("%+v", c)
	}
	if since := b.Since(); since <= burstStart+40_000 || since > burstStart+60_000 {
		t.Errorf("since %d", since-burstStart)
	}
}

func TestNewSessionClears(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, true)
	b.add(bar(0, 0, 300, 1))
	b.add(bar(1, 0, 3, 1))
	b.Drain()
	b.add(bar(0, 86_400, 300, 1))
	b.add(bar(0, 5, 300, 1)) // late, of the day before
	went := 0
	for _, c := range b.Drain() {
		if c.Kind == Went {
			went++
		}
	}
	if all := b.all(); went != 2 || len(all) != 1 || all[0].Row.Start != burstStart+86_400_000 || len(b.kept) != 1 {
		t.Errorf("%d went, %v", went, cuts(all))
	}
}

func TestHalfHourOutlivesTheTape(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval30m}, false)
	b.add(bar(0, 0, 10, 1))
	b.add(bar(1, 1_700, 10, 1))
	b.log = slices.Clone(b.log)
	b.log[0] = model.Row{} // no longer on the tape
	b.add(bar(0, 1_750, 10, 1))
	b.add(bar(0, 1_740, 10, 1))
	if got := cuts(b.all()); !slices.Equal(got, [][2]int{{0, 3}, {1700, 1}}) {
		t.Errorf("%v", got)
	}
}

// A reader that lags so far that the tape has let windows go loses no burst.
func TestUnreadableWindows(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, false)
	trimmed := uint64(0)
	b.at = func(seq uint64) (model.Row, bool) { return b.log[seq], seq >= trimmed }
	for _, at := range []float64{0, 5, 20, 25} {
		b.add(bar(0, at, 10, 1))
	}
	trimmed = 4
	b.add(bar(0, 15, 10, 1)) // would join both
	b.add(bar(0, 16, 10, 1))
	if got := cuts(b.all()); !slices.Equal(got, [][2]int{{0, 2}, {15, 2}, {20, 2}}) && !slices.Equal(got, [][2]int{{0, 2}, {15, 1}, {16, 1}, {20, 2}}) {
		t.Errorf("%v", got)
	}
	var total uint32
	for _, e := range b.all() {
		total += e.Row.Size
	}
	if total != 60 {
		t.Errorf("%d lots of 60", total)
	}
}

// Windows keep half of the number of their version, and mean the whole one on
// both sides of where the half begins anew.
func TestBurstWindowsBeyondHalfANumber(t *testing.T) {
	const first = 3<<32 - 50
	b := newBurstTest(t, Options{Interval: Interval1m}, false)
	b.at = func(seq uint64) (model.Row, bool) {
		if seq < first || seq >= first+uint64(len(b.log)) {
			return model.Row{}, false
		}
		return b.log[seq-first], true
	}
	for i := range 100 {
		b.log = append(b.log, bar(0, float64(i/2*60+i%2), 1+uint32(i), 2))
		b.Add(b.log[i], first+uint64(i))
	}
	n := 0
	for id := range b.Newest(ShelfOver | ShelfUnder) {
		rows, ok := b.Windows(id, nil)
		if !ok || len(rows) != 2 {
			if e := b.Get(id); e.Row.End() > b.newest-b.options.Keep {
				t.Fatalf("burst %d: %d windows, %t", id, len(rows), ok)
			}
			continue
		}
		if e := b.Get(id); rows[0].Start != e.Row.Start || rows[0].Size+rows[1].Size != e.Row.Size {
			t.Errorf("the burst at %d is made of %+v", e.Row.Start, rows)
		}
		n++
	}
	if n < 14 {
		t.Errorf("%d bursts had their windows", n)
	}
}
