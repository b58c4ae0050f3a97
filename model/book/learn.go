package book

import (
	"maps"
	"slices"

	"optflow/model"
	"optflow/model/tape"
	"optflow/model/ticker"
	"optflow/model/twin"
)

func (b *Book) learn(root, name string) (moved bool) {
	was := b.tape.Registry.RootUnderlying(root)
	if !b.tape.Registry.Learn(root, name) {
		return false
	}
	b.renaming.move(root, was, name)
	return true
}

func (b *Book) expect(name string) {
	moved := b.tape.Registry.Expect(name)
	for _, root := range slices.Sorted(maps.Keys(moved)) {
		b.renaming.move(root, moved[root], name)
	}
}

// renaming carries over to the accounts what turned out to be otherwise than was
// thought: the underlying of a root, the multiplier of a contract.
type renaming struct {
	known *knowledge
	days  *days
	write *rowWriter
	tape  *tape.Writer
}

// move gives a root's accounts to another underlying.
func (r *renaming) move(root, was, name string) {
	old := r.known.sources[was]
	if old == nil {
		return // nothing is booked
	}
	for _, day := range r.days.list {
		r.moveDay(day, root, was, name)
	}
	if !ticker.Same(was, name) {
		return
	}
	// Another spelling, and so the same share with the same price.
	if u := r.known.sources[name]; u != nil && !(u.spot > 0) {
		u.setSpot(old.spot, old.spotTime, old.delayed)
	}
	if !slices.ContainsFunc(r.days.list, func(d *bookDay) bool { return d.ledgers[was] != nil }) {
		delete(r.known.sources, was)
	}
}

func (r *renaming) moveDay(day *bookDay, root, was, name string) {
	s, from := day.sums[root], day.ledgers[was]
	if s == nil || from == nil || !slices.Contains(from.roots, s) {
		return
	}
	fresh := day.ledgers[name] == nil
	to := day.ledger(name, r.known.source(name, from.u.since))
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
			r.moveTwins(a, to)
		}
	}
}

// moveTwins gives an account to another underlying, whose windows are now what
// its own are twins of, or are not.
func (r *renaming) moveTwins(a *account, to *ledger) {
	var seqs []uint64
	for i := range a.windows.hot {
		row := r.tape.Written(a.windows.hot[i].seq)
		if row == nil || !twin.Possible(row) {
			continue
		}
		left, was := a.ledger.twins.Take(row.Start, row.Size, a.id)
		if !was {
			continue
		}
		if left == 1 {
			r.write.flowOther(a, row, 1)
		}
		if left > 0 {
			a.sums.rowFlow(a.call, row, 1)
		}
		seqs = append(seqs, a.windows.hot[i].seq)
	}
	a.ledger = to
	for _, seq := range seqs {
		row := r.tape.Written(seq)
		together := to.twins.Put(row.Start, row.Size, a.id, seq)
		if together == 2 {
			r.write.flowOther(a, row, -1)
		}
		if together > 1 {
			a.sums.rowFlow(a.call, row, -1)
		}
	}
}

func (b *Book) shares(id model.ContractID, shares float64, more bool) {
	contracts := b.tape.Registry
	if contracts.SetShares(id, shares) {
		b.renaming.revalue(id)
	}
	if more {
		for _, id := range contracts.SetMore(contracts.At(id).Root) {
			b.renaming.revalue(id)
		}
	}
}

// revalue books a contract by the multiplier that it has now.
func (r *renaming) revalue(id model.ContractID) {
	if int(id) >= len(r.known.facts) || r.known.facts[id] == nil {
		return
	}
	f := r.known.facts[id]
	times := r.tape.Contracts.At(id).Multiplier() / f.multiplier
	if times == 1 {
		return
	}
	f.multiplier = float64(f.multiplier * times)
	for _, day := range r.days.list {
		if a := day.held(id); a != nil {
			r.reprice(a, times)
		}
	}
}

// reprice puts new versions of an account's rows on the tape, at so many times
// their premium.
func (r *renaming) reprice(a *account, times float64) {
	for i := range a.windows.hot {
		w := &a.windows.hot[i]
		if old := r.tape.Written(w.seq); old != nil {
			r.write.again(a, w, old, func(row *model.Row) { row.Premium = float64(row.Premium * times) })
		}
	}
	for i := range a.polls {
		p := &a.polls[i]
		p.premium = float64(p.premium * times)
		if r.tape.Written(p.seq) != nil {
			p.revision++
			r.write.poll(a, p)
		}
	}
	a.sums.book(a)
}
