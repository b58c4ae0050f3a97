package rest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/side"
)

const (
	lookupPremium = 100_000                // dollars of a window from which its quotes are looked up
	lookupEvery   = 500 * time.Millisecond // 2 requests a second at most
	lookupKeep    = 10 * minuteMillis      // after which a window is not looked up any more
	lookupsMost   = 1_000                  // that wait; a flood must not grow it
	LookupPages   = 5                      // of one window; more changes prove nothing but a wild quote
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

// sides asks for all quotes that were in force during windows of much premium,
// the largest first, so that their sides are known and not guessed.
type sides struct {
	source    quoteSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	book      sideBook
	plan      *model.Plan
	notes     Notes
	count     *model.Counters

	waiting []lookup
	judged  map[window]uint16 // the version of a row that stands on its quotes already
	purged  int64             // ms: when judged was last looked through
	at      time.Time         // when the next may be asked
	off     *plan.Denial      // the plan has no quotes by time
}

type sideBook interface {
	teller
	windowBook
}

// want notes a window if it is large enough. It runs for every bar.
func (l *sides) want(bar *model.Bar, premium float64) {
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
func (l *sides) best(before func(a, b *lookup) bool) int {
	best := -1
	for i := range l.waiting {
		if best < 0 || before(&l.waiting[i], &l.waiting[best]) {
			best = i
		}
	}
	return best
}

func (l *sides) remove(i int) { l.waiting = slices.Delete(l.waiting, i, i+1) }

// schedule asks for the next window's quotes, if it is time.
func (l *sides) schedule(m Moment) {
	l.purge(m.Market)
	if l.off.Holds(m.Now) || l.plan.NoQuotes || len(l.waiting) == 0 || m.Now.Before(l.at) {
		return
	}
	for {
		i := l.best(func(a, b *lookup) bool {
			if ready := a.due <= m.Market; ready != (b.due <= m.Market) {
				return ready
			}
			return a.premium > b.premium
		})
		if i < 0 || l.waiting[i].due > m.Market {
			return
		}
		w := l.waiting[i]
		l.remove(i)
		if l.wanted(&w) {
			l.at = m.Now.Add(lookupEvery)
			if l.budget.scarce() {
				l.at = m.Now.Add(l.budget.share(4))
			}
			l.ask(w)
			return
		}
	}
}

// purge forgets what is too old to be asked.
func (l *sides) purge(now int64) {
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
func (l *sides) wanted(w *lookup) bool {
	row := l.book.Window(w.contract, w.start, w.span)
	if row == nil || row.Certainty == model.CertaintySure || !l.following.Follows(l.contracts.At(w.contract).Underlying) {
		return false
	}
	version, judged := l.judged[w.window]
	return !judged || version != row.Revision
}

// ask requests the next page of a window's quotes.
func (l *sides) ask(w lookup) {
	c := l.contracts.At(w.contract)
	l.budget.Add(&Job{
		Class: ForLookups, Rank: w.premium, Owner: l.following.chains[c.Underlying],
		Key: fmt.Sprintf("quotes/%d/%d/%d/%d", w.contract, w.start, w.span, w.pages),
		Do: asks(func(ctx context.Context) (source.QuotePage, error) {
			if w.next != "" {
				return l.source.QuotesNext(ctx, w.next)
			}
			rows := lookupRows
			if w.span >= model.Minute {
				rows = lookupRowsMinute
			}
			return l.source.Quotes(ctx, c.Symbol, w.start+int64(w.span), rows)
		}, func(_ Moment, page source.QuotePage) { l.got(w, page) }),
		Fail: func(m Moment, err error) {
			denied(m, err, l.off, l.notes, "no quotes by time, so fewer sides are sure")
		},
	})
}

// got judges the window by its quotes, or goes on to the page before them.
func (l *sides) got(w lookup, page source.QuotePage) {
	l.off.Lift()
	l.count.Malformed += uint64(page.Malformed)
	if page.Malformed > 0 {
		return // who knows what the quote said that cannot be read
	}
	w.quotes = append(w.quotes, page.Quotes...)
	w.pages++
	in := book.Sides{Contract: w.contract, Start: w.start, Span: w.span, Quotes: w.quotes}
	if l.book.Apply(&in); !in.Enough && page.Next != "" && w.pages < LookupPages {
		w.next = page.Next
		l.waiting = append(l.waiting, w)
		return
	}
	if row := l.book.Window(w.contract, w.start, w.span); row != nil {
		l.judged[w.window] = row.Revision
	}
}
