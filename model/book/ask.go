package book

import (
	"slices"
	"sort"

	"optflow/model"
)

// askRetry is the time in ms before a failed request is handed out again, for
// the first time; it doubles up to askRetryMax.
const (
	askRetry    = 15_000
	askRetryMax = 10 * int64(model.Minute)
	askTries    = 6 // doublings after which it is askRetryMax
)

// closedFor is how long, in ms, a window must be over before REST is asked for
// it: it answers with closed windows only, and those settle within seconds.
const closedFor = 5_000

// GapRequest asks for the bars of one gap.
type GapRequest struct {
	Contract model.ContractID
	Span     model.Span // the span in force at that time
	From, To int64      // ms: whole windows, To exclusive
	Volume   int64      // contracts missing
	Premium  float64    // dollars, estimated with the day's vwap
}

// holds reports whether a bar is of the time that was asked for.
func (r *GapRequest) holds(bar *model.Bar) bool {
	return bar.Start >= r.From && bar.Start+int64(bar.Span) <= r.To
}

// Wanted are closed gaps to ask bars for, largest premium first, without those
// that were Asked for and are not answered yet.
func (b *Book) Wanted(limit int) []GapRequest {
	var list []GapRequest // no more than the limit: in a flood there are 100,000 gaps
	for _, day := range b.days.list {
		for _, a := range day.open {
			for i := range a.holes {
				g := &a.holes[i]
				if !b.gaps.wants(g) {
					continue
				}
				req, ok := b.gaps.request(a, g)
				if !ok || len(list) == limit && (limit == 0 || req.Premium <= list[limit-1].Premium) {
					continue
				}
				at := sort.Search(len(list), func(i int) bool { return list[i].Premium < req.Premium }) // what was found first goes first
				list = slices.Insert(list[:min(len(list), limit-1)], at, req)
			}
		}
	}
	return list
}

// asked marks the gaps that bars are on their way for.
func (b *Book) asked(requests []GapRequest) {
	for _, req := range requests {
		a := b.days.accountAt(req.Contract, req.From)
		if a == nil {
			continue
		}
		for i := range a.holes {
			g := &a.holes[i]
			if r, ok := b.gaps.request(a, g); ok && b.gaps.wants(g) && r.From == req.From && r.To == req.To {
				g.out, g.askTo = true, req.To
				break
			}
		}
	}
}

// wants reports whether bars may be asked for to fill a hole.
func (gs *gaps) wants(g *hole) bool {
	return !g.pending && !g.out && gs.time.now >= g.waits && g.reason != model.GapNotInBars && g.reason != model.GapPending
}

// request is what REST is to be asked for a gap next. A gap across a change of
// span is asked for in parts.
func (gs *gaps) request(a *account, g *hole) (GapRequest, bool) {
	from := g.asked
	span := gs.time.spanAt(from)
	from -= mod(from, int64(span))
	to := g.to + mod(-g.to, int64(span))
	for _, s := range gs.time.spans {
		if s.from > from && s.from < to {
			to = s.from
		}
	}
	if from >= to || to > gs.time.now-gs.time.delay-closedFor {
		return GapRequest{}, false
	}
	price := a.dayVwap
	if !(price > 0) {
		price = a.close
	}
	return GapRequest{
		Contract: a.id, Span: span, From: from, To: to,
		Volume: g.amount, Premium: premium(price, g.amount, a.facts.multiplier),
	}, true
}

func (b *Book) filled(req GapRequest, bars []model.Bar, whole bool) {
	day := b.days.of(req.From)
	if day == nil {
		return
	}
	a := day.held(req.Contract)
	if a == nil {
		return // unfollowed meanwhile
	}
	for i := range bars {
		bar := bars[i]
		bar.Contract, bar.DayVolume = req.Contract, -1
		end := bar.Start + int64(bar.Span)
		if !req.holds(&bar) || b.days.accept(&bar) != day {
			continue
		}
		b.bars.take(a, &bar, model.SourceBackfill)
		b.parts.balance(a, cause{from: bar.Start, to: end})
	}
	b.gaps.answer(a, req, func(g *hole) {
		if !whole {
			g.delay(b.time.now)
			return
		}
		g.tries = 0
		g.asked = req.To
		if g.asked >= g.to && g.reason != model.GapSinceUnknown {
			g.reason = model.GapNotInBars
			b.gaps.resize(a, g, g.amount)
		}
	})
}

func (b *Book) failed(req GapRequest) {
	if day := b.days.of(req.From); day != nil {
		if a := day.held(req.Contract); a != nil {
			b.gaps.answer(a, req, func(g *hole) { g.delay(b.time.now) })
		}
	}
}

// answer finds the hole that a request was made for, if it is still there.
func (gs *gaps) answer(a *account, req GapRequest, then func(*hole)) {
	for i := range a.holes {
		g := &a.holes[i]
		if g.out && g.askTo == req.To && g.asked >= req.From && g.asked < req.From+int64(req.Span) {
			g.out = false
			then(g)
			return
		}
	}
}

// delay puts the next request for a hole off.
func (g *hole) delay(now int64) {
	g.waits = now + min(askRetry<<g.tries, askRetryMax)
	g.tries = min(g.tries+1, askTries)
}
