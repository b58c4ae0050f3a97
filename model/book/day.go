package book

import (
	"slices"

	"optflow/model"
	"optflow/model/tape"
)

// openHour and openMinute are when regular trading of U.S. options starts in
// New York; volume of unknown time is told from then on.
const openHour, openMinute = 9, 30

// keepOldDay is how long, in ms after its midnight, yesterday stays open for
// late bars: they are corrected for up to 15 minutes.
const keepOldDay = 30 * int64(model.Minute)

// bookDay holds the accounts of one New York trading date.
type bookDay struct {
	date     model.Date
	from, to int64              // ms: its midnights
	trading  int64              // ms: the regular open
	accounts []*account         // by contract number; nil: not heard of
	many     int                // accounts there are
	notes    []int32            // by contract number, while there is no account: see note
	ledgers  map[string]*ledger // by underlying
	sums     map[string]*sums   // by root
	outages  []outage
	open     []*account // accounts with something missing
	latest   int64      // ms: end of the latest row that is not from the past
	joint    int64      // ms: from when all ledgers count, see join
}

// days are the accounts, by trading date.
type days struct {
	time  *timing
	known *knowledge
	tape  *tape.Writer

	date   model.Date // the current one, 0 before anything is known
	list   []*bookDay
	ghosts map[model.ContractID]*windows // windows of accounts that were forgotten
}

// vague notes that a snapshot did not say of which date its volume is.
const vague = -1

// note remembers of a contract without an account that a snapshot stated no
// volume, with its time in ms after midnight, or that it was vague.
func (d *bookDay) note(id model.ContractID, at int64) {
	for int(id) >= len(d.notes) {
		d.notes = append(d.notes, 0)
	}
	if d.notes[id] == 0 || at > 0 {
		d.notes[id] = int32(min(at, d.to-d.from))
	}
}

// noted is what note remembered, 0 nothing.
func (d *bookDay) noted(id model.ContractID) int32 {
	if int(id) < len(d.notes) {
		return d.notes[id]
	}
	return 0
}

// held is a contract's account, nil when it has none.
func (d *bookDay) held(id model.ContractID) *account {
	if int(id) < len(d.accounts) {
		return d.accounts[id]
	}
	return nil
}

// setOpen keeps the list of accounts with something missing.
func (d *bookDay) setOpen(a *account, open bool) {
	switch {
	case open && a.openAt == 0:
		d.open = append(d.open, a)
		a.openAt = uint32(len(d.open))
	case !open && a.openAt > 0:
		last := len(d.open) - 1
		moved := d.open[last]
		d.open[a.openAt-1] = moved
		moved.openAt = a.openAt
		d.open[last] = nil
		d.open = d.open[:last]
		a.openAt = 0
	}
}

// outage is a time in which neither stream nor polls brought anything.
type outage struct {
	from, to int64
	reason   model.GapReason
}

// set says which trading date is current, when that is not simply the
// calendar day in New York: on a Saturday Friday is still being shown. A bar
// of a later date moves it on.
func (all *days) set(date model.Date) {
	if date > all.date {
		all.date = date
		all.open(date)
		all.tellFull()
	}
}

// Holds reports whether a bar that starts at a time, in ms, has an account to go
// to: that of its own date, if it is open or would be opened.
func (b *Book) Holds(ms int64) bool {
	date := model.TradingDate(ms)
	return date > b.days.date || slices.ContainsFunc(b.days.list, func(d *bookDay) bool { return d.date == date }) || b.days.lateOf(date, ms)
}

// lateOf reports whether a time of the date before the current one is recent
// enough for its day to open again.
func (all *days) lateOf(date model.Date, ms int64) bool {
	return date == all.date-1 && ms >= all.time.now-keepOldDay
}

func (b *Book) rewind(now int64, date model.Date) {
	b.time.now, b.time.event, b.rebuilt = now, min(b.time.event, now), min(b.rebuilt, now)
	if date >= b.days.date {
		return
	}
	b.days.date = date
	b.dropDays(func(d *bookDay) bool {
		return d.date > date && !slices.ContainsFunc(d.accounts, func(a *account) bool { return a != nil && a.windows.len() > 0 })
	})
	b.days.open(date)
	b.days.tellFull()
}

// Date is the current trading date, 0 before anything was heard.
func (b *Book) Date() model.Date { return b.days.date }

// today is the current day, nil before anything was heard.
func (all *days) today() *bookDay {
	for i := len(all.list) - 1; i >= 0; i-- {
		if all.list[i].date == all.date {
			return all.list[i]
		}
	}
	return nil
}

