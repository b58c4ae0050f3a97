package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/source"
	"optflow/model"
)

// bar is one bar as the market's truth has it.
type bar struct {
	channel, symbol string
	start, width    int64
	size, day       int64
	price           float64
}

func (b bar) json() string {
	return fmt.Sprintf(`{"ev":%q,"sym":%q,"v":%d,"av":%d,"op":1,"vw":%g,"o":%g,"c":%g,"h":%g,"l":%g,"a":%g,"z":1,"s":%d,"e":%d}`,
		b.channel, b.symbol, b.size, b.day, b.price, b.price, b.price, b.price, b.price, b.price, b.start, b.start+b.width)
}

// trade is one trade of the truth.
type trade struct {
	symbol string
	at     int64
	size   int64
}

// market is the truth that server and REST show: trades each second, whose bars
// come two seconds after their second.
type market struct {
	server *server

	mu      sync.Mutex
	symbols []string
	rand    *rand.Rand
	trades  []trade
	day     map[string]int64

	contracts map[string]*model.Contract
	perSec    int
	price     float64
	hours     bool       // trades in New York's hours only, each day from nothing
	today     model.Date // of day, when it keeps hours

	// REST
	fail     func(what string) error // nil answers
	asked    map[string]int
	times    []time.Time
	noQuotes bool
	status   string
	quotes   func(symbol string, before int64, next string) (source.QuotePage, error) // nil: one quote that never changes
	readAt   map[string]time.Time                                                     // when each symbol was last read
	lookedUp []string                                                                 // symbols and times
	quoteAt  int64                                                                    // ms: when the quotes of snapshots changed; 0: just now

	ofSnapshot func(*model.Snapshot) // what is made of good ones before they are given; nil: nothing
}

func newMarket(symbols ...string) *market {
	m := &market{symbols: symbols, rand: rand.New(rand.NewPCG(7, 8)), day: map[string]int64{}, perSec: 5, price: 4, asked: map[string]int{}, contracts: map[string]*model.Contract{}, status: "open"}
	m.server = &server{market: m}
	return m
}

// chainSymbols are n contracts of a root that expire in the first months of
// 2000, when the bubble's clock starts.
func chainSymbols(root string, n int) []string {
	var symbols []string
	for i := range n {
		symbols = append(symbols, fmt.Sprintf("O:%s00%02d21%c%08d", root, 1+i%2, "CP"[i/2%2], (100+i/4)*1000))
	}
	return symbols
}

// run trades every second until ctx ends.
func (m *market) run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var late [][]bar // seconds whose bars are on their way
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			late = append(late, m.second(now.UnixMilli()))
			if len(late) > 2 {
				m.server.broadcast(late[0])
				late = late[1:]
			}
		}
	}
}

// second trades in the second before now and returns its bars, and those of
// the minute if it was the last one.
func (m *market) second(now int64) []bar {
	m.mu.Lock()
	defer m.mu.Unlock()
	start := now/1000*1000 - 1000
	if m.hours && !m.trading(start) {
		return nil
	}
	sizes := map[string]int64{}
	for range m.perSec {
		symbol := m.symbols[m.rand.IntN(len(m.symbols))]
		size := 1 + m.rand.Int64N(20)
		m.trades = append(m.trades, trade{symbol, start + 500, size})
		m.day[symbol] += size
		sizes[symbol] += size
	}
	var bars []bar
	for _, symbol := range slices.Sorted(maps.Keys(sizes)) {
		bars = append(bars, bar{"A", symbol, start, 1000, sizes[symbol], m.day[symbol], m.price})
	}
	if minute := start - 59_000; minute%60_000 == 0 {
		for _, b := range m.aggs("", model.Minute, minute, minute+60_000) {
			b.day = m.day[b.symbol]
			bars = append(bars, b)
		}
	}
	return bars
}

// trading tells whether a second is one of New York's hours, and begins a new
// day with the first that is.
func (m *market) trading(start int64) bool {
	day := model.TradingDate(start)
	if start < day.At(9, 30).UnixMilli() || start >= day.At(16, 0).UnixMilli() {
		return false
	}
	if day != m.today {
		m.today = day
		clear(m.day)
		m.trades = m.trades[:0]
	}
	return true
}

