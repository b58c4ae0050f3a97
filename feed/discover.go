package feed

import (
	"context"
	"slices"
	"strings"

	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/ticker"
)

// follows says whether an underlying is followed.
func (e *Engine) follows(underlying string) bool {
	_, ok := e.chains[underlying]
	return ok
}

// follow makes the given tickers the ones followed.
func (e *Engine) follow(tickers []string) {
	wanted := map[string]string{} // by name: as typed, without and with the prefix of an index
	for _, typed := range tickers {
		if name := ticker.Vendor(typed); name != "" {
			name = e.named(name)
			if typed = strings.ToUpper(strings.TrimSpace(typed)); ticker.Bare(typed) == typed {
				typed = name
			}
			wanted[name] = typed
		}
	}
	for t := range e.chains {
		if wanted[t] == "" {
			e.unfollow(t)
		}
	}
	var fresh []string
	for t, typed := range wanted {
		if e.chains[t] == nil {
			e.book.Expect(t)
			e.chains[t] = e.newChain(t, typed)
			fresh = append(fresh, t)
		}
	}
	slices.Sort(fresh)
	e.listTickers()
	e.heardOf(e.tickers)
	e.decoder.Refollow()
	e.subs.review()
	e.dirty = true
	if e.machine.phase == model.PhaseIdle || e.paused() {
		return // the start, or the next poll by hand, reads them
	}
	for _, t := range fresh {
		e.sweep(e.chains[t], rest.ForUser)
	}
	e.pumpSubscriptions()
}

func (e *Engine) unfollow(ticker string) {
	delete(e.chains, ticker)
	e.budget.Drop(e.moment(), func(j *rest.Job) bool { return j.Owner == ticker })
	for id := range e.history.asked { // followed again it wants its past again
		if e.tape.Contracts.At(id).Underlying == ticker {
			delete(e.history.asked, id)
		}
	}
	e.book.Forget(ticker)
}

// heardOf adds underlyings to those known. The list is replaced, not changed:
// published states hold it.
func (e *Engine) heardOf(underlyings []string) {
	var fresh []string
	for _, u := range underlyings {
		if _, found := slices.BinarySearch(e.known, u); !found {
			fresh = append(fresh, u)
		}
	}
	if len(fresh) > 0 {
		known := append(fresh, e.known...)
		slices.Sort(known)
		e.known = slices.Compact(known)
	}
	e.dirty = true
}

// discover makes sure that the contracts of every followed ticker are known by
// name: by the chain sweep, or by the listing where the plan has no chains.
func (e *Engine) discover() {
	for _, t := range e.tickers {
		ch := e.chains[t]
		switch {
		case e.plan.NoSnapshots:
			e.list(ch, "")
		case !ch.baseline:
			e.sweep(ch, rest.ForUser)
		}
	}
}

// list reads the contracts of an underlying from the reference listing.
func (e *Engine) list(ch *chain, next string) {
	if ch.listed {
		return
	}
	if next == "" {
		ch.walk = massive.Walk{}
	}
	name, more := ch.lists[0], len(ch.lists) > 1
	var page massive.ListingPage
	e.budget.Add(&rest.Job{
		Class: rest.ForSweep, Key: "list/" + ch.underlying + "/" + next, Owner: ch.underlying,
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			var err error
			if next == "" {
				page, err = e.o.REST.Contracts(ctx, name, massive.ChainFilter{})
			} else {
				page, err = e.o.REST.ContractsNext(ctx, next)
			}
			return func(rest.Moment) {
				e.listed(page.Listings, ch.underlying)
				if next == "" && len(page.Listings) == 0 && more {
					ch.lists = ch.lists[1:]
					e.list(ch, "")
					return
				}
				if page.Next != "" {
					if err := ch.walk.Step(page.Next); err == nil {
						e.list(ch, page.Next)
						return
					} else {
						e.note(ch.underlying + ": " + err.Error())
					}
				}
				ch.listed = true
			}, err
		},
		Fail: func(_ rest.Moment, err error) {
			if massive.KindOf(err) == massive.ErrorNotFound && next == "" && more {
				ch.lists = ch.lists[1:]
				e.list(ch, "")
			}
		},
	})
}

// listed takes the contracts of a listing of one underlying.
func (e *Engine) listed(listings []massive.Listing, underlying string) {
	for _, l := range listings {
		id, ok := e.intern(l.Symbol)
		if !ok {
			continue
		}
		e.told(id, l.Underlying, underlying)
		e.book.SetDeliverable(id, l.Shares, l.More)
	}
	e.subs.stale = true
}
