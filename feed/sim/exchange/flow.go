package exchange

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"optflow/feed/sim/basis"
)

// flow is who trades: a crowd, and orders worked over time.
type flow struct {
	time    *timing
	listing *Listing
	makers  *makers
	fills   *fillLog
	weather *weather
	rate    float64 // mean trades a second

	r      *rand.Rand
	orders []*order
	out    []intent // of the second being made
	sorted []intent // the same by time
	made   []trade
}

// Shares of the market's trades by kind; the crowd makes the rest.
const (
	workedShare, workedMean = 0.12, 11.0 // trades an order
	sweepShare, sweepMean   = 0.09, 5.0
	legsShare, legsMean     = 0.07, 2.0
	whaleEvery              = 22.0 // seconds, at the default rate
)

// trades makes the trades of the second at ms in order of time. The slice is
// reused by the next call.
func (f *flow) trades(ms int64) []trade {
	f.out = f.out[:0]
	mean := f.rate * basis.Activity(ms, f.time.dayStart) * math.Exp(f.weather.pace-0.22*0.22/2)
	if len(f.listing.Underlyings) == 0 {
		return nil
	}
	f.stir()
	for range basis.Poisson(f.r, mean*workedShare/workedMean) {
		f.orders = append(f.orders, f.workedOrder(ms))
	}
	for range basis.Poisson(f.r, mean*sweepShare/sweepMean) {
		c := f.pick(f.pickUnderlying())
		lots := basis.LogUniform(f.r, 12, 500) * f.makers.scaleAt(c, ms)
		f.sweep(c, ms+int64(f.r.IntN(800)), f.buys(c), int32(lots))
	}
	for range basis.Poisson(f.r, mean*legsShare/legsMean) {
		f.twoLegs(ms)
	}
	for range basis.Poisson(f.r, mean/DefaultRate/whaleEvery) {
		f.whale(ms)
	}
	for range basis.Poisson(f.r, mean*(1-workedShare-sweepShare-legsShare)) {
		c := f.pick(f.pickUnderlying())
		t := ms + int64(f.r.IntN(1000))
		code := drawCode(f.r)
		f.put(c, t, f.buys(c), drawStyle(f.r, code), drawSize(f.r, f.makers.scaleAt(c, t)), code)
	}
	f.orders = slices.DeleteFunc(f.orders, func(o *order) bool { return f.work(o, ms) })
	f.made = f.made[:0]
	for _, in := range f.inOrder(ms) {
		f.made = append(f.made, f.trade(f.listing.Contracts[in.contract], &in))
	}
	return f.made
}

// trade executes an intent and enters what it left of the quote into the history.
func (f *flow) trade(c *Contract, in *intent) trade {
	met := c.fills
	t, changed := f.makers.execute(c, &c.book, in)
	t.met = met
	if changed {
		c.fills = f.fills.add(&c.book.last, met)
	}
	return t
}

// inOrder sorts the second's intents by time, equal ones as they were made. They
// are counted into the second's milliseconds, which at 50,000 trades a second is
// several times as fast as comparing.
func (f *flow) inOrder(ms int64) []intent {
	var place [basis.Second + 1]int32
	for i := range f.out {
		place[f.out[i].time-ms+1]++
	}
	for i := range basis.Second {
		place[i+1] += place[i]
	}
	f.sorted = slices.Grow(f.sorted[:0], len(f.out))[:len(f.out)]
	for i := range f.out {
		at := &place[f.out[i].time-ms]
		f.sorted[*at] = f.out[i]
		*at++
	}
	return f.sorted
}

// put adds an order to the second being made.
func (f *flow) put(c *Contract, ms int64, buy bool, how style, size int32, code uint8) {
	r := f.r
	f.out = append(f.out, intent{
		time: ms, contract: c.Id, size: size, style: how, buy: buy, code: code,
		exchange: drawVenue(r), luck: uint8(r.Uint32()),
	})
}

// stir moves attention and mood: now and then one underlying draws a crowd for a
// quarter of a minute, and buyers and sellers take turns.
func (f *flow) stir() {
	r := f.r
	for _, u := range f.listing.Underlyings {
		u.attention += (1 - u.attention) / 15
		u.mood += -u.mood/600 + 0.045*r.NormFloat64()
		u.mood = max(-1, min(1, u.mood))
	}
	if r.Float64() < 1.0/35 {
		u := f.listing.Underlyings[r.IntN(len(f.listing.Underlyings))]
		u.attention = 4 + 5*r.Float64()
	}
}

// pickUnderlying draws by weight and attention.
func (f *flow) pickUnderlying() *Underlying {
	total := 0.0
	for _, u := range f.listing.Underlyings {
		total += u.Weight * u.attention
	}
	x := f.r.Float64() * total
	for _, u := range f.listing.Underlyings {
		if x -= u.Weight * u.attention; x < 0 {
			return u
		}
	}
	return f.listing.Underlyings[0]
}

// pick draws one of the underlying's active contracts by popularity.
func (f *flow) pick(u *Underlying) *Contract {
	x := f.r.Float64() * u.sum[len(u.sum)-1]
	return u.Active[sort.SearchFloat64s(u.sum, x)]
}

// buys draws whether the one who crosses the spread buys; calls are bought and
// puts sold when the mood is good.
func (f *flow) buys(c *Contract) bool {
	lean := 0.3 * c.Under.mood
	if c.Put {
		lean = -lean
	}
	return f.r.Float64() < 0.5+lean
}
