package feed

import (
	"slices"
	"sync"

	"optflow/model"
	"optflow/model/tape"
)

// seats are the faces at one engine, which does what they want together.
type seats struct {
	opened opening

	mu    sync.Mutex
	taken []*seat
	fresh bool // what some of them watch is new
}

// opening is what a face wants that has not said otherwise.
type opening struct {
	tickers []string
	span    model.Span
	off     bool // no auto-refresh
	aside   bool // all that it does not say is the others' to say
}

// nothing is what a face wants that stands aside: it is the coarsest of all.
var nothing = opening{span: model.Minute, off: true, aside: true}

// any reports whether there is anything that a face wants.
func (o *opening) any() bool { return len(o.tickers) > 0 || o.span < model.Minute || !o.off }

// sit takes a seat whose orders go to an inbox.
func (s *seats) sit(to *inbox) *seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := &seat{inbox: to, seats: s, wants: s.opened}
	s.taken = append(s.taken, one)
	return one
}

// leave gives a seat up.
func (s *seats) leave(one *seat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = slices.DeleteFunc(s.taken, func(o *seat) bool { return o == one })
	s.fresh = true
}

// all are the seats taken now.
func (s *seats) all() []*seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// firm reports whether there is a face that says all itself.
func (s *seats) firm() bool {
	return slices.ContainsFunc(s.all(), func(one *seat) bool { return !one.wants.aside })
}

// follow are the underlyings that any face follows.
func (s *seats) follow() (tickers []string) {
	for _, one := range s.all() {
		tickers = append(tickers, one.wants.tickers...)
	}
	return tickers
}

// span is the finest that any face wants.
func (s *seats) span() model.Span {
	span := model.Minute
	for _, one := range s.all() {
		span = min(span, one.wants.span)
	}
	return span
}

// refresh says whether any face wants things to happen by themselves.
func (s *seats) refresh() bool {
	return slices.ContainsFunc(s.all(), func(one *seat) bool { return !one.wants.off })
}

// read is the first row that a face has not read which says so, tape.NoSeq if
// there is none.
func (s *seats) read() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	least := tape.NoSeq
	for _, one := range s.taken {
		if at := one.read.Load(); at > 0 {
			least = min(least, at-1)
		}
	}
	return least
}

// watched are the contracts on any screen, if they are new.
func (s *seats) watched(into []model.ContractID) ([]model.ContractID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.fresh {
		return into, false
	}
	s.fresh = false
	into = into[:0]
	for _, one := range s.taken {
		into = append(into, one.watch...)
	}
	if len(s.taken) > 1 {
		slices.Sort(into)
		into = slices.Compact(into)
	}
	return into, true
}
