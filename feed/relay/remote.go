package relay

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"optflow/model"
	"optflow/model/market"
)

var _ market.Seat = (*seat)(nil)

const (
	// AskFor is how long an answer may take: a day's bars are one request of 30 s.
	AskFor = 35 * time.Second
	// renewEvery is how often a follower says anew what it wants: three times in a
	// lease.
	renewEvery = Lease / 3
	// mostWaiting are the words of a seat that wait to be said; more are said over
	// again by the person, if need be.
	mostWaiting = 32
)

// Remote passes on to a publisher what the faces of a follower want and ask.
type Remote struct {
	send      func(ctx context.Context, ask Ask) (Answer, error)
	contracts func() *model.Contracts
	news      chan struct{} // holds a token while a seat has something to say
	ids       atomic.Uint64

	mu    sync.Mutex
	seats []*seat
	last  uint32
}

// NewRemote is one that says its asks by send, which waits for the answer. Its
// faces' contracts have the numbers of contracts.
func NewRemote(send func(ctx context.Context, ask Ask) (Answer, error), contracts func() *model.Contracts) *Remote {
	return &Remote{send: send, contracts: contracts, news: make(chan struct{}, 1)}
}

// Run says what the seats have to say, until ctx ends.
func (r *Remote) Run(ctx context.Context) {
	renew := time.NewTicker(renewEvery)
	defer renew.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.news:
		case <-renew.C:
			r.again(false)
		}
		for _, ask := range r.words() {
			_, err := r.send(ctx, r.numbered(ask)) // what it came to shows in the blocks
			if err != nil && ask.Verb == Know && !errors.Is(err, context.DeadlineExceeded) {
				r.unheard(ask.Seat)
			}
		}
	}
}

// Again has all seats say what they want once more, as to a publisher that has
// not heard of them.
func (r *Remote) Again() { r.again(true) }

// again is Again; contracts are numbered once, so that only who begins anew hears
// of them again.
func (r *Remote) again(anew bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		s.saidWants, s.saidWatch, s.saidKnows = false, false, s.saidKnows && !anew
	}
	r.wake()
}

// unheard notes that nobody was there to be told of a seat's contracts: they are
// said with what is said next.
func (r *Remote) unheard(number uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if s.number == number {
			s.saidKnows = false
		}
	}
}

// words are what there is to say.
func (r *Remote) words() (all []Ask) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seats {
		if !s.saidWants {
			all = append(all, Ask{Seat: s.number, Verb: Follow, Args: s.wants})
		}
		if !s.saidWatch && len(s.watch) > 0 {
			all = append(all, Ask{Seat: s.number, Verb: Watch, Args: Args{Contracts: s.watch}})
		}
		all = append(all, s.once...)
		if !s.saidKnows && len(s.knows) > 0 && !s.left {
			all = append(all, Ask{Seat: s.number, Verb: Know, Args: Args{Contracts: s.knows}})
		}
		s.saidWants, s.saidWatch, s.saidKnows, s.once = true, true, true, nil
	}
	r.seats = slices.DeleteFunc(r.seats, func(s *seat) bool { return s.left })
	return all
}

func (r *Remote) wake() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

func (r *Remote) ask(ctx context.Context, ask Ask) (Answer, error) {
	answer, err := r.send(ctx, r.numbered(ask))
	if err == nil {
		err = answer.err()
	}
	return answer, err
}

func (r *Remote) numbered(ask Ask) Ask {
	ask.V, ask.ID = Version, r.ids.Add(1)
	return ask
}

// seat is one face's session at a publisher.
type seat struct {
	remote *Remote
	number uint32

	// Under the Remote's lock.
	wants                Args
	watch                []string
	knows                []string // contracts to be numbered
	saidWants, saidWatch bool
	saidKnows            bool
	once                 []Ask
	left                 bool
}

// Seat opens one for a face. It wants nothing of its own until it says so. The
// accounts are not asked for: the follower's own book has them.
func (r *Remote) Seat() market.Seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	s := &seat{remote: r, number: r.last, wants: Args{Aside: true}}
	r.seats = append(r.seats, s)
	return s
}

// say changes what a seat has to say.
func (s *seat) say(change func()) {
	s.remote.mu.Lock()
	defer s.remote.mu.Unlock()
	if !s.left {
		change()
		s.remote.wake()
	}
}

// sayOnce adds something that is said once.
func (s *seat) sayOnce(verb Verb, args Args) {
	s.say(func() {
		if len(s.once) < mostWaiting {
			s.once = append(s.once, Ask{Seat: s.number, Verb: verb, Args: args})
		}
	})
}

