package daylog

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"optflow/model"
	"optflow/model/book"
)

// The ops that come now and then, as JSON. A code is never used again for
// something else.
const (
	opContract    = 3
	opShares      = 4
	opBaseline    = 5
	opLost        = 6
	opForget      = 7
	opDate        = 8
	opSpan        = 9
	opDelay       = 10
	opFlags       = 11
	opTick        = 12
	opSettle      = 13
	opAsked       = 14
	opFailed      = 15
	opFilled      = 16
	opHistory     = 17
	opLearn       = 21
	opExpect      = 22
	opRewind      = 23
	opProvisional = 24
	opSides       = 25
	opOddBar      = 26
)

// number is a float64 that JSON has no digits for as well: "NaN", "+Inf", "-Inf".
type number float64

// MarshalJSON writes digits enough to read the same number again.
func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		text = strconv.Quote(text)
	}
	return []byte(text), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *number) UnmarshalJSON(text []byte) (err error) {
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	v, err := strconv.ParseFloat(string(text), 64)
	*n = number(v)
	return err
}

type (
	contractOp struct {
		Symbol string `json:"symbol"`
		Traded bool   `json:"traded,omitzero"`
		ID     uint32 `json:"id"`
		None   bool   `json:"none,omitzero"` // it got no number
	}
	sharesOp struct {
		ID     uint32 `json:"id"`
		Shares number `json:"shares"`
		More   bool   `json:"more,omitzero"`
	}
	baselineOp struct {
		Ticker string `json:"ticker"`
		Read   int64  `json:"read"`
	}
	lostOp struct {
		From   int64 `json:"from"`
		To     int64 `json:"to"`
		Reason uint8 `json:"reason"`
		Clock  bool  `json:"clock,omitzero"`
	}
	nameOp struct {
		Root string `json:"root,omitzero"`
		Name string `json:"name"`
	}
	timeOp struct {
		Now  int64 `json:"now,omitzero"`
		Date int32 `json:"date,omitzero"`
	}
	spanOp struct {
		Span int32 `json:"span"`
		From int64 `json:"from"`
	}
	delayOp struct {
		Delay   int64 `json:"delay"`
		Delayed bool  `json:"delayed,omitzero"`
	}
	flagsOp struct {
		Flags uint8 `json:"flags"`
	}
	aloneOp struct {
		Alone bool `json:"alone"`
	}
	requestOp struct {
		ID      uint32 `json:"id"`
		Span    int32  `json:"span"`
		From    int64  `json:"from"`
		To      int64  `json:"to"`
		Volume  int64  `json:"volume"`
		Premium number `json:"premium"`
	}
	requestsOp struct {
		Requests []requestOp `json:"requests"`
	}
	filledOp struct {
		Request requestOp `json:"request"`
		Bars    []barOp   `json:"bars,omitempty"`
		Whole   bool      `json:"whole,omitzero"`
	}
	historyOp struct {
		Bars []barOp `json:"bars"`
	}
	barOp struct {
		ID        uint32 `json:"id"`
		Span      int32  `json:"span"`
		Start     int64  `json:"start"`
		Volume    int64  `json:"volume"`
		DayVolume int64  `json:"day"`
		Open      number `json:"open"`
		High      number `json:"high"`
		Low       number `json:"low"`
		Close     number `json:"close"`
		Vwap      number `json:"vwap"`
		DayVwap   number `json:"dayvwap"`
		AvgSize   number `json:"mean"`
	}
	quoteOp struct {
		Bid     number `json:"bid"`
		Ask     number `json:"ask"`
		BidSize number `json:"bidsize"`
		AskSize number `json:"asksize"`
		Updated int64  `json:"updated"`
		Read    int64  `json:"read"`
	}
	sidesOp struct {
		ID     uint32    `json:"id"`
		Start  int64     `json:"start"`
		Span   int32     `json:"span"`
		Quotes []quoteOp `json:"quotes"`
	}
)

// rare is the code of an input that is not packed, and what is written of it.
func rare(in book.Input) (code uint64, said any) {
	switch in := in.(type) {
	case *book.Bar:
		return opOddBar, barOpOf(&in.Bar)
	case *book.Contract:
		return opContract, contractOp{in.Symbol, in.Traded, uint32(in.ID), in.Err != nil}
	case *book.Shares:
		return opShares, sharesOp{uint32(in.Contract), number(in.Shares), in.More}
	case *book.Learn:
		return opLearn, nameOp{in.Root, in.Name}
	case *book.Expect:
		return opExpect, nameOp{Name: in.Name}
	case *book.Baseline:
		return opBaseline, baselineOp{in.Ticker, in.Read}
	case *book.Forget:
		return opForget, nameOp{Name: in.Ticker}
	case *book.Lost:
		return opLost, lostOp{in.From, in.To, uint8(in.Reason), in.Clock}
	case *book.Date:
		return opDate, timeOp{Date: int32(in.Date)}
	case *book.Rewind:
		return opRewind, timeOp{in.Now, int32(in.Date)}
	case *book.Provisional:
		return opProvisional, aloneOp{in.Alone}
	case *book.Span:
		return opSpan, spanOp{int32(in.Span), in.From}
	case *book.Delay:
		return opDelay, delayOp{in.Delay, in.Delayed}
	case *book.Flags:
		return opFlags, flagsOp{uint8(in.Flags)}
	case *book.Tick:
		return opTick, timeOp{Now: in.Now}
	case *book.Settle:
		return opSettle, struct{}{}
	case *book.Asked:
		return opAsked, requestsOp{each(in.Requests, requestOpOf)}
	case *book.Filled:
		return opFilled, filledOp{requestOpOf(&in.Request), each(in.Bars, barOpOf), in.Whole}
	case *book.Failed:
		return opFailed, requestOpOf(&in.Request)
	case *book.History:
		return opHistory, historyOp{each(in.Bars, barOpOf)}
	case *book.Sides:
		return opSides, sidesOp{uint32(in.Contract), in.Start, int32(in.Span), each(in.Quotes, quoteOpOf)}
	}
	panic(fmt.Sprintf("daylog: no op for %T", in))
}

