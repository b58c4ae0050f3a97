package book

// parts divides the volume of accounts.
type parts struct {
	time  *timing
	write *rowWriter
	gaps  *gaps
}

// balance derives the parts of an account from what was heard, in this order:
//
//	day     the largest day volume heard, and never less than what is proven
//	exact   the bars held
//	polled  what polls said, as far as the bars leave room
//	past    what was there before we looked, as far as the rest leaves room,
//	        and no less than the rows that are marked so
//	missing the remainder
//
// and moves the difference into polled rows and gap holes. It is called after
// every change; c says what time the change spoke of.
func (ps *parts) balance(a *account, c cause) {
	if a.history > 0 {
		ps.settlePast(a)
	}
	candidate := a.candidate()
	before := a.total
	a.total = max(a.volume, a.exact+a.history, candidate)
	if n := len(a.polls); n > 0 && (c.from < a.polls[n-1].end || candidate+a.exact+a.polled > a.total || a.lent > 0 && a.total > before) {
		ps.giveWay(a, candidate)
	}
	a.past = min(candidate, a.total-a.exact-a.polled)
	missing := a.total - a.past - a.exact - a.polled
	switch delta := missing - a.missing; {
	case delta > 0:
		ps.gaps.miss(a, delta, c, a.total > before)
	case delta < 0:
		ps.gaps.fill(a, -delta, c)
	}
	a.missing = missing
	a.sums.book(a)
}

// miss adds volume that is missing. The day having grown says that it traded
// before the statement, and a late bar states the volume of its arrival.
// Otherwise an earlier bar turned up, and it traded between that one and the
// next.
func (gs *gaps) miss(a *account, amount int64, c cause, grown bool) {
	from, to := c.to, c.to
	switch {
	case grown && c.late && c.again:
		to = gs.time.stated()
		from = gs.coveredUntil(a, to)
	case grown && c.late:
		from, to = gs.coveredUntil(a, c.from), gs.time.stated()
	case grown, c.before:
		from = gs.coveredUntil(a, c.from)
	case c.again: // a correction took volume back out of its window
		from = c.from
	default:
		if next, ok := a.windows.nextStart(a.offset(c.to)); ok {
			to = a.day.from + int64(next)
		}
		if to <= from {
			from = c.from
		}
	}
	span := int64(gs.time.spanAt(from))
	from -= mod(from, span)
	to += mod(-to, span)
	if to <= from {
		to = from + span
	}
	gs.addPending(a, amount, from, to)
}

// coveredUntil is the last time before a statement up to which the account was
// known to be whole, or what was missing had been noticed. A statement of REST
// surely counts the windows that had ended before its millisecond; one that ended at
// that very one, perhaps.
func (gs *gaps) coveredUntil(a *account, before int64) int64 {
	at := a.day.from
	if before > a.day.trading {
		at = a.day.trading
	}
	if !a.unknown { // what traded before the ticker was followed is past
		at = max(at, min(before, a.ledger.u.since-snapshotSlack))
	}
	if end, ok := a.windows.lastEnd(a.offset(before)); ok {
		at = max(at, a.day.from+int64(end))
	}
	if a.baseline >= 0 && !a.unknown && a.baseAt <= before {
		at = max(at, a.baseAt-1)
	}
	if a.covered <= before {
		at = max(at, a.covered-1)
	}
	for i := len(a.polls) - 1; i >= 0; i-- {
		if asOf := a.polls[i].asOf; asOf <= before {
			return max(at, asOf-1)
		}
	}
	return at
}

// offset is a market time in ms after the account's midnight, within its day.
func (a *account) offset(ms int64) int32 {
	return int32(min(max(ms, a.day.from), a.day.to) - a.day.from)
}

// mod is the remainder that is never negative.
func mod(x, n int64) int64 {
	if x %= n; x < 0 {
		x += n
	}
	return x
}

// fill takes volume that is no longer missing out of the holes: first those
// that the change fell in, then pending ones, then gaps, oldest first.
func (gs *gaps) fill(a *account, amount int64, c cause) {
	pass := func(takes func(*hole) bool) {
		for i := 0; i < len(a.holes) && amount > 0; i++ {
			if g := &a.holes[i]; g.amount > 0 && takes(g) {
				part := min(amount, g.amount)
				amount -= part
				gs.resize(a, g, g.amount-part)
			}
		}
	}
	if !c.poll {
		pass(func(g *hole) bool { return g.from < c.to && c.from < g.to })
	}
	pass(func(g *hole) bool { return g.pending })
	pass(func(g *hole) bool { return g.to > c.from }) // a late trade is missed after its window, not before
	pass(func(*hole) bool { return true })
	gs.sweep(a)
}
