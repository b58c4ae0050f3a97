package book

import (
	"optflow/model"
	"optflow/model/side"
	"optflow/model/tape"
)

// knowledge is what is known of contracts and underlyings, whatever the day.
type knowledge struct {
	tape    *tape.Writer
	facts   []*facts // by contract number; nil: nothing known
	sources map[string]*underlying
}

// facts are what enrichment knows of a contract, whatever the day.
type facts struct {
	quote                         model.Quote   // the last one read
	readings                      side.Readings // the last ones, none where nothing has traded
	greeksAt                      int64         // ms: what time iv and the greeks speak of
	openInterest                  float64
	iv, delta, gamma, theta, vega float64
	multiplier                    float64
}

// underlying is what is known of a followed ticker.
type underlying struct {
	name     string
	since    int64 // ms: when it was first heard of
	spot     float64
	spotTime int64
	delayed  bool // the spot is delayed
}

// factsOf returns the facts of a contract, which must be in the registry.
func (k *knowledge) factsOf(id model.ContractID) *facts {
	for int(id) >= len(k.facts) {
		k.facts = append(k.facts, nil)
	}
	if f := k.facts[id]; f != nil {
		return f
	}
	c := k.tape.Contracts.At(id)
	if c == nil {
		return nil
	}
	f := &facts{
		openInterest: model.Unknown, iv: model.Unknown, delta: model.Unknown, gamma: model.Unknown, theta: model.Unknown, vega: model.Unknown,
		multiplier: c.Multiplier(),
	}
	k.facts[id] = f
	return f
}

// underlyingOf is the name of the underlying of a contract, which must be in the
// registry.
func (k *knowledge) underlyingOf(id model.ContractID) string {
	return k.tape.Contracts.At(id).Underlying
}

// source returns the underlying of that name, which is followed from now on.
func (k *knowledge) source(name string, at int64) *underlying {
	if u := k.sources[name]; u != nil {
		return u
	}
	u := &underlying{name: name, since: at, spot: model.Unknown}
	k.sources[name] = u
	return u
}

// setSpot keeps the newest price.
func (u *underlying) setSpot(price float64, at int64, delayed bool) {
	if at >= u.spotTime {
		u.spot, u.spotTime, u.delayed = price, at, delayed
	}
}
