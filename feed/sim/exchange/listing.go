package exchange

import (
	"cmp"
	"math"
	"slices"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// Listing is what can be traded: underlyings, and contracts on them.
type Listing struct {
	time        *timing
	seed        uint64
	Underlyings []*Underlying
	walking     []*Underlying // those whose spots are tied to no other's
	Contracts   []*Contract
	bySymbol    map[string]int32
	started     bool
}

// newListing has the underlyings, whose spots are remembered for so many seconds,
// and no contract yet.
func newListing(t *timing, o *Options, memory int) *Listing {
	l := &Listing{time: t, seed: o.Seed, bySymbol: make(map[string]int32)}
	for _, p := range basis.ChosenProfiles(o.Tickers) {
		l.Underlyings = append(l.Underlyings, &Underlying{Profile: p, spots: newRing(memory)})
	}
	for _, u := range l.Underlyings { // spots follow those that they are tied to, if they are listed
		i := slices.IndexFunc(l.Underlyings, func(o *Underlying) bool { return o.Ticker == u.Tied && o.Tied == "" })
		if i < 0 {
			l.walking = append(l.walking, u)
			continue
		}
		u.source, u.attention = l.Underlyings[i], 1
	}
	return l
}

// Find is a listed contract, nil if there is none. The caller holds the market.
func (l *Listing) Find(symbol string) *Contract {
	if id, listed := l.bySymbol[symbol]; listed {
		return l.Contracts[id]
	}
	return nil
}

// UnderlyingOf finds an underlying by the name of a snapshot path.
func (l *Listing) UnderlyingOf(name string) *Underlying {
	for _, u := range l.Underlyings {
		if u.Called(name) {
			return u
		}
	}
	return nil
}

// list writes the contracts of a date that are not listed yet and makes the
// active ones those that have not expired.
func (l *Listing) list() {
	today := l.time.Day
	for _, u := range l.Underlyings {
		for _, expiry := range basis.Expiries(u.Listing, today) {
			for _, root := range u.rootsFor(expiry) {
				l.listExpiry(u, root, expiry)
			}
		}
		u.Active = u.Active[:0:0]
	}
	for _, c := range l.Contracts {
		if c.Trades(today) {
			c.Under.Active = append(c.Under.Active, c)
		}
	}
	for _, u := range l.Underlyings {
		slices.SortFunc(u.Active, func(a, b *Contract) int { return cmp.Compare(a.Symbol, b.Symbol) })
	}
	l.weigh()
}

// listExpiry adds the strikes of one root and expiry around the spot. Strikes
// keep the exchange's distances: the narrowest that needs no more than about
// two dozen strikes to cover the likely range, twice that for the next two days.
func (l *Listing) listExpiry(u *Underlying, root string, expiry model.Date) {
	spot := u.Exactly(l.time.frontier)
	days := l.time.calendar.Between(l.time.Day, expiry)
	years := basis.YearsTo(l.time.dayStart, l.time.dayStart, days)
	reach := max(0.03, 2.4*(u.Vol+0.05)*math.Sqrt(years))
	low, high := spot*math.Exp(-reach), spot*math.Exp(reach*0.85)
	most := 26.0
	switch {
	case u.Listing == basis.Few, u.Listing == basis.Volatility:
		most = 12
	case days <= 1:
		most = 44
	}
	step := u.Step
	for _, f := range []float64{1, 2, 4, 10, 20, 40} {
		if step = u.Step * f; (high-low)/step <= most {
			break
		}
	}
	for k := math.Ceil(low/step) * step; k <= high; k += step {
		for _, put := range []bool{false, true} {
			l.addContract(u, root, expiry, put, int32(math.Round(k*1000)))
		}
	}
}

// favouriteBoost is how many times more than usual a sudden favourite trades.
const favouriteBoost = 8

// favourite says whether somebody knows something: one contract in sixty.
func (c *Contract) favourite() bool { return c.Hash%60 == 0 }

func (l *Listing) addContract(u *Underlying, root string, expiry model.Date, put bool, strike int32) {
	symbol := basis.SymbolOf(root, expiry, put, strike)
	if _, listed := l.bySymbol[symbol]; listed {
		return
	}
	h := basis.Mix(basis.HashString(symbol) ^ basis.Mix(l.seed))
	c := &Contract{
		Id: int32(len(l.Contracts)), Symbol: symbol, root: root, Under: u, Expiry: expiry,
		Put: put, Strike: strike, Hash: h, am: u.Am || len(u.Roots) > 1 && root == u.Roots[1],
		base: popularity(root, expiry, strike, h, l.seed),
	}
	if c.favourite() {
		c.base *= favouriteBoost
	}
	if l.started {
		c.opened, c.hasPast = l.time.frontier, true
	}
	l.bySymbol[symbol] = c.Id
	l.Contracts = append(l.Contracts, c)
}

// sizeOfTrade is about how many contracts a trade is for, on average.
const sizeOfTrade = 9

// openInterest is plausible for a contract's share of the market's trades: half
// a day's volume where it expires today, a week's and more where it has been
// listed for long, and never beyond some hundred thousands. The sudden favourites
// had few holders: there volume passes it.
func (l *Listing) openInterest(c *Contract) float64 {
	daily := c.share * pastRate * basis.SessionMinutes * 60 * sizeOfTrade
	if c.favourite() {
		daily /= favouriteBoost
	}
	age := 0.6 + min(float64(c.Expiry-l.time.Day), 90)/6
	held := daily * age * math.Exp(0.8*basis.NormalOf(basis.Mix(c.Hash+2)))
	return math.Floor(held / (1 + held/mostHeld))
}

// mostHeld is what the open interest of the most popular strikes comes near to.
const mostHeld = 400_000
