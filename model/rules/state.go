package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"optflow/model"
)

// State is what must outlive a run so that nothing fires twice. It is written
// before what fired is delivered.
type State struct {
	V         int              `json:"v"`
	Fired     []FiredState     `json:"fired,omitempty"`
	Edges     []EdgeState      `json:"edges,omitempty"`
	Cooldowns []CooldownState  `json:"cooldowns,omitempty"`
	Hours     []HourState      `json:"hours,omitempty"`
	Spent     []string         `json:"spent,omitempty"` // versions with once that fired
	Mutes     map[string]int64 `json:"mutes,omitempty"` // rules by name, until when
}

// FiredState is a burst that fired or was held back in this session. Times are
// ms of market time.
type FiredState struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Symbol  string `json:"symbol"`
	Date    string `json:"date"`
	First   int64  `json:"first"` // start of its first window when it fired
	At      int64  `json:"at"`    // the same of the burst that it is now
	Last    int64  `json:"last"`  // start of its last window
	End     int64  `json:"end"`
	Fired   int64  `json:"fired"`
	Held    string `json:"held,omitempty"`
	Revised bool   `json:"revised,omitempty"`
}

// EdgeState is a contract or ticker for which a version fired in this session.
type EdgeState struct {
	Version string `json:"version"`
	Symbol  string `json:"symbol"`
	Date    string `json:"date"`
	Fired   int64  `json:"fired"`
}

// CooldownState is when a version fired last, of a contract, of a ticker, or at
// all.
type CooldownState struct {
	Version string `json:"version"`
	Of      string `json:"of,omitempty"`
	Fired   int64  `json:"fired"`
}

// HourState is what was delivered in the last hour; "" stands for all rules.
type HourState struct {
	Version string  `json:"version,omitempty"`
	At      []int64 `json:"at"`
}

// State is a copy of what must outlive the run.
func (e *Evaluator) State() State {
	s := State{V: 1, Mutes: map[string]int64{}}
	for symbol, list := range e.fired {
		for _, f := range list {
			if f.fired < e.now.Now-recent {
				continue // its rows are of the past after a restart
			}
			s.Fired = append(s.Fired, FiredState{
				ID: f.id, Version: f.version, Symbol: symbol, Date: f.date.String(), First: f.first, At: f.at, Last: f.last, End: f.end,
				Fired: f.fired, Held: f.reason.String(), Revised: f.revised,
			})
		}
	}
	slices.SortFunc(s.Fired, func(a, b FiredState) int { return cmp.Or(cmp.Compare(a.Fired, b.Fired), strings.Compare(a.ID, b.ID)) })
	for name, g := range e.edges {
		if g.fired > 0 {
			s.Edges = append(s.Edges, EdgeState{name.version, name.symbol, g.date.String(), g.fired})
		}
	}
	slices.SortFunc(s.Edges, func(a, b EdgeState) int {
		return cmp.Or(strings.Compare(a.Version, b.Version), strings.Compare(a.Symbol, b.Symbol))
	})
	for name, at := range e.cools {
		if at > e.now.Now-longestTime*hour {
			s.Cooldowns = append(s.Cooldowns, CooldownState{name.version, name.of, at})
		}
	}
	slices.SortFunc(s.Cooldowns, func(a, b CooldownState) int {
		return cmp.Or(strings.Compare(a.Version, b.Version), strings.Compare(a.Of, b.Of))
	})
	for _, a := range e.rules {
		if len(a.hour) > 0 {
			s.Hours = append(s.Hours, HourState{a.Version, slices.Clone(a.hour)})
		}
	}
	if len(e.all) > 0 {
		s.Hours = append(s.Hours, HourState{At: slices.Clone(e.all)})
	}
	s.Spent = slices.Sorted(maps.Keys(e.spent))
	for name, until := range e.mutes {
		if until > e.now.Now {
			s.Mutes[name] = until
		}
	}
	return s
}

// Restore takes over what an earlier run left. It comes after Set and before
// anything is told. What cannot be read of it is left out.
func (e *Evaluator) Restore(s State) {
	for _, f := range s.Fired {
		date, err := model.ParseDate(f.Date)
		if err != nil {
			continue
		}
		reason := max(0, slices.Index(reasonNames[:], f.Held))
		e.fired[f.Symbol] = append(e.fired[f.Symbol], &firing{
			version: f.Version, date: date, id: f.ID, first: f.First, at: f.At, last: f.Last, end: f.End, fired: f.Fired,
			reason: Reason(reason), revised: f.Revised, // #nosec G115 -- an index of the names
		})
	}
	for _, g := range s.Edges {
		if date, err := model.ParseDate(g.Date); err == nil {
			e.edges[edgeName{g.Version, g.Symbol}] = &edge{date: date, known: true, was: true, fired: g.Fired}
		}
	}
	for _, c := range s.Cooldowns {
		e.cools[coolName{c.Version, c.Of}] = c.Fired
	}
	for _, h := range s.Hours {
		if h.Version == "" {
			e.all = slices.Clone(h.At)
		} else if a := e.ofVersion(h.Version); a != nil {
			a.hour = slices.Clone(h.At)
		}
	}
	for _, version := range s.Spent {
		e.spent[version] = true
	}
	maps.Copy(e.mutes, s.Mutes)
}
