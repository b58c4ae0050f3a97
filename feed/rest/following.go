package rest

import (
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
	f.Tickers = make([]string, 0, len(f.chains))
	for t := range f.chains {
		f.Tickers = append(f.Tickers, t)
	}
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
