package book

import "optflow/model"

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
	f := b.factsOf(s.Contract)
	if f == nil {
		return
	}
	b.now = max(b.now, s.Read)
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
		b.source(b.underlyingOf(s.Contract), s.Read)
		day.note(s.Contract, max(1, b.asOf(s)-day.from))
		return
	case volume == 0 && mode != ModeBaseline:
		return // it lags behind the bars, or the vendor still shows yesterday
	}
	if a = b.account(day, s.Contract, b.asOf(s)); a == nil {
		return
	}
	a.prices(s.DayOpen, s.DayHigh, s.DayLow, s.DayClose)
	nothing := a.baseline < 0 && a.first < 0 && !a.unknown && a.volume == 0 // was ever said of it
	switch {
	case mode == ModeBaseline || nothing:
		b.base(a, s, volume)
	case mode == ModeCheck:
		b.wait(a, s, volume)
	}
	if mode != ModePoll {
		return
	}
	if a.unknown && a.volume == 0 {
		a.state(volume, b.asOf(s), s.DayVwap)
		b.balance(a, cause{from: s.Read, to: s.Read, before: true})
		return
	}
	b.poll(a, s, volume)
}

// dayVolume is the volume that a snapshot states for the current trading date.
// It is not ok when the snapshot does not say of which date it is.
func (b *Book) dayVolume(s *model.Snapshot) (day *bookDay, volume int64, ok bool) {
	if b.date == 0 {
		b.setDate(model.TradingDate(s.Read))
	}
	if !s.HasDay {
		return b.today(), 0, true // never traded
	}
	if s.DayUpdated <= 0 || s.DayVolume < 0 || s.DayVolume > maxCount {
		return b.today(), 0, false
	}
	date := model.TradingDate(s.DayUpdated)
	if date > b.date && s.DayUpdated <= s.Read+snapshotSlack {
		b.setDate(date)
	}
	if date != b.date {
		return b.today(), 0, true
	}
	return b.today(), s.DayVolume, true
}

// base books what traded before we looked. Whether the rest of the statement
// holds is seen once the stream has caught up with it.
func (b *Book) base(a *account, s *model.Snapshot, volume int64) {
	a.setBaseline(volume, b.asOf(s))
	b.place(a)
	if volume > 0 {
		if volume >= a.volume {
			a.stateVwap(volume, s.DayVwap)
		}
		b.wait(a, s, volume)
	}
	b.balance(a, cause{from: a.baseAt, to: a.baseAt})
}

func (b *Book) baseline(name string, read int64) {
	if b.date == 0 {
		b.setDate(model.TradingDate(read))
	}
	b.now = max(b.now, read)
	day := b.today()
	t := day.ledger(name, b.source(name, read))
	t.swept = max(day.from, read-b.delay-snapshotSlack)
	t.join(t.swept)
	for id, a := range day.accounts {
		if a == nil || a.ledger != t || a.baseline >= 0 || day.noted(model.ContractID(id)) == vague {
			continue
		}
		a.heard = min(a.heard, t.swept)
		a.setBaseline(0, t.swept)
		b.place(a)
		b.balance(a, cause{from: t.swept, to: t.swept})
	}
}

// wait keeps a statement until the stream has come to its time: it may be
// ahead of the stream, and only what is missing after that is missing. Behind
// the one that waits the latest is kept as well.
func (b *Book) wait(a *account, s *model.Snapshot, volume int64) {
	c := check{volume: volume, read: s.Read, asOf: b.asOf(s), vwap: s.DayVwap}
	if a.checks != nil {
		a.checks.behind = c
		return
	}
	a.checks = &checks{waiting: c}
	if !a.checking {
		a.checking = true
		b.checks = append(b.checks, a)
	}
}

// judge compares the snapshots that the stream has caught up with.
func (b *Book) judge() {
	keep := b.checks[:0]
	for _, a := range b.checks {
		for a.checks != nil && max(b.event, b.now-b.delay-checkSilent) >= b.due(a.checks.waiting.read) {
			c := a.checks.waiting
			a.checked()
			a.state(c.volume, c.asOf, c.vwap)
			b.balance(a, cause{from: c.read, to: c.read, before: true})
			a.covered = max(a.covered, c.asOf)
		}
		if a.checking = a.checks != nil; a.checking {
			keep = append(keep, a)
		}
	}
	clear(b.checks[len(keep):])
	b.checks = keep
}

// checked goes on to the next snapshot that waits.
func (a *account) checked() {
	if a.checks.behind.read == 0 {
		a.checks = nil
		return
	}
	*a.checks = checks{waiting: a.checks.behind}
}

// due is the event time at which the stream has brought all that a snapshot
// read at that time may count. On a delayed host snapshots may be delayed alike,
// or not at all: it has to come to the very time of the reading.
func (b *Book) due(read int64) int64 {
	at := read
	if !b.delayed {
		at -= b.delay
	}
	if b.spanAt(at) == model.Minute {
		return at - mod(at, int64(model.Minute)) + int64(model.Minute) + checkMinute
	}
	return at + checkSecond
}

// enrich keeps what a snapshot says beside volume.
func (b *Book) enrich(s *model.Snapshot, f *facts) {
	if s.HasQuote {
		b.read(s.Contract, f, &s.Quote)
	}
	if known(s.IV) || known(s.Delta) {
		f.greeksAt = s.Read - b.delay
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
		u := b.source(b.underlyingOf(s.Contract), s.Read)
		u.setSpot(s.Spot, s.SpotUpdated, s.SpotDelayed)
	}
}

// setSpot keeps the newest price.
func (u *underlying) setSpot(price float64, at int64, delayed bool) {
	if at >= u.spotTime {
		u.spot, u.spotTime, u.delayed = price, at, delayed
	}
}
