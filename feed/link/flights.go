package link

import (
	"maps"
	"slices"
	"time"

	"optflow/model"
)

const noAnswer = "no answer"

// flight is the one message that waits for its acknowledgements. A refusal names
// nothing, so never two at once.
type flight struct {
	channel  *channel
	drop     bool
	all      bool
	ids      map[model.ContractID]struct{} // by name, not yet acknowledged
	deadline time.Time
	refused  string
}

// ask sends the next message, if one is wanted and none is in flight.
func (s *subscriptions) ask(now Now) {
	f := s.next(model.TradingDate(now.Market))
	if f == nil {
		return
	}
	f.deadline = now.At.Add(AckTimeout)
	s.flight = f
	s.out.do(Ask{Channel: f.channel.Channel, Drop: f.drop, All: f.all, IDs: slices.Sorted(maps.Keys(f.ids))})
}

// acknowledged is an answer by name.
func (s *subscriptions) acknowledged(a Acknowledged, now Now) outcome {
	if f := s.book(a); f != nil {
		return s.landed(f, now)
	}
	return outcome{}
}

// book books an answer and returns the message that it completes, nil: none.
func (s *subscriptions) book(a Acknowledged) *flight {
	ch, f := s.channel(a.Channel), s.flight
	if ch == nil {
		return nil
	}
	ours := f != nil && f.channel == ch && f.drop == a.Drop
	switch {
	case a.All:
		ch.all = !a.Drop
		if ours && f.all {
			return f
		}
		return nil
	case a.Drop:
		delete(ch.held, a.ID)
	default:
		ch.held[a.ID] = struct{}{}
	}
	if ours {
		delete(f.ids, a.ID)
		if len(f.ids) == 0 && !f.all {
			return f
		}
	}
	return nil
}

// landed is the end of a message: all of it is answered, or its time is up.
func (s *subscriptions) landed(f *flight, now Now) (o outcome) {
	s.flight, s.stale = nil, true
	if !f.drop && f.refused == "" {
		o.kind = serves
		if s.window.awaits(f.channel.Channel) && s.complete(f.channel, model.TradingDate(now.Market)) {
			s.out.do(s.window.begin(now))
		}
	}
	s.ask(now)
	return o
}

// overdue is a message whose acknowledgements did not all come in time, on a
// connection that acknowledges unless it is bare. Heard says whether the channel
// has delivered, first that nothing was served yet.
func (s *subscriptions) overdue(now Now, bare, heard, first bool) outcome {
	f := s.flight
	ch := f.channel
	switch {
	case f.refused != "":
		return s.refused(now)
	case bare && !f.drop: // it acknowledges nothing
		ch.all = f.all
		for id := range f.ids {
			ch.held[id] = struct{}{}
		}
	case f.drop:
		ch.all = ch.all && !f.all
		for id := range f.ids {
			delete(ch.held, id)
		}
	case f.all && heard:
		ch.all = true // it delivers, whatever it did not say
	case f.all:
		f.refused = noAnswer
		return s.refused(now)
	case len(ch.held) == 0 && first && !heard:
		s.flight = nil
		return outcome{kind: silent}
	default:
		// Pairs that the connection holds already are not acknowledged again.
		s.giveUp(f)
		s.out.do(Log{"contracts without an answer to their subscription", []any{"count", len(f.ids)}})
	}
	return s.landed(f, now)
}

// giveUp does not ask for the names of a message again.
func (s *subscriptions) giveUp(f *flight) {
	for id := range f.ids {
		f.channel.silent[id] = struct{}{}
	}
}

// refuse is a refusal. It names nothing, but only one message is in flight.
// Elsewhere says that another host may well have what the plan lacks here.
func (s *subscriptions) refuse(words string, elsewhere bool, now Now) outcome {
	f := s.flight
	if f == nil || f.drop {
		s.out.note("server: " + words)
		return outcome{}
	}
	f.refused = words
	switch {
	case elsewhere && len(s.channels) == 1:
		return outcome{lacks, words}
	case f.all || len(f.channel.held) == 0:
		return s.refused(now)
	}
	return outcome{} // some names of this batch may be accepted: the deadline tells which
}

// refused gives asking for all up for names, or the channel altogether.
func (s *subscriptions) refused(now Now) outcome {
	f := s.flight
	s.flight, s.stale = nil, true
	switch {
	case s.window.changing() && f.channel.Span() == s.window.to && s.window.to != s.window.span:
		s.out.note("the other window was refused: " + f.refused)
		s.window.wanted = s.window.span
		s.abandon()
	case f.all && s.mode == SubscribeAuto:
		s.wildcard = false
		s.out.note("no subscription to all contracts (" + f.refused + "): asking for those followed by name")
		s.out.do(Discover{})
	case !f.all && len(f.channel.held) > 0:
		s.giveUp(f)
		s.out.note("some contracts were refused: " + f.refused)
		return s.landed(f, now)
	default:
		f.channel.refused = f.refused
		if f.refused == noAnswer {
			return outcome{kind: silent}
		}
		return outcome{lacks, f.refused}
	}
	s.ask(now)
	return outcome{}
}

// leaveAll begins the way from all to names: the unsubscribing of all is awaited
// first.
func (s *subscriptions) leaveAll(now Now) {
	s.leaving, s.stale = true, true
	s.out.note("the subscription to all contracts stays silent: asking for those followed by name")
	s.out.do(Discover{})
	s.ask(now)
}

// outcome is what asking for events comes to for the connection.
type outcome struct {
	kind  outcomeKind
	words string
}

type outcomeKind uint8

const (
	waits  outcomeKind = iota
	serves             // something was acknowledged
	silent             // nothing was
	lacks              // the plan lacks it, in the server's words
	redial             // it takes another connection, in ours
)

// outbox collects what is to be done.
type outbox []Action

func (o *outbox) do(a Action) { *o = append(*o, a) }

func (o *outbox) note(text string) { o.do(Note{text}) }
