package exchange

// Where is where a trade's price stood against the NBBO that it met.
type Where uint8

// The places, from above to below. Mid is the middle, or the half cent next to it.
const (
	AboveAsk Where = iota + 1
	AtAsk
	Inside
	Mid
	AtBid
	BelowBid
)

// String is the place in words.
func (w Where) String() string {
	return [...]string{"unknown", "above ask", "at ask", "inside", "mid", "at bid", "below bid"}[w]
}

func whereOf(price int32, q *nbbo) Where {
	off := 2*price - q.Bid - q.Ask
	switch {
	case price > q.Ask:
		return AboveAsk
	case price == q.Ask:
		return AtAsk
	case price < q.Bid:
		return BelowBid
	case price == q.Bid:
		return AtBid
	case off >= -1 && off <= 1:
		return Mid
	}
	return Inside
}

// Quote is one NBBO of the truth.
type Quote struct {
	Symbol                   string
	Time                     int64 // ms: in force since
	SIP                      int64 // ns: the same, by the consolidator
	Bid, Ask                 float64
	BidSize, AskSize         int64 // contracts, of the best venue
	BidExchange, AskExchange int   // 300 + OPRA letter; 0 if nobody bids
	Sequence                 int64
}

// Quotes returns the NBBOs of a contract in force at any time from..to (ms, both
// included), in order: the one in force just before from, and each that came into
// force until to. They are known for as long as trades are; see Trades.
func (m *Market) Quotes(symbol string, from, to int64) []Quote {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.catchUp()
	c := m.Find(symbol)
	if c == nil {
		return nil
	}
	from, to = max(from, m.Quoted.From(c)), min(to, now)
	if from > to {
		return nil
	}
	first := m.Quoted.at(c, from-1)
	list := []Quote{publicQuote(c, &first)}
	for _, q := range m.Quoted.In(c, from, to) {
		list = append(list, publicQuote(c, &q))
	}
	return list
}

func publicQuote(c *Contract, q *Standing) Quote {
	return Quote{
		Symbol: c.Symbol, Time: q.From, SIP: q.Nanos, Bid: Dollars(q.Bid), Ask: Dollars(q.Ask),
		BidSize: int64(q.BidSize), AskSize: int64(q.AskSize),
		BidExchange: VenueID(q.BidVenue), AskExchange: VenueID(q.AskVenue), Sequence: q.Sequence(),
	}
}
