package book

import "optflow/model"

// partial are the minutes that do not hold all that traded, as Totals has them:
// those before all of it came in, which hold what history brought; those that
// are not over or of which nothing was heard to their end; and those of an
// outage that no sweep has looked at since.
func (t *ledger) partial(newest int64) (bits uint64) {
	first := newest - sparkMinutes + 1
	for m := range int64(sparkMinutes) {
		start := (first + m) * int64(model.Minute)
		if t.counts == 0 || start < t.counts || start+int64(model.Minute) > t.day.latest {
			bits |= 1 << m
		}
	}
	for _, o := range t.day.outages {
		if o.to > t.swept {
			bits |= minuteBits(o.from, o.to, first)
		}
	}
	return bits
}

// minuteBits are the minutes that a time touches, from bit 0 for the first one.
func minuteBits(from, to, first int64) (bits uint64) {
	last := min((max(to, from+1)-1)/int64(model.Minute)-first, sparkMinutes-1)
	for m := max(from/int64(model.Minute)-first, 0); m <= last; m++ {
		bits |= 1 << m
	}
	return bits
}

// partialByGaps adds the minutes in which volume is missing. What the source
// counts and puts in no bar is not missing here: no minute would ever be whole.
func (b *Book) partialByGaps(day *bookDay, tickers []string, list []model.Totals) {
	if day == nil || len(day.open) == 0 {
		return
	}
	at := make(map[*ledger]int, len(tickers))
	for i, name := range tickers {
		if t := day.ledgers[name]; t != nil {
			at[t] = i
		}
	}
	for _, a := range day.open {
		i, ok := at[a.ledger]
		if !ok {
			continue
		}
		for h := range a.holes {
			if hole := &a.holes[h]; hole.reason != model.GapNotInBars {
				list[i].Partial |= minuteBits(hole.from, hole.to, list[i].Minute/int64(model.Minute)-sparkMinutes+1)
			}
		}
	}
}