// rare makes an input of an op of JSON.
func (d *Decoder) rare(code uint64, text []byte) (book.Input, error) {
	switch code {
	case opOddBar:
		o, err := parse[barOp](text)
		return &book.Bar{Bar: d.barOf(&o)}, err
	case opContract:
		o, err := parse[contractOp](text)
		d.named = o
		return &book.Contract{Symbol: o.Symbol, Traded: o.Traded}, err
	case opShares:
		o, err := parse[sharesOp](text)
		return &book.Shares{Contract: d.own(int64(o.ID)), Shares: float64(o.Shares), More: o.More}, err
	case opLearn:
		o, err := parse[nameOp](text)
		return &book.Learn{Root: safe(o.Root), Name: safe(o.Name)}, err
	case opExpect:
		o, err := parse[nameOp](text)
		return &book.Expect{Name: safe(o.Name)}, err
	case opBaseline:
		o, err := parse[baselineOp](text)
		return &book.Baseline{Ticker: safe(o.Ticker), Read: o.Read}, err
	case opForget:
		o, err := parse[nameOp](text)
		return &book.Forget{Ticker: safe(o.Name)}, err
	case opLost:
		o, err := parse[lostOp](text)
		return &book.Lost{From: o.From, To: o.To, Reason: model.GapReason(o.Reason), Clock: o.Clock}, err
	case opDate:
		o, err := parse[timeOp](text)
		return &book.Date{Date: model.Date(o.Date)}, err
	case opRewind:
		o, err := parse[timeOp](text)
		return &book.Rewind{Now: o.Now, Date: model.Date(o.Date)}, err
	case opProvisional:
		o, err := parse[aloneOp](text)
		return &book.Provisional{Alone: o.Alone}, err
	case opSpan:
		o, err := parse[spanOp](text)
		return &book.Span{Span: model.Span(o.Span), From: o.From}, err
	case opDelay:
		o, err := parse[delayOp](text)
		return &book.Delay{Delay: o.Delay, Delayed: o.Delayed}, err
	case opFlags:
		o, err := parse[flagsOp](text)
		return &book.Flags{Flags: model.Flags(o.Flags)}, err
	case opTick:
		o, err := parse[timeOp](text)
		return &book.Tick{Now: o.Now}, err
	case opSettle:
		return &book.Settle{}, nil
	case opAsked:
		o, err := parse[requestsOp](text)
		return &book.Asked{Requests: each(o.Requests, d.requestOf)}, err
	case opFilled:
		o, err := parse[filledOp](text)
		return &book.Filled{Request: d.requestOf(&o.Request), Bars: each(o.Bars, d.barOf), Whole: o.Whole}, err
	case opFailed:
		o, err := parse[requestOp](text)
		return &book.Failed{Request: d.requestOf(&o)}, err
	case opHistory:
		o, err := parse[historyOp](text)
		return &book.History{Bars: each(o.Bars, d.barOf)}, err
	case opSides:
		o, err := parse[sidesOp](text)
		return &book.Sides{Contract: d.own(int64(o.ID)), Start: o.Start, Span: model.Span(o.Span), Quotes: each(o.Quotes, quoteOf)}, err
	}
	return nil, ErrNewer
}

func parse[T any](text []byte) (o T, err error) {
	err = json.Unmarshal(text, &o)
	return o, err
}

func each[From, To any](list []From, to func(*From) To) []To {
	if list == nil {
		return nil
	}
	all := make([]To, len(list))
	for i := range list {
		all[i] = to(&list[i])
	}
	return all
}

func barOpOf(b *model.Bar) barOp {
	return barOp{
		ID: uint32(b.Contract), Span: int32(b.Span), Start: b.Start, Volume: b.Volume, DayVolume: b.DayVolume, Open: number(b.Open), High: number(b.High),
		Low: number(b.Low), Close: number(b.Close), Vwap: number(b.Vwap), DayVwap: number(b.DayVwap), AvgSize: number(b.AvgSize),
	}
}

func (d *Decoder) barOf(o *barOp) model.Bar {
	return model.Bar{
		Contract: d.own(int64(o.ID)), Span: model.Span(o.Span), Start: o.Start, Volume: o.Volume, DayVolume: o.DayVolume, Open: float64(o.Open), High: float64(o.High),
		Low: float64(o.Low), Close: float64(o.Close), Vwap: float64(o.Vwap), DayVwap: float64(o.DayVwap), AvgSize: float64(o.AvgSize),
	}
}

func requestOpOf(r *book.GapRequest) requestOp {
	return requestOp{uint32(r.Contract), int32(r.Span), r.From, r.To, r.Volume, number(r.Premium)}
}

func (d *Decoder) requestOf(o *requestOp) book.GapRequest {
	return book.GapRequest{Contract: d.own(int64(o.ID)), Span: model.Span(o.Span), From: o.From, To: o.To, Volume: o.Volume, Premium: float64(o.Premium)}
}

func quoteOpOf(q *model.Quote) quoteOp {
	return quoteOp{number(q.Bid), number(q.Ask), number(q.BidSize), number(q.AskSize), q.Updated, q.Read}
}

func quoteOf(o *quoteOp) model.Quote {
	return model.Quote{Bid: float64(o.Bid), Ask: float64(o.Ask), BidSize: float64(o.BidSize), AskSize: float64(o.AskSize), Updated: o.Updated, Read: o.Read}
}
