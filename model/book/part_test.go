package book

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
)

// A book that books the contracts of one ticker alone comes to the same rows and
// accounts of them as one that books all, across midnight too.
func TestPartOfTheMarket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		steps := rapid.IntRange(10, 4000).Draw(t, "steps")
		start := model.MakeDate(2026, 11, 23).At(rapid.SampledFrom([]int{10, 23}).Draw(t, "hour"), 30).UnixMilli()
		ticker := rapid.SampledFrom([]string{"SPY", "QQQ"}).Draw(t, "ticker")
		kept := func() *told {
			return &told{Book: New(tape.New(tape.Options{KeepMillis: 1 << 40, KeepRows: 1 << 20}), Options{})}
		}
		all, part := kept(), kept()
		shown := func(id model.ContractID) bool {
			c := part.tape.Contracts.At(id)
			return c != nil && c.Underlying == ticker
		}
		inputs(rand.New(rand.NewPCG(seed, 1)), start, steps, func(in Input) {
			all.tell(in)
			part.ApplyOf(in, shown)
		}, func() []GapRequest { return all.Wanted(5) })

		var rows []*model.Row
		for i := range all.rows {
			if shown(all.rows[i].Contract) {
				rows = append(rows, &all.rows[i])
			}
		}
		if n := part.tape.Appended(); uint64(len(rows)) != n {
			t.Fatalf("%d rows, of all %d", n, len(rows))
		}
		for i, want := range rows {
			got, want := *part.tape.Written(uint64(i)), *want
			if (got.Replaces == 0) != (want.Replaces == 0) {
				t.Fatalf("row %d is\n%+v, of all\n%+v", i, got, want)
			}
			got.Replaces, want.Replaces = 0, 0 // they are further apart among all
			if bits(&got) != bits(&want) {
				t.Fatalf("row %d is\n%+v, of all\n%+v", i, got, want)
			}
		}
		for id := range model.ContractID(part.tape.Contracts.Len()) {
			a, _ := all.Account(id)
			p, is := part.Account(id)
			if one, two := fmt.Sprintf("%+v", p), fmt.Sprintf("%+v", a); shown(id) && one != two || is && !shown(id) {
				t.Fatalf("account\n%s, of all\n%s", one, two)
			}
		}
		if all.Date() != part.Date() {
			t.Fatalf("it is %v, of all %v", part.Date(), all.Date())
		}
	})
}