// aggs are the bars of a symbol, or of all, from the trades.
func (m *market) aggs(symbol string, span model.Span, from, to int64) []bar {
	type window struct {
		symbol string
		start  int64
	}
	sizes := map[window]int64{}
	first, _ := slices.BinarySearchFunc(m.trades, from, func(t trade, at int64) int { return cmp.Compare(t.at, at) })
	for _, t := range m.trades[first:] {
		if t.at >= to {
			break
		}
		if symbol == "" || t.symbol == symbol {
			sizes[window{t.symbol, t.at / int64(span) * int64(span)}] += t.size
		}
	}
	channel := massive.NameOf(link.BarsOf(span))
	var bars []bar
	for w, size := range sizes {
		bars = append(bars, bar{channel, w.symbol, w.start, int64(span), size, -1, m.price})
	}
	slices.SortFunc(bars, func(a, b bar) int {
		return cmp.Or(cmp.Compare(a.start, b.start), strings.Compare(a.symbol, b.symbol))
	})
	return bars
}

// ask counts a request, lets it take a moment, and fails if it is told to.
func (m *market) ask(what string) error {
	m.mu.Lock()
	m.asked[what]++
	m.times = append(m.times, time.Now())
	fail := m.fail
	m.mu.Unlock()
	time.Sleep(30 * time.Millisecond)
	if fail != nil {
		return fail(what)
	}
	return nil
}

func (m *market) set(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// requests are the times of all requests so far.
func (m *market) requests() []time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.times)
}

func (m *market) count(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked[what]
}

func (m *market) snapshot(symbol string) model.Snapshot {
	if m.readAt == nil {
		m.readAt = map[string]time.Time{}
	}
	m.readAt[symbol] = time.Now()
	now := time.Now().UnixMilli()
	nan := model.Unknown
	s := model.Snapshot{
		Symbol: symbol, Shares: 100, Read: now, LastTrade: nan, OpenInterest: 100, IV: 0.3, Delta: 0.5, Gamma: nan, Theta: nan, Vega: nan,
		Spot: 150, SpotUpdated: now,
	}
	if !m.noQuotes {
		s.HasQuote, s.Quote = true, model.Quote{Bid: 3.9, Ask: 4.1, Updated: now - 100, Read: now}
		if m.quoteAt > 0 {
			s.Quote.Updated = m.quoteAt
		}
	}
	if day := m.day[symbol]; day > 0 {
		s.HasDay, s.DayUpdated, s.DayVolume, s.DayVwap = true, now, day, m.price
		s.DayOpen, s.DayHigh, s.DayLow, s.DayClose = m.price, m.price, m.price, m.price
	}
	if m.ofSnapshot != nil {
		m.ofSnapshot(&s)
	}
	return s
}

// parsed remembers contracts: a chain is read thousands of times in a test.
func (m *market) parsed(symbol string) *model.Contract {
	c := m.contracts[symbol]
	if c == nil {
		parsed, err := model.ParseContract(symbol)
		if err != nil {
			panic(err)
		}
		c = &parsed
		m.contracts[symbol] = c
	}
	return c
}

func (m *market) ChainNames(name string) []string   { return (*api.REST)(nil).ChainNames(name) }
func (m *market) ListingNames(name string) []string { return (*api.REST)(nil).ListingNames(name) }
func (m *market) IndexName(name string) string      { return (*api.REST)(nil).IndexName(name) }

func (m *market) Chain(ctx context.Context, underlying string, f source.ChainFilter) (source.ChainPage, error) {
	return m.chain(underlying, f, 0)
}

func (m *market) ChainNext(ctx context.Context, next string) (source.ChainPage, error) {
	var underlying string
	var from int
	if _, err := fmt.Sscanf(next, "%s %d", &underlying, &from); err != nil {
		return source.ChainPage{}, err
	}
	return m.chain(underlying, source.ChainFilter{}, from)
}

