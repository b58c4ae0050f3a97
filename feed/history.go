package feed

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
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
	wanted map[string]int64 // tickers whose baseline is whole and whose past is not read: where it ends in ms, 0 now
	asked  map[model.ContractID]bool
	off    plan.Denial      // the plan has no bars of the past
	missed map[string]int64 // the same of those whose past was denied
	covers float64          // share of the day's premium in the contracts read; NaN unknown
}

// glance asks for the past of the busiest contracts of the first page that came,
// so that the first rows are there long before everything is known.
func (h *historyState) glance(e *Engine, snapshots []model.Snapshot) {
	if h.off.Holds(e.now) || h.asked != nil {
		return
	}
	h.asked = map[model.ContractID]bool{}
	busy := slices.DeleteFunc(slices.Clone(snapshots), func(s model.Snapshot) bool { return !s.HasDay || s.DayVolume == 0 })
	slices.SortFunc(busy, func(a, b model.Snapshot) int {
		return cmp.Compare(float64(b.DayVolume)*b.DayVwap, float64(a.DayVolume)*a.DayVwap)
	})
	to := e.historyEnd()
	for i := range busy[:min(len(busy), historyGlance)] {
		e.readPast(busy[i].Contract, rest.ForUser, 0, to-historyMillis, to)
	}
}

// baseline says that a ticker's chain is known, so that its past can be chosen.
func (h *historyState) baseline(e *Engine, ticker string) {
	if h.wanted == nil {
		h.wanted = map[string]int64{}
	}
	h.wanted[ticker] = 0
}

// scheduleHistory asks for the past once the baselines under way are whole.
func (e *Engine) scheduleHistory() {
	h := &e.history
	if h.off.Holds(e.now) {
		return
	}
	if h.off.Denied() && len(h.missed) > 0 {
		if h.wanted == nil {
			h.wanted = map[string]int64{}
		}
		maps.Copy(h.wanted, h.missed)
		h.missed = nil
	}
	if len(h.wanted) == 0 {
		return
	}
	for _, t := range e.tickers {
		if ch := e.chains[t]; !ch.baseline && !ch.gone.Holds(e.now) && ch.running != nil {
			return
		}
	}
	wanted := h.wanted
	h.wanted = nil
	var top []model.Account
	var total, covered float64
	e.book.Accounts(func(a model.Account) bool {
		if c := e.tape.Contracts.At(a.Contract); a.Premium > 0 && has(wanted, c.Underlying) {
			top = append(top, a)
			total += a.Premium
		}
		return true
	})
	slices.SortFunc(top, func(a, b model.Account) int { return cmp.Compare(b.Premium, a.Premium) })
	top = top[:min(len(top), historyMost)]
	now := e.historyEnd()
	for _, a := range top {
		to := cmp.Or(wanted[e.tape.Contracts.At(a.Contract).Underlying], now)
		covered += a.Premium
		if !h.asked[a.Contract] {
			e.readPast(a.Contract, rest.ForHistory, a.Premium, to-historyMillis, to)
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

func (e *Engine) readPast(id model.ContractID, when rest.Class, rank float64, from, to int64) {
	if e.history.asked == nil {
		e.history.asked = map[model.ContractID]bool{}
	}
	e.history.asked[id] = true
	c, span := e.tape.Contracts.At(id), e.window.span
	e.budget.Add(&rest.Job{
		Class: when, Rank: rank, Owner: c.Underlying,
		Key: fmt.Sprintf("past/%d/%d", id, from),
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			bars, _, err := e.o.REST.Aggs(ctx, c.Symbol, span, from, to)
			return func(rest.Moment) {
				e.history.off.Lift()
				for i := range bars {
					bars[i].Contract = id
				}
				e.book.History(bars)
			}, err
		},
		Fail: func(_ rest.Moment, err error) {
			if massive.KindOf(err) != massive.ErrorNotEntitled {
				return
			}
			e.history.denied(id, c.Underlying, to)
			if e.history.off.Deny(e.now) > 0 {
				e.budget.Cancel(e.moment(), func(j *rest.Job) bool { return j.Class == rest.ForHistory })
			}
		},
		Gone: func(rest.Moment) { e.history.denied(id, c.Underlying, to) },
	})
}

// denied notes that a contract's past was not read.
func (h *historyState) denied(id model.ContractID, ticker string, to int64) {
	delete(h.asked, id)
	if h.missed == nil {
		h.missed = map[string]int64{}
	}
	h.missed[ticker] = to
}

func has(tickers map[string]int64, ticker string) bool {
	_, is := tickers[ticker]
	return is
}
