package feed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/side"
)

const (
	lookupPremium = 100_000                // dollars of a window from which its quotes are looked up
	lookupEvery   = 500 * time.Millisecond // 2 requests a second at most
	lookupKeep    = 10 * minuteMillis      // after which a window is not looked up any more
	lookupsMost   = 1_000                  // that wait; a flood must not grow it
	lookupPages   = 5                      // of one window; more changes prove nothing but a wild quote
	// Rows of a page: some tens of quotes are in force around a second at most.
	lookupRows       = 100
	lookupRowsMinute = 1_000
)

// lookup is a window of trades whose quotes are wanted.
type lookup struct {
	window
	premium float64
	due     int64 // ms of market time: from then on REST shows what was in force

	quotes []model.Quote // read so far, the newest first
	next   string        // where the page before them is
	pages  int
}

// window names a window of trades.
type window struct {
	contract model.ContractID
	start    int64
	span     model.Span
}

// lookups ask for all quotes that were in force during windows of much premium,
// the largest first, so that their sides are known and not guessed.
type lookups struct {
	waiting []lookup
	judged  map[window]uint16 // the version of a row that stands on its quotes already
	purged  int64             // ms: when judged was last looked through
	at      time.Time         // when the next may be asked
	off     plan.Denial       // the plan has no quotes by time
}

// want notes a window if it is large enough. It runs for every bar.
func (l *lookups) want(bar *model.Bar, premium float64) {
	if premium < lookupPremium {
		return
	}
	w := window{bar.Contract, bar.Start, bar.Span}
	if slices.ContainsFunc(l.waiting, func(o lookup) bool { return o.window == w }) {
		return
	}
	if len(l.waiting) >= lookupsMost {
		least := l.best(func(a, b *lookup) bool { return a.premium < b.premium })
		if l.waiting[least].premium >= premium {
			return
		}
		l.remove(least)
	}
	l.waiting = append(l.waiting, lookup{window: w, premium: premium, due: bar.Start + int64(bar.Span) + side.SureAfter})
}

// best is the index of the one that comes before all others, -1 of none.
func (l *lookups) best(before func(a, b *lookup) bool) int {
	best := -1
	for i := range l.waiting {
		if best < 0 || before(&l.waiting[i], &l.waiting[best]) {
			best = i
		}
	}
	return best
}

func (l *lookups) remove(i int) { l.waiting = slices.Delete(l.waiting, i, i+1) }

// schedule asks for the next window's quotes, if it is time.
func (l *lookups) schedule(e *Engine) {
	now := e.clock.Now()
	l.purge(now)
	if l.off.Holds(e.now) || e.plan.NoQuotes || len(l.waiting) == 0 || e.now.Before(l.at) {
		return
	}
	for {
		i := l.best(func(a, b *lookup) bool {
			if ready := a.due <= now; ready != (b.due <= now) {
				return ready
			}
			return a.premium > b.premium
		})
		if i < 0 || l.waiting[i].due > now {
			return
		}
		w := l.waiting[i]
		l.remove(i)
		if l.wanted(e, &w) {
			l.at = e.now.Add(lookupEvery)
			if e.budget.Scarce() {
				l.at = e.now.Add(e.budget.Share(4))
			}
			l.ask(e, w)
			return
		}
	}
}

// purge forgets what is too old to be asked.
func (l *lookups) purge(now int64) {
	if now-l.purged < minuteMillis {
		return
	}
	l.purged = now
	l.waiting = slices.DeleteFunc(l.waiting, func(w lookup) bool { return w.start < now-lookupKeep })
	for w := range l.judged {
		if w.start < now-2*lookupKeep {
			delete(l.judged, w)
		}
	}
}

// wanted reports whether there is still something to find out of a window.
func (l *lookups) wanted(e *Engine, w *lookup) bool {
	row := e.book.Window(w.contract, w.start, w.span)
	if row == nil || row.Certainty == model.CertaintySure || !e.follows(e.tape.Contracts.At(w.contract).Underlying) {
		return false
	}
	version, judged := l.judged[w.window]
	return !judged || version != row.Revision
}

// ask requests the next page of a window's quotes.
func (l *lookups) ask(e *Engine, w lookup) {
	c := e.tape.Contracts.At(w.contract)
	var page massive.QuotePage
	e.budget.Add(&rest.Job{
		Class: rest.ForLookups, Rank: w.premium, Owner: c.Underlying,
		Key: fmt.Sprintf("quotes/%d/%d/%d/%d", w.contract, w.start, w.span, w.pages),
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			var err error
			if w.next != "" {
				page, err = e.o.REST.QuotesNext(ctx, w.next)
			} else {
				rows := lookupRows
				if w.span >= model.Minute {
					rows = lookupRowsMinute
				}
				page, err = e.o.REST.Quotes(ctx, c.Symbol, w.start+int64(w.span), rows)
			}
			return func(rest.Moment) { l.answered(e, w, page) }, err
		},
		Fail: func(_ rest.Moment, err error) {
			if massive.KindOf(err) != massive.ErrorNotEntitled {
				return
			}
			if lasts := l.off.Deny(e.now); lasts > 0 {
				e.note("no quotes by time, so fewer sides are sure: " + err.Error() + askedAgainIn(lasts))
			}
		},
	})
}

// answered judges the window by its quotes, or goes on to the page before them.
func (l *lookups) answered(e *Engine, w lookup, page massive.QuotePage) {
	l.off.Lift()
	e.count.Malformed += uint64(page.Malformed)
	if page.Malformed > 0 {
		return // who knows what the quote said that cannot be read
	}
	w.quotes = append(w.quotes, page.Quotes...)
	w.pages++
	switch {
	case e.book.SettleSide(w.contract, w.start, w.span, w.quotes):
	case page.Next != "" && w.pages < lookupPages:
		w.next = page.Next
		l.waiting = append(l.waiting, w)
		return
	}
	if row := e.book.Window(w.contract, w.start, w.span); row != nil {
		if l.judged == nil {
			l.judged = make(map[window]uint16)
		}
		l.judged[w.window] = row.Revision
	}
}
