package feed

import (
	"fmt"
	"slices"
	"time"

	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
)

const (
	heldMost     = 20_000 // bars; more are counted only
	hearingFor   = 10 * time.Second
	hearingNeeds = 3 // contracts whose windows tell how far the stream is
)

// held are bars of the stream whose time the accounts have no day for: stamped
// ahead of market time, or of a day that is over. Either they are wrong or the clock
// is, so they wait for the clock to be put right, and are counted meanwhile.
type held struct {
	bars  []model.Bar
	count uint64  // now, those that did not fit included
	far   hearing // what they say of the time
}

func (h *held) add(bar *model.Bar, now time.Time) {
	h.count++
	if len(h.bars) < heldMost {
		h.bars = append(h.bars, *bar)
	}
	h.far.add(bar, now)
}

// release hands the bars on that now have a day to go to.
func (h *held) release(fits func(*model.Bar) bool, book func(*model.Bar)) {
	h.bars = slices.DeleteFunc(h.bars, func(bar model.Bar) bool {
		if !fits(&bar) {
			return false
		}
		h.count--
		book(&bar)
		return true
	})
	h.far = hearing{}
}

// hearing is how far bars say the market is: the newest end of a window, with the
// number of contracts that had one within a minute of it.
type hearing struct {
	newest    int64
	contracts [hearingNeeds]model.ContractID
	n         int
	began     time.Time
}

// add takes a bar. It runs for every event.
func (h *hearing) add(bar *model.Bar, now time.Time) {
	end := bar.Start + int64(bar.Span)
	if h.n == hearingNeeds && end <= h.newest {
		return
	}
	if end > h.newest+minuteMillis { // what came before told another time
		h.n = 0
	}
	if h.n == 0 {
		h.began = now
	}
	if end > h.newest {
		h.newest = end
	} else if end < h.newest-minuteMillis {
		return
	}
	if h.n < hearingNeeds && !slices.Contains(h.contracts[:h.n], bar.Contract) {
		h.contracts[h.n] = bar.Contract
		h.n++
	}
}

// agreed is the market time in ms that enough contracts agree on, once.
func (h *hearing) agreed(now time.Time) (newest int64, ok bool) {
	if h.n < hearingNeeds {
		if h.n > 0 && now.Sub(h.began) > hearingFor {
			*h = hearing{}
		}
		return 0, false
	}
	newest = h.newest
	*h = hearing{}
	return newest, true
}

// timekeeping is the feed's part in market time: what its bars tell of it, and
// what is done when it turns out to have been wrong.
type timekeeping struct {
	near  hearing // bars that have an account
	held  held
	leaps uint64 // of the clock, as far as they are dealt with
	alone bool   // said that one source alone tells the time
}

// keepTime tells the clock what the stream said, and follows it where it leaps.
func (e *Engine) keepTime() {
	k := &e.time
	if newest, ok := k.near.agreed(e.now); ok {
		e.clock.Heard(newest, e.stream.lag.or(-1), e.now)
	} else if k.near.n == 0 {
		if newest, ok := k.held.far.agreed(e.now); ok {
			e.clock.Heard(newest, -1, e.now)
		}
	}
	s := e.clock.Standing(e.now)
	e.book.Apply(&book.Provisional{Alone: s.Provisional})
	if k.alone && !s.Provisional {
		k.alone = false
	}
	if s.Leaps != k.leaps {
		k.leaps = s.Leaps
		e.leapt()
	}
	if ahead := clockAhead(s); s.Provisional && ahead != "" && !k.alone {
		k.alone = true
		e.notes.Note("the server's clock is " + ahead + " this machine's, and is followed until the stream says otherwise")
	}
	if k.held.count != e.count.Held {
		if e.count.Held == 0 {
			e.notes.Note("bars of another day than the clocks tell are held back until they agree")
		}
		e.count.Held, e.dirty = k.held.count, true
	}
}

// clockAhead says how far the time shown is from this machine's, "" when that is
// not worth a word.
func clockAhead(s clock.Standing) string {
	switch d := time.Duration(s.Machine) * time.Millisecond; {
	case d > time.Minute:
		return d.Round(time.Minute).String() + " behind"
	case d < -time.Minute:
		return (-d).Round(time.Minute).String() + " ahead of"
	}
	return ""
}

// leapt puts right what rested on another market time.
func (e *Engine) leapt() {
	now := e.clock.At(e.now)
	e.log.Warn("market time moved", "to", time.UnixMilli(now).In(model.NewYork).String(), "standing", fmt.Sprintf("%+v", e.clock.Standing(e.now)))
	e.rest.Leapt(now)
	today := model.TradingDate(now)
	back := e.book.Date() > today
	e.book.Apply(&book.Rewind{Now: now, Date: min(e.book.Date(), today)})
	e.rest.Calendar.Update(now)
	timely := func(bar *model.Bar) bool { return bar.Start <= now+ahead && e.book.Holds(bar.Start) }
	e.time.held.release(timely, func(bar *model.Bar) {
		if e.booked(bar) {
			e.rest.Bar(bar, e.now)
		}
	})
	e.stream.received = min(e.stream.received, now)
	e.stream.newest = min(e.stream.newest, now)
	if back { // what was read of the other date said nothing of this one
		e.rest.Sweeps.All(e.moment(), rest.ForSweep)
	}
	e.dirty = true
}
