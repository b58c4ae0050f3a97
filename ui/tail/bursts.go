package tail

import (
	"maps"
	"math"

	"optflow/model"
	"optflow/model/burst"
)

// mergeable is how long after its end, in ms of market time, a burst may still
// be joined with another: the longest interval and the time for which windows
// are remembered. A burst that goes later was only tidied away.
const mergeable = 45 * 60_000

// burstPrinter joins windows into bursts and prints those that changed, once a
// batch: a burst that grows is printed again with the next revision.
type burstPrinter struct {
	p      *printer
	bursts *burst.Set
	span   string
	told   map[burstName]uint16      // bursts printed so far, and their last revision
	said   map[burstName]model.Burst // what was said of each, where that is asked for
	tidied int                       // how many of those were left at the last tidying
	newest int64                     // ms: latest end of a window
}

// burstName is a burst's identity: its contract and its first window.
type burstName struct {
	contract model.ContractID
	start    int64
}

func newBurstPrinter(p *printer) *burstPrinter {
	return &burstPrinter{
		p:      p,
		bursts: burst.New(p.tape.Contracts, burst.Options{Interval: p.o.Interval, Rules: p.o.Rules, At: p.tape.At}),
		span:   p.o.Interval.String(),
		told:   make(map[burstName]uint16),
		said:   make(map[burstName]model.Burst),
	}
}

func (b *burstPrinter) take(r *model.Row, seq uint64) {
	b.newest = max(b.newest, r.End())
	b.bursts.Add(*r, seq)
}

func (b *burstPrinter) print() {
	for _, change := range b.bursts.Drain() {
		if b.p.enough() {
			return
		}
		row := b.bursts.Get(change.ID).Burst
		switch {
		case change.Kind == burst.Went:
			b.withdraw(row, change.Was)
			continue
		case change.Was != row.Start:
			b.withdraw(row, change.Was) // it begins earlier now: that is another identity
		}
		name := burstName{row.Contract, row.Start}
		revision, told := b.told[name]
		contract := b.p.tape.Contracts.At(row.Contract)
		switch {
		case told:
			revision++
		case !b.p.wanted(&row, contract):
			continue
		}
		b.tell(name, row, contract, revision)
	}
	if len(b.said) > 2*b.tidied+1024 {
		maps.DeleteFunc(b.said, func(_ burstName, r model.Burst) bool { return r.End() < b.newest-mergeable })
		b.tidied = len(b.said)
	}
}

// withdraw prints a burst that was printed and is now part of another one
// again, with nothing in it, so that nobody counts it twice.
func (b *burstPrinter) withdraw(row model.Burst, start int64) {
	name := burstName{row.Contract, start}
	revision, told := b.told[name]
	if !told {
		return
	}
	if end := start + int64(row.Span); end < b.newest-mergeable || model.TradingDate(start) != model.TradingDate(b.newest-1) {
		delete(b.told, name)
		return
	}
	nan := float32(math.NaN())
	row.Start, row.Size, row.Premium, row.Prints = start, 0, 0, nan
	row.Open, row.High, row.Low, row.Close, row.Vwap = nan, nan, nan, nan, nan
	row.Rank = 0
	row.Flags &^= model.FlagTwin | model.FlagAlone
	row.Side, row.Certainty, row.DayVolume = model.SideUnknown, model.CertaintyNone, model.UnknownCount
	b.tell(name, row, b.p.tape.Contracts.At(row.Contract), revision+1)
}

func (b *burstPrinter) tell(name burstName, row model.Burst, c *model.Contract, revision uint16) {
	b.told[name] = revision
	row.Kind, row.Revision = model.KindBurst, revision
	var was *model.Burst
	if b.p.spoken {
		if before, is := b.said[name]; is {
			was = &before
		}
		b.said[name] = row
	}
	b.p.print(&row, was, c, b.span)
}
