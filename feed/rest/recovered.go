package rest

import (
	"optflow/model"
	"optflow/model/book"
)

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
