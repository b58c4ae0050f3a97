package parquet

import (
	"math"

	"optflow/feed/history"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/burst"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// collector takes from a day that is gone through what its files are made of.
type collector struct {
	date   model.Date
	bursts bool // they are wanted

	windows sorter
	joined  sorter
	failed  error // of the disk: nothing more is taken

	contracts []*model.Contract // as the last run of the program knew them
	numbers   map[string]model.ContractID
	minutes   minutes
	holes     []daylog.Hole
	rules     int // by which the book went: the eldest

	// Of the present run of the program.
	book    *book.Book
	tape    *tape.Tape
	cursor  tape.Cursor
	batch   []model.Row
	ids     []model.ContractID // by those of the run
	set     *burst.Set
	known   []int64 // ms, by handle: when a burst was first there; 0 not yet
	now     int64
	delay   int64
	minute  int64
	tickers []string
	whole   map[string]int64 // ms: since when all of a ticker is known
}

// unnumbered is no number yet.
const unnumbered = model.ContractID(math.MaxUint32)

func newCollector(dir string, date model.Date, bursts bool) *collector {
	return &collector{
		date: date, bursts: bursts, windows: sorter{dir: dir}, joined: sorter{dir: dir}, numbers: make(map[string]model.ContractID),
		minutes: minutes{watched: make(map[string][]watch)}, batch: make([]model.Row, tape.ChunkRows),
	}
}

func (c *collector) close() {
	c.windows.close()
	c.joined.close()
}

// begins takes another book and tape, of a run of the program that began empty.
func (c *collector) begins(t *tape.Tape, b *book.Book) {
	c.settle()
	c.book, c.tape, c.cursor, c.ids, c.known, c.minute, c.whole = b, t, tape.Cursor{}, nil, nil, 0, make(map[string]int64)
	if c.bursts {
		c.set = burst.New(t.Contracts, burst.Options{
			// Nothing is shown: all stay for as long as they can change, and no longer.
			Interval: burst.Interval10s, Rules: &model.Rules{Floor: math.Inf(1)}, MaxUnder: math.MaxInt32, At: t.At, Left: c.left,
		})
	}
}

// settle ends a run of the program.
func (c *collector) settle() {
	if c.book == nil {
		return
	}
	c.tick(c.now)
	if c.set != nil {
		for id, b := range c.set.Newest(burst.ShelfUnder) {
			c.left(id, b)
		}
	}
	for ticker, since := range c.whole {
		c.minutes.watched[ticker] = append(c.minutes.watched[ticker], watch{since, c.minute})
	}
	for id, number := range c.ids { // what a root's underlying is may have been learnt since
		if number != unnumbered {
			c.contracts[number] = c.tape.Contracts.At(model.ContractID(id))
		}
	}
	c.book, c.tape, c.set, c.ids, c.known = nil, nil, nil, nil, nil
}

func (c *collector) input(in book.Input) {
	if d, is := in.(*book.Delay); is {
		c.delay = d.Delay
	}
}

func (c *collector) state(s *model.State) { c.tickers = s.Tickers }

func (c *collector) hole(h daylog.Hole) {
	c.holes = append(c.holes, h)
	c.minutes.holes = append(c.minutes.holes, watch{h.From, h.To})
}

func (c *collector) file(h *history.Header) {
	if c.rules == 0 || h.Rules < c.rules {
		c.rules = h.Rules
	}
}

// tick takes what came up to a time.
func (c *collector) tick(now int64) {
	c.now = now
	for n := c.tape.Read(&c.cursor, c.batch); n > 0; n = c.tape.Read(&c.cursor, c.batch) {
		for i := range c.batch[:n] {
			c.row(&c.batch[i], c.cursor.Next-uint64(n-i))
		}
	}
	if c.set != nil {
		for _, change := range c.set.Drain() {
			for int(change.ID) >= len(c.known) {
				c.known = append(c.known, 0)
			}
			switch change.Kind {
			case burst.Added:
				c.known[change.ID] = now
			case burst.Went:
				c.known[change.ID] = 0
			}
		}
	}
	if at := (now - c.delay) / minute * minute; at > c.minute {
		c.sample(at)
	}
}

// sample takes the day's volume of each ticker at the beginning of a minute, which
// is the end of the one before.
func (c *collector) sample(at int64) {
	c.minute = at
	if model.TradingDate(at-minute) != c.date {
		return
	}
	for _, t := range c.book.Totals(c.tickers) {
		if !t.Whole {
			continue
		}
		if _, is := c.whole[t.Underlying]; !is {
			c.whole[t.Underlying] = at
		}
		c.minutes.samples = append(c.minutes.samples, sample{at - minute, t.Underlying, [2]int64{t.CallVolume, t.PutVolume}})
	}
}

func (c *collector) row(r *model.Row, seq uint64) {
	if model.TradingDate(r.Start) != c.date {
		return
	}
	if c.set != nil && r.Kind == model.KindBar {
		c.set.Add(*r, seq)
	}
	c.put(&c.windows, r, record{Row: *r})
}

// left takes a burst that does not change any more.
func (c *collector) left(id uint32, b *burst.Burst) {
	known := c.now
	if int(id) < len(c.known) && c.known[id] != 0 {
		known = c.known[id]
	}
	c.put(&c.joined, &b.Row, record{Row: b.Row, Rank: b.Rank, Windows: b.Burst.Windows, Known: known})
}

func (c *collector) put(to *sorter, of *model.Row, r record) {
	if c.failed != nil {
		return
	}
	r.Contract = c.number(of.Contract)
	c.failed = to.add(&r)
}

// number is ours of a contract of the present run.
func (c *collector) number(id model.ContractID) model.ContractID {
	for int(id) >= len(c.ids) {
		c.ids = append(c.ids, unnumbered)
	}
	if c.ids[id] == unnumbered {
		of := c.tape.Contracts.At(id)
		number, is := c.numbers[of.Symbol]
		if !is {
			number = model.ContractID(len(c.contracts))
			c.numbers[of.Symbol] = number
			c.contracts = append(c.contracts, of)
		}
		c.ids[id] = number
	}
	return c.ids[id]
}
