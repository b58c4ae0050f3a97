package feed

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"optflow/feed/massive"
	"optflow/model"
)

const (
	historyMost   = 100               // contracts of the largest day premium
	historyGlance = 3                 // of them at once
	historyMillis = 30 * minuteMillis // how far back
)

// historyState is the reading of the past at the start, and for every ticker
// followed later.
type historyState struct {
	wanted map[string]bool // tickers whose baseline is whole and whose past is not read
	asked  map[model.ContractID]bool
	off    bool
	covers float64 // share of the day's premium in the contracts read; NaN unknown
}

// glance asks for the past of the busiest contracts of the first page that came,
// so that the first rows are there long before everything is known.
func (h *historyState) glance(e *Engine, snapshots []model.Snapshot) {
	if h.off || h.asked != nil {
		return
	}
	h.asked = map[model.ContractID]bool{}
	busy := slices.DeleteFunc(slices.Clone(snapshots), func(s model.Snapshot) bool { return !s.HasDay || s.DayVolume == 0 })
	slices.SortFunc(busy, func(a, b model.Snapshot) int {
		return cmp.Compare(float64(b.DayVolume)*b.DayVwap, float64(a.DayVolume)*a.DayVwap)
	})
	to := e.historyEnd()
	for i := range busy[:min(len(busy), historyGlance)] {
		e.readPast(busy[i].Contract, classUser, 0, to-historyMillis, to)
	}
}

// baseline says that a ticker's chain is known, so that its past can be chosen.
func (h *historyState) baseline(e *Engine, ticker string) {
	if h.wanted == nil {
		h.wanted = map[string]bool{}
	}
	h.wanted[ticker] = true
}

// scheduleHistory asks for the past once the baselines under way are whole.
func (e *Engine) scheduleHistory() {
	h := &e.history
	if h.off || len(h.wanted) == 0 {
		return
	}
	for _, t := range e.tickers {
		if ch := e.chains[t]; !ch.baseline && !ch.dead && ch.running != nil {
			return
		}
	}
	wanted := h.wanted
	h.wanted = nil
	var top []model.Account
	var total, covered float64
	e.book.Accounts(func(a model.Account) bool {
		if c := e.tape.Contracts.At(a.Contract); a.Premium > 0 && wanted[c.Underlying] {
			top = append(top, a)
			total += a.Premium
		}
		return true
	})
	slices.SortFunc(top, func(a, b model.Account) int { return cmp.Compare(b.Premium, a.Premium) })
	top = top[:min(len(top), historyMost)]
	to := e.historyEnd()
	for _, a := range top {
		covered += a.Premium
		if !h.asked[a.Contract] {
			e.readPast(a.Contract, classHistory, a.Premium, to-historyMillis, to)
		}
	}
	if total > 0 {
		h.covers = covered / total
	}
}

// historyEnd is where the past ends: now, or when the market last closed.
func (e *Engine) historyEnd() int64 {
	span := int64(e.window.span)
	return min(e.eventNow(), e.session.lastOpen(e.clock.Now())) / span * span
}

func (e *Engine) readPast(id model.ContractID, when class, rank float64, from, to int64) {
	if e.history.asked == nil {
		e.history.asked = map[model.ContractID]bool{}
	}
	e.history.asked[id] = true
	c, span := e.tape.Contracts.At(id), e.window.span
	e.budget.add(&job{
		class: when, rank: rank, owner: c.Underlying,
		key: fmt.Sprintf("past/%d/%d", id, from),
		do: func(ctx context.Context) (func(), error) {
			bars, _, err := e.o.REST.Aggs(ctx, c.Symbol, span, from, to)
			return func() {
				for i := range bars {
					bars[i].Contract = id
				}
				e.book.History(bars)
			}, err
		},
		fail: func(err error) {
			if kindOf(err) == massive.ErrorNotEntitled && !e.history.off {
				e.history.off = true
				e.budget.cancel(func(j *job) bool { return j.class == classHistory })
			}
		},
	})
}
