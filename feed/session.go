package feed

import (
	"context"
	"time"

	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/session"
)

const (
	statusEvery   = 5 * time.Minute // what the market does
	statusRetry   = 30 * time.Second
	upcomingEvery = 12 * time.Hour // the holidays to come
)

// sessionState is what the market does, by the calendar and by the server's
// word.
type sessionState struct {
	calendar   *session.Calendar
	said       session.Statement
	facts      session.Facts
	statusAt   time.Time
	upcomingAt time.Time
}

// open says whether data is to be expected. Index options that trade on for a
// quarter of an hour are no reason to call silence a fault.
func (s *sessionState) open() bool { return s.facts.Open && !s.facts.Late }

// lastOpen is the end of what can have traded: now, or the last close.
func (s *sessionState) lastOpen(now int64) int64 {
	if s.facts.Open || s.facts.Closes == 0 {
		return now
	}
	return min(now, s.facts.Closes)
}

// scheduleSession follows the calendar, and asks the server what it says.
func (e *Engine) scheduleSession() {
	s := &e.session
	if !e.now.Before(s.statusAt) {
		s.statusAt = e.now.Add(statusEvery)
		e.budget.Add(&rest.Job{
			Class: rest.ForUser, Key: "status",
			Do: func(ctx context.Context) (func(rest.Moment), error) {
				said, err := e.o.REST.MarketStatus(ctx)
				return func(rest.Moment) { e.gotStatus(said) }, err
			},
			Fail: func(rest.Moment, error) { s.statusAt = e.now.Add(statusRetry) },
		})
	}
	if !e.now.Before(s.upcomingAt) {
		s.upcomingAt = e.now.Add(upcomingEvery)
		e.budget.Add(&rest.Job{
			Class: rest.ForSweep, Key: "upcoming",
			Do: func(ctx context.Context) (func(rest.Moment), error) {
				days, err := e.o.REST.Upcoming(ctx)
				return func(rest.Moment) { e.gotUpcoming(days) }, err
			},
		})
	}
}

func (e *Engine) gotStatus(said massive.MarketStatus) {
	if !said.ServerTime.IsZero() {
		e.clock.Set(said.ServerTime.UnixMilli(), e.now)
	}
	word := said.NYSE
	if word == "" {
		word = said.Market
	}
	e.session.said = session.Statement{Status: session.ParseStatus(word), At: e.clock.Now()}
	e.tellSession()
}

func (e *Engine) gotUpcoming(days []massive.Holiday) {
	var overrides []session.Override
	for _, d := range days {
		o := session.Override{Date: d.Date, Closed: d.Closed}
		if !d.Open.IsZero() {
			o.Open = d.Open.UnixMilli()
		}
		if !d.Close.IsZero() {
			o.Close = d.Close.UnixMilli()
		}
		overrides = append(overrides, o)
	}
	e.session.calendar = e.session.calendar.With(overrides...)
	e.tellSession()
}

// tellSession works the session out anew and passes changes on.
func (e *Engine) tellSession() {
	s := &e.session
	now := e.clock.Now()
	facts := s.calendar.At(now, s.said)
	if facts == s.facts {
		return
	}
	if facts.Date != s.facts.Date { // names expire
		e.subs.review()
	}
	s.facts = facts
	e.dirty = true
	if s.said.Status != session.StatusUnknown || facts.Open || model.TradingDate(now) != facts.Date {
		e.book.SetDate(facts.Date)
	}
}

// day is the trading date whose data counts as today's.
func (e *Engine) day() model.Date {
	if e.session.facts.Date != 0 {
		return e.session.facts.Date
	}
	return model.TradingDate(e.clock.Now())
}

// state is the session as the faces show it.
func (s *sessionState) state(sim bool) model.Session {
	state := s.facts.Session()
	if sim && state.Open {
		state.Text = "simulated market"
	}
	return state
}
