package board

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/burst"
)

// all are the bursts of a view by handle, as text.
func all(v *View) map[uint32]string {
	out := make(map[uint32]string)
	for id, b := range v.Each(burst.ShelfOver | burst.ShelfUnder | burst.ShelfGaps) {
		out[id] = fmt.Sprint(b.Born(), b.Over, b.Burst)
	}
	return out
}

// Views never change; the changes between any two lead from the one to the other,
// and the last one is the Set.
func TestViews(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		contracts := model.NewRegistry()
		for i := range 5 {
			if _, err := contracts.Intern(fmt.Sprintf("O:SPY261218C%08d", 600_000+i*1000)); err != nil {
				t.Fatal(err)
			}
		}
		b := New(burst.New(&contracts.Contracts, burst.Options{
			Interval: burst.Interval10s, MaxRows: rapid.IntRange(1, 200).Draw(t, "over"), MaxUnder: 20, MaxGaps: 2,
			At: func(uint64) (model.Row, bool) { return model.Row{}, false },
		}))
		views := []*View{b.Last()}
		were := []map[uint32]string{all(b.Last())}
		start := model.MakeDate(2026, 11, 23).At(10, 0).UnixMilli()
		seq := uint64(0)
		for range rapid.IntRange(1, 12).Draw(t, "views") {
			for range rapid.IntRange(0, 150).Draw(t, "rows") {
				start += int64(rapid.SampledFrom([]int{0, 0, 1000, 20_000, 1_000_000}).Draw(t, "later"))
				row := model.Row{
					Start: start, Span: model.Second, Contract: model.ContractID(rapid.IntRange(0, 4).Draw(t, "contract")),
					Size: uint32(rapid.IntRange(0, 500).Draw(t, "size")), Vwap: 2,
				}
				row.Premium = float64(row.Size) * 200
				if rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
					row.Kind = model.KindGap
				}
				b.Add(row, seq)
				seq++
			}
			v := b.Publish()
			if b.Publish() != v {
				t.Fatal("nothing has changed, and there is another view")
			}
			views, were = append(views, v), append(were, all(v))
		}
		last := b.Last()
		for id, e := range b.Each(burst.ShelfOver | burst.ShelfUnder | burst.ShelfGaps) {
			if got := last.Get(id); got == nil || fmt.Sprint(got.Burst) != fmt.Sprint(e.Burst) {
				t.Fatalf("burst %d is %v, shown as %v", id, e.Burst, got)
			}
		}
		if len(were[len(were)-1]) != b.Counts().Over+b.Counts().Under+b.Counts().Gaps {
			t.Fatalf("%d bursts are shown of %+v", len(were[len(were)-1]), b.Counts())
		}
		for i, v := range views {
			if !maps.Equal(all(v), were[i]) {
				t.Fatalf("view %d has changed", i)
			}
			for k := i; k < len(views); k++ {
				got := maps.Clone(were[i])
				went, changed := Changes(v, views[k], nil, nil)
				for _, c := range went {
					if delete(got, c.ID); v.Get(c.ID).Start != c.Was {
						t.Fatalf("burst %d is said to have begun at %d", c.ID, c.Was)
					}
				}
				for _, c := range changed {
					if _, there := got[c.ID]; there == (c.Kind == burst.Added) {
						t.Fatalf("change %+v of a burst that is there: %v", c, there)
					}
					e := views[k].Get(c.ID)
					got[c.ID] = fmt.Sprint(e.Born(), e.Over, e.Burst)
				}
				if !maps.Equal(got, were[k]) {
					t.Fatalf("the changes from view %d do not lead to %d", i, k)
				}
			}
		}
	})
}

// BenchmarkPublish is a second of a busy tape, ten views of it, on a day's bursts.
func BenchmarkPublish(b *testing.B) {
	const rate = 300
	contracts := model.NewRegistry()
	for i := range 4000 {
		if _, err := contracts.Intern(fmt.Sprintf("O:SPY261218C%08d", 1000*(i+1))); err != nil {
			b.Fatal(err)
		}
	}
	board := New(burst.New(&contracts.Contracts, burst.Options{
		Interval: burst.Interval10s, Rules: &model.Rules{Floor: 1}, At: func(uint64) (model.Row, bool) { return model.Row{}, false },
	}))
	n := uint64(0)
	add := func(rows int) {
		for range rows {
			board.Add(model.Row{
				Start: int64(n/rate) * 1000, Span: model.Second, Contract: model.ContractID(n * 7919 % 4000), Size: 10, Vwap: 2, Premium: 2000,
			}, n)
			n++
		}
	}
	add(150_000)
	board.Publish()
	b.ReportAllocs()
	for b.Loop() {
		for range 10 {
			add(rate / 10)
			board.Publish()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rate, "ns/row")
}
