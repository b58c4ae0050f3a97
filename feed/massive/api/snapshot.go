package api

import (
	"strings"

	"optflow/feed/massive/wire"
	"optflow/model"
	"optflow/model/ticker"
)

// wireSnapshot is one contract in a snapshot answer. Whole parts are left out
// when the plan or the market has none.
type wireSnapshot struct {
	Ticker  wire.Text `json:"ticker"` // unified only; elsewhere it is in details
	Error   wire.Text `json:"error"`  // unified only
	Day     wireDay   `json:"day"`
	Session wireDay   `json:"session"`
	Details struct {
		Ticker wire.Text `json:"ticker"`
		Shares optional  `json:"shares_per_contract"`
		More   elements  `json:"additional_underlyings"` // documented for listings only
	} `json:"details"`
	Greeks struct {
		Delta optional `json:"delta"`
		Gamma optional `json:"gamma"`
		Theta optional `json:"theta"`
		Vega  optional `json:"vega"`
	} `json:"greeks"`
	IV    optional `json:"implied_volatility"`
	OI    optional `json:"open_interest"`
	Quote struct {
		Bid     optional `json:"bid"`
		Ask     optional `json:"ask"`
		BidSize optional `json:"bid_size"`
		AskSize optional `json:"ask_size"`
		Updated nanos    `json:"last_updated"`
	} `json:"last_quote"`
	Trade struct {
		Price optional `json:"price"`
		Time  nanos    `json:"sip_timestamp"`
	} `json:"last_trade"`
	Underlying struct {
		Ticker    wire.Text `json:"ticker"`
		Price     optional  `json:"price"` // of shares
		Value     optional  `json:"value"` // of an index
		Updated   nanos     `json:"last_updated"`
		Timeframe wire.Text `json:"timeframe"`
	} `json:"underlying_asset"`
}

// wireDay is the day of a contract.
type wireDay struct {
	Open    optional `json:"open"`
	High    optional `json:"high"`
	Low     optional `json:"low"`
	Close   optional `json:"close"`
	Volume  optional `json:"volume"`
	Vwap    optional `json:"vwap"`
	Updated nanos    `json:"last_updated"`
}

const (
	maxGreek  = 1_000_000
	maxIV     = 1_000 // 100,000 %
	maxShares = 1_000_000
	maxSize   = 1_000_000_000 // of a quote
)

// snapshot translates; ok is false when there is no contract symbol in it.
func (w *wireSnapshot) snapshot(asked, read int64) (s model.Snapshot, ok bool) {
	symbol := string(w.Details.Ticker)
	if symbol == "" {
		symbol = string(w.Ticker)
	}
	if _, ok := wire.RootOf([]byte(symbol)); !ok {
		return s, false
	}
	if _, err := model.ParseContract(symbol); err != nil {
		return s, false
	}
	s = model.Snapshot{
		Symbol: symbol, Read: read, Shares: w.Details.Shares.or(0, 0, maxShares), More: bool(w.Details.More),
		Underlying: ticker.Vendor(string(w.Underlying.Ticker)), Index: strings.HasPrefix(string(w.Underlying.Ticker), indexTag),
		LastTrade: w.Trade.Price.price(), LastTradeTime: int64(w.Trade.Time),
		OpenInterest: w.OI.within(0, wire.MaxVolume), IV: w.IV.within(0, maxIV),
		Delta: w.Greeks.Delta.within(-maxGreek, maxGreek), Gamma: w.Greeks.Gamma.within(-maxGreek, maxGreek),
		Theta: w.Greeks.Theta.within(-maxGreek, maxGreek), Vega: w.Greeks.Vega.within(-maxGreek, maxGreek),
		Spot: w.Underlying.Price.price(), SpotUpdated: int64(w.Underlying.Updated), SpotDelayed: w.Underlying.Timeframe == "DELAYED",
	}
	if !w.Underlying.Price.known {
		s.Spot = w.Underlying.Value.price()
	}
	w.day(&s)
	if w.Quote.Bid.known && w.Quote.Ask.known {
		q := model.Quote{
			Bid: w.Quote.Bid.price(), Ask: w.Quote.Ask.price(),
			BidSize: w.Quote.BidSize.or(0, 0, maxSize), AskSize: w.Quote.AskSize.or(0, 0, maxSize),
			Updated: int64(w.Quote.Updated), Read: asked,
		}
		if q.Bid == q.Bid && q.Ask == q.Ask {
			s.Quote, s.HasQuote = q, true
		}
	}
	return s, true
}

// day fills what is known of the day. A session, which stands for it in the
// unified snapshot, has neither vwap nor a time, so it is no statement of the
// day's account and leaves HasDay false.
func (w *wireSnapshot) day(s *model.Snapshot) {
	of := &w.Day
	if s.DayVolume, s.HasDay = of.Volume.volume(); s.HasDay {
		s.DayUpdated, s.DayVwap = int64(of.Updated), of.Vwap.price()
	} else {
		of = &w.Session
		s.DayVolume, _ = of.Volume.volume()
		s.DayVwap = model.Unknown
	}
	s.DayOpen, s.DayHigh, s.DayLow, s.DayClose = of.Open.price(), of.High.price(), of.Low.price(), of.Close.price()
}
