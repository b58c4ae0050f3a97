// Package historytest makes up recorded days for the tests of those who read them.
package historytest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"optflow/feed/history"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// Day is a day under way: a book whose inputs are written down. Its market makes
// up trades by the second.
type Day struct {
	Date model.Date
	Now  int64 // ms of market time
	Book *book.Book
	Tape *tape.Writer

	t       testing.TB
	rand    *rand.Rand
	encoder daylog.Encoder
	blocks  []byte
	ops     uint64
	start   int64 // ms: when the block was begun
	ids     []model.ContractID
	price   []float64
	volume  []int64
	spot    map[string]float64
	busy    int
	lots    func() float64
}

// Symbols are the contracts of the made-up market.
var Symbols = []string{
	"O:NVDA261218C00180000", "O:NVDA261218P00170000", "O:NVDA261127C00182500", "O:SPY261123C00655000", "O:SPY261123P00654000", "O:SPY270115P00640000", "O:BRKB270115P00450000",
	"O:TSLA261204C00400000",
}

// Spots are the prices of their underlyings as the day begins.
var Spots = map[string]float64{"NVDA": 178, "SPY": 655, "BRKB": 470, "BRK.B": 470, "TSLA": 398}

// Crowd are so many contracts of few underlyings.
func Crowd(n int) (symbols []string) {
	for i := range n {
		symbols = append(symbols, fmt.Sprintf("O:%s26%02d18%c%08d", []string{"NVDA", "SPY", "TSLA"}[i%3], 11+i/3%2, "CP"[i/6%2], 1000*(100+i/12)))
	}
	return symbols
}

// New begins a day at 09:30 in New York, with trades in up to three of the Symbols
// a second.
func New(t testing.TB, date model.Date, seed uint64) *Day {
	d := Of(t, date, seed, Symbols, 4)
	d.lots = func() float64 { return math.Pow(d.rand.Float64(), 4) * 3000 } // so that few seconds have much of all
	return d
}

// Of begins a day of some contracts, of which fewer than busy trade in a second, as
// a rule little.
func Of(t testing.TB, date model.Date, seed uint64, symbols []string, busy int) *Day {
	w := tape.New(tape.Options{})
	d := &Day{
		Date: date, Now: date.At(9, 30).UnixMilli(), Tape: w, Book: book.New(w, book.Options{}), t: t,
		rand: rand.New(rand.NewPCG(seed, 1)), spot: map[string]float64{}, busy: busy,
	}
	for name, price := range Spots {
		d.spot[name] = price
	}
	d.lots = func() float64 { return min(math.Exp(1.5+1.6*d.rand.NormFloat64()), 20_000) }
	d.start = d.Now
	d.encoder.Key(d.Book)
	d.Tell(&book.Date{Date: date})
	d.Tell(&book.Flags{Flags: model.FlagSim})
	for _, symbol := range symbols {
		c := &book.Contract{Symbol: symbol, Traded: true}
		d.Tell(c)
		d.ids = append(d.ids, c.ID)
		d.price = append(d.price, 1+d.rand.Float64()*9)
		d.volume = append(d.volume, 0)
	}
	d.State(&model.State{Link: model.Live, AutoRefresh: true})
	return d
}

// Tell tells the book something and writes it down.
func (d *Day) Tell(in book.Input) {
	d.Book.Apply(in)
	d.encoder.Put(in)
	if d.encoder.Len() > 60<<10 {
		d.cut()
	}
}

// State writes down what the feed says of itself.
func (d *Day) State(s *model.State) {
	s.Tickers, s.Sim, s.Covers = []string{"NVDA", "SPY", "BRK.B", "TSLA"}, true, math.NaN()
	d.encoder.State(s)
}

// Hole writes that something is missing.
func (d *Day) Hole(from, to int64, why string) {
	d.encoder.Hole(daylog.Hole{From: from, To: to, Why: why})
}

// ID is the number of one of the Symbols.
func (d *Day) ID(symbol int) model.ContractID { return d.ids[symbol] }

// Tick lets time pass.
func (d *Day) Tick(ms int64) {
	d.Now += ms
	d.Tell(&book.Tick{Now: d.Now})
}

