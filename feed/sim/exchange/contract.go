package exchange

import (
	"cmp"
	"math"
	"slices"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// Contract is one listed option and what the market keeps of it.
type Contract struct {
	Id        int32
	Put       bool
	am        bool // settled by the opening of its expiry day
	Strike    int32
	Expiry    model.Date
	Symbol    string
	root      string
	Under     *Underlying
	Hash      uint64
	base      float64      // popularity whatever the spot is
	share     float64      // of the market's trades, as at the start
	interest  float64      // open interest
	interests []InterestOn // at the ends of the days since the start, oldest first
	epoch     int64        // ms between revisions of the quote, on average
	thought   theory       // the last one worked out
	book      book
	fills     uint32 // link to the newest fill in the history
	opened    int64  // ms: when it was listed; 0 before the start

	past    DayStats // trades of the start's day before live; see ensurePast
	hasPast bool
	before  DayStats // the last day with trades before today
	settled DayStats // trades since midnight or live, up to the settling cursor
	last    uint32   // sequence of the newest trade in the log, plus 1
	volume  int64    // contracts seen today since live or midnight
	cents   int64    // price in cents times size, likewise
	opening int32    // cents: the day's first price since live or midnight

	second, minute Window
	bars           []minuteBar // of today, trades that left the log
}

// StrikeDollars is the strike in dollars.
func (c *Contract) StrikeDollars() float64 { return float64(c.Strike) / 1000 }

// Trades says whether the contract is still traded on a day: up to its expiry, or
// to the day before where the opening of the expiry day settles it.
func (c *Contract) Trades(day model.Date) bool {
	return c.Expiry > day || c.Expiry == day && !c.am
}

// list writes the contracts of a date that are not listed yet and makes the
// active ones those that have not expired.
func (m *Market) list() {
	today := m.Day
	for _, u := range m.Underlyings {
		for _, expiry := range basis.Expiries(u.Listing, today) {
			for _, root := range u.rootsFor(expiry) {
				m.listExpiry(u, root, expiry)
			}
		}
		u.Active = u.Active[:0:0]
	}
	for _, c := range m.Contracts {
		if c.Trades(today) {
			c.Under.Active = append(c.Under.Active, c)
		}
	}
	for _, u := range m.Underlyings {
		slices.SortFunc(u.Active, func(a, b *Contract) int { return cmp.Compare(a.Symbol, b.Symbol) })
	}
	m.weigh()
}

// listExpiry adds the strikes of one root and expiry around the spot. Strikes
// keep the exchange's distances: the narrowest that needs no more than about
// two dozen strikes to cover the likely range, twice that for the next two days.
func (m *Market) listExpiry(u *Underlying, root string, expiry model.Date) {
	spot := u.Exactly(m.frontier)
	days := m.calendar.Between(m.Day, expiry)
	years := basis.YearsTo(m.dayStart, m.dayStart, days)
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
			m.addContract(u, root, expiry, put, int32(math.Round(k*1000)))
		}
	}
}

// favouriteBoost is how many times more than usual a sudden favourite trades.
const favouriteBoost = 8

// favourite says whether somebody knows something: one contract in sixty.
func (c *Contract) favourite() bool { return c.Hash%60 == 0 }

func (m *Market) addContract(u *Underlying, root string, expiry model.Date, put bool, strike int32) {
	symbol := basis.SymbolOf(root, expiry, put, strike)
	if _, listed := m.bySymbol[symbol]; listed {
		return
	}
	h := basis.Mix(basis.HashString(symbol) ^ basis.Mix(m.options.Seed))
	c := &Contract{
		Id: int32(len(m.Contracts)), Symbol: symbol, root: root, Under: u, Expiry: expiry,
		Put: put, Strike: strike, Hash: h, am: u.Am || len(u.Roots) > 1 && root == u.Roots[1],
		base: popularity(root, expiry, strike, h, m.options.Seed),
	}
	if c.favourite() {
		c.base *= favouriteBoost
	}
	if m.started {
		c.opened, c.hasPast = m.frontier, true
	}
	m.bySymbol[symbol] = c.Id
	m.Contracts = append(m.Contracts, c)
}

// sizeOfTrade is about how many contracts a trade is for, on average.
const sizeOfTrade = 9

// openInterest is plausible for a contract's share of the market's trades: half
// a day's volume where it expires today, a week's and more where it has been
// listed for long, and never beyond some hundred thousands. The sudden favourites
// had few holders: there volume passes it.
func (m *Market) openInterest(c *Contract) float64 {
	daily := c.share * pastRate * basis.SessionMinutes * 60 * sizeOfTrade
	if c.favourite() {
		daily /= favouriteBoost
	}
	age := 0.6 + min(float64(c.Expiry-m.Day), 90)/6
	held := daily * age * math.Exp(0.8*basis.NormalOf(basis.Mix(c.Hash+2)))
	return math.Floor(held / (1 + held/mostHeld))
}

// mostHeld is what the open interest of the most popular strikes comes near to.
const mostHeld = 400_000

// place is the contract's index in its underlying's active list.
func (u *Underlying) place(c *Contract) int {
	i, _ := slices.BinarySearchFunc(u.Active, c.Symbol, func(a *Contract, symbol string) int {
		return cmp.Compare(a.Symbol, symbol)
	})
	return i
}

// Expired says whether the contract's expiry day is over.
func (c *Contract) Expired(day model.Date) bool { return c.Expiry < day }

// Kind is the contract's type in the vendor's words.
func (c *Contract) Kind() string {
	if c.Put {
		return "put"
	}
	return "call"
}
