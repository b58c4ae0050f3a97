package book

import (
	"optflow/model"
	"optflow/model/tape"
)

// poll is a polled row: what the day volume grew by between two polls.
type poll struct {
	start, end int64   // ms: the contract's own poll times
	since      int64   // ms: trades up to here are certainly in the statement before
	asOf       int64   // ms: and up to here in this one
	volume     int64   // the statement
	raw        int64   // contracts that the polls found
	size       int64   // what is left of them beside exact bars
	premium    float64 // dollars, of raw
	seq        uint64
	revision   uint16
	rough      bool // the price could only be approximated
}

// snapshotSlack is how far, in ms, a snapshot's data may lie behind its answer.
const snapshotSlack = 15_000

// poll books a snapshot taken while the stream does not deliver: what it adds
// to the volume known is a polled row. Pending volume is taken over, since the
// poll tells when it traded as well as anything will.
func (ps *parts) poll(a *account, s *model.Snapshot, volume int64) {
	a.checks = nil
	known, from := a.knownWithin(volume, ps.time.asOf(s))
	raw := min(volume-known, a.pending()+max(0, volume-a.total))
	oldVolume, oldVwap := a.vwapOf, a.dayVwap
	a.state(volume, ps.time.asOf(s), s.DayVwap)
	if raw > 0 {
		ps.addPoll(a, s, volume, raw, from, oldVolume, oldVwap)
	}
	ps.balance(a, cause{from: from, to: s.Read, poll: true})
}

// pending is the volume that is missing, not yet in a gap, and traded while we
// looked.
func (a *account) pending() int64 {
	sum := int64(0)
	for i := range a.holes {
		if a.holes[i].pending && a.holes[i].reason != model.GapSinceUnknown {
			sum += a.holes[i].amount
		}
	}
	return sum
}

// knownWithin is how much of a stated day volume is in the account already,
// and the time from which on it is not: everything but what is pending and
// the windows that stand beyond that volume.
func (a *account) knownWithin(volume, asOf int64) (known, from int64) {
	known = a.total - a.pending()
	hot := a.windows.hot
	from = max(a.baseAt, a.covered)
	for i := len(hot) - 1; i >= 0; i-- {
		w := &hot[i]
		switch {
		case w.is(windowPast):
		case w.day != model.UnknownCount && int64(w.day) > volume,
			w.day == model.UnknownCount && a.day.from+int64(w.end()) > asOf:
			known -= int64(w.size)
			continue
		case w.is(windowBackfill):
			continue // what traded before it may still be missing
		}
		from = max(from, a.day.from+int64(w.end()))
		break
	}
	if n := len(a.polls); n > 0 {
		from = max(from, a.polls[n-1].end)
	}
	for i := range a.holes {
		if g := &a.holes[i]; g.pending && g.reason != model.GapSinceUnknown {
			from = min(from, g.from)
		}
	}
	return known, from
}

// addPoll appends a polled row.
func (ps *parts) addPoll(a *account, s *model.Snapshot, volume, raw, from, oldVolume int64, oldVwap float64) {
	p := poll{start: min(from, s.Read-1), end: s.Read, asOf: ps.time.asOf(s), volume: volume, raw: raw, size: raw, seq: tape.NoSeq}
	if from <= 0 {
		p.start = max(a.day.from, s.Read-snapshotSlack)
	}
	if span := p.end - p.start; span == int64(model.Second) || span == int64(model.Minute) {
		p.start++ // a window of the stream must not share its identity
	}
	p.since = p.start
	if n := len(a.polls); n > 0 {
		p.since = min(p.start, a.polls[n-1].asOf)
	}
	price, exact := differencePrice(s, volume, raw, oldVolume, oldVwap)
	if !exact {
		price, p.rough = fallbackPrice(s), true
	}
	p.premium = premium(price, raw, a.facts.multiplier)
	a.polled += raw
	n := len(a.polls)
	if n > 0 && a.polls[n-1].start == p.start && a.polls[n-1].end == p.end { // a page that names it again and again
		last := &a.polls[n-1]
		p.raw, p.size, p.premium, p.rough = p.raw+last.raw, p.size+last.size, p.premium+last.premium, p.rough || last.rough
		p.since, p.seq, p.revision = last.since, last.seq, last.revision+1
		a.polls = a.polls[:n-1]
	}
	a.polls = append(a.polls, p)
	ps.write.poll(a, &a.polls[len(a.polls)-1])
	a.lastEnd = max(a.lastEnd, p.end)
}

