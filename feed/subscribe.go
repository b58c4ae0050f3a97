package feed

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/model"
)

const (
	batchNames = 500 // names in one subscribe message: all acknowledged in one frame they fit in massive.MaxStatus
	ackTimeout = 10 * time.Second
)

// channel is one kind of bars that is, or is to be, subscribed to.
type channel struct {
	span    model.Span
	all     bool                          // the wildcard is acknowledged
	held    map[model.ContractID]struct{} // acknowledged by name
	silent  map[model.ContractID]struct{} // asked for, never acknowledged
	refused string                        // the server's words
	unwant  bool                          // to be unsubscribed from

	// Contracts are many, and messages for them too: each is looked at once.
	looked   int                // contracts below this number were looked at
	reviewed bool               // what is held was, since the last change of what is wanted
	drop     []model.ContractID // held and not wanted any more
}

func newChannel(span model.Span) *channel {
	return &channel{span: span, held: map[model.ContractID]struct{}{}, silent: map[model.ContractID]struct{}{}}
}

// flight is the one subscribe or unsubscribe message that waits for its
// acknowledgements. A refusal names nothing, so never two at once.
type flight struct {
	channel  *channel
	drop     bool // unsubscribe
	all      bool
	ids      map[model.ContractID]struct{} // by name, not yet acknowledged
	deadline time.Time
	refused  string
}

// subscriptions is what the current connection has asked for and got.
type subscriptions struct {
	channels []*channel
	wildcard bool // asked for by wildcard, not by name
	leaving  bool // the wildcard is given up; its unsubscribing is under way
	limit    int  // names in one message
	flight   *flight
	begun    bool // the connection has logged in
	stale    bool // there may be something to ask for
}

// subscribe begins on a connection that has logged in.
func (e *Engine) subscribe() {
	e.subs.begun, e.subs.stale = true, true
	e.enter(model.PhaseSubscribing, listTimeout, e.machine.reason)
	e.pumpSubscriptions()
}

// disconnected forgets what the server had acknowledged.
func (s *subscriptions) disconnected(time.Time) {
	s.begun, s.flight = false, nil
	if s.leaving { // the next connection does not ask for it again
		s.leaving, s.wildcard = false, false
	}
	kept := s.channels[:0]
	for _, ch := range s.channels {
		if ch.unwant && len(s.channels) > 1 {
			continue
		}
		fresh := newChannel(ch.span)
		fresh.unwant = ch.unwant
		kept = append(kept, fresh)
	}
	s.channels = kept
}

// want adds a channel, or wants one again that was to go.
func (s *subscriptions) want(span model.Span) {
	s.stale = true
	for _, ch := range s.channels {
		if ch.span == span {
			ch.unwant = false
			s.review()
			return
		}
	}
	s.channels = append(s.channels, newChannel(span))
}

// startOver forgets refusals: another host may see it otherwise.
func (s *subscriptions) startOver(e *Engine) {
	s.wildcard = e.o.Subscribe != SubscribeContracts
	s.leaving = false
}

// shed lightens the load: from everything to the contracts followed.
func (s *subscriptions) shed(e *Engine) {
	if e.o.Subscribe == SubscribeAuto && s.wildcard {
		s.wildcard = false
		e.notes.Note("the server found us too slow for all contracts: subscribing to those followed by name")
	}
}

// tick looks after the acknowledgement deadline and new names.
func (s *subscriptions) tick(e *Engine) {
	if f := s.flight; f != nil && !e.now.Before(f.deadline) {
		e.unanswered(f)
	}
	if s.begun && s.stale {
		e.pumpSubscriptions()
	}
}

// pumpSubscriptions sends the next message, if one is wanted and none is in
// flight.
func (e *Engine) pumpSubscriptions() {
	s := &e.subs
	if !s.begun || s.flight != nil || e.machine.conn == nil {
		return
	}
	if s.leaving && !slices.ContainsFunc(s.channels, func(ch *channel) bool { return ch.all }) {
		s.leaving, s.wildcard = false, false
	}
	for _, ch := range s.channels {
		if f := e.wantedOf(ch); f != nil {
			e.launchFlight(f)
			return
		}
	}
	s.channels = slices.DeleteFunc(s.channels, func(ch *channel) bool { return ch.unwant && len(ch.held) == 0 && !ch.all })
	s.stale = false
}

