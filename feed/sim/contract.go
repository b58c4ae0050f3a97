package sim

import (
	"cmp"
	"math"
	"slices"

	"optflow/model"
)

// contract is one listed option and what the market keeps of it.
type contract struct {
	id       int32
	put      bool
	am       bool // settled by the opening of its expiry day
	strike   int32
	expiry   model.Date
	symbol   string
	root     string
	under    *underlying
	hash     uint64
	base     float64 // popularity whatever the spot is
	share    float64 // of the market's trades, as at the start
	interest float64 // open interest
	epoch    int64   // ms between revisions of the quote, on average
	thought  theory  // the last one worked out
	book     book
	fills    uint32 // link to the newest fill in the history
	opened   int64  // ms: when it was listed; 0 before the start

	past    dayStats // trades of the start's day before live; see ensurePast
	hasPast bool
	before  dayStats // the last day with trades before today
	settled dayStats // trades since midnight or live, up to the settling cursor
	last    uint32   // sequence of the newest trade in the log, plus 1
	volume  int64    // contracts seen today since live or midnight
	cents   int64    // price in cents times size, likewise
	opening int32    // cents: the day's first price since live or midnight

	second, minute window
	bars           []minuteBar // of today, trades that left the log
}

// strikeDollars is the strike in dollars.
func (c *contract) strikeDollars() float64 { return float64(c.strike) / 1000 }

// trades says whether the contract is still traded on a day: up to its expiry, or
// to the day before where the opening of the expiry day settles it.
func (c *contract) trades(day model.Date) bool {
	return c.expiry > day || c.expiry == day && !c.am
}

// list writes the contracts of a date that are not listed yet and makes the
// active ones those that have not expired.
func (m *Market) list() {
	today := m.day
	for _, u := range m.underlyings {
		for _, expiry := range expiries(u.listing, today) {
			for _, root := range u.rootsFor(expiry) {
				m.listExpiry(u, root, expiry)
			}
		}
		u.active = u.active[:0:0]
	}
	for _, c := range m.contracts {
		if c.trades(today) {
			c.under.active = append(c.under.active, c)
		}
	}
	for _, u := range m.underlyings {
		slices.SortFunc(u.active, func(a, b *contract) int { return cmp.Compare(a.symbol, b.symbol) })
	}
	m.weigh()
}

// listExpiry adds the strikes of one root and expiry around the spot. Strikes
// keep the exchange's distances: the narrowest that needs no more than about
// two dozen strikes to cover the likely range, twice that for the next two days.
func (m *Market) listExpiry(u *underlying, root string, expiry model.Date) {
	spot := u.exactly(m.frontier)
	days := m.calendar.between(m.day, expiry)
	years := yearsTo(m.dayStart, m.dayStart, days)
	reach := max(0.03, 2.4*(u.vol+0.05)*math.Sqrt(years))
	low, high := spot*math.Exp(-reach), spot*math.Exp(reach*0.85)
	most := 26.0
	switch {
	case u.listing == few, u.listing == volatility:
		most = 12
	case days <= 1:
		most = 44
	}
	step := u.step
	for _, f := range []float64{1, 2, 4, 10, 20, 40} {
		if step = u.step * f; (high-low)/step <= most {
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
func (c *contract) favourite() bool { return c.hash%60 == 0 }

func (m *Market) addContract(u *underlying, root string, expiry model.Date, put bool, strike int32) {
	symbol := symbolOf(root, expiry, put, strike)
	if _, listed := m.bySymbol[symbol]; listed {
		return
	}
	h := mix(hashString(symbol) ^ mix(m.options.Seed))
	c := &contract{
		id: int32(len(m.contracts)), symbol: symbol, root: root, under: u, expiry: expiry,
		put: put, strike: strike, hash: h, am: u.am || len(u.roots) > 1 && root == u.roots[1],
		base: popularity(root, expiry, strike, h, m.options.Seed),
	}
	if c.favourite() {
		c.base *= favouriteBoost
	}
	if m.started {
		c.opened, c.hasPast = m.frontier, true
	}
	m.bySymbol[symbol] = c.id
	m.contracts = append(m.contracts, c)
}

// sizeOfTrade is about how many contracts a trade is for, on average.
const sizeOfTrade = 9

// openInterest is plausible for a contract's share of the market's trades: half
// a day's volume where it expires today, a week's and more where it has been
// listed for long, and never beyond some hundred thousands. The sudden favourites
// had few holders: there volume passes it.
func (m *Market) openInterest(c *contract) float64 {
	daily := c.share * pastRate * sessionMinutes * 60 * sizeOfTrade
	if c.favourite() {
		daily /= favouriteBoost
	}
	age := 0.6 + min(float64(c.expiry-m.day), 90)/6
	held := daily * age * math.Exp(0.8*normalOf(mix(c.hash+2)))
	return math.Floor(held / (1 + held/mostHeld))
}

// mostHeld is what the open interest of the most popular strikes comes near to.
const mostHeld = 400_000

// place is the contract's index in its underlying's active list.
func (u *underlying) place(c *contract) int {
	i, _ := slices.BinarySearchFunc(u.active, c.symbol, func(a *contract, symbol string) int {
		return cmp.Compare(a.symbol, symbol)
	})
	return i
}

// expired says whether the contract's expiry day is over.
func (c *contract) expired(day model.Date) bool { return c.expiry < day }

// kind is the contract's type in the vendor's words.
func (c *contract) kind() string {
	if c.put {
		return "put"
	}
	return "call"
}
