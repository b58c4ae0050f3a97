package rest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
)

const (
	HistoryMost   = 100               // contracts of the largest day premium
	historyGlance = 3                 // of them at once
	historyMillis = 30 * minuteMillis // how far back
	minuteMillis  = 60_000
)

// past is what was read of a chain's past.
type past struct {
	wanted   bool  // the baseline is whole and the past is not read:
	to       int64 // where it ends in ms, 0 now
	denied   bool  // it was wanted, and denied:
	deniedTo int64 // where it ends
	asked    map[model.ContractID]bool
}

func (p *past) ask(id model.ContractID) {
	if p.asked == nil {
		p.asked = map[model.ContractID]bool{}
	}
	p.asked[id] = true
}

func (p *past) want() { p.wanted, p.to = true, 0 }

// deny notes that a contract's past was not read.
func (p *past) deny(id model.ContractID, to int64) {
	delete(p.asked, id)
	p.denied, p.deniedTo = true, to
}

// revive wants again what was denied.
func (p *past) revive() {
	if p.denied {
		p.wanted, p.to, p.denied = true, p.deniedTo, false
	}
}

// History reads the past of the busiest contracts at the start, and for every
// ticker followed later.
type History struct {
	Covers float64 // share of the day's premium in the contracts read; NaN unknown

	source    barSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	book      historyBook

	begun bool
	off   plan.Denial // the plan has no bars of the past
}

type historyBook interface {
	teller
	accountsBook
}

type accountsBook interface {
	Accounts(yield func(model.Account) bool)
}

// glance asks for the past of the busiest contracts of the first page that came,
// so that the first rows are there long before everything is known.
func (h *History) glance(m Moment, snapshots []model.Snapshot) {
	if h.off.Holds(m.Now) || h.begun {
		return
	}
	h.begun = true
	busy := slices.DeleteFunc(slices.Clone(snapshots), func(s model.Snapshot) bool { return !s.HasDay || s.DayVolume == 0 })
	slices.SortFunc(busy, func(a, b model.Snapshot) int {
		return cmp.Compare(float64(b.DayVolume)*b.DayVwap, float64(a.DayVolume)*a.DayVwap)
	})
	to := historyEnd(m)
	for i := range busy[:min(len(busy), historyGlance)] {
		h.read(m, busy[i].Contract, ForUser, 0, to)
	}
}

// schedule asks for the past once the baselines under way are whole.
func (h *History) schedule(m Moment) {
	if h.off.Holds(m.Now) {
		return
	}
	wanted := false
	for ch := range h.following.all {
		if h.off.Denied() {
			ch.past.revive()
		}
		wanted = wanted || ch.past.wanted
	}
	if !wanted {
		return
	}
	for ch := range h.following.all {
		if !ch.baseline && !ch.gone.Holds(m.Now) && ch.running != nil {
			return
		}
	}
	h.readBusiest(m)
	for ch := range h.following.all {
		ch.past.wanted = false
	}
}

// readBusiest reads the past of the contracts of most premium of the chains whose
// past is wanted.
func (h *History) readBusiest(m Moment) {
	var top []model.Account
	var total, covered float64
	for a := range h.book.Accounts {
		if ch := h.following.chains[h.contracts.At(a.Contract).Underlying]; a.Premium > 0 && ch != nil && ch.past.wanted {
			top = append(top, a)
			total += a.Premium
		}
	}
	slices.SortFunc(top, func(a, b model.Account) int { return cmp.Compare(b.Premium, a.Premium) })
	top = top[:min(len(top), HistoryMost)]
	now := historyEnd(m)
	for _, a := range top {
		covered += a.Premium
		past := &h.following.chains[h.contracts.At(a.Contract).Underlying].past
		if !past.asked[a.Contract] {
			h.read(m, a.Contract, ForHistory, a.Premium, cmp.Or(past.to, now))
		}
	}
	if total > 0 {
		h.Covers = covered / total
	}
}

// historyEnd is where the past ends: now, or when the market last closed.
func historyEnd(m Moment) int64 {
	span := int64(m.Span)
	return min(m.Event, m.lastOpen()) / span * span
}

// read asks for the half hour of a contract's bars before to.
func (h *History) read(m Moment, id model.ContractID, when Class, rank float64, to int64) {
	c, span, from := h.contracts.At(id), m.Span, to-historyMillis
	ch := h.following.chains[c.Underlying]
	if ch != nil && ch.goesOn {
		return // its rows are there, and what is missing is asked for as that
	}
	h.begun = true
	denied := func() {
		if ch != nil {
			ch.past.deny(id, to)
		}
	}
	if ch != nil {
		ch.past.ask(id)
	}
	h.budget.Add(&Job{
		Class: when, Rank: rank, Owner: ch,
		Key: fmt.Sprintf("past/%d/%d", id, from),
		Do: asks(func(ctx context.Context) ([]model.Bar, error) {
			bars, _, err := h.source.Aggs(ctx, c.Symbol, span, from, to)
			return bars, err
		}, func(_ Moment, bars []model.Bar) {
			h.off.Lift()
			h.book.Apply(&book.History{Bars: barsOf(id, bars)})
		}),
		Fail: func(m Moment, err error) {
			if source.KindOf(err) != source.ErrorNotEntitled {
				return
			}
			denied()
			if h.off.Deny(m.Now) > 0 {
				h.budget.Cancel(m, func(j *Job) bool { return j.Class == ForHistory })
			}
		},
		Gone: func(Moment) { denied() },
	})
}

// barsOf says whose bars they are.
func barsOf(id model.ContractID, bars []model.Bar) []model.Bar {
	for i := range bars {
		bars[i].Contract = id
	}
	return bars
}
