package rules

import (
	"slices"

	"optflow/model"
	"optflow/model/burst"
)

// firing is a burst that fired, or was held back, in this session.
type firing struct {
	version string
	date    model.Date
	id      string
	first   int64 // ms: start of its first window when it fired
	at      int64 // the same of the burst that it is now
	last    int64 // start of its last window
	end     int64
	fired   int64 // ms of market time
	reason  Reason
	revised bool
	gone    bool // its first window was struck

	doubt    int64 // ms of market time since when it is not true; 0 it is
	latest   model.Burst
	contract *model.Contract
}

// recent is how long, in ms of market time, a burst that fired is looked for:
// bars are corrected for 15 minutes.
const recent = 30 * 60_000

// shares reports whether a burst shares a window with one that fired for the
// version, or goes on with it.
func (e *Evaluator) shares(fired []*firing, version string, row *model.Burst) bool {
	for i := len(fired) - 1; i >= 0; i-- {
		f := fired[i]
		if f.fired < e.now.Now-recent {
			break
		}
		if f.version != version {
			continue
		}
		from := min(f.first, f.at)
		if row.Start < f.end && row.End() > from || row.Start == from {
			return true
		}
		if row.Start >= f.end && row.Start-f.last <= burst.Pause && row.End()-from <= burst.Longest {
			return true // as with one that is no longer remembered after a restart
		}
	}
	return false
}

// occasion is what fire has to know beside row and contract.
type occasion struct {
	first  int64
	date   model.Date
	late   bool
	reason Reason // why it is held back already
}

// fire says that a rule is true for the first time of a burst, contract or
// ticker, or holds that back. It is nil when that is one too many to list.
func (e *Evaluator) fire(a *active, row *model.Burst, c *model.Contract, of occasion) *Event {
	if of.reason == NotHeld {
		of.reason = e.hold(a, row, c, of.first)
	}
	ev := Event{
		Kind: Fired, Rule: a.Rule, At: e.now.Now, Row: *row, Contract: c, Date: of.date, First: of.first,
		Reason: of.reason, Late: of.late, Quiet: a.Quiet != nil && a.Quiet.Holds(e.now.Now),
	}
	if of.reason == NotHeld {
		a.stats.Fired++
		a.stats.Last = e.now.Now
	} else {
		ev.Kind = Held
		a.stats.Held++
		if a.listed++; a.listed > heldMost {
			a.stats.Beyond++
			return nil
		}
	}
	ev.ID = ID(a.Version, symbolOf(c), of.date, of.first)
	ev.Why = a.When.Why(row, c, e.now.Now)
	e.events = append(e.events, ev)
	return &ev
}

// remember notes what fired of a burst.
func (e *Evaluator) remember(ev *Event, row *model.Burst, by *model.Row) {
	if ev == nil {
		return
	}
	f := &firing{
		version: ev.Rule.Version, date: ev.Date, id: ev.ID, first: ev.First, at: row.Start, last: row.Start, end: row.End(),
		fired: ev.At, reason: ev.Reason, latest: *row, contract: ev.Contract,
	}
	if by.Contract == row.Contract {
		f.last = max(f.last, by.Start)
	}
	symbol := symbolOf(ev.Contract)
	e.fired[symbol] = append(e.fired[symbol], f)
}

// follow keeps up with what became of bursts that fired: they grow, begin
// earlier, or are no longer true.
func (e *Evaluator) follow(fired []*firing, change burst.Change, c *model.Contract, row *model.Burst, by *model.Row) {
	for i := len(fired) - 1; i >= 0; i-- {
		f := fired[i]
		if f.fired < e.now.Now-recent {
			break
		}
		if change.Kind == burst.Moved && f.at == change.Was || f.gone && f.at < row.Start && row.Start < f.end {
			f.at, f.gone = row.Start, false
		}
		if f.at < row.Start || f.at >= max(row.End(), row.Start+1) {
			continue
		}
		f.end = max(f.end, row.End())
		if by.Contract == row.Contract {
			f.last = max(f.last, by.Start)
		}
		a := e.ofVersion(f.version)
		if a == nil || f.revised {
			continue
		}
		f.latest, f.contract = *row, c
		if a.When.Match(row, c, f.fired) == model.True {
			f.doubt = 0
		} else {
			e.doubtful(f)
		}
	}
}

// settle revises what has not come true again for a while: a side is found out
// within seconds, and the same rows may be told again from the first on.
func (e *Evaluator) settle() {
	e.doubts = slices.DeleteFunc(e.doubts, func(f *firing) bool {
		if f.doubt != 0 && !f.revised && e.now.Now >= f.doubt && e.now.Now-f.doubt <= sureWait {
			return false
		}
		if a := e.ofVersion(f.version); a != nil && f.doubt != 0 && !f.revised {
			e.revise(a, f)
		}
		return true
	})
}

// struck doubts what fired of a burst whose windows, or the first of them, are
// gone. What is left of it is followed on; one that went because its windows now
// belong to another is followed there.
func (e *Evaluator) struck(c *model.Contract, row *model.Burst, by *model.Row) {
	if by.Contract != row.Contract || by.Size != 0 {
		return
	}
	for _, f := range e.fired[c.Symbol] {
		if f.at == row.Start && !f.revised {
			f.gone = true
			f.latest, f.contract = *row, c
			f.latest.Size, f.latest.Premium = 0, 0
			e.doubtful(f)
		}
	}
}

func (e *Evaluator) doubtful(f *firing) {
	if f.doubt == 0 {
		f.doubt = e.now.Now
		e.doubts = append(e.doubts, f)
	}
}

func (e *Evaluator) revise(a *active, f *firing) {
	f.revised = true
	a.stats.Revised++
	e.events = append(e.events, Event{
		Kind: Revised, ID: f.id, Rule: a.Rule, At: e.now.Now, Row: f.latest, Contract: f.contract, Date: f.date, First: f.first, Reason: f.reason,
	})
}

func (e *Evaluator) ofVersion(version string) *active {
	for _, a := range e.rules {
		if a.Version == version {
			return a
		}
	}
	return nil
}
