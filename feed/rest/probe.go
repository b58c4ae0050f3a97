package rest

import (
	"cmp"
	"context"
	"slices"

	"optflow/model"
)

// LiquidMost is how many contracts a probe asks for.
const LiquidMost = 3

// Probe asks whether liquid contracts have traded since the stream's last word:
// then the stream is stale, else the market is quiet.
type Probe struct {
	source    barSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	book      accountsBook
}

type accountsBook interface {
	Accounts(yield func(model.Account) bool)
}

// Ask tells answer, for each contract, whether REST has newer bars of it.
func (p *Probe) Ask(m Moment, answer func(newer bool)) {
	from, to := m.compared(m.Newest)
	if to <= from {
		return
	}
	for _, id := range p.liquid() {
		c := p.contracts.At(id)
		p.budget.Add(&Job{
			Class: ForUser, Key: "probe/" + c.Symbol,
			Do: asks(func(ctx context.Context) ([]model.Bar, error) {
				bars, _, err := p.source.Aggs(ctx, c.Symbol, m.Span, from, to)
				return bars, err
			}, func(_ Moment, bars []model.Bar) { answer(len(bars) > 0) }),
		})
	}
}

// liquid names the contracts that would have traded if anything did: the three
// of most volume today, and while none is known one of each ticker.
func (p *Probe) liquid() []model.ContractID {
	var top []model.Account
	p.book.Accounts(func(a model.Account) bool {
		at, _ := slices.BinarySearchFunc(top, a, func(a, b model.Account) int { return cmp.Compare(b.Day, a.Day) })
		if a.Day > 0 && at < LiquidMost {
			top = slices.Insert(top, at, a)
			top = top[:min(len(top), LiquidMost)]
		}
		return true
	})
	var ids []model.ContractID
	for _, a := range top {
		ids = append(ids, a.Contract)
	}
	for ch := range p.following.all {
		if len(ids) < LiquidMost && ch.volume > 0 && !slices.Contains(ids, ch.busiest) {
			ids = append(ids, ch.busiest)
		}
	}
	return ids
}
