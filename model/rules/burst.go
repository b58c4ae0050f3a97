package rules

import (
	"optflow/model"
	"optflow/model/burst"
)

// memo is what is remembered of a burst while it has a handle.
type memo struct {
	grown int64 // ms of market time of its last growth
	size  uint32
	told  bool // as unmatched
}

// standing says whether a version may fire.
type standing uint8

const (
	never standing = iota // past, backfilled, struck, polled while that is not steady
	late                  // older than a minute
	live
)

// Burst tells a version of a burst of 10 s, as burst.Set.Drain gives it after
// each row. By is the row that changed it.
func (e *Evaluator) Burst(change burst.Change, b *burst.Burst, by *model.Row) {
	row := &b.Burst
	if row.Kind == model.KindGap {
		return
	}
	c := e.contracts.At(row.Contract)
	if c == nil || model.TradingDate(row.Start) < e.date {
		return
	}
	e.newest = max(e.newest, row.End())
	if change.Kind == burst.Went {
		e.struck(c, row, by)
		return
	}
	m := e.memo(change)
	if m.size != row.Size {
		m.size, m.grown = row.Size, e.now.Now
	}
	var fired []*firing
	if len(e.fired) > 0 {
		if fired = e.fired[c.Symbol]; fired != nil {
			e.follow(fired, change, c, row, by)
		}
	}
	stands := e.stands(&row.Row, by)
	done := e.bits[int(change.ID)*2*e.stride:]
	lacking := done[e.stride:]
	matched := false
	for i, a := range e.rules {
		word, bit := i/64, uint64(1)<<(i%64)
		if a.On != OnBurst {
			continue
		}
		if done[word]&bit != 0 {
			matched = matched || a.Over == nil // a tab that rings leaves flow to compare with
			continue
		}
		if row.Start < a.since || a.Over != nil && row.Premium < a.Over.FloorOf(c.Underlying) {
			continue
		}
		switch a.When.Match(row, c, e.now.Now) {
		case model.False:
			if lacking[word]&bit != 0 {
				lacking[word] &^= bit
				a.stats.Lacked--
			}
			continue
		case model.Unknowable:
			if stands != never && lacking[word]&bit == 0 {
				lacking[word] |= bit
				a.stats.Lacked++
				a.stats.Lacks |= a.When.Lacks(row, c, e.now.Now)
			}
			continue
		}
		if a.waits && e.now.Now > m.grown+sureWait && !a.trueUnsure(row, c, e.now.Now) {
			continue // the quote came too late: it is not sure
		}
		matched = matched || a.Over == nil
		done[word] |= bit
		if lacking[word]&bit != 0 {
			lacking[word] &^= bit
			a.stats.Lacked--
		}
		if stands == never || stands == late && !a.Late || e.shares(fired, a.Version, row) {
			continue
		}
		e.remember(e.fire(a, row, c, occasion{first: row.Start, date: model.TradingDate(row.Start), late: stands == late}), row, by)
	}
	if e.options.Control && b.Over && !matched && !m.told && stands == live {
		e.unmatched(m, row, c)
	}
}

// memo is the memory of a burst's handle, empty for a new burst.
func (e *Evaluator) memo(change burst.Change) *memo {
	if n := int(change.ID) + 1; n > len(e.memos) {
		e.memos = append(e.memos, make([]memo, n-len(e.memos))...)
		e.bits = append(e.bits, make([]uint64, n*2*e.stride-len(e.bits))...)
	}
	if change.Kind == burst.Added {
		e.memos[change.ID] = memo{}
		clear(e.bits[int(change.ID)*2*e.stride : (int(change.ID)+1)*2*e.stride])
	}
	return &e.memos[change.ID]
}

// move gives the rules in force their places in the memory of bursts.
func (e *Evaluator) move(before []*active) {
	old, was := e.bits, e.stride
	e.stride = (len(e.rules) + 63) / 64
	e.bits = make([]uint64, len(e.memos)*2*e.stride)
	for i, a := range e.rules {
		for _, b := range before {
			if b.Version != a.Version {
				continue
			}
			for id := range e.memos {
				for half := range 2 {
					if old[(id*2+half)*was+b.bit/64]&(1<<(b.bit%64)) != 0 {
						e.bits[(id*2+half)*e.stride+i/64] |= 1 << (i % 64)
					}
				}
			}
			break
		}
	}
}

// stands judges a version by the row that brought it. What changed through
// another contract's, as twins and ranks do, is judged by itself.
func (e *Evaluator) stands(row, by *model.Row) standing {
	if by.Contract != row.Contract {
		by = row
		if row.Source == model.SourceREST {
			return never
		}
	}
	switch {
	case (row.Flags|by.Flags)&model.FlagPast != 0, row.Source == model.SourceBackfill, by.Source == model.SourceBackfill, by.Size == 0:
		return never
	case by.Source == model.SourceREST && !(e.now.Polling && by.Start >= e.polling && int64(by.Span) <= 2*e.now.PollEvery):
		return never
	case e.now.Now-e.now.Delayed-by.End() > lateAfter:
		return late
	}
	return live
}

// trueUnsure reports whether the filter takes a row even if its side is not sure.
func (a *active) trueUnsure(row *model.Burst, c *model.Contract, now int64) bool {
	r := *row
	r.Certainty = min(r.Certainty, model.CertaintyFair)
	return a.When.Match(&r, c, now) == model.True
}

// unmatched says that no rule takes a burst over the floor.
func (e *Evaluator) unmatched(m *memo, row *model.Burst, c *model.Contract) {
	m.told = true
	e.events = append(e.events, Event{
		Kind: Unmatched, ID: ID("", c.Symbol, e.date, row.Start), At: e.now.Now, Row: *row, Contract: c, Date: model.TradingDate(row.Start), First: row.Start,
	})
}
