package rest

import (
	"maps"
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/ticker"
)

// Following is which underlyings are followed, each with its chain, and by which
// names the vendor knows them. Its lists are replaced and never changed, since
// published states hold them.
type Following struct {
	Tickers []string // followed, sorted
	Known   []string // underlyings heard of, sorted
	Moves   uint64   // times that contracts changed their underlying

	source    nameSource
	contracts *model.Registry
	book      teller
	budget    *Budget
	changed   func() // who is followed, or whose contracts some are
	chains    map[string]*Chain
	paths     map[string]string // by ticker.Key: the name under which a chain was found
}

// Follows says whether an underlying is followed.
func (f *Following) Follows(underlying string) bool {
	_, ok := f.chains[underlying]
	return ok
}

// all are the chains in the order of their names.
func (f *Following) all(yield func(*Chain) bool) {
	for _, t := range f.Tickers {
		if !yield(f.chains[t]) {
			return
		}
	}
}

// set makes the given tickers the ones followed and returns the new chains.
func (f *Following) set(m Moment, tickers []string) (fresh []*Chain) {
	wanted := map[string]string{} // by name: as typed, without and with the prefix of an index
	for _, typed := range tickers {
		if name := ticker.Vendor(typed); name != "" {
			name = f.named(name)
			if typed = strings.ToUpper(strings.TrimSpace(typed)); ticker.Bare(typed) == typed {
				typed = name
			}
			wanted[name] = typed
		}
	}
	for t, ch := range f.chains {
		if wanted[t] == "" {
			f.leave(m, ch)
		}
	}
	for t, typed := range wanted {
		if f.chains[t] == nil {
			f.book.Apply(&book.Expect{Name: t})
			f.chains[t] = f.newChain(t, typed)
			fresh = append(fresh, f.chains[t])
		}
	}
	slices.SortFunc(fresh, func(a, b *Chain) int { return strings.Compare(a.underlying, b.underlying) })
	f.list()
	f.HeardOf(f.Tickers)
	f.changed()
	return fresh
}

// newChain is what a ticker's following starts with. A name with "I:" before it
// was typed that way.
func (f *Following) newChain(name, typed string) *Chain {
	ch := &Chain{underlying: name, asks: f.source.ChainNames(typed), lists: f.source.ListingNames(typed)}
	if found := f.paths[ticker.Key(name)]; found != "" {
		ch.asks = []string{found}
	}
	return ch
}

// leave ends a ticker's following.
func (f *Following) leave(m Moment, ch *Chain) {
	delete(f.chains, ch.underlying)
	f.budget.Drop(m, func(j *Job) bool { return j.Owner == ch })
	f.book.Apply(&book.Forget{Ticker: ch.underlying})
}

// list lists what is followed.
func (f *Following) list() {
	f.Tickers = slices.AppendSeq(make([]string, 0, len(f.chains)), maps.Keys(f.chains))
	slices.Sort(f.Tickers)
}

// HeardOf adds underlyings to those known.
func (f *Following) HeardOf(underlyings []string) {
	var fresh []string
	for _, u := range underlyings {
		if _, found := slices.BinarySearch(f.Known, u); !found {
			fresh = append(fresh, u)
		}
	}
	if len(fresh) > 0 {
		known := append(fresh, f.Known...)
		slices.Sort(known)
		f.Known = slices.Compact(known)
	}
}

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
	if name == "" || asked != "" && !ticker.Same(name, asked) && ticker.Same(ticker.OfRoot(c.Root), asked) {
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

// Recovered says that the accounts are those of the run before, whose last state it
// was. A ticker whose accounts are whole has its baseline: what traded meanwhile is
// missing, and not the past. Who is no longer followed leaves them.
func (d *Desk) Recovered(last *model.State, whole func(underlying string) bool) {
	for ch := range d.Following.all {
		if whole(ch.underlying) {
			ch.baseline, ch.goesOn = true, true
		}
	}
	for _, t := range last.Tickers {
		if !d.Following.Follows(t) {
			d.Following.book.Apply(&book.Forget{Ticker: t})
		}
	}
	d.Following.HeardOf(last.Known)
	d.History.Covers = last.Covers
}
