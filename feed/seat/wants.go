package seat

import (
	"slices"
	"sync"

	"optflow/model"
	"optflow/model/market"
)

// knowMost is how many contracts a viewer may have numbered at once that did not
// trade, knowInAll how many all viewers may together: a number is never given back.
const (
	knowMost  = 16
	knowInAll = 1000
)

// numbered are the contracts that viewers have had numbered.
type numbered struct {
	mu  sync.Mutex
	all map[string]bool
}

// may reports whether they may one more, and notes it.
func (n *numbered) may(symbol string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all == nil {
		n.all = make(map[string]bool)
	}
	if !n.all[symbol] && len(n.all) >= knowInAll {
		return false
	}
	n.all[symbol] = true
	return true
}

// tell leaves word at the market, where there is anything to leave it with.
func (p *Place) tell(least Rights, word func(market.Seat)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hear()
	if p.seat != nil && p.may >= least {
		word(p.seat)
	}
}

// Follow chooses the face's tickers. A viewer has those of them that are followed.
func (p *Place) Follow(tickers []string) {
	p.tell(Viewer, func(s market.Seat) {
		p.chosen, p.said, p.own = slices.Clone(tickers), true, nil
		if p.may != Viewer {
			s.Follow(tickers)
		}
	})
}

// Watch names the contracts on the face's screen.
func (p *Place) Watch(ids []model.ContractID) {
	p.tell(Viewer, func(s market.Seat) {
		p.watch = slices.Clone(ids)
		s.Watch(ids)
	})
}

// Know has contracts numbered that the face remembers: of a viewer a few, of what
// is followed.
func (p *Place) Know(symbols []string) {
	if p.may == Viewer {
		followed, few := p.hall.market.State().Tickers, []string(nil)
		for _, symbol := range symbols {
			if c, err := model.ParseContract(symbol); err == nil && has(followed, c.Underlying) && len(few) < knowMost && p.hall.known.may(symbol) {
				few = append(few, symbol)
			}
		}
		symbols = few
	}
	p.tell(Viewer, func(s market.Seat) { s.Know(symbols) })
}

// Window is not for viewers.
func (p *Place) Window(span model.Span) {
	p.tell(Operator, func(s market.Seat) { s.Window(span) })
}

// AutoRefresh is not for viewers.
func (p *Place) AutoRefresh(on bool) {
	p.tell(Operator, func(s market.Seat) { s.AutoRefresh(on) })
}

// PollNow is not for viewers.
func (p *Place) PollNow() { p.tell(Operator, market.Seat.PollNow) }

// Retake is not for viewers.
func (p *Place) Retake() { p.tell(Operator, market.Seat.Retake) }

// Read holds rows for the owner only: nobody else delays what comes.
func (p *Place) Read(generation, next uint64) {
	p.tell(Owner, func(s market.Seat) { s.Read(generation, next) })
}

// Aside has the face want nothing of its own.
func (p *Place) Aside() { p.tell(Operator, market.Seat.Aside) }

// Leave gives the place up.
func (p *Place) Leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone = true; p.lease != nil {
		p.lease.Stop()
	}
	if p.seat != nil {
		p.seat.Leave()
		p.seat = nil
	}
}
