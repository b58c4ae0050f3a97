package book

import (
	"slices"

	"optflow/model"
)

// Mode says what a snapshot is used for.
type Mode uint8

// Snapshot modes. All of them bring quote, greeks, open interest and spot.
const (
	ModeEnrich   Mode = iota // nothing but those
	ModeBaseline             // the first sweep: what traded before it is past
	ModePoll                 // while Polling: the growth since the last one is a row
	ModeCheck                // while Live: kept, and compared with the stream once that has caught up
)

// Times in ms that the stream must have come beyond a snapshot before they are
// compared: in a second after it bars are still on their way for about 2 s,
// and minute bars come in a burst after their minute.
const (
	checkSecond = 5_000
	checkMinute = 15_000
	// Where the stream stays silent, as after the close, nothing tells that it has
	// caught up: so much later it would have.
	checkSilent = 60_000
)

// waiting keeps the snapshots that are ahead of the stream until that has caught
// up.
type waiting struct {
	time  *timing
	parts *parts
	list  []*account // accounts with one
}

// check is a snapshot's day volume that waits for the stream to catch up.
type check struct {
	volume int64
	read   int64 // ms; 0: none waits
	asOf   int64
	vwap   float64
}

// checks are the one that waits, and the latest one after that.
type checks struct{ waiting, behind check }

func (b *Book) snapshot(s *model.Snapshot, mode Mode) {
	f := b.known.factsOf(s.Contract)
	if f == nil {
		return
	}
	b.time.now = max(b.time.now, s.Read)
	b.enrich(s, f)
	if mode == ModeEnrich {
		return
	}
	day, volume, ok := b.dayVolume(s)
	if day == nil {
		return
	}
	a := day.held(s.Contract)
	switch {
	case !ok:
		day.note(s.Contract, vague)
		return
	case a == nil && volume == 0:
		b.known.source(b.known.underlyingOf(s.Contract), s.Read)
		day.note(s.Contract, max(1, b.time.asOf(s)-day.from))
		return
	case volume == 0 && mode != ModeBaseline:
		return // it lags behind the bars, or the vendor still shows yesterday
	}
	if a = b.days.account(day, s.Contract, b.time.asOf(s)); a == nil {
		return
	}
	a.prices(s.DayOpen, s.DayHigh, s.DayLow, s.DayClose)
	nothing := a.baseline < 0 && a.first < 0 && !a.unknown && a.volume == 0 // was ever said of it
	switch {
	case mode == ModeBaseline || nothing:
		b.base(a, s, volume)
	case mode == ModeCheck:
		b.waiting.add(a, s, volume)
	}
	if mode != ModePoll {
		return
	}
	if a.unknown && a.volume == 0 {
		a.state(volume, b.time.asOf(s), s.DayVwap)
		b.parts.balance(a, cause{from: s.Read, to: s.Read, before: true})
		return
	}
	b.parts.poll(a, s, volume)
}

// dayVolume is the volume that a snapshot states for the current trading date.
// It is not ok when the snapshot does not say of which date it is.
func (b *Book) dayVolume(s *model.Snapshot) (day *bookDay, volume int64, ok bool) {
	b.days.set(b.days.movedBy(s))
	day = b.days.today()
	switch {
	case !s.HasDay:
		return day, 0, true // never traded
	case !dated(s):
		return day, 0, false
	case model.TradingDate(s.DayUpdated) != b.days.date:
		return day, 0, true
	}
	return day, s.DayVolume, true
}

// dated reports whether a snapshot says of which date its volume is.
func dated(s *model.Snapshot) bool {
	return s.HasDay && s.DayUpdated > 0 && s.DayVolume >= 0 && s.DayVolume <= maxCount
}

// base books what traded before we looked. Whether the rest of the statement
// holds is seen once the stream has caught up with it.
func (b *Book) base(a *account, s *model.Snapshot, volume int64) {
	a.setBaseline(volume, b.time.asOf(s))
	b.days.place(a)
	if volume > 0 {
		if volume >= a.volume {
			a.stateVwap(volume, s.DayVwap)
		}
		b.waiting.add(a, s, volume)
	}
	b.parts.balance(a, cause{from: a.baseAt, to: a.baseAt})
}

func (b *Book) baseline(name string, read int64) {
	if b.days.date == 0 {
		b.days.set(model.TradingDate(read))
	}
	b.time.now = max(b.time.now, read)
	day := b.days.today()
	t := day.ledger(name, b.known.source(name, read))
	t.swept = max(day.from, read-b.time.delay-snapshotSlack)
	t.join(t.swept)
	for id, a := range day.accounts {
		if a == nil || a.ledger != t || a.baseline >= 0 || day.noted(model.ContractID(id)) == vague {
			continue
		}
		a.heard = min(a.heard, t.swept)
		a.setBaseline(0, t.swept)
		b.days.place(a)
		b.parts.balance(a, cause{from: t.swept, to: t.swept})
	}
}

// add keeps a statement until the stream has come to its time: it may be
// ahead of the stream, and only what is missing after that is missing. Behind
// the one that waits the latest is kept as well.
func (w *waiting) add(a *account, s *model.Snapshot, volume int64) {
	c := check{volume: volume, read: s.Read, asOf: w.time.asOf(s), vwap: s.DayVwap}
	if a.checks != nil {
		a.checks.behind = c
		return
	}
	a.checks = &checks{waiting: c}
	if !a.checking {
		a.checking = true
		w.list = append(w.list, a)
	}
}

// judge compares the snapshots that the stream has caught up with.
func (w *waiting) judge() {
	w.list = slices.DeleteFunc(w.list, func(a *account) bool {
		for a.checks != nil && max(w.time.event, w.time.now-w.time.delay-checkSilent) >= w.time.due(a.checks.waiting.read) {
			c := a.checks.waiting
			a.checked()
			a.state(c.volume, c.asOf, c.vwap)
			w.parts.balance(a, cause{from: c.read, to: c.read, before: true})
			a.covered = max(a.covered, c.asOf)
		}
		a.checking = a.checks != nil
		return !a.checking
	})
}

// checked goes on to the next snapshot that waits.
func (a *account) checked() {
	if a.checks.behind.read == 0 {
		a.checks = nil
		return
	}
	*a.checks = checks{waiting: a.checks.behind}
}

// enrich keeps what a snapshot says beside volume.
func (b *Book) enrich(s *model.Snapshot, f *facts) {
	if s.HasQuote {
		b.read(s.Contract, f, &s.Quote)
	}
	if known(s.IV) || known(s.Delta) {
		f.greeksAt = s.Read - b.time.delay
		if s.HasQuote && s.Quote.Updated > 0 { // they are computed from the quote
			f.greeksAt = min(f.greeksAt, s.Quote.Updated)
		}
	}
	for _, v := range [...]struct {
		to   *float64
		from float64
	}{
		{&f.openInterest, s.OpenInterest}, {&f.iv, s.IV}, {&f.delta, s.Delta},
		{&f.gamma, s.Gamma}, {&f.theta, s.Theta}, {&f.vega, s.Vega},
	} {
		if known(v.from) {
			*v.to = v.from
		}
	}
	b.shares(s.Contract, s.Shares, s.More)
	if s.Spot > 0 {
		u := b.known.source(b.known.underlyingOf(s.Contract), s.Read)
		u.setSpot(s.Spot, s.SpotUpdated, s.SpotDelayed)
	}
}
