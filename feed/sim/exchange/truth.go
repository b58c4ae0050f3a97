package exchange

import (
	"cmp"
	"slices"
)

// Trade is one trade of the truth, the list everything else derives from.
type Trade struct {
	Symbol    string
	Time      int64 // ms: when it was executed, which decides its bar
	Seen      int64 // ms: from when av and day volume count it; later than Time for a late trade
	Barred    int64 // ms: from when its bar counts it; 0 never
	Price     float64
	Size      int64 // contracts
	Exchange  int   // 300 + OPRA letter
	Condition int   // by OPRA's letter
	Sequence  int64 // increasing per contract in the order in which trades were seen
	SIP       int64 // ns: the consolidator's time; orders trades and quotes of one ms
	Bid, Ask  float64
	Where     Where // of the price against Bid and Ask, the NBBO that it met
}

// Trades returns the trades of a contract that the market has seen so far,
// those of the day before the start included, in order of execution. An empty
// symbol asks for every contract's. Trades older than about half an hour are
// forgotten unless Options.Keep is set; those before the start are not.
func (m *Market) Trades(symbol string) []Trade {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.catchUp()
	if symbol != "" {
		if c := m.Find(symbol); c != nil {
			return m.TradesOf(c, now)
		}
		return nil
	}
	var all []Trade
	for _, c := range m.Contracts {
		all = append(all, m.TradesOf(c, now)...)
	}
	slices.SortStableFunc(all, func(a, b Trade) int { return cmp.Compare(a.Time, b.Time) })
	return all
}

// TradesOf lists what had been seen of a contract at a time.
func (m *Market) TradesOf(c *Contract, at int64) []Trade {
	var list []Trade
	var before filled
	m.past.eachMeeting(c, func(i int, t *trade, after *filled, _ bool) bool {
		p := m.publicTrade(c, t, int64(i), &before)
		before = *after
		p.Seen, p.Barred = t.time, t.time
		if t.flags&flagNoBar != 0 {
			p.Barred = 0
		}
		list = append(list, p)
		return true
	})
	n := len(list)
	m.Prints.log.back(c, func(seq uint32, t *trade) bool {
		if seen := m.Prints.log.seen(seq, t); seen <= at {
			before, _ := m.Quoted.fills.at(t.met)
			p := m.publicTrade(c, t, publicSequence(seq), &before)
			p.Seen, p.Barred = seen, m.Prints.log.barred(seq, t)
			list = append(list, p)
		}
		return true
	})
	slices.Reverse(list[n:])
	slices.SortStableFunc(list, func(a, b Trade) int { return cmp.Compare(a.SIP, b.SIP) })
	return list
}

// publicSequence puts the log's sequences after those of the past.
func publicSequence(seq uint32) int64 { return 1_000_000 + int64(seq) }

func (m *Market) publicTrade(c *Contract, t *trade, sequence int64, before *filled) Trade {
	q := m.makers.standing(c, before, t.time)
	return Trade{
		Symbol: c.Symbol, Time: t.time, Price: Dollars(t.price), Size: int64(t.size),
		Exchange: ExchangeID(t.exchange), Condition: ConditionID(t.code), Sequence: sequence,
		SIP: TradeNanos(t.time, t.nth), Bid: Dollars(q.Bid), Ask: Dollars(q.Ask), Where: whereOf(t.price, &q.nbbo),
	}
}

// Dollars of cents.
func Dollars(cents int32) float64 { return float64(cents) / 100 }
