package alerts

import (
	"context"
	"sync"
	"testing"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/market"
)

// books is a seat that has accounts and nothing else.
type books struct {
	market.Seat
	mu    sync.Mutex
	list  []model.Account
	whole int // how often all of them were asked for
}

func (*books) Aside() {}
func (*books) Leave() {}

func (b *books) Observe(_ context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if into = into[:0]; len(only) == 0 {
		b.whole++
		return append(into, b.list...), nil
	}
	for _, id := range only {
		for _, a := range b.list {
			if a.Contract == id {
				into = append(into, a)
			}
		}
	}
	return into, nil
}

// Of a contract that has not traded since the start it is known that the rule was
// false, so that its first trade can turn it true.
func TestContractThatHasNotTradedIsKnownToBeFalse(t *testing.T) {
	seat := new(books)
	r := newRig(t, func(o *Options) {
		m := o.Market.(market.Open)
		m.Sit = func() market.Seat { return seat }
		o.Market = m
	}, alert.Rule{Name: "volume", When: "vol>1000", On: "contract"})
	other, err := r.tape.Registry.Intern("O:NVDA261218C00200000")
	if err != nil {
		t.Fatal(err)
	}
	nan := model.Unknown
	tell := func(day int64) {
		seat.mu.Lock()
		defer seat.mu.Unlock()
		seat.list = []model.Account{{Contract: other, Date: model.TradingDate(r.clock.Now()), Day: day, Past: 900, OpenInterest: nan, IV: nan, Delta: nan}}
	}
	tell(900)
	r.trade("O:NVDA261218C00100000", 1000)
	r.await("all accounts are read", func(*alert.Inbox) bool {
		seat.mu.Lock()
		defer seat.mu.Unlock()
		return seat.whole > 0
	})
	tell(1100)
	r.trade("O:NVDA261218C00200000", 1000)
	if in := r.settled(1); in.Alerts[0].Contract.Symbol != "O:NVDA261218C00200000" {
		t.Errorf("%+v", in.Alerts)
	}
}
