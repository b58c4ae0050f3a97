package book

import "optflow/model"

// Moves reports whether an input that the Book is about to be told moves its date,
// and to which: a recorder begins the log of that date before it, with a key that
// carries what the Book has come to, and the input is the first of that log.
func (b *Book) Moves(in Input) (to model.Date, moves bool) {
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
		to = b.days.movedTo(to, req.From)
		if b.days.accountAt(req.Contract, req.From) == nil {
			break // none is looked at
		}
		for i := range in.Bars {
			if bar := &in.Bars[i]; req.holds(bar) {
				to = b.days.movedByBar(to, bar)
			}
		}
	case *Failed:
		to = b.days.movedTo(to, in.Request.From)
	case *History:
		for i := range in.Bars {
			to = b.days.movedByBar(to, &in.Bars[i])
		}
	}
	return to, to != b.days.date
}

// movedTo is the date after one that something of a time was heard of.
func (all *days) movedTo(date model.Date, ms int64) model.Date {
	if n := len(all.list); n > 0 && ms >= all.list[n-1].from && ms < all.list[n-1].to {
		return max(date, all.list[n-1].date)
	}
	return max(date, model.TradingDate(ms))
}

func (all *days) movedByBar(date model.Date, bar *model.Bar) model.Date {
	if !all.acceptable(bar) {
		return date
	}
	return all.movedTo(date, bar.Start)
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
