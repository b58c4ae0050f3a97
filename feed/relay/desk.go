package relay

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"optflow/model"
	"optflow/model/crash"
	"optflow/model/market"
)

// Lease is how long what a follower wants stays wanted without a word of it.
const Lease = 60 * time.Second

// mostFollowers are the leases given out at a time, mostOfOne those of one guest.
const (
	mostFollowers = 256
	mostOfOne     = 64
)

// Desk carries out what followers ask: each has a seat at the market, and the
// market serves their union.
type Desk struct {
	market market.Market
	sit    func() market.Seat

	mu     sync.Mutex
	leases map[string]*lease
	names  names
}

// lease is a follower's seat, until it has said nothing for a while.
type lease struct {
	seat  market.Seat
	wants Args // as it said last
	ends  *time.Timer
}

// NewDesk is one at a market. Sit takes a seat there for a follower, with the
// rights that it is to have; nil where nothing can be asked.
func NewDesk(m market.Market, sit func() market.Seat) *Desk {
	return &Desk{market: m, sit: sit, leases: make(map[string]*lease)}
}

// seatOf is a follower's seat, with its lease renewed. One that has not said what
// it wants stands aside.
func (d *Desk) seatOf(key string) (market.Seat, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.leases[key]
	if l == nil {
		if len(d.leases) >= mostFollowers || d.of(key) >= mostOfOne {
			return nil, errors.New("too many follow already")
		}
		l = &lease{ends: time.AfterFunc(Lease, crash.Guarded("lease", func() { d.end(key) }))}
		d.leases[key] = l
	}
	l.ends.Reset(Lease)
	if l.seat == nil {
		if l.seat = d.sit(); l.seat == nil {
			return nil, errors.New("nothing can be asked there")
		}
		l.seat.Aside()
	}
	return l.seat, nil
}

// of is how many leases the guest of a key has. The caller holds mu.
func (d *Desk) of(key string) (n int) {
	guest, _, _ := strings.Cut(key, seatMark)
	for other := range d.leases {
		if strings.HasPrefix(other, guest+seatMark) {
			n++
		}
	}
	return n
}

// Leave gives up all seats of a follower.
func (d *Desk) Leave(who string) {
	d.mu.Lock()
	var gone []string
	for key := range d.leases {
		if strings.HasPrefix(key, who+seatMark) {
			gone = append(gone, key)
		}
	}
	d.mu.Unlock()
	for _, key := range gone {
		d.end(key)
	}
}

// seatMark stands between a follower's name and the number of its seat, and between
// a guest and its connection.
const seatMark = "/"

// end gives up a seat.
func (d *Desk) end(key string) {
	d.mu.Lock()
	l := d.leases[key]
	delete(d.leases, key)
	d.mu.Unlock()
	if l == nil {
		return
	}
	l.ends.Stop()
	if l.seat != nil {
		l.seat.Leave()
	}
}

// Ask carries out what a follower asks, and waits for the answer where there is
// one to wait for. Who may be a guest, or one connection of one: "guest/connection".
func (d *Desk) Ask(ctx context.Context, who string, ask Ask) Answer {
	answer := Answer{V: Version, ID: ask.ID}
	key := fmt.Sprint(who, seatMark, ask.Seat)
	if ask.Verb == Leave {
		d.end(key)
		return answer
	}
	seat, err := d.seatOf(key)
	if err == nil {
		err = d.carry(ctx, key, seat, &ask, &answer)
	}
	if err != nil {
		answer.fail(err)
	}
	return answer
}

func (d *Desk) carry(ctx context.Context, key string, seat market.Seat, ask *Ask, answer *Answer) (err error) {
	g := &ask.Args
	switch ask.Verb {
	case Follow:
		d.follow(key, seat, g)
	case Watch:
		seat.Watch(d.ids(g.Contracts))
	case Know:
		seat.Know(g.Contracts)
	case Poll:
		seat.PollNow()
	case Retake:
		seat.Retake()
	case Lookup:
		return seat.Lookup(ctx, g.Symbol)
	case Day:
		return d.day(ctx, seat, g.Symbol, answer)
	case Snapshots:
		var list []model.Snapshot
		if list, err = seat.Snapshots(ctx, g.Contracts); err == nil {
			answer.Ops = snapshotsOps(list)
		}
	case AsOf:
		var s model.Snapshot
		if s, err = seat.AsOf(ctx, g.Symbol, g.At); err == nil {
			answer.Ops = snapshotsOps([]model.Snapshot{s})
		}
	case Interest:
		var of model.Interest
		if of, err = seat.Interest(ctx, g.Symbol, g.Session); err == nil {
			answer.Interest = &of
		}
	default:
		return errors.New("the other optflow is too old for that")
	}
	return err
}

// follow tells a seat what its follower wants, unless it is said again only.
func (d *Desk) follow(key string, seat market.Seat, g *Args) {
	d.mu.Lock()
	l := d.leases[key]
	if g.Aside || l == nil || reflect.DeepEqual(l.wants, *g) {
		d.mu.Unlock()
		return
	}
	l.wants = *g
	d.mu.Unlock()
	seat.Follow(g.Tickers)
	if g.Span != 0 {
		seat.Window(g.Span)
	}
	seat.AutoRefresh(!g.Rests)
}

func (d *Desk) day(ctx context.Context, seat market.Seat, symbol string, answer *Answer) error {
	ids := d.ids([]string{symbol})
	if len(ids) == 0 {
		return errors.New("no such contract is known there")
	}
	bars, err := seat.Day(ctx, ids[0])
	if err == nil {
		answer.Ops = barsOps(symbol, bars)
	}
	return err
}

// ids are the market's numbers of contracts, without those that it has not heard
// of.
func (d *Desk) ids(symbols []string) []model.ContractID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names.of(d.market.Contracts(), symbols)
}

// names finds contracts by their symbols, of which a market's readers know the
// numbers only.
type names struct {
	list *model.Contracts
	ids  map[string]model.ContractID
	read int
}

func (n *names) of(list *model.Contracts, symbols []string) (ids []model.ContractID) {
	if list != n.list { // begun anew
		*n = names{list: list, ids: make(map[string]model.ContractID)}
	}
	for ; n.read < list.Len(); n.read++ {
		id := model.ContractID(n.read)
		n.ids[list.At(id).Symbol] = id
	}
	for _, s := range symbols {
		if id, ok := n.ids[s]; ok {
			ids = append(ids, id)
		}
	}
	return ids
}