// wantedOf is the next message that a channel needs, nil when none.
func (e *Engine) wantedOf(ch *channel) *flight {
	s := &e.subs
	if ch.unwant || s.leaving || !s.wildcard {
		if ch.all {
			return &flight{channel: ch, drop: true, all: true}
		}
	}
	if s.wildcard && !s.leaving {
		if !ch.all && !ch.unwant && ch.refused == "" {
			return &flight{channel: ch, all: true}
		}
		return nil
	}
	if ch.refused != "" {
		return nil
	}
	if drop := e.dropped(ch); len(drop) > 0 {
		return &flight{channel: ch, drop: true, ids: drop}
	}
	if ch.unwant {
		return nil
	}
	if add := e.added(ch); len(add) > 0 {
		return &flight{channel: ch, ids: add}
	}
	return nil
}

// wantsMore says whether a channel needs another message.
func (e *Engine) wantsMore(ch *channel) bool {
	looked, drop := ch.looked, ch.drop
	more := e.wantedOf(ch) != nil
	ch.looked, ch.drop = looked, drop
	return more
}

// dropped is the next message's worth of names that are held and not wanted.
func (e *Engine) dropped(ch *channel) map[model.ContractID]struct{} {
	if !ch.reviewed {
		ch.reviewed = true
		ch.drop = ch.drop[:0]
		today := model.TradingDate(e.clock.Now())
		for id := range ch.held {
			if ch.unwant || !e.wantsName(id, today) {
				ch.drop = append(ch.drop, id)
			}
		}
	}
	drop := map[model.ContractID]struct{}{}
	for len(ch.drop) > 0 && len(drop) < e.subs.limit {
		last := len(ch.drop) - 1
		if id := ch.drop[last]; ch.holds(id) {
			drop[id] = struct{}{}
		}
		ch.drop = ch.drop[:last]
	}
	return drop
}

// added is the next message's worth of names that are wanted and not asked for.
func (e *Engine) added(ch *channel) map[model.ContractID]struct{} {
	add := map[model.ContractID]struct{}{}
	today := model.TradingDate(e.clock.Now())
	for most := e.tape.Contracts.Len(); ch.looked < most && len(add) < e.subs.limit; ch.looked++ {
		id := model.ContractID(ch.looked)
		if _, silent := ch.silent[id]; !silent && !ch.holds(id) && e.wantsName(id, today) {
			add[id] = struct{}{}
		}
	}
	return add
}

func (ch *channel) holds(id model.ContractID) bool {
	_, held := ch.held[id]
	return held
}

// review looks at all names again: what is wanted has changed.
func (s *subscriptions) review() {
	s.stale = true
	for _, ch := range s.channels {
		ch.looked, ch.reviewed = 0, false
	}
}

// wantsName says whether a contract is one of a followed ticker, and alive.
func (e *Engine) wantsName(id model.ContractID, today model.Date) bool {
	c := e.tape.Contracts.At(id)
	return c.Expiry >= today && e.rest.Following.Follows(c.Underlying)
}

func (e *Engine) launchFlight(f *flight) {
	f.deadline = e.now.Add(ackTimeout)
	e.subs.flight = f
	ch := massive.ChannelOf(f.channel.span)
	var symbols []string
	for _, id := range slices.Sorted(maps.Keys(f.ids)) {
		symbols = append(symbols, e.tape.Contracts.At(id).Symbol)
	}
	e.machine.conn.tell(func(ctx context.Context, w Wire) error {
		if f.drop {
			return w.Unsubscribe(ctx, ch, symbols)
		}
		return w.Subscribe(ctx, ch, symbols)
	})
}

// acknowledged takes "subscribed to" and "unsubscribed to", by name.
func (e *Engine) acknowledged(pair string, drop bool) {
	f := e.subs.flight
	name, symbol, ok := strings.Cut(pair, ".")
	if !ok {
		return
	}
	for _, ch := range e.subs.channels {
		if string(massive.ChannelOf(ch.span)) != name {
			continue
		}
		if symbol == "*" {
			ch.all = !drop
			if f != nil && f.channel == ch && f.all && f.drop == drop {
				e.landed(f)
			}
			return
		}
		id, known := e.tape.Registry.Find([]byte(symbol))
		if !known {
			return
		}
		if drop {
			delete(ch.held, id)
		} else {
			ch.held[id] = struct{}{}
		}
		if f != nil && f.channel == ch && f.drop == drop {
			delete(f.ids, id)
			if len(f.ids) == 0 && !f.all {
				e.landed(f)
			}
		}
		return
	}
}

