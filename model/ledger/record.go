package ledger

import (
	"math"
	"strconv"

	"optflow/model"
	"optflow/model/rules"
)

// Record is one line: *Alert, *Mark, *Morning or *Revised. It is stamped with its
// event and the version of the form when it is written.
type Record interface{ stamp() }

// Number is a figure that may not be known: NaN, left out of the line.
type Number float64

// None is a Number that is not known.
var None = Number(math.NaN())

// Known reports whether it is.
func (n Number) Known() bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }

// IsZero has what is not known left out of JSON.
func (n Number) IsZero() bool { return !n.Known() }

// MarshalJSON writes the shortest decimal that reads back the same.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(n), 'f', -1, 64), nil
}

// Basis is where a quote came from. A return has one basis at both ends.
type Basis string

// Bases. A rest-quote is the one that was in force at a time, asked for later, so
// that what was missed while the program was off can be filled in.
const (
	Snapshot  Basis = "snapshot"
	RestQuote Basis = "rest-quote"
)

// Quote is a best bid and offer as it was read. Prices are in dollars a share.
type Quote struct {
	Bid     Number `json:"bid,omitzero"`
	Ask     Number `json:"ask,omitzero"`
	Updated int64  `json:"updated_ms,omitempty"` // when it had last changed; 0 unknown
	Read    int64  `json:"read_ms"`              // market time of reading; of a rest-quote the time it was asked for
	Basis   Basis  `json:"basis"`
}

// Alert is what fired, or was held back, or a control: flow that matched no rule.
// Times are ms of market time.
type Alert struct {
	V          int    `json:"v"`
	Event      string `json:"event"` // "fired" or "control"
	ID         string `json:"id"`
	Rule       string `json:"rule,omitempty"`
	Version    string `json:"rule_version,omitempty"`
	On         string `json:"on,omitempty"`   // burst, contract, ticker
	Held       string `json:"held,omitempty"` // why it was held back
	Contract   string `json:"contract"`       // symbol; of a ticker its name
	Underlying string `json:"underlying"`
	Date       string `json:"date"`     // trading date
	Start      int64  `json:"start_ms"` // of its first window
	End        int64  `json:"end_ms"`   // of its last window when it fired
	Seen       int64  `json:"seen_ms"`  // when we had it: what follows counts from here
	Price      Number `json:"price,omitzero"`
	Size       int64  `json:"size"`
	Premium    Number `json:"premium,omitzero"`
	Side       string `json:"side,omitempty"`      // A AA a B BB b M
	Certainty  string `json:"certainty,omitempty"` // sure, fair (?) or loose (~)
	Quote      *Quote `json:"quote,omitempty"`     // at Seen
	Spot       Number `json:"spot,omitzero"`       // at Seen
	SpotLate   bool   `json:"spot_late,omitempty"`
	Volume     Number `json:"volume,omitzero"` // the contract's of the day
	OI         Number `json:"oi,omitzero"`     // of the session before
	IV         Number `json:"iv,omitzero"`
	Delta      Number `json:"delta,omitzero"`
	DTE        int    `json:"dte,omitempty"`
	Adjusted   bool   `json:"adjusted,omitempty"`
	Late       bool   `json:"late,omitempty"`
	Delayed    bool   `json:"delayed,omitempty"`
	Sim        bool   `json:"sim,omitempty"`
}

// Mark is how an alert stood at one of its horizons.
type Mark struct {
	V        int     `json:"v"`
	Event    string  `json:"event"` // "mark"
	ID       string  `json:"id"`
	Horizon  Horizon `json:"horizon"`
	Due      int64   `json:"due_ms"`
	Quote    *Quote  `json:"quote,omitempty"`
	Spot     Number  `json:"spot,omitzero"`
	SpotRead int64   `json:"spot_ms,omitempty"` // market time that the spot speaks for
	SpotLate bool    `json:"spot_late,omitempty"`
	Lost     string  `json:"lost,omitempty"` // why there will be none: "no quote", "stale 212 s", "halted", "expired", "adjusted"
}

// Morning is what the next morning says of the fired day.
type Morning struct {
	V      int    `json:"v"`
	Event  string `json:"event"` // "morning"
	ID     string `json:"id"`
	Read   int64  `json:"read_ms"`
	OI     Number `json:"oi,omitzero"`
	Volume Number `json:"volume,omitzero"`  // of the fired day, final, as the vendor states it
	Gap    bool   `json:"gap,omitempty"`    // volume of that day is missing
	Source string `json:"source,omitempty"` // "endpoint" or "snapshot"
}

// Revised says that an alert was no longer true.
type Revised struct {
	V     int    `json:"v"`
	Event string `json:"event"` // "revised"
	ID    string `json:"id"`
	At    int64  `json:"at_ms"`
}

func (a *Alert) stamp() {
	if a.V = 1; !a.Control() {
		a.Event = "fired"
	}
}
func (m *Mark) stamp()    { m.V, m.Event = 1, "mark" }
func (m *Morning) stamp() { m.V, m.Event = 1, "morning" }
func (r *Revised) stamp() { r.V, r.Event = 1, "revised" }

// Control reports whether it is flow that matched no rule.
func (a *Alert) Control() bool { return a.Event == "control" }

// basis of a mark, "" of a lost one.
func (m *Mark) basis() Basis {
	if m.Quote == nil {
		return ""
	}
	return m.Quote.Basis
}

var certainties = [...]string{model.CertaintyNone: "", model.CertaintyLoose: "loose", model.CertaintyFair: "fair", model.CertaintySure: "sure"}

// Of is the line of an event of the rules: one that fired, was held back, or
// matched none. The quote and spot are those at the time it was seen; a nil
// quote is none, a NaN spot is not known.
func Of(e *rules.Event, quote *Quote, spot float64, spotLate bool) *Alert {
	r := &e.Row
	a := &Alert{
		V: 1, Event: "fired", ID: e.ID, Held: e.Reason.String(), Contract: e.Symbol(), Underlying: e.Contract.Underlying,
		Date: e.Date.String(), Start: e.First, End: r.End(), Seen: e.At, Price: Number(r.Vwap), Size: int64(r.Size), Premium: Number(r.Premium),
		Side: r.Side.String(), Certainty: certainties[r.Certainty], Quote: quote, Spot: Number(spot), SpotLate: spotLate,
		Volume: count(r.DayVolume), OI: count(r.OpenInterest), IV: Number(r.IV), Delta: Number(r.Delta),
		Adjusted: e.Contract.Adjusted(), Late: e.Late, Delayed: r.Is(model.FlagDelayed), Sim: r.Is(model.FlagSim),
	}
	if e.Contract.Symbol != "" {
		a.DTE = e.Contract.DTE(e.Date)
	}
	if e.Rule == nil {
		a.Event = "control"
	} else {
		a.Rule, a.Version, a.On = e.Rule.Name, e.Rule.Version, e.Rule.On.String()
	}
	return a
}

func count(n uint32) Number {
	if n == model.UnknownCount {
		return None
	}
	return Number(n)
}