// held is a contract's account of the current day, nil when it has none.
func (all *days) held(id model.ContractID) *account {
	if day := all.today(); day != nil {
		return day.held(id)
	}
	return nil
}

// of is the day that a market time belongs to. A later date than the
// current one opens; one that was dropped, or never held while it was current,
// is nil.
func (all *days) of(ms int64) *bookDay {
	date := model.TradingDate(ms)
	all.set(date)
	for _, day := range slices.Backward(all.list) {
		if day.date == date {
			return day
		}
	}
	if all.lateOf(date, ms) {
		return all.open(date) // a late bar of yesterday, just after midnight
	}
	return nil
}

// open returns the accounts of a date, opening them when they are new. What was
// followed before that date began starts it with past = 0.
func (all *days) open(date model.Date) *bookDay {
	at, found := slices.BinarySearchFunc(all.list, date, func(d *bookDay, date model.Date) int { return int(d.date - date) })
	if found {
		return all.list[at]
	}
	day := newDay(date)
	for name, u := range all.known.sources {
		if u.since < day.from {
			t := day.ledger(name, u)
			t.swept = day.from
			t.join(day.from)
		}
	}
	all.list = slices.Insert(all.list, at, day)
	return day
}

func newDay(date model.Date) *bookDay {
	return &bookDay{
		date:    date,
		from:    date.At(0, 0).UnixMilli(),
		to:      (date + 1).At(0, 0).UnixMilli(),
		trading: date.At(openHour, openMinute).UnixMilli(),
		ledgers: make(map[string]*ledger),
		sums:    make(map[string]*sums),
	}
}

func (b *Book) dropDays(drop func(*bookDay) bool) {
	if !slices.ContainsFunc(b.days.list, drop) {
		return
	}
	gone := func(a *account) bool { return drop(a.day) }
	b.gaps.queue = slices.DeleteFunc(b.gaps.queue, gone)
	b.waiting.list = slices.DeleteFunc(b.waiting.list, gone)
	b.days.list = slices.DeleteFunc(b.days.list, func(d *bookDay) bool {
		if !drop(d) {
			return false
		}
		for _, a := range d.open {
			b.gaps.many -= len(a.holes)
		}
		return true
	})
	clear(b.days.ghosts)
}

func (b *Book) lost(from, to int64, reason model.GapReason) {
	if to < from {
		return
	}
	b.time.now = max(b.time.now, to)
	for _, day := range b.days.list {
		if to < day.from || from >= day.to {
			continue
		}
		day.outages = append(day.outages, outage{from: from, to: to, reason: reason})
		for _, a := range day.accounts {
			if a == nil || a.unknown {
				continue
			}
			if a.heard >= from {
				b.days.place(a)
				b.parts.balance(a, cause{from: a.heard, to: a.heard, before: true})
			}
			a.pinPast()
		}
	}
}

// Heard is the end, in ms, of the newest window that the stream has brought of an
// underlying on the current trading date; 0 none.
func (b *Book) Heard(name string) int64 {
	if day := b.days.today(); day != nil && day.ledgers[name] != nil {
		return day.ledgers[name].heard
	}
	return 0
}

func (b *Book) forget(name string) {
	u := b.known.sources[name]
	if u == nil {
		return
	}
	delete(b.known.sources, name)
	of := func(a *account) bool { return a != nil && a.ledger.u == u }
	for _, day := range b.days.list {
		if l := day.ledgers[name]; l != nil {
			for _, s := range l.roots {
				delete(day.sums, s.root)
			}
			delete(day.ledgers, name)
		}
		for id, a := range day.accounts {
			if of(a) {
				b.days.ghost(a)
				b.gaps.many -= len(a.holes)
				day.setOpen(a, false)
				day.accounts[id] = nil
				day.many--
			}
		}
		for id := range day.notes {
			if c := b.tape.Contracts.At(model.ContractID(id)); c != nil && c.Underlying == name {
				day.notes[id] = 0
			}
		}
	}
	b.gaps.queue = slices.DeleteFunc(b.gaps.queue, of)
	b.waiting.list = slices.DeleteFunc(b.waiting.list, of)
	b.days.tellFull()
}

// ghost remembers which windows of a forgotten account are on the tape, so
// that the same window heard again becomes a version of that row and not a
// second row of the same identity.
func (all *days) ghost(a *account) {
	if a.day.date == all.date && len(a.windows.hot) > 0 {
		old := a.windows
		if before := all.ghosts[a.id]; before != nil {
			for _, w := range before.hot {
				if _, found := old.find(w.start); !found {
					old.insert(w)
				}
			}
		}
		all.ghosts[a.id] = &old
	}
}
