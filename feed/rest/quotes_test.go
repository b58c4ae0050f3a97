package rest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/side"
)

// What settles rows over the floor is asked first, then what is on screen, then
// what is active, the larger premium first; each when its quote is old enough.
func TestQuotesGoByInterest(t *testing.T) {
	b := newBench("SPY")
	b.m.Live = true
	var ids []model.ContractID
	for _, symbol := range b.server.symbols {
		id, _ := b.Interner.Intern(symbol)
		ids = append(ids, id)
	}
	choose := func() (order []int) {
		for _, id := range b.quotes.choose(b.m) {
			order = append(order, slices.Index(ids, id))
		}
		return order
	}
	later := func(d time.Duration) {
		b.m.Now = b.m.Now.Add(d)
		b.m.Market += d.Milliseconds()
	}
	expect := func(what string, want ...int) {
		t.Helper()
		if got := choose(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	bar := func(n int, lots int64) {
		b.Bar(&model.Bar{Contract: ids[n], Start: b.m.Market - 1000, Span: model.Second, Volume: lots, Vwap: 2.5}, b.m.Now)
	}
	b.quotes.visible = ids[7:9]
	bar(3, 1)
	bar(4, 2)
	bar(5, 200) // $50k: over the floor
	for _, id := range ids[:9] {
		b.interests.quoted(id, b.m.Now)
	}
	expect("all have just been read")
	later(VisibleEvery)
	expect("the floor's once its window can be settled, then on screen after 5 s", 5, 7, 8)
	later(side.SureAfter * time.Millisecond)
	later(30 * time.Second)
	expect("active ones go along, by premium", 7, 8, 5, 4, 3)
	b.plan.NoQuotes = true
	expect("a plan without quotes is asked for the greeks of active ones", 5, 4, 3)
	later(activeFor)
	expect("until nothing trades in them any more")
	b.plan.NoQuotes = false
	b.interests.at(ids[7]).missing = missingMost
	expect("whom the vendor does not know is asked for seldom", 8)
	later(missingAgain)
	expect("but is", 7, 8)
	b.Following.set(b.m, nil)
	expect("and nobody of a ticker that is not followed")
}

// However many contracts want a quote, a request names no more than may be.
func TestQuotesAreBounded(t *testing.T) {
	b := newBench("SPY")
	b.m.Live = true
	for n := range 3 * source.MaxUnified {
		id, _ := b.Interner.Intern(fmt.Sprintf("O:SPY261218P%08d", (1+n)*1000))
		b.Bar(&model.Bar{Contract: id, Start: b.m.Market, Span: model.Second, Volume: 1, Vwap: 1}, b.m.Now)
	}
	b.m.Now = b.m.Now.Add(time.Minute)
	if got := len(b.quotes.choose(b.m)); got != source.MaxUnified {
		t.Errorf("%d at once", got)
	}
}
