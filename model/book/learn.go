package book

import (
	"maps"
	"slices"

	"optflow/model"
	"optflow/model/ticker"
	"optflow/model/twin"
)

func (b *Book) learn(root, name string) (moved bool) {
	was := b.tape.Registry.RootUnderlying(root)
	if !b.tape.Registry.Learn(root, name) {
		return false
	}
	b.move(root, was, name)
	return true
}

func (b *Book) expect(name string) {
	moved := b.tape.Registry.Expect(name)
	for _, root := range slices.Sorted(maps.Keys(moved)) {
		b.move(root, moved[root], name)
	}
}

// contract numbers a contract that was named.
func (b *Book) contract(symbol string, traded bool) (model.ContractID, error) {
	if traded {
		return b.tape.Registry.InternTraded(symbol)
	}
	return b.tape.Registry.Intern(symbol)
}

// move gives a root's accounts to another underlying.
func (b *Book) move(root, was, name string) {
	old := b.sources[was]
	if old == nil {
		return // nothing is booked
	}
	for _, day := range b.days {
		b.moveDay(day, root, was, name)
	}
	if !ticker.Same(was, name) {
		return
	}
	// Another spelling, and so the same share with the same price.
	if u := b.sources[name]; u != nil && !(u.spot > 0) {
		u.setSpot(old.spot, old.spotTime, old.delayed)
	}
	if !slices.ContainsFunc(b.days, func(d *bookDay) bool { return d.ledgers[was] != nil }) {
		delete(b.sources, was)
	}
}

func (b *Book) moveDay(day *bookDay, root, was, name string) {
	s, from := day.sums[root], day.ledgers[was]
	if s == nil || from == nil || !slices.Contains(from.roots, s) {
		return
	}
	fresh := day.ledgers[name] == nil
	to := day.ledger(name, b.source(name, from.u.since))
	from.roots = slices.DeleteFunc(from.roots, func(other *sums) bool { return other == s })
	to.roots = append(to.roots, s)
	whole := fresh && len(from.roots) == 0
	if whole {
		to.twins, from.twins = from.twins, twin.Index{}
	}
	if whole && ticker.Same(was, name) {
		to.swept, to.heard, to.counts = from.swept, from.heard, from.counts
		delete(day.ledgers, was)
	}
	for _, a := range day.accounts {
		switch {
		case a == nil || a.sums != s:
		case whole:
			a.ledger = to
		default:
			b.moveTwins(a, to)
		}
	}
}

// moveTwins gives an account to another underlying, whose windows are now what
// its own are twins of, or are not.
func (b *Book) moveTwins(a *account, to *ledger) {
	var seqs []uint64
	for i := range a.windows.hot {
		row := b.tape.Written(a.windows.hot[i].seq)
		if row == nil || !twin.Possible(row) {
			continue
		}
		left, was := a.ledger.twins.Take(row.Start, row.Size, a.id)
		if !was {
			continue
		}
		if left == 1 {
			b.flowOther(a, row, 1)
		}
		if left > 0 {
			a.sums.rowFlow(a.call, row, 1)
		}
		seqs = append(seqs, a.windows.hot[i].seq)
	}
	a.ledger = to
	for _, seq := range seqs {
		row := b.tape.Written(seq)
		together := to.twins.Put(row.Start, row.Size, a.id, seq)
		if together == 2 {
			b.flowOther(a, row, -1)
		}
		if together > 1 {
			a.sums.rowFlow(a.call, row, -1)
		}
	}
}

func (b *Book) shares(id model.ContractID, shares float64, more bool) {
	contracts := b.tape.Registry
	if contracts.SetShares(id, shares) {
		b.revalue(id)
	}
	if more {
		for _, id := range contracts.SetMore(contracts.At(id).Root) {
			b.revalue(id)
		}
	}
}

// revalue books a contract by the multiplier that it has now.
func (b *Book) revalue(id model.ContractID) {
	if int(id) >= len(b.facts) || b.facts[id] == nil {
		return
	}
	f := b.facts[id]
	times := b.tape.Contracts.At(id).Multiplier() / f.multiplier
	if times == 1 {
		return
	}
	f.multiplier *= times
	for _, day := range b.days {
		if a := day.held(id); a != nil {
			b.reprice(a, times)
		}
	}
}

// reprice puts new versions of an account's rows on the tape, at so many times
// their premium.
func (b *Book) reprice(a *account, times float64) {
	for i := range a.windows.hot {
		w := &a.windows.hot[i]
		old := b.tape.Written(w.seq)
		if old == nil {
			continue
		}
		row := b.tape.Slot()
		*row = *old
		w.revision++
		row.Revision = w.revision
		row.Premium *= times
		w.seq = b.append(a, row, w.seq)
	}
	for i := range a.polls {
		p := &a.polls[i]
		p.premium *= times
		if b.tape.Written(p.seq) != nil {
			p.revision++
			b.printPoll(a, p)
		}
	}
	a.sums.book(a)
}
