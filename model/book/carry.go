package book

import (
	"errors"
	"slices"

	"optflow/model"
	"optflow/model/image"
)

// Why a Carry is not taken.
var (
	ErrOtherRules = errors.New("recorded under other rules")
	errNoImage    = errors.New("what was carried over is damaged")
)

// Log is a Book as whoever writes its inputs down sees it.
type Log struct{ book *Book }

// LogOf is a Book's.
func LogOf(b *Book) Log { return Log{b} }

// Carry writes all that the Book has come to behind dst: facts, spots, baselines,
// the days still open with their windows and gaps, the sums, and the rows that
// later ones may refer to. A Book with the same contracts under the same numbers
// that is told it, and all that this one is told from now on, is the same.
func (l Log) Carry(dst []byte) []byte {
	m := image.New(slices.Grow(dst, l.size()))
	version, rules := imageVersion, Rules
	image.Int(m, &version)
	image.Int(m, &rules)
	l.book.image(m)
	return m.Bytes()
}

// size is about how many bytes an image takes: to find out on the way costs
// more than to write it.
func (l Log) size() int {
	b := l.book
	const account, facts, row, contract = 260, 200, 85, 4
	n := 1<<12 + len(b.known.facts)*facts + int(b.tape.Appended()-b.tape.Oldest())*row + b.tape.Contracts.Len()*contract
	for _, day := range b.days.list {
		n += day.many * account
	}
	return n
}

func (b *Book) goOn(data []byte) (taken bool, err error) {
	m := image.Read(data)
	var version, rules int
	image.Int(m, &version)
	image.Int(m, &rules)
	switch {
	case !b.fresh():
		return false, nil
	case m.Bad():
		return false, errNoImage
	case version != imageVersion || rules != Rules:
		return false, ErrOtherRules
	}
	b.days.list = nil
	if b.image(m); m.Bad() || m.Left() > 0 {
		return false, errNoImage
	}
	return true, nil
}

// fresh reports whether the Book has been told nothing of a market.
func (b *Book) fresh() bool {
	return b.tape.Appended() == 0 && len(b.known.sources) == 0 && !slices.ContainsFunc(b.days.list, func(d *bookDay) bool { return d.many > 0 })
}

// Moves reports whether an input that the Book is about to be told moves its date,
// and to which: a recorder begins the log of that date before it, with a key that
// carries what the Book has come to, and the input is the first of that log.
func (l Log) Moves(in Input) (to model.Date, moves bool) {
	b := l.book
	to = b.days.date
	switch in := in.(type) {
	case *Bar:
		to = b.days.movedByBar(to, &in.Bar)
	case *Snapshot:
		if in.Mode != ModeEnrich && b.tape.Contracts.At(in.Contract) != nil {
			to = b.days.movedBy(in.Snapshot)
		}
	case *Baseline:
		if to == 0 {
			to = max(to, model.TradingDate(in.Read))
		}
	case *Date:
		to = max(to, in.Date)
	case *Rewind:
		to = min(to, in.Date)
	case *Filled:
		req := &in.Request
		to = max(to, model.TradingDate(req.From))
		if b.days.accountAt(req.Contract, req.From) == nil {
			break // none is looked at
		}
		for i := range in.Bars {
			if bar := &in.Bars[i]; req.holds(bar) {
				to = b.days.movedByBar(to, bar)
			}
		}
	case *Failed:
		to = max(to, model.TradingDate(in.Request.From))
	case *History:
		for i := range in.Bars {
			to = b.days.movedByBar(to, &in.Bars[i])
		}
	}
	return to, to != b.days.date
}

// movedByBar is the date after a bar was heard of.
func (all *days) movedByBar(date model.Date, bar *model.Bar) model.Date {
	if !all.acceptable(bar) {
		return date
	}
	return max(date, model.TradingDate(bar.Start))
}

// movedBy is the date after a snapshot was heard of: the first one says what day
// it is, and one of a later date than the current one that it has begun.
func (all *days) movedBy(s *model.Snapshot) model.Date {
	date := all.date
	if date == 0 {
		date = max(date, model.TradingDate(s.Read))
	}
	if dated(s) && s.DayUpdated <= s.Read+snapshotSlack {
		date = max(date, model.TradingDate(s.DayUpdated))
	}
	return date
}

// Key tells what somebody has to hear first who begins to listen to the inputs
// of this book in the middle of its life: how far time is and what holds from now
// on. Whoever listened all along knows it, and is the same afterwards. The
// contracts so far are the tape's.
func (l Log) Key(tell func(Input)) {
	b := l.book
	for _, s := range b.time.spans {
		tell(&Span{Span: s.span, From: s.from})
	}
	tell(&Delay{Delay: b.time.delay, Delayed: b.time.delayed})
	tell(&Flags{Flags: b.write.flags})
	tell(&Provisional{Alone: b.time.unsure})
	if b.days.date != 0 {
		tell(&Date{Date: b.days.date})
	}
}

// Contracts are those that the book's inputs name by number, in their order.
func (l Log) Contracts(yield func(symbol string) bool) {
	all := l.book.tape.Contracts
	for id := range all.Len() {
		if !yield(all.At(model.ContractID(id)).Symbol) {
			return
		}
	}
}

// Rules is the version of what a Book makes of its inputs. It is raised with each
// change by which the same inputs come to other rows, accounts or totals, so that
// a recording that was made by other rules is not taken for damaged. Processors
// make no difference: products are rounded before anything is added to them.
const Rules = 2
