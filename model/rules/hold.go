package rules

import (
	"slices"

	"optflow/model"
)

// hour of market time in ms.
const hour = 3_600_000

// digestEvery is how often a rule says what max held back, in ms.
const digestEvery = 60_000

// coolName is what a cooldown holds for.
type coolName struct{ version, of string }

// pending is what a digest will say.
type pending struct {
	more    int
	premium float64
	since   int64
	row     model.Burst // the newest of them
	of      *model.Contract
}

// hold says why an alert of a time in ms is held back, NotHeld that it is to be
// delivered, which then counts.
func (e *Evaluator) hold(a *active, row *model.Burst, c *model.Contract, at int64) Reason {
	now := e.now.Now
	of := ""
	switch a.Per {
	case PerContract:
		of = symbolOf(c)
	case PerTicker:
		of = c.Underlying
	}
	name := coolName{a.Version, of}
	last, cooling := e.cools[name]
	switch {
	case e.Muted(a.Name) != 0:
		return HeldMuted
	case a.Over != nil:
		return NotHeld
	case a.Hours != nil && !a.Hours.Holds(at):
		return HeldHours
	case a.Once && e.spent[a.Version]:
		return HeldOnce
	case cooling && a.Cooldown > 0 && now-last < a.Cooldown && now >= last:
		return HeldCooldown
	}
	a.hour, e.all = lastHour(a.hour, now), lastHour(e.all, now)
	if a.Max > 0 && len(a.hour) >= a.Max || len(e.all) >= MostPerHour {
		if a.digest.more == 0 {
			a.digest.since = now
		}
		a.digest.more++
		a.digest.premium += row.Premium
		a.digest.row, a.digest.of = *row, c
		return HeldMax
	}
	a.hour, e.all = append(a.hour, now), append(e.all, now)
	if a.Cooldown > 0 {
		e.cools[name] = now
	}
	if a.Once {
		e.spent[a.Version] = true
	}
	return NotHeld
}

// lastHour leaves out the times that are over an hour ago, and those that the
// clock has taken back.
func lastHour(times []int64, now int64) []int64 {
	return slices.DeleteFunc(times, func(t int64) bool { return t <= now-hour || t > now })
}

// digests says what max held back, a minute after the first of it; all of it at
// the end of a session or run.
func (e *Evaluator) digests(all bool) {
	for _, a := range e.rules {
		d := &a.digest
		if d.more == 0 || !all && e.now.Now-d.since < digestEvery && e.now.Now >= d.since {
			continue
		}
		e.events = append(e.events, Event{
			Kind: Digest, Rule: a.Rule, At: e.now.Now, Row: d.row, Contract: d.of, Date: e.date, Reason: HeldMax,
			More: d.more, Premium: d.premium, Since: d.since, Quiet: a.Quiet != nil && a.Quiet.Holds(e.now.Now),
		})
		*d = pending{}
	}
}
