package filter

import (
	"slices"

	"optflow/model"
)

// word is a reserved word that stands alone.
type word struct {
	name, help string
	cost       int // of evaluating, as a field's
	lack       Lack
	is         predicate
	marks      model.Marks // it asks for any of these instead
}

var words = []word{
	{name: "calls", help: "the right to buy", cost: 1,
		is: func(_ *model.Burst, c *model.Contract, _ int64) Truth { return model.TruthOf(c.Type == model.Call) }},
	{name: "puts", help: "the right to sell", cost: 1,
		is: func(_ *model.Burst, c *model.Contract, _ int64) Truth { return model.TruthOf(c.Type == model.Put) }},
	{name: "otm", help: "out of the money by the spot of the row's time", cost: 3, lack: LackSpot,
		is: func(r *model.Burst, c *model.Contract, _ int64) Truth { return r.OutOfMoney(c) }},
	{name: "itm", help: "in the money", cost: 3, lack: LackSpot,
		is: func(r *model.Burst, c *model.Contract, _ int64) Truth { return r.InMoney(c) }},
	{name: "atm", help: "at the money: abs(delta) 0.40 to 0.60, without delta within 1 %", cost: 3, lack: LackSpot,
		is: func(r *model.Burst, c *model.Contract, _ int64) Truth { return r.AtMoney(c) }},
	{name: "0dte", help: "in its last day of trading", cost: 5,
		is: func(r *model.Burst, c *model.Contract, _ int64) Truth {
			return model.TruthOf(c.ZeroDTE(model.TradingDate(r.Start)))
		}},
	{name: "unusual", help: "marked U or u", cost: 6, marks: model.MarkUnusual | model.MarkUnusualLater},
	{name: "whale", help: "marked W", cost: 2, marks: model.MarkWhale},
	{name: "bull", help: "ask-side call or bid-side put", cost: 2, lack: LackSide,
		is: sided(func(r *model.Burst, c *model.Contract) bool { return r.Side.Bullish(c.Type) })},
	{name: "bear", help: "ask-side put or bid-side call", cost: 2, lack: LackSide,
		is: sided(func(r *model.Burst, c *model.Contract) bool { return r.Side.Bearish(c.Type) })},
	{name: "twin", help: "another contract of the ticker had the same size, 50 or more, in the same second", cost: 1, lack: LackTwin,
		is: func(r *model.Burst, _ *model.Contract, _ int64) Truth { return r.Twin() }},
	{name: "sure", help: "the side's quote was in force", cost: 1, lack: LackSide,
		is: sided(func(r *model.Burst, _ *model.Contract) bool { return r.Certainty == model.CertaintySure })},
	{name: "adjusted", help: "* beside the strike: delivers something else than 100 shares", cost: 2,
		is: func(_ *model.Burst, c *model.Contract, _ int64) Truth { return model.TruthOf(c.Adjusted()) }},
}

// wordNamed is the word of a lower-case name, nil when there is none.
func wordNamed(name string) *word {
	if i := slices.IndexFunc(words, func(w word) bool { return w.name == name }); i >= 0 {
		return &words[i]
	}
	return nil
}

// sided answers of rows that have a side.
func sided(is func(r *model.Burst, c *model.Contract) bool) predicate {
	return func(r *model.Burst, c *model.Contract, _ int64) Truth {
		if r.Side == model.SideUnknown {
			return Unknown
		}
		return model.TruthOf(is(r, c))
	}
}
