package exchange

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// Market is one simulated market. It is safe from any goroutine. Nothing in it
// moves by itself: whoever asks makes it catch up with its clock, in steps of
// one market second.
type Market struct {
	options  Options
	clock    basis.Clock
	delay    int64 // ms by which everything shown is behind the clock
	quoteLag int64 // ms by which REST's quotes are behind that

	mu          sync.Mutex
	calendar    basis.DayCount
	Underlyings []*Underlying
	walking     []*Underlying // those whose spots are tied to no other's
	Contracts   []*Contract
	bySymbol    map[string]int32

	startDate model.Date // the date of live
	startDay  int64      // its midnight
	PastFrom  int64      // the past's first ms
	live      int64      // the first ms of the log, a whole minute
	pastSum   []float64
	started   bool

	frontier int64 // all trades executed before it are known; a whole second
	ahead    int64 // ms by which the frontier keeps before what is shown
	Day      model.Date
	dayStart int64
	dayEnd   int64

	spotRand  *rand.Rand
	faultRand *rand.Rand
	wireRand  *rand.Rand
	weather   weather
	heats     ring
	flow      flow

	fillLog  fillLog
	log      tradeLog
	fits     int64  // trades that the log may hold for longer than needed
	settling uint32 // the first trade not in its contract's settled sums
	arriving []lateTrade
	barring  []rebar
	touched  touched
	schedule schedule
}

// NewMarket starts a market; its clock runs from now.
func NewMarket(o Options) *Market {
	if o.Rate <= 0 {
		o.Rate = DefaultRate
	}
	if o.Faults.SnapshotLag > MaxSnapshotLag {
		o.Faults.SnapshotLag = MaxSnapshotLag
	}
	m := &Market{options: o, clock: basis.NewClock(o.Start, o.Speed), bySymbol: make(map[string]int32)}
	if o.Plan.DelayedHost {
		m.delay = Delay.Milliseconds()
	}
	switch {
	case o.QuoteLag == 0:
		m.quoteLag = DefaultQuoteLag.Milliseconds()
	case o.QuoteLag > 0:
		m.quoteLag = o.QuoteLag.Milliseconds()
	}
	m.open()
	return m
}

// open lists the contracts and draws the spots of the past. The log begins with
// the minute in which the clock starts, so that its bars are whole.
func (m *Market) open() {
	shown := m.clock.Start - m.delay
	m.live = basis.Floor(shown, basis.Minute)
	m.frontier = m.live
	m.setDay(model.TradingDate(m.live))
	m.startDate, m.startDay = m.Day, m.dayStart
	m.PastFrom = pastSpan(m.live, m.dayStart)
	m.calendar = basis.NewDayCount(m.Day)
	m.ahead = basis.Second
	if m.options.Faults.SnapshotLag > 0 {
		m.ahead += MaxSnapshotLag.Milliseconds()
	}
	seed := m.options.Seed
	m.spotRand = basis.NewRand(seed, basis.StreamSpot, 0)
	m.faultRand = basis.NewRand(seed, basis.StreamFault, 0)
	m.wireRand = basis.NewRand(seed, basis.StreamWire, 0)
	m.flow.r = basis.NewRand(seed, basis.StreamFlow, 0)
	m.fits = 500_000
	m.log.late = make(map[uint32]lateness)
	m.schedule.at = shown / scheduleStep
	memory := spotMemory
	if m.options.Keep {
		memory = keptMemory
	}
	m.heats = newRing(memory)
	for _, p := range basis.ChosenProfiles(m.options.Tickers) {
		m.Underlyings = append(m.Underlyings, &Underlying{Profile: p, spots: newRing(memory)})
	}
	m.tie()
	drawPast(m.walking, seed, m.PastFrom, m.live)
	m.drawActivity()
	m.list()
	m.started = true
}

// tie lets spots follow those that they are tied to, if they are listed.
func (m *Market) tie() {
	for _, u := range m.Underlyings {
		i := slices.IndexFunc(m.Underlyings, func(o *Underlying) bool { return o.Ticker == u.Tied && o.Tied == "" })
		if i < 0 {
			m.walking = append(m.walking, u)
			continue
		}
		u.source, u.attention = m.Underlyings[i], 1
	}
}

func (m *Market) setDay(d model.Date) {
	m.Day, m.dayStart, m.dayEnd = d, basis.StartOfDay(d), basis.StartOfDay(d+1)
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

// Find is a listed contract, nil if there is none. The caller holds the market.
func (m *Market) Find(symbol string) *Contract {
	if id, listed := m.bySymbol[symbol]; listed {
		return m.Contracts[id]
	}
	return nil
}

// catchUp makes the market know everything up to what is shown now, and returns
// that time in ms. The caller holds mu.
func (m *Market) catchUp() int64 {
	shown := m.clock.Now() - m.delay
	for m.frontier < shown+m.ahead {
		if m.frontier >= m.dayEnd && shown < m.dayEnd {
			break // nobody may see the new day before it begins
		}
		m.step()
		m.schedule.release(m, min(shown, m.frontier))
	}
	m.schedule.release(m, shown)
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
	m.heats.set(ms, m.weather.heat())
	m.frontier += basis.Second
	m.ingest(m.trades(ms), ms)
	m.settle(m.frontier - settleLag)
	if ms%basis.Minute == 0 && !m.options.Keep {
		m.log.trim(m.frontier-m.retention(), m.fold)
		m.fillLog.trim(m.fillsNeeded())
	}
}

// heatAt is the volatility's multiple of normal at a market time.
func (m *Market) heatAt(ms int64) float64 {
	if ms < m.live {
		return 1
	}
	return m.heats.at(max(min(ms, m.frontier-basis.Second), m.frontier-m.heats.span(), m.live))
}

// retention is how long trades stay in the log: long enough for half an hour of
// history in seconds and for the latest correction; less when trading is so
// busy that it would not fit, in memory the size of a small program's.
func (m *Market) retention() int64 {
	const most, correctable, least = 36 * basis.Minute, 17 * basis.Minute, 90 * basis.Second
	kept := most
	if held := int64(m.log.next - m.log.first); held > m.fits {
		kept = min(most, (m.frontier-m.log.at(m.log.first).time)*m.fits/held)
	}
	if m.options.Faults.LateTrades {
		return max(kept, correctable)
	}
	return max(kept, least)
}

// fillsNeeded is the time from which the history keeps fills: those that the
// quotes of the log's trades can be worked out from.
func (m *Market) fillsNeeded() int64 {
	oldest := m.frontier
	if m.log.next > m.log.first {
		oldest = m.log.at(m.log.first).time
	}
	if m.options.Faults.LateTrades {
		oldest -= latestSeen
	}
	return oldest - fillMemory
}

// roll begins a new day: volumes start at nothing, what has expired goes, what
// is new is listed, open interest takes in part of what was traded.
func (m *Market) roll() {
	m.settle(m.frontier)
	for _, c := range m.Contracts {
		m.ensureBefore(c)
		if day, traded := m.dayAt(c, m.frontier-1); traded {
			volume := float64(day.Volume)
			change := max(-volume, min(0.35*volume*m.faultless().NormFloat64(), volume)) // each lot opens or closes one at most
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

// faultless is the market's own randomness, as opposed to that of its faults.
func (m *Market) faultless() *rand.Rand { return m.spotRand }

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
