package exchange

import (
	"math"
	"math/rand/v2"
	"strings"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// spotMemory is for how many seconds spots are remembered: as long as the log
// keeps trades, with late ones and look-ahead, since the quotes that they met are
// worked out from the spots. Where all trades are kept it is a day.
const (
	spotMemory = 45 * 60
	keptMemory = 24 * 60 * 60
)

// ring remembers one number a market second.
type ring struct{ values []float64 }

func newRing(seconds int) ring { return ring{make([]float64, seconds)} }

func (r *ring) set(ms int64, x float64) { r.values[ms/basis.Second%int64(len(r.values))] = x }
func (r *ring) at(ms int64) float64     { return r.values[ms/basis.Second%int64(len(r.values))] }

// span is for how many ms the ring remembers.
func (r *ring) span() int64 { return int64(len(r.values)) * basis.Second }

// Underlying is what options are written on: its spot, its contracts.
type Underlying struct {
	basis.Profile
	source    *Underlying // that its spot follows, see profile.tied
	spots     ring        // by market second, since live
	past      []float64   // by minute, from pastFrom to live
	pastFrom  int64
	live      int64   // market ms from which spots are by second
	latest    int64   // market ms of the newest spot
	drawn     float64 // its own part of the latest move
	attention float64
	mood      float64 // -1 sellers to +1 buyers
	Active    []*Contract
	sum       []float64 // running sums of the active contracts' weights
}

// weather is the market's common factor: one move that all share by their beta,
// and a volatility that clusters.
type weather struct {
	logHeat float64 // log of the volatility's multiple of normal, mean-reverting
	pace    float64 // log of the trading pace's multiple, mean-reverting
}

func (w *weather) heat() float64 { return math.Exp(w.logHeat) }

// step moves the weather by one second.
func (w *weather) step(r *rand.Rand) {
	w.logHeat += -w.logHeat/1800 + 0.25*math.Sqrt(2.0/1800)*r.NormFloat64()
	w.pace += -w.pace/90 + 0.22*math.Sqrt(2.0/90)*r.NormFloat64()
}

// marketVol is the common factor's volatility a year.
const marketVol = 0.12

var perSecond = math.Sqrt(1000 / basis.TradingYear)

// moves draws one step of every spot: common factor by beta, the rest its own, or
// its basket's.
func moves(under []*Underlying, r *rand.Rand, heat, root float64, apply func(*Underlying, float64)) {
	common := marketVol * heat * root * r.NormFloat64()
	for i, u := range under {
		own := max(u.Vol*u.Vol-u.Beta*u.Beta*marketVol*marketVol, 0.0004)
		u.drawn = r.NormFloat64()
		if u.Basket != "" {
			for _, other := range under[:i] {
				if other.Basket == u.Basket {
					u.drawn = other.drawn
					break
				}
			}
		}
		apply(u, u.Beta*common+math.Sqrt(own)*heat*root*u.drawn)
	}
}

// drawPast invents the spots of every minute from pastFrom to live, ending at
// the profile's level.
func drawPast(under []*Underlying, seed uint64, pastFrom, live int64) {
	r := basis.NewRand(seed, basis.StreamPastSpot, uint64(live))
	n := int((live-pastFrom)/basis.Minute) + 1
	for _, u := range under {
		u.pastFrom, u.live, u.latest = pastFrom, live, live
		u.past = make([]float64, n)
		u.past[n-1] = u.Spot
		u.spots.set(live, u.Spot)
		u.attention = 1
	}
	for i := n - 2; i >= 0; i-- {
		moves(under, r, 1, perSecond*math.Sqrt(60), func(u *Underlying, step float64) {
			u.past[i] = u.past[i+1] * math.Exp(step)
		})
	}
}

// advance adds the spots of the second at ms, one second after the latest.
func advance(under []*Underlying, r *rand.Rand, heat float64, ms int64) {
	moves(under, r, heat, perSecond, func(u *Underlying, step float64) {
		next := u.spots.at(u.latest) * math.Exp(step)
		u.latest = ms
		u.spots.set(ms, next)
	})
}

// At is the spot in force at a market time, to the cent; times out of memory
// get the nearest remembered one.
func (u *Underlying) At(ms int64) float64 { return math.Round(u.Exactly(ms)*100) / 100 }

func (u *Underlying) Exactly(ms int64) float64 {
	if u.source != nil {
		return u.source.Exactly(ms)*u.Ratio + u.Plus
	}
	if ms >= u.live {
		return u.spots.at(max(min(ms, u.latest), u.latest-u.spots.span()+basis.Second))
	}
	f := max(0, float64(ms-u.pastFrom)/float64(basis.Minute))
	i := min(int(f), len(u.past)-1)
	if i == len(u.past)-1 {
		return u.past[i]
	}
	return u.past[i] + (f-float64(i))*(u.past[i+1]-u.past[i])
}

// SnapshotName is the ticker that the snapshot says the contract is written on.
func (u *Underlying) SnapshotName() string {
	if u.Index {
		return "I:" + u.Ticker
	}
	return u.Ticker
}

// rootsFor are the roots of an underlying's contracts that expire on a day; a
// second root is that of the AM-settled monthlies. On those days the volatility
// index has no weekly ones beside them.
func (u *Underlying) rootsFor(expiry model.Date) []string {
	if len(u.Roots) < 2 {
		return u.Roots
	}
	y, m, _ := expiry.UTC().Date()
	switch {
	case u.Listing == basis.Volatility && expiry == basis.VolatilityMonthly(y, m):
		return u.Roots[1:]
	case u.Listing != basis.Volatility && expiry == basis.Monthly(y, m):
		return u.Roots
	}
	return u.Roots[:1]
}

// share is what one share or one point of the underlying costs: a class that
// delivers something else is worth a multiple.
func (u *Underlying) share() *Underlying {
	if u.Terms != nil && u.source != nil {
		return u.source
	}
	return u
}

// Called says whether a snapshot path names the underlying: SPY, I:SPX and, as
// the vendor also answers for most indices, SPX.
func (u *Underlying) Called(name string) bool {
	return strings.EqualFold(name, u.Ticker) && !u.Prefixed || u.Index && strings.EqualFold(name, "I:"+u.Ticker)
}