// Follow replaces the underlyings that this face follows.
func (s *seat) Follow(tickers []string) {
	tickers = slices.Clone(tickers)
	s.say(func() { s.wants.Tickers, s.wants.Aside, s.saidWants = tickers, false, false })
}

// Window says which span this face wants.
func (s *seat) Window(span model.Span) {
	s.say(func() { s.wants.Span, s.saidWants = span, false })
}

// AutoRefresh says whether this face wants things to happen by themselves.
func (s *seat) AutoRefresh(on bool) {
	s.say(func() { s.wants.Rests, s.saidWants = !on, false })
}

// Aside has this face want nothing of its own.
func (s *seat) Aside() {
	s.say(func() { s.wants.Aside, s.saidWants = true, false })
}

// PollNow asks REST once.
func (s *seat) PollNow() { s.sayOnce(Poll, Args{}) }

// Retake tries again what waits for a person.
func (s *seat) Retake() { s.sayOnce(Retake, Args{}) }

// Know has contracts numbered.
func (s *seat) Know(symbols []string) {
	s.say(func() {
		s.knows = slices.Clone(s.knows) // those before may be on their way
		for _, symbol := range symbols {
			if len(s.knows) < mostContracts && !slices.Contains(s.knows, symbol) {
				s.knows, s.saidKnows = append(s.knows, symbol), false
			}
		}
	})
}

// Watch names the contracts on screen.
func (s *seat) Watch(ids []model.ContractID) {
	contracts, symbols := s.remote.contracts(), make([]string, 0, len(ids))
	for _, id := range ids[:min(len(ids), mostContracts)] {
		if c := contracts.At(id); c != nil {
			symbols = append(symbols, c.Symbol)
		}
	}
	s.say(func() {
		if !slices.Equal(symbols, s.watch) {
			s.watch, s.saidWatch = symbols, false
		}
	})
}

// Observe is the follower's own.
func (s *seat) Observe(context.Context, []model.Account, ...model.ContractID) ([]model.Account, error) {
	return nil, errors.New("the accounts are not asked for")
}

// Read is the follower's own.
func (s *seat) Read(uint64, uint64) {}

// Leave gives the seat up.
func (s *seat) Leave() {
	s.say(func() {
		s.left, s.saidWants, s.saidWatch = true, true, true
		s.once = []Ask{{Seat: s.number, Verb: Leave}}
	})
}

// Lookup asks whether an underlying exists.
func (s *seat) Lookup(ctx context.Context, symbol string) error {
	_, err := s.remote.ask(ctx, Ask{Seat: s.number, Verb: Lookup, Args: Args{Symbol: symbol}})
	return err
}

// Day reads a contract's minute bars of the day.
func (s *seat) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	c := s.remote.contracts().At(id)
	if c == nil {
		return nil, errors.New("no such contract")
	}
	bars, _, err := s.facts(ctx, Day, Args{Symbol: c.Symbol})
	for i := range bars {
		bars[i].Contract = id
	}
	return bars, err
}

// Snapshots reads contracts as they stand now.
func (s *seat) Snapshots(ctx context.Context, symbols []string) ([]model.Snapshot, error) {
	_, list, err := s.facts(ctx, Snapshots, Args{Contracts: symbols})
	return list, err
}

// AsOf reads what was in force of a contract at a past market time in ms.
func (s *seat) AsOf(ctx context.Context, symbol string, at int64) (model.Snapshot, error) {
	_, list, err := s.facts(ctx, AsOf, Args{Symbol: symbol, At: at})
	if err == nil && len(list) == 0 {
		err = ErrBroken
	}
	if err != nil {
		return model.Snapshot{}, err
	}
	return list[0], nil
}

// Interest reads what is stated of a contract's session that is over.
func (s *seat) Interest(ctx context.Context, symbol string, session model.Date) (model.Interest, error) {
	answer, err := s.remote.ask(ctx, Ask{Seat: s.number, Verb: Interest, Args: Args{Symbol: symbol, Session: session}})
	if err == nil && answer.Interest == nil {
		err = ErrBroken
	}
	if err != nil {
		return model.Interest{}, err
	}
	return *answer.Interest, nil
}

// facts asks for bars or snapshots.
func (s *seat) facts(ctx context.Context, verb Verb, args Args) ([]model.Bar, []model.Snapshot, error) {
	answer, err := s.remote.ask(ctx, Ask{Seat: s.number, Verb: verb, Args: args})
	if err != nil {
		return nil, nil, err
	}
	return facts(answer.Ops)
}
