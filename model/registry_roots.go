package model

import "optflow/model/ticker"

// doubtsMost is how many statements in a row have to contradict what was
// learnt of a root before it changes: a wrong one among right ones must not
// move thousands of contracts to and fro.
const doubtsMost = 3

// roots are what is known of the underlyings that options of a root are written
// on: a guess, until the vendor has said so.
type roots struct {
	of       map[string]*rootEntry
	last     *rootEntry        // contracts of a root come one after the other
	expected map[string]string // names of tickers that are asked for, by ticker.Key
}

type rootEntry struct {
	root, underlying string
	learnt           bool
	more             bool   // its contracts deliver more than shares of one kind
	doubt            string // what the latest statements said instead
	doubts           int
}

// entry is what is known of a root, a first guess when it is new.
func (r *roots) entry(root string) *rootEntry {
	if r.last != nil && r.last.root == root {
		return r.last
	}
	e := r.of[root]
	if e == nil {
		e = &rootEntry{root: root, underlying: r.guess(root)}
		r.of[root] = e
	}
	r.last = e
	return e
}

// guess is the underlying of a root of which nothing was said.
func (r *roots) guess(root string) string {
	name := ticker.OfRoot(root)
	if expected, is := r.expected[name]; is {
		return expected
	}
	return name
}

// RootUnderlying is the underlying of a root's contracts as far as it is known.
// Asked for a root without contracts it remembers nothing: a stream may name
// any number of them.
func (r *Registry) RootUnderlying(root string) string {
	if e := r.roots.of[root]; e != nil {
		return e.underlying
	}
	return r.roots.guess(root)
}

// Expect improves the guess: a ticker that is asked for as BRK.B has options of
// the root BRKB. It returns the roots whose contracts changed their underlying,
// with what it was.
func (r *Registry) Expect(name string) (moved map[string]string) {
	key := ticker.Key(name)
	r.roots.expected[key] = name
	moved = make(map[string]string)
	for root, e := range r.roots.of {
		if !e.learnt && e.underlying != name && ticker.Key(e.underlying) == key {
			moved[root] = e.underlying
			e.underlying = name
		}
	}
	if len(moved) > 0 {
		r.refresh()
	}
	return moved
}

// Learn takes what the vendor says of a root's underlying and reports whether
// the root's contracts changed theirs. A first statement replaces the guess; one
// that contradicts an earlier one counts once three in a row agree. Of two
// spellings of one name that with the dot stays.
func (r *Registry) Learn(root, underlying string) (moved bool) {
	e := r.roots.entry(root)
	if underlying == "" {
		return false
	}
	same := ticker.Same(e.underlying, underlying)
	if e.underlying == underlying || e.learnt && same && len(underlying) <= len(e.underlying) {
		e.learnt, e.doubts = true, 0
		return false
	}
	if e.learnt && !same {
		if e.doubt != underlying {
			e.doubt, e.doubts = underlying, 0
		}
		if e.doubts++; e.doubts < doubtsMost {
			return false
		}
	}
	e.underlying, e.learnt, e.doubts = underlying, true, 0
	r.refresh()
	return true
}

// Learnt reports whether the vendor has said what a root's underlying is.
func (r *Registry) Learnt(root string) bool {
	e := r.roots.of[root]
	return e != nil && e.learnt
}

// refresh gives contracts what is known of their roots now, and returns those that
// changed.
func (r *Registry) refresh() (changed []ContractID) {
	list := *r.list.Load()
	for id := range r.Len() {
		old := list[id].Load()
		if e := r.roots.of[old.Root]; e != nil && (old.Underlying != e.underlying || old.More != e.more) {
			c := *old
			c.Underlying, c.More = e.underlying, e.more
			list[id].Store(&c)
			changed = append(changed, c.ID)
		}
	}
	return changed
}

// SetMore says that the contracts of a root deliver something beside shares of
// their underlying: one contract of a root delivers what another does. It
// returns those that changed. It cannot be taken back: a chain snapshot states
// the shares alone, so that its silence says nothing.
func (r *Registry) SetMore(root string) (changed []ContractID) {
	e := r.roots.entry(root)
	if e.more {
		return nil
	}
	e.more = true
	return r.refresh()
}
