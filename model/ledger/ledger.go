// Package ledger is what came of alerts, losers included: which marks are due
// when, whether quotes are good enough to enter and leave at, what the open
// interest proves, flow that matched no rule to compare with, and figures with
// intervals. It promises that nothing is left out for how it came out, and that
// no figure claims more than its days support. It reads and writes lines, not
// files: those are another's.
package ledger

import (
	"slices"
	"sort"

	"optflow/model"
	"optflow/model/session"
)

// Ledger holds what its lines say. It belongs to one goroutine.
type Ledger struct {
	all []*Followed // alerts and controls, by seen time
	ids map[string]*Followed
}

// Followed is an alert or a control and what is known of it since.
type Followed struct {
	Alert
	Marks   []Mark   // those written, oldest first
	Morning *Morning // nil: not yet
	Revised int64    // ms of market time when it was no longer true; 0 never

	date     model.Date
	contract model.Contract // of its symbol; none of a ticker
	listed   bool           // it has a contract
	rank     uint64
	clock    int64     // at Seen, as model.TimeOfDay has it
	plan     []planned // by planOf
	planOf   *session.Calendar
}

// New returns an empty Ledger.
func New() *Ledger { return &Ledger{ids: map[string]*Followed{}} }

// Add takes a record. What follows an alert that is not there is dropped, and
// an alert that is there already stays as it is.
func (l *Ledger) Add(r Record) {
	switch r := r.(type) {
	case *Alert:
		if l.ids[r.ID] != nil {
			return
		}
		f := &Followed{Alert: *r, rank: rank(r), clock: model.TimeOfDay(r.Seen)}
		f.date, _ = model.ParseDate(r.Date) // Decode has read it
		if c, err := model.ParseContract(r.Contract); err == nil {
			if r.Underlying != "" {
				c.Underlying = r.Underlying
			}
			f.contract, f.listed = c, true
		}
		l.ids[r.ID] = f
		i := sort.Search(len(l.all), func(i int) bool { return l.all[i].Seen > r.Seen })
		l.all = slices.Insert(l.all, i, f)
	case *Mark:
		if f := l.ids[r.ID]; f != nil && f.written(r.Horizon, r.basis()) == nil {
			f.Marks = append(f.Marks, *r)
		}
	case *Morning:
		if f := l.ids[r.ID]; f != nil && f.Morning == nil {
			f.Morning = r
		}
	case *Revised:
		if f := l.ids[r.ID]; f != nil && f.Revised == 0 {
			f.Revised = r.At
		}
	}
}

// Of is what is known of an alert, nil when there is none.
func (l *Ledger) Of(id string) *Followed { return l.ids[id] }

// All are the alerts, held back ones too, in the order in which they were seen.
func (l *Ledger) All() []*Followed {
	return slices.DeleteFunc(slices.Clone(l.all), func(f *Followed) bool { return f.Control() })
}

// Controls are the flow that matched no rule, in the order in which it was seen.
func (l *Ledger) Controls() (list []*Alert) {
	for _, f := range l.all {
		if f.Control() {
			list = append(list, &f.Alert)
		}
	}
	return list
}

// written is the mark of that basis, nil when there is none. A lost one has no basis.
func (f *Followed) written(h Horizon, b Basis) *Mark {
	if i := slices.IndexFunc(f.Marks, func(m Mark) bool { return m.Horizon == h && m.basis() == b }); i >= 0 {
		return &f.Marks[i]
	}
	return nil
}

// mark is the mark to go by, preferring those that were not lost.
func (f *Followed) mark(h Horizon) (m Mark, ok bool) {
	for _, have := range f.Marks {
		if have.Horizon == h && (!ok || m.Lost != "" && have.Lost == "") {
			m, ok = have, true
		}
	}
	return m, ok
}