// differencePrice is the mean price of what traded between two statements,
// (V2 x vwap2 - V1 x vwap1) / (V2 - V1), and false when rounding of the vwaps
// to 4 decimals may put it wrong by more than 1 %, when it leaves the day's
// range, or when the row is not exactly that difference.
func differencePrice(s *model.Snapshot, volume, raw, oldVolume int64, oldVwap float64) (float64, bool) {
	if raw != volume-oldVolume || !(s.DayVwap > 0) {
		return 0, false
	}
	if oldVolume == 0 {
		oldVwap = 0 // nothing has traded: its premium is 0 whatever the price
	}
	price := (float64(float64(volume)*s.DayVwap) - float64(float64(oldVolume)*oldVwap)) / float64(raw)
	rounding := float64(volume) * 1e-4 / float64(raw)
	if oldVolume == 0 {
		rounding = 0 // the vwap itself
	}
	switch {
	case !(price > 0), rounding > price/100:
		return 0, false
	case s.DayLow > 0 && price < s.DayLow-1e-4, s.DayHigh > 0 && price > s.DayHigh+1e-4:
		return 0, false
	}
	return price, true
}

// fallbackPrice is the last trade, else the day's close.
func fallbackPrice(s *model.Snapshot) float64 {
	for _, price := range [...]float64{s.LastTrade, s.DayClose, s.DayVwap} {
		if price > 0 {
			return price
		}
	}
	return model.Unknown
}

// poll appends the row of a poll.
func (rw *rowWriter) poll(a *account, p *poll) {
	row := rw.frozen(a, p.start, model.Span(p.end-p.start), p.size)
	row.Source, row.Revision, row.DayVolume = model.SourceREST, p.revision, uint32(min(p.volume, maxCount))
	left, rough := rw.leftOf(a, p)
	if rough {
		row.Flags |= model.FlagApproximate
	}
	row.Premium = left
	if p.size > 0 && left > 0 {
		price := left / float64(p.size) / a.facts.multiplier
		row.Vwap = float32(price)
		rw.side(a, row, price, price, price)
	}
	p.seq = rw.put(a, row, p.seq)
}

// leftOf is the premium of what is left of a polled row: the exact bars took
// theirs with them. Where that leaves nothing, the row's own price is kept and
// is approximate.
func (rw *rowWriter) leftOf(a *account, p *poll) (premium float64, rough bool) {
	if p.size == p.raw || p.size == 0 || p.premium == 0 {
		return p.premium * float64(p.size) / float64(p.raw), p.rough
	}
	left := p.premium - float64(rw.barPremium(a, p)*float64(p.raw-p.size))
	if left > 0 {
		return left, p.rough
	}
	return p.premium * float64(p.size) / float64(p.raw), true
}

// barPremium is the mean premium of a contract in the bars within a poll's
// span, unknown when none of their rows is on the tape.
func (rw *rowWriter) barPremium(a *account, p *poll) float64 {
	premium, size := 0.0, 0.0
	for i := range a.windows.hot {
		w := &a.windows.hot[i]
		if w.is(windowPast) || a.day.from+int64(w.start) >= p.end || a.day.from+int64(w.end()) <= p.since {
			continue
		}
		if row := rw.tape.Written(w.seq); row != nil {
			premium += row.Premium
			size += float64(row.Size)
		}
	}
	if size == 0 {
		return model.Unknown
	}
	return premium / size
}
