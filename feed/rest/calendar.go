package rest

import (
	"cmp"
	"time"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/session"
)

const (
	statusEvery   = 5 * time.Minute // what the market does
	statusRetry   = 30 * time.Second
	upcomingEvery = 12 * time.Hour // the holidays to come
)

// Calendar is what the market does, by the calendar and by the server's word.
type Calendar struct {
	source marketSource
	budget *Budget
	clock  marketClock
	book   teller
	turned func() // the date has changed

	calendar   *session.Calendar
	said       session.Statement
	facts      session.Facts
	statusAt   time.Time
	upcomingAt time.Time
}

type marketClock interface {
	At(now time.Time) int64
	Set(market int64, at time.Time)
}

// Ask asks the server what it says, when it is time.
func (c *Calendar) Ask(now time.Time) {
	if !now.Before(c.statusAt) {
		c.statusAt = now.Add(statusEvery)
		c.budget.Add(&Job{
			Class: ForUser, Key: "status",
			Do:   asks(c.source.MarketStatus, c.gotStatus),
			Fail: func(m Moment, _ error) { c.statusAt = m.Now.Add(statusRetry) },
		})
	}
	if !now.Before(c.upcomingAt) {
		c.upcomingAt = now.Add(upcomingEvery)
		c.budget.Add(&Job{
			Class: ForSweep, Key: "upcoming",
			Do: asks(c.source.Upcoming, c.gotUpcoming),
		})
	}
}

func (c *Calendar) gotStatus(m Moment, said source.MarketStatus) {
	if !said.ServerTime.IsZero() {
		c.clock.Set(said.ServerTime.UnixMilli(), m.Now)
	}
	now := c.clock.At(m.Now)
	c.said = session.Statement{Status: session.ParseStatus(cmp.Or(said.NYSE, said.Market)), At: now}
	c.Update(now)
}

func (c *Calendar) gotUpcoming(m Moment, days []source.Holiday) {
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
	c.calendar = c.calendar.With(overrides...)
	c.Update(m.Market)
}

// Update works the session out anew as of a market time, and reports whether it
// has changed.
func (c *Calendar) Update(now int64) (changed bool) {
	facts := c.calendar.At(now, c.said)
	if facts == c.facts {
		return false
	}
	if facts.Date != c.facts.Date {
		c.turned()
	}
	c.facts = facts
	if c.said.Status != session.StatusUnknown || facts.Open || model.TradingDate(now) != facts.Date {
		c.book.Apply(&book.Date{Date: facts.Date})
	}
	return true
}

// Leapt says that market time is another than was thought: what the server said
// was said of its present, whatever that was taken for.
func (c *Calendar) Leapt(market int64) {
	c.said.At = market
	c.Doubt()
}

// Doubt asks the server again at the next opportunity.
func (c *Calendar) Doubt() { c.statusAt = time.Time{} }

// Shown is the session as the faces show it; an invented market is open as that.
func (c *Calendar) Shown(invented bool) model.Session {
	shown := c.facts.Session()
	if invented && shown.Open {
		shown.Text = "simulated market"
	}
	return shown
}

// Facts are what the market does.
func (c *Calendar) Facts() session.Facts { return c.facts }

// Busy says whether data is to be expected. Index options that trade on for a
// quarter of an hour are no reason to call silence a fault.
func (c *Calendar) Busy() bool { return c.facts.Open && !c.facts.Late }

// Before is the trading day before another.
func (c *Calendar) Before(d model.Date) model.Date { return c.calendar.Previous(d) }

// Day is the trading date whose data counts as today's at a market time.
func (c *Calendar) Day(now int64) model.Date {
	if c.facts.Date != 0 {
		return c.facts.Date
	}
	return model.TradingDate(now)
}
