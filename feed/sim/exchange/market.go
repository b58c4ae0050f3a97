// Package exchange is a simulated options market. It promises that every number
// it gives derives from one list of trades, each view of it with a delay of its
// own, and that one seed, start, speed and market time give the same trades
// whatever the wall clock did. Prices are in cents, times in ms.
package exchange

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"optflow/feed/sim/basis"
)

// Market is one simulated market. It is safe from any goroutine. Nothing in it
// moves by itself: whoever asks makes it catch up with its clock, in steps of
// one market second.
//
// Its parts each know those before them: where it stands in time, what is listed,
// the market makers' quotes, what traded before it went live, the quotes that
// there were, who trades, what was traded, and what is to be sent.
type Market struct {
	options Options
	clock   basis.Clock
	delay   int64 // ms by which everything shown is behind the clock
	ahead   int64 // ms by which the frontier keeps before what is shown

	mu sync.Mutex
	*timing
	*Listing
	makers   *makers
	past     *past
	Quoted   *Quoted
	flow     *flow
	Prints   *Prints
	schedule *schedule

	spotRand *rand.Rand
	weather  weather
}

// NewMarket starts a market; its clock runs from now.
func NewMarket(o Options) *Market {
	if o.Rate <= 0 {
		o.Rate = DefaultRate
	}
	if o.Faults.SnapshotLag > MaxSnapshotLag {
		o.Faults.SnapshotLag = MaxSnapshotLag
	}
	m := &Market{options: o, clock: basis.NewClock(o.Start, o.Speed)}
	if o.Plan.DelayedHost {
		m.delay = Delay.Milliseconds()
	}
	m.open()
	return m
}

// open lists the contracts and draws the spots of the past. The log begins with
// the minute in which the clock starts, so that its bars are whole.
func (m *Market) open() {
	shown, o, seed := m.clock.Start-m.delay, &m.options, m.options.Seed
	m.ahead = basis.Second
	if o.Faults.SnapshotLag > 0 {
		m.ahead += MaxSnapshotLag.Milliseconds()
	}
	m.timing = newTiming(basis.Floor(shown, basis.Minute))
	m.spotRand = basis.NewRand(seed, basis.StreamSpot, 0)
	memory := spotMemory
	if o.Keep {
		memory = keptMemory
	}
	m.Listing = newListing(m.timing, o, memory)
	m.makers = &makers{time: m.timing, heats: newRing(memory)}
	m.past = &past{time: m.timing, options: o, makers: m.makers}
	m.Quoted = &Quoted{time: m.timing, makers: m.makers, past: m.past, lag: o.quoteLag()}
	m.flow = &flow{
		time: m.timing, listing: m.Listing, makers: m.makers, fills: &m.Quoted.fills, weather: &m.weather,
		rate: o.Rate, r: basis.NewRand(seed, basis.StreamFlow, 0),
	}
	m.schedule = &schedule{past: m.past, at: shown / scheduleStep}
	m.Prints = newPrints(m.timing, o, m.Listing, m.past, m.schedule)
	drawPast(m.walking, seed, m.PastFrom, m.live)
	m.past.drawActivity()
	m.list()
	m.started = true
}

// Now is market time: the start plus the wall time since, times the speed.
func (m *Market) Now() time.Time { return time.UnixMilli(m.clock.Now()) }

// Hold stops the market at what is shown now and returns that time in ms. Until
// Release nothing else can look at it.
func (m *Market) Hold() (now int64) {
	m.mu.Lock()
	return m.catchUp()
}

// Release lets the market go on.
func (m *Market) Release() { m.mu.Unlock() }

// Options are those that the market was made with.
func (m *Market) Options() *Options { return &m.options }

// Delayed reports whether all that is shown is late.
func (m *Market) Delayed() bool { return m.delay > 0 }

// catchUp makes the market know everything up to what is shown now, and returns
// that time in ms. The caller holds mu.
func (m *Market) catchUp() int64 {
	shown := m.clock.Now() - m.delay
	for m.frontier < shown+m.ahead {
		if m.frontier >= m.dayEnd && shown < m.dayEnd {
			break // nobody may see the new day before it begins
		}
		m.step()
		m.schedule.release(min(shown, m.frontier))
	}
	m.schedule.release(shown)
	return shown
}

// step makes the next second of the market.
func (m *Market) step() {
	ms := m.frontier
	if ms >= m.dayEnd {
		m.roll()
	}
	if ms > m.live {
		m.weather.step(m.spotRand)
		advance(m.walking, m.spotRand, m.weather.heat(), ms)
		if ms%(30*basis.Second) == 0 {
			m.weigh()
		}
	}
	m.makers.heats.set(ms, m.weather.heat())
	m.frontier += basis.Second
	m.Prints.ingest(m.flow.trades(ms), ms)
	m.Prints.settle(m.frontier - settleLag)
	if ms%basis.Minute == 0 && !m.options.Keep {
		m.Prints.trim()
		m.Quoted.fills.trim(m.Prints.oldest() - fillMemory) // what their quotes are worked out from stays
	}
}

// roll begins a new day: volumes start at nothing, what has expired goes, what
// is new is listed, open interest takes in part of what was traded.
func (m *Market) roll() {
	m.Prints.settle(m.frontier)
	for _, c := range m.Contracts {
		m.past.ensureBefore(c)
		if day, traded := m.Prints.dayAt(c, m.frontier-1); traded {
			volume := float64(day.Volume)
			change := max(-volume, min(0.35*volume*m.spotRand.NormFloat64(), volume)) // each lot opens or closes one at most
			c.before = day
			c.interest = max(0, float64(int64(c.interest+change)))
		}
		c.interests = append(c.interests, InterestOn{m.Day, int64(c.interest)})
		c.settled = DayStats{}
		c.volume, c.cents, c.opening = 0, 0, 0
		c.bars = nil
	}
	m.setDay(m.Day + 1)
	m.list()
	m.flow.orders = slices.DeleteFunc(m.flow.orders, func(o *order) bool { return !o.c.Trades(m.Day) })
}

// Symbols returns every listed contract, sorted.
func (m *Market) Symbols() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.catchUp()
	var symbols []string
	for _, u := range m.Underlyings {
		for _, c := range u.Active {
			symbols = append(symbols, c.Symbol)
		}
	}
	slices.Sort(symbols)
	return symbols
}