// landed is the end of a message: all of it is answered, or its time is up.
func (e *Engine) landed(f *flight) {
	s := &e.subs
	s.flight, s.stale = nil, true
	if !f.drop && f.refused == "" {
		e.goLive()
		e.window.acknowledged(e, f.channel)
	}
	e.pumpSubscriptions()
}

// unanswered is a message whose acknowledgements did not all come in time.
func (e *Engine) unanswered(f *flight) {
	switch {
	case f.refused != "":
		e.refusedFlight(f)
		return
	case e.dialect(e.machine.conn) == massive.Origin && !f.drop: // it acknowledges nothing
		f.channel.all = f.all
		for id := range f.ids {
			f.channel.held[id] = struct{}{}
		}
	case f.drop:
		f.channel.all = f.channel.all && !f.all
		for id := range f.ids {
			delete(f.channel.held, id)
		}
	case f.all && e.heardOn(f.channel.span):
		f.channel.all = true // it delivers, whatever it did not say
	case f.all:
		f.refused = "no answer"
		e.refusedFlight(f)
		return
	case len(f.channel.held) == 0 && e.machine.phase == model.PhaseSubscribing && !e.heardOn(f.channel.span):
		e.subs.flight = nil
		e.unserved("subscription was not acknowledged")
		return
	default:
		// Pairs that the connection holds already are not acknowledged again.
		for id := range f.ids {
			f.channel.silent[id] = struct{}{}
		}
		e.log.Info("contracts without an answer to their subscription", "count", len(f.ids))
	}
	e.landed(f)
}

// heardOn says whether the channel has delivered on this connection.
func (e *Engine) heardOn(span model.Span) bool {
	return e.stream.heardSpan == span && e.machine.conn != nil && e.stream.heardConn == e.machine.conn.id
}

// notAuthorized is a refusal. It names nothing, but only one message is in
// flight. OfPlan says that it speaks of the plan.
func (e *Engine) notAuthorized(words string, ofPlan bool) {
	f := e.subs.flight
	if f == nil || f.drop {
		e.notes.Note("server: " + words)
		return
	}
	f.refused = words
	if ofPlan && len(e.subs.channels) == 1 && !e.machine.delayed && !e.hosts.alone() && e.hosts.Delayed.At(e.now) == plan.Unasked {
		e.denied(plan.NoPlan, words, delayedWait)
		return
	}
	if f.all || len(f.channel.held) == 0 {
		e.refusedFlight(f)
	}
	// Else some names of this batch may be accepted: the deadline tells which.
}

// refusedFlight gives the wildcard up for names, or the channel altogether.
func (e *Engine) refusedFlight(f *flight) {
	s := &e.subs
	s.flight, s.stale = nil, true
	switch {
	case e.window.change != nil && f.channel.span == e.window.change.to && f.channel.span != e.window.span:
		e.window.refused(e, f.refused)
	case f.all && e.o.Subscribe == SubscribeAuto:
		s.wildcard = false
		e.notes.Note("no subscription to all contracts (" + f.refused + "): asking for those followed by name")
		e.rest.Discover(e.moment())
	case !f.all && len(f.channel.held) > 0:
		for id := range f.ids {
			f.channel.silent[id] = struct{}{}
		}
		e.notes.Note("some contracts were refused: " + f.refused)
		e.landed(f)
		return
	default:
		f.channel.refused = f.refused
		if f.refused == "no answer" {
			e.unserved("subscription was not acknowledged")
			return
		}
		e.denied(plan.NoPlan, f.refused, delayedWait)
		return
	}
	e.pumpSubscriptions()
}

// leaveWildcard begins the way from the wildcard to names: its own
// unsubscribing is awaited first.
func (e *Engine) leaveWildcard() {
	e.subs.leaving, e.subs.stale = true, true
	e.notes.Note("the subscription to all contracts stays silent: asking for those followed by name")
	e.rest.Discover(e.moment())
	e.pumpSubscriptions()
}

// subscribed counts the names held on the channel in force.
func (s *subscriptions) subscribed() (names int, wildcard bool) {
	if len(s.channels) == 0 {
		return 0, false
	}
	return len(s.channels[0].held), s.channels[0].all
}
