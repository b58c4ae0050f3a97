package rest

import (
	"slices"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/ticker"
)

// named is the name under which a ticker is followed: the vendor's, once one of
// its spellings was learnt.
func (f *Following) named(name string) string {
	if root := ticker.Key(name); f.contracts.Learnt(root) {
		if known := f.contracts.RootUnderlying(root); ticker.Same(known, name) {
			return known
		}
	}
	return name
}

// found says that the chain's name is the right one: it has contracts. Index is
// whether the vendor says itself that the underlying is one.
func (f *Following) found(ch *Chain, index bool) {
	name := ch.path()
	if index {
		name = f.source.IndexName(name)
	}
	ch.prove(name)
	f.paths[ticker.Key(ch.underlying)] = name
}

// told takes what an answer says of a contract's underlying: the name stated in
// it (""), and the chain or listing of which it is a part. A name that
// contradicts both of the others, the root and the chain, is not believed; nor is
// one of an answer that is part of no chain (asked "") against what was learnt
// already, since one field that is wrong would take a followed ticker's contracts
// away.
func (f *Following) told(m Moment, id model.ContractID, stated, asked string) {
	c := f.contracts.At(id)
	if asked == "" && f.contracts.Learnt(c.Root) && !ticker.Same(stated, c.Underlying) {
		return
	}
	name := stated
	if name == "" || asked != "" && !ticker.Same(name, asked) && ticker.Same(model.UnderlyingOf(c.Root), asked) {
		name = asked
	}
	if name == "" || name == c.Underlying && f.contracts.Learnt(c.Root) {
		f.book.Apply(&book.Learn{Root: c.Root, Name: name}) // takes doubts back
		return
	}
	was := c.Underlying
	in := book.Learn{Root: c.Root, Name: name}
	if f.book.Apply(&in); in.Moved {
		f.moved(m, was, name)
	}
}

// moved follows a root that changed its underlying. Another spelling of a
// followed ticker takes its place.
func (f *Following) moved(m Moment, was, now string) {
	f.Moves++
	ch := f.chains[was]
	switch {
	case ch == nil || !ticker.Same(was, now):
	case f.chains[now] != nil:
		f.leave(m, ch)
	default:
		delete(f.chains, was)
		ch.rename(now)
		f.chains[now] = ch
	}
	f.list()
	if at, found := slices.BinarySearch(f.Known, was); found && ticker.Same(was, now) {
		f.Known = slices.Delete(slices.Clone(f.Known), at, at+1)
	}
	f.HeardOf([]string{now})
	f.changed()
	if !f.Follows(now) {
		f.book.Apply(&book.Forget{Ticker: now})
	}
}
