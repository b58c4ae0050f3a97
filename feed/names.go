package feed

import (
	"slices"

	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/ticker"
)

// names are what was learnt in this run of how the vendor calls the tickers.
type names struct {
	chains map[string]string // by ticker.Key: the name under which the chain was found
	terms  map[string]bool   // roots whose listing was asked for
	moved  uint64            // times that contracts changed their underlying
}

// named is the name under which a ticker is followed: the vendor's, once one of
// its spellings was learnt.
func (e *Engine) named(name string) string {
	if root := ticker.Key(name); e.tape.Contracts.Learnt(root) {
		if known := e.tape.Contracts.RootUnderlying(root); ticker.Same(known, name) {
			return known
		}
	}
	return name
}

// newChain is what a ticker's following starts with. A name with "I:" before it
// was typed that way.
func (e *Engine) newChain(name, typed string) *chain {
	ch := &chain{underlying: name, asks: massive.ChainNames(typed), lists: massive.ListingNames(typed)}
	if found := e.names.chains[ticker.Key(name)]; found != "" {
		ch.asks = []string{found}
	}
	return ch
}

// path is the name by which the vendor is asked for the chain.
func (ch *chain) path() string { return ch.asks[ch.ask] }

// found says that the chain's name is the right one: it has contracts. Index is
// whether the vendor says itself that the underlying is one.
func (e *Engine) found(ch *chain, index bool) {
	path := ch.path()
	if bare := ticker.Bare(path); index && path == bare {
		path = "I:" + bare
	}
	if ch.proven && ch.path() == path {
		return
	}
	ch.proven, ch.asks, ch.ask = true, []string{path}, 0
	if e.names.chains == nil {
		e.names.chains = make(map[string]string)
	}
	e.names.chains[ticker.Key(ch.underlying)] = path
}

// otherwise asks for a chain under its next name when nothing was found under
// this one. It is false when all of them were tried.
func (e *Engine) otherwise(ch *chain, p *page, c rest.Class, run *sweep) bool {
	if ch.proven || run == nil || run.rows > 0 {
		return false
	}
	if ch.ask++; ch.ask == len(ch.asks) {
		ch.ask = 0
		return false
	}
	e.readPage(ch, p, c, run)
	return true
}

// told takes what an answer says of a contract's underlying: the name stated in
// it (""), and the chain or listing of which it is a part. A name that
// contradicts both of the others, the root and the chain, is not believed; nor is
// one of an answer that is part of no chain (asked "") against what was learnt
// already, since one field that is wrong would take a followed ticker's contracts
// away.
func (e *Engine) told(id model.ContractID, stated, asked string) {
	c := e.tape.Contracts.At(id)
	if asked == "" && e.tape.Contracts.Learnt(c.Root) && !ticker.Same(stated, c.Underlying) {
		return
	}
	name := stated
	if name == "" || asked != "" && !ticker.Same(name, asked) && ticker.Same(model.UnderlyingOf(c.Root), asked) {
		name = asked
	}
	if name == "" || name == c.Underlying && e.tape.Contracts.Learnt(c.Root) {
		e.tape.Contracts.Learn(c.Root, name) // takes doubts back
		return
	}
	was := c.Underlying
	if e.book.Learn(c.Root, name) {
		e.moved(was, name)
	}
}

// moved follows a root that changed its underlying. Another spelling of a
// followed ticker takes its place.
func (e *Engine) moved(was, now string) {
	e.names.moved++
	e.dirty = true
	e.subs.review()
	ch := e.chains[was]
	switch {
	case ch == nil || !ticker.Same(was, now):
	case e.chains[now] != nil:
		e.unfollow(was)
	default:
		e.rename(ch, now)
	}
	e.listTickers()
	if at, found := slices.BinarySearch(e.known, was); found && ticker.Same(was, now) {
		e.known = slices.Delete(slices.Clone(e.known), at, at+1)
	}
	e.heardOf([]string{now})
	e.decoder.Refollow()
	if !e.follows(now) {
		e.book.Forget(now)
	}
}

// rename goes on with a chain under another name.
func (e *Engine) rename(ch *chain, name string) {
	was := ch.underlying
	delete(e.chains, was)
	ch.underlying = name
	e.chains[name] = ch
	for _, p := range ch.pages {
		p.underlying = name
	}
	e.budget.Rename(was, name)
	for _, pasts := range []map[string]int64{e.history.wanted, e.history.missed} {
		if to, is := pasts[was]; is {
			delete(pasts, was)
			pasts[name] = to
		}
	}
}

// listTickers lists what is followed.
func (e *Engine) listTickers() {
	e.tickers = make([]string, 0, len(e.chains))
	for t := range e.chains {
		e.tickers = append(e.tickers, t)
	}
	slices.Sort(e.tickers)
}

// instead follows the underlying that all contracts of a chain turned out to be
// of: the name asked for is one of its roots.
func (e *Engine) instead(ch *chain, name string) {
	e.note("options of " + ch.underlying + " are those of " + name + ", which is followed instead")
	tickers := []string{name}
	for _, t := range e.tickers {
		if t != ch.underlying {
			tickers = append(tickers, t)
		}
	}
	e.follow(tickers)
}
