package rest

import (
	"time"

	"optflow/feed/source"
	"optflow/model"
)

// Chain is what is known of one followed underlying's contracts.
type Chain struct {
	underlying string   // the name under which it is followed
	asks       []string // names under which the vendor may have it, see path
	ask        int
	proven     bool        // it has contracts under that name
	lists      []string    // names under which its contracts may be listed
	listed     bool        // the contracts were read from the listing
	walk       source.Walk // along it

	pages    []*page    // nil until a first sweep was whole
	day      model.Date // of which they are
	baseline bool       // the first sweep was whole
	goesOn   bool       // its accounts are those of the run before, and what it missed is in no snapshot's past
	running  *sweep
	swept    time.Time // when the last whole sweep ended
	again    time.Time // when to try again after one that was not
	gone     absence   // the vendor does not know the ticker

	busiest model.ContractID // the contract whose snapshot gives the spot
	volume  int64            // its day volume; 0 none is known
	spotAt  time.Time        // when the spot was last asked for or came with a page
	noSpot  int              // answers without one

	past  past
	pulse pulse
}

// path is the name by which the vendor is asked for the chain.
func (ch *Chain) path() string { return ch.asks[ch.ask] }

// rename goes on under another name.
func (ch *Chain) rename(name string) {
	ch.underlying = name
	for _, p := range ch.pages {
		p.underlying = name
	}
}

// prove says that the chain's name is the right one: it has contracts.
func (ch *Chain) prove(name string) { ch.proven, ch.asks, ch.ask = true, []string{name}, 0 }

// otherwise turns to the chain's next name when nothing was found under this
// one. It is false when all of them were tried.
func (ch *Chain) otherwise() bool {
	if ch.ask++; ch.ask < len(ch.asks) {
		return true
	}
	ch.ask = 0
	return false
}

// heat makes the pages in which something traded due at once.
func (ch *Chain) heat() {
	for _, p := range ch.pages {
		p.hot, p.read = p.volume > 0, time.Time{}
	}
}