func (m *market) chain(underlying string, f source.ChainFilter, from int) (source.ChainPage, error) {
	if err := m.ask("chain"); err != nil {
		return source.ChainPage{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var page source.ChainPage
	n := 0
	for _, symbol := range m.symbols {
		c := m.parsed(symbol)
		if c.Underlying != underlying || f.ExpiryFrom != 0 && c.Expiry < f.ExpiryFrom || f.ExpiryTo != 0 && c.Expiry > f.ExpiryTo ||
			c.StrikePrice() < f.StrikeFrom || f.StrikeTo != 0 && c.StrikePrice() > f.StrikeTo {
			continue
		}
		if n++; n <= from {
			continue
		}
		if len(page.Snapshots) == 250 {
			page.Next = fmt.Sprintf("%s %d", underlying, from+250)
			break
		}
		page.Snapshots = append(page.Snapshots, m.snapshot(symbol))
	}
	return page, nil
}

func (m *market) Contract(ctx context.Context, underlying, symbol string) (model.Snapshot, error) {
	if err := m.ask("contract"); err != nil {
		return model.Snapshot{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snapshot(symbol), nil
}

func (m *market) Unified(ctx context.Context, symbols []string) ([]model.Snapshot, map[string]string, error) {
	if err := m.ask("unified"); err != nil {
		return nil, nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []model.Snapshot
	for _, symbol := range symbols {
		s := m.snapshot(symbol)
		s.HasDay = false
		found = append(found, s)
	}
	return found, nil, nil
}

func (m *market) Contracts(ctx context.Context, underlying string, f source.ChainFilter) (source.ListingPage, error) {
	if err := m.ask("contracts"); err != nil {
		return source.ListingPage{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var page source.ListingPage
	for _, symbol := range m.symbols {
		if m.parsed(symbol).Underlying == underlying {
			page.Listings = append(page.Listings, source.Listing{Symbol: symbol, Underlying: underlying, Shares: 100})
		}
	}
	return page, nil
}

func (m *market) ContractsNext(context.Context, string) (source.ListingPage, error) {
	return source.ListingPage{}, errors.New("there is no second page")
}

func (m *market) Aggs(ctx context.Context, symbol string, span model.Span, from, to int64) ([]model.Bar, bool, error) {
	if err := m.ask("aggs"); err != nil {
		return nil, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var bars []model.Bar
	for _, b := range m.aggs(symbol, span, from, to) {
		bars = append(bars, model.Bar{Span: span, Start: b.start, Volume: b.size, DayVolume: -1, Open: b.price, High: b.price, Low: b.price, Close: b.price, Vwap: b.price})
	}
	return bars, true, nil
}

// SpotAt is the spot, whenever.
func (m *market) SpotAt(context.Context, string, int64) (float64, error) {
	return 150, m.ask("past spot")
}

// Interest is as many lots as the date has days.
func (m *market) Interest(_ context.Context, _ string, session model.Date) (int64, error) {
	return int64(session), m.ask("interest")
}

// Quotes finds what quotes says.
func (m *market) Quotes(ctx context.Context, symbol string, before int64, limit int) (source.QuotePage, error) {
	if err := m.ask("quotes"); err != nil {
		return source.QuotePage{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lookedUp = append(m.lookedUp, fmt.Sprintf("%s %d", symbol, before))
	if m.quotes != nil {
		return m.quotes(symbol, before, "")
	}
	return source.QuotePage{Quotes: []model.Quote{{Bid: 3.9, Ask: 4.1, Updated: before - 60_000}}}, nil
}

func (m *market) QuotesNext(ctx context.Context, next string) (source.QuotePage, error) {
	if err := m.ask("quotes"); err != nil {
		return source.QuotePage{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.quotes("", 0, next)
}

func (m *market) MarketStatus(context.Context) (source.MarketStatus, error) {
	if err := m.ask("status"); err != nil {
		return source.MarketStatus{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return source.MarketStatus{Market: m.status, NYSE: m.status, ServerTime: time.Now()}, nil
}

func (m *market) Upcoming(context.Context) ([]source.Holiday, error) { return nil, m.ask("upcoming") }

// failWith is a REST that answers everything with one kind of error.
func failWith(kind source.ErrorKind, status int) func(string) error {
	return func(string) error {
		return &source.Failure{Kind: kind, Status: status, Message: "told to fail"}
	}
}
