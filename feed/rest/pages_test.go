package rest

import (
	"math/rand/v2"
	"testing"

	"optflow/model"

	"pgregory.net/rapid"
)

// Every contract there is, and every one that may be listed later, is on
// exactly one page, and no page is planned for more than fit.
func TestPagesPartTheChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var chain []*model.Contract
		day := model.Date(20_000)
		for range rapid.IntRange(0, 8).Draw(t, "expiries") {
			day += model.Date(rapid.IntRange(1, 40).Draw(t, "days"))
			step := int32(rapid.SampledFrom([]int{500, 1000, 5000}).Draw(t, "step"))
			first := int32(rapid.IntRange(1, 100).Draw(t, "first")) * 1000
			for n := range rapid.IntRange(1, 300).Draw(t, "strikes") {
				for _, kind := range []model.OptionType{model.Call, model.Put} {
					chain = append(chain, &model.Contract{Underlying: "SPY", Expiry: day, Strike: first + int32(n)*step, Type: kind})
				}
			}
		}
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
		shuffle.Shuffle(len(chain), func(i, j int) { chain[i], chain[j] = chain[j], chain[i] })
		pages := planPages("SPY", chain)
		on := func(c *model.Contract) (n int) {
			for _, p := range pages {
				if p.covers(c) {
					n++
				}
			}
			return n
		}
		counts := make([]int, len(pages))
		for _, c := range chain {
			if n, p := on(c), pageOf(pages, c); n != 1 || p == nil || !p.covers(c) {
				t.Fatalf("contract %s %d is on %d pages, pageOf says %+v", c.Expiry, c.Strike, n, p)
			}
			for i, p := range pages {
				if p.covers(c) {
					counts[i]++
				}
			}
		}
		for i, p := range pages {
			if counts[i] != p.contracts || counts[i] > pageLimit {
				t.Fatalf("page %+v holds %d", p, counts[i])
			}
		}
		listed := &model.Contract{
			Underlying: "SPY", Expiry: model.Date(rapid.IntRange(19_000, 23_000).Draw(t, "listed")),
			Strike: int32(rapid.IntRange(1, 2_000_000).Draw(t, "strike")),
		}
		if n := on(listed); n != 1 || pageOf(pages, listed) == nil {
			t.Fatalf("a new listing %s %d is on %d pages", listed.Expiry, listed.Strike, n)
		}
	})
}

// The filter's bounds are inclusive, the page's strikes exclude the upper one.
func TestPageFilter(t *testing.T) {
	f := (&page{from: 10, to: 12, low: 100_500, high: 101_000}).filter()
	if f.ExpiryFrom != 10 || f.ExpiryTo != 12 || f.StrikeFrom != 100.5 || f.StrikeTo != 100.999 {
		t.Fatalf("%+v", f)
	}
	if f := (&page{}).filter(); f.StrikeFrom != 0 || f.StrikeTo != 0 || f.ExpiryFrom != 0 || f.ExpiryTo != 0 {
		t.Fatalf("an open page narrows: %+v", f)
	}
}
