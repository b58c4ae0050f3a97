package sim

import (
	"math"
	"math/rand/v2"
	"strings"

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

func (r *ring) set(ms int64, x float64) { r.values[ms/second%int64(len(r.values))] = x }
func (r *ring) at(ms int64) float64     { return r.values[ms/second%int64(len(r.values))] }

// span is for how many ms the ring remembers.
func (r *ring) span() int64 { return int64(len(r.values)) * second }

// underlying is what options are written on: its spot, its contracts.
type underlying struct {
	profile
	source    *underlying // that its spot follows, see profile.tied
	spots     ring        // by market second, since live
	past      []float64   // by minute, from pastFrom to live
	pastFrom  int64
	live      int64   // market ms from which spots are by second
	latest    int64   // market ms of the newest spot
	drawn     float64 // its own part of the latest move
	attention float64
	mood      float64 // -1 sellers to +1 buyers
	active    []*contract
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

var perSecond = math.Sqrt(1000 / tradingYear)

// moves draws one step of every spot: common factor by beta, the rest its own, or
// its basket's.
func moves(under []*underlying, r *rand.Rand, heat, root float64, apply func(*underlying, float64)) {
	common := marketVol * heat * root * r.NormFloat64()
	for i, u := range under {
		own := max(u.vol*u.vol-u.beta*u.beta*marketVol*marketVol, 0.0004)
		u.drawn = r.NormFloat64()
		if u.basket != "" {
			for _, other := range under[:i] {
				if other.basket == u.basket {
					u.drawn = other.drawn
					break
				}
			}
		}
		apply(u, u.beta*common+math.Sqrt(own)*heat*root*u.drawn)
	}
}

// drawPast invents the spots of every minute from pastFrom to live, ending at
// the profile's level.
func drawPast(under []*underlying, seed uint64, pastFrom, live int64) {
	r := newRand(seed, streamPastSpot, uint64(live))
	n := int((live-pastFrom)/minute) + 1
	for _, u := range under {
		u.pastFrom, u.live, u.latest = pastFrom, live, live
		u.past = make([]float64, n)
		u.past[n-1] = u.spot
		u.spots.set(live, u.spot)
		u.attention = 1
	}
	for i := n - 2; i >= 0; i-- {
		moves(under, r, 1, perSecond*math.Sqrt(60), func(u *underlying, step float64) {
			u.past[i] = u.past[i+1] * math.Exp(step)
		})
	}
}

// advance adds the spots of the second at ms, one second after the latest.
func advance(under []*underlying, r *rand.Rand, heat float64, ms int64) {
	moves(under, r, heat, perSecond, func(u *underlying, step float64) {
		next := u.spots.at(u.latest) * math.Exp(step)
		u.latest = ms
		u.spots.set(ms, next)
	})
}

// at is the spot in force at a market time, to the cent; times out of memory
// get the nearest remembered one.
func (u *underlying) at(ms int64) float64 { return math.Round(u.exactly(ms)*100) / 100 }

func (u *underlying) exactly(ms int64) float64 {
	if u.source != nil {
		return u.source.exactly(ms)*u.ratio + u.plus
	}
	if ms >= u.live {
		return u.spots.at(max(min(ms, u.latest), u.latest-u.spots.span()+second))
	}
	f := max(0, float64(ms-u.pastFrom)/float64(minute))
	i := min(int(f), len(u.past)-1)
	if i == len(u.past)-1 {
		return u.past[i]
	}
	return u.past[i] + (f-float64(i))*(u.past[i+1]-u.past[i])
}

// snapshotName is the ticker that the snapshot says the contract is written on.
func (u *underlying) snapshotName() string {
	if u.index {
		return "I:" + u.ticker
	}
	return u.ticker
}

// rootsFor are the roots of an underlying's contracts that expire on a day; a
// second root is that of the AM-settled monthlies. On those days the volatility
// index has no weekly ones beside them.
func (u *underlying) rootsFor(expiry model.Date) []string {
	if len(u.roots) < 2 {
		return u.roots
	}
	y, m, _ := expiry.UTC().Date()
	switch {
	case u.listing == volatility && expiry == volatilityMonthly(y, m):
		return u.roots[1:]
	case u.listing != volatility && expiry == monthly(y, m):
		return u.roots
	}
	return u.roots[:1]
}

// share is what one share or one point of the underlying costs: a class that
// delivers something else is worth a multiple.
func (u *underlying) share() *underlying {
	if u.terms != nil && u.source != nil {
		return u.source
	}
	return u
}

// underlyingOf finds an underlying by the name of a snapshot path.
func (m *Market) underlyingOf(name string) *underlying {
	for _, u := range m.underlyings {
		if u.called(name) {
			return u
		}
	}
	return nil
}

// called says whether a snapshot path names the underlying: SPY, I:SPX and, as
// the vendor also answers for most indices, SPX.
func (u *underlying) called(name string) bool {
	return strings.EqualFold(name, u.ticker) && !u.prefixed || u.index && strings.EqualFold(name, "I:"+u.ticker)
}
