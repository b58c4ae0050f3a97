package seat

import (
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"optflow/model"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/model/ticker"
)

// Place is the market as one face has it, and the face's seat there. It may be
// used from several goroutines.
type Place struct {
	market.Market // but for State and Seat
	hall          *Hall
	may           Rights
	asked         *rate.Limiter

	mu     sync.Mutex
	seat   market.Seat // nil: nothing can be asked, or the lease ran out
	gone   bool        // the face has left
	heard  time.Time   // of the face
	lease  *time.Timer // nil: there is none
	chosen []string    // the face's tickers; nil is all that is followed
	said   bool        // it was the face that chose them
	watch  []model.ContractID

	of, own *model.State // the market's last State, and what the face has of it
}

var (
	_ market.Market = (*Place)(nil)
	_ market.Seat   = (*Place)(nil)
)

// Take takes a seat with rights. Tickers are those that the face has to begin with,
// as far as they are followed; none are all that is followed. A market for which
// nobody sits as Owner, seen or not, follows what the last one wanted.
func (h *Hall) Take(may Rights, tickers ...string) *Place {
	p := &Place{Market: h.market, hall: h, may: may, asked: rate.NewLimiter(1, askBurst), heard: time.Now()}
	if len(tickers) > 0 {
		p.chosen = tickers
	}
	p.sit()
	if may != Owner {
		p.lease = time.AfterFunc(Lease, crash.Guarded("lease", p.lapse))
	}
	return p
}

// Seat is the place itself.
func (p *Place) Seat() market.Seat {
	if p.hall.desk == nil {
		return nil
	}
	return p
}

// State is the market's last one as this face has it: Tickers are the face's own,
// Totals are of those, and Known are those that it may choose. To ask for it is to
// be heard of.
func (p *Place) State() *model.State {
	all := p.hall.market.State()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hear()
	if all != p.of || p.own == nil {
		p.of, p.own = all, p.mine(all)
	}
	return p.own
}

// mine is a State as this face has it; the market's own where that is the same.
func (p *Place) mine(all *model.State) *model.State {
	tickers := all.Tickers
	if p.chosen != nil {
		tickers = following(all.Tickers, p.chosen)
		if len(tickers) == 0 && (p.may == Viewer || !p.said) { // nothing chosen is there, or is any more
			tickers = all.Tickers
		}
	}
	if len(tickers) == len(all.Tickers) && p.may != Viewer {
		return all
	}
	own := *all
	own.Tickers = tickers
	own.Totals = slices.DeleteFunc(slices.Clone(all.Totals), func(t model.Totals) bool { return !slices.Contains(tickers, t.Underlying) })
	if p.may == Viewer {
		own.Known = all.Tickers
	}
	return &own
}

// sit takes a seat at the market and leaves word there of what the face wants.
func (p *Place) sit() {
	if p.seat = p.hall.market.Seat(); p.seat == nil {
		return
	}
	if p.may != Owner {
		p.seat.Aside()
	}
	if p.may != Viewer && p.said {
		p.seat.Follow(p.chosen)
	}
	if len(p.watch) > 0 {
		p.seat.Watch(p.watch)
	}
}

// hear notes that the face is there.
func (p *Place) hear() {
	p.heard = time.Now()
	if p.seat == nil && !p.gone && p.hall.desk != nil {
		p.sit()
		if p.lease != nil {
			p.lease.Reset(Lease)
		}
	}
}

// lapse gives the seat up where the face was not heard of.
func (p *Place) lapse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch left := Lease - time.Since(p.heard); {
	case p.seat == nil:
	case left > 0:
		p.lease.Reset(left)
	default:
		p.seat.Leave()
		p.seat = nil
	}
}

// has reports whether a ticker is among some, by any spelling.
func has(tickers []string, name string) bool {
	return slices.ContainsFunc(tickers, func(t string) bool { return ticker.Same(t, name) })
}
