package ledger

import (
	"cmp"
	"slices"

	"optflow/model/session"
)

// Within is how far from its mark, in ms, a quote or spot may be read.
const Within = 60_000

// Due is a mark that is to be read.
type Due struct {
	Of      *Followed
	Horizon Horizon
	At      int64  // ms of market time
	Quote   bool   // its quote is wanted, not only the spot
	Missed  bool   // a minute and more is over: only a rest-quote can fill it
	Lost    string // why there will be none: it is to be written at once
}

// planned is when a horizon is due, or why it never is.
type planned struct {
	horizon Horizon
	at      int64
	why     string
}

// schedule is what is due when by a calendar.
func (f *Followed) schedule(cal *session.Calendar) []planned {
	if f.plan == nil || f.planOf != cal {
		f.plan, f.planOf = make([]planned, 0, 7), cal
		for _, h := range append(Horizons(), InMorning) {
			at, why := f.When(h, cal)
			f.plan = append(f.plan, planned{h, at, why})
		}
	}
	return f.plan
}

// Due are the marks that are due at a market time in ms and not written yet, the
// earliest first. A control is followed by spot alone. With a mark that was
// missed the entry is due as a rest-quote as well, so that both have one basis.
func (l *Ledger) Due(cal *session.Calendar, now int64) (due []Due) {
	for _, f := range l.all {
		for _, p := range f.schedule(cal) {
			if p.why == "" && p.at > now || p.horizon == InMorning && (p.why != "" || f.Morning != nil || f.Control()) {
				continue
			}
			if _, have := f.mark(p.horizon); have {
				continue
			}
			due = append(due, Due{
				Of: f, Horizon: p.horizon, At: p.at, Lost: p.why, Missed: p.why == "" && p.horizon != InMorning && now > p.at+Within,
				Quote: p.why == "" && f.listed && !f.Control() && p.horizon != AtExpiry && p.horizon != InMorning,
			})
		}
		if f.wantsEntry() {
			due = append(due, Due{Of: f, Horizon: Entry, At: f.Seen, Quote: true, Missed: true})
		}
	}
	slices.SortStableFunc(due, func(a, b Due) int { return cmp.Compare(a.At, b.At) })
	return due
}

// wantsEntry reports whether a mark was filled by a rest-quote while the entry
// has none.
func (f *Followed) wantsEntry() bool {
	if f.written(Entry, RestQuote) != nil || f.Quote != nil && f.Quote.Basis == RestQuote {
		return false
	}
	if m, ok := f.mark(Entry); ok && m.Lost != "" {
		return false
	}
	return slices.ContainsFunc(f.Marks, func(m Mark) bool { return m.basis() == RestQuote })
}

// Next is the market time in ms at which the next mark will be due, 0 when none
// will.
func (l *Ledger) Next(cal *session.Calendar, now int64) (next int64) {
	for _, f := range l.all {
		for _, p := range f.schedule(cal) {
			if p.why == "" && p.at > now && (next == 0 || p.at < next) {
				next = p.at
			}
		}
	}
	return next
}
