package rest

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"optflow/feed/source"
	"optflow/model"
)

// A page of the chain snapshot holds at most 250 contracts. Pages are planned
// for fewer, so that new listings fit in.
const (
	pageLimit = 250
	pagePlan  = 230
)

// page is one request for a part of a chain: a range of expiries, or a band of
// strikes of one expiry. The pages of an underlying cover all expiries and
// strikes there can be, so that new listings turn up in one of them.
type page struct {
	underlying  string
	from, to    model.Date // expiries, both included; 0 open
	low, high   int32      // strikes in thousandths, high excluded; 0 open
	contracts   int
	volume      int64 // of the day, when it was last read
	read        time.Time
	hot         bool // its volume had changed when it was last read
	outstanding bool
	walk        source.Walk // along its parts
}

// planPages divides a chain into pages. The contracts may be in any order.
func planPages(underlying string, contracts []*model.Contract) []*page {
	chain := slices.Clone(contracts)
	slices.SortFunc(chain, func(a, b *model.Contract) int {
		return cmp.Or(cmp.Compare(a.Expiry, b.Expiry), cmp.Compare(a.Strike, b.Strike))
	})
	var pages []*page
	var open *page // a page of whole expiries that may still grow
	add := func(p *page) *page {
		pages = append(pages, p)
		return p
	}
	for len(chain) > 0 {
		expiry := chain[0].Expiry
		n := 0
		for n < len(chain) && chain[n].Expiry == expiry {
			n++
		}
		switch {
		case open != nil && open.contracts+n <= pagePlan:
			open.to, open.contracts = expiry, open.contracts+n
		case n <= pagePlan:
			open = add(&page{underlying: underlying, from: expiry, to: expiry, contracts: n})
		default:
			open = nil
			bands(chain[:n], func(low, high int32, count int) {
				add(&page{underlying: underlying, from: expiry, to: expiry, low: low, high: high, contracts: count})
			})
		}
		chain = chain[n:]
	}
	if len(pages) == 0 {
		return []*page{{underlying: underlying}}
	}
	stretch(pages)
	return pages
}

// bands divides one expiry, sorted by strike, into bands that adjoin; the
// outer ones are open.
func bands(chain []*model.Contract, yield func(low, high int32, count int)) {
	var low int32
	count := 0
	for i := 0; i < len(chain); {
		strike := chain[i].Strike
		n := i
		for n < len(chain) && chain[n].Strike == strike {
			n++
		}
		if count > 0 && count+n-i > pagePlan {
			yield(low, strike, count)
			low, count = strike, 0
		}
		count += n - i
		i = n
	}
	yield(low, 0, count)
}

// stretch closes the holes between expiries and opens both ends. The bands of
// one expiry all get the same range, so that the pages still part the chain.
func stretch(pages []*page) {
	var next model.Date // first expiry of the group behind
	for i := len(pages) - 1; i >= 0; i-- {
		p := pages[i]
		if i < len(pages)-1 && pages[i+1].from != p.from {
			next = pages[i+1].from
		}
		p.to = 0
		if next != 0 {
			p.to = next - 1
		}
	}
	first := pages[0].from
	for _, p := range pages {
		if p.from == first {
			p.from = 0
		}
	}
}

// pageOf finds the page that a contract belongs on, nil when there is none. The
// pages are as planPages made them: by expiry, then by strike.
func pageOf(pages []*page, c *model.Contract) *page {
	i := sort.Search(len(pages), func(i int) bool {
		p := pages[i]
		return (p.to == 0 || c.Expiry <= p.to) && (p.high == 0 || c.Strike < p.high || c.Expiry < p.from)
	})
	if i < len(pages) && pages[i].covers(c) {
		return pages[i]
	}
	return nil
}

// covers says whether a contract belongs on the page.
func (p *page) covers(c *model.Contract) bool {
	return c.Underlying == p.underlying &&
		(p.from == 0 || c.Expiry >= p.from) && (p.to == 0 || c.Expiry <= p.to) &&
		(p.low == 0 || c.Strike >= p.low) && (p.high == 0 || c.Strike < p.high)
}