// Trade is so many contracts of one of the Symbols at a price in the second that
// is over now.
func (d *Day) Trade(symbol int, lots int64, price float64) {
	d.volume[symbol] += lots
	d.Bar(symbol, d.Now/1000*1000-1000, lots, price)
}

// Missed is so many contracts of one of the Symbols of which no bar comes.
func (d *Day) Missed(symbol int, lots int64) { d.volume[symbol] += lots }

// Bar states a window of a second, which may have been stated before.
func (d *Day) Bar(symbol int, start, lots int64, price float64) {
	d.Tell(&book.Bar{Bar: model.Bar{
		Contract: d.ids[symbol], Span: model.Second, Start: start, Volume: lots, DayVolume: d.volume[symbol],
		Open: price, High: price + 0.05, Low: price - 0.05, Close: price, Vwap: price, DayVwap: price, AvgSize: float64(1 + d.rand.IntN(int(lots))),
	}})
}

// Snapshot is what REST says of one of the Symbols now: a quote around a price,
// the spot.
func (d *Day) Snapshot(symbol int, price, spot float64) {
	nan := math.NaN()
	d.Tell(&book.Snapshot{Snapshot: &model.Snapshot{
		Contract: d.ids[symbol], Read: d.Now, HasQuote: true, Shares: 100, LastTrade: nan,
		Quote:        model.Quote{Bid: price - 0.05, Ask: price + 0.05, BidSize: 10, AskSize: 10, Updated: d.Now - 500, Read: d.Now},
		OpenInterest: float64(100 + 50*symbol), IV: 0.4, Delta: 0.1*float64(symbol) - 0.4, Gamma: nan, Theta: nan, Vega: nan, Spot: spot, SpotUpdated: d.Now - 200,
	}})
}

// Seconds has so many seconds of a market go by.
func (d *Day) Seconds(n int) {
	for range n {
		for range 3 {
			d.Tick(250)
		}
		for _, k := range d.rand.Perm(len(d.ids))[:d.rand.IntN(d.busy)] {
			d.price[k] = max(0.1, d.price[k]+float64(d.rand.IntN(11)-5)/100)
			lots := int64(d.lots()) + 1
			d.Now += 250
			d.Trade(k, lots, d.price[k])
			d.Now -= 250
		}
		if k := d.rand.IntN(2 * len(d.ids)); k < len(d.ids) {
			name := d.Tape.Contracts.At(d.ids[k]).Underlying
			d.spot[name] += float64(d.rand.IntN(21)-10) / 100
			d.Snapshot(k, d.price[k], d.spot[name])
		}
		d.Tick(250)
		d.State(&model.State{Link: model.Live, AutoRefresh: true, Newest: d.Now})
	}
}

// cut ends a block.
func (d *Day) cut() {
	ops := append([]byte(nil), d.encoder.Bytes()...)
	b := &daylog.Block{First: d.ops, Ops: d.encoder.Ops(), Start: d.start, Key: d.ops == 0, Raw: len(ops), Stored: ops}
	d.ops += uint64(b.Ops)
	history.Pack(b)
	d.blocks = b.Append(d.blocks)
	d.encoder.Reset()
	d.start = d.Now
}

// Save writes the day to a store.
func (d *Day) Save(store history.Store, h history.Header) history.Day {
	d.t.Helper()
	d.Tell(&book.Settle{})
	d.cut()
	d.Tape.Publish()
	h.Version, h.Feed, h.Date, h.Fresh = daylog.Version, store.Feed(), d.Date.String(), true
	if h.Rules == 0 {
		h.Rules = book.Rules
	}
	line, err := json.Marshal(h)
	if err == nil {
		err = os.MkdirAll(filepath.Join(store.Dir, d.Date.String()), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(store.Dir, d.Date.String(), "0001.oflog"), append(append(line, '\n'), d.blocks...), 0o600)
	}
	day, bad := store.Day(d.Date)
	if err != nil || bad != nil || len(day.Files) != 1 {
		d.t.Fatal(fmt.Errorf("saving a day: %w, %w", err, bad))
	}
	return day
}
