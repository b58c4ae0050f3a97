package book

import "optflow/model"

// Counters count what a Book met since its start. The gap figures are of
// now, and of the accounts still held.
type Counters struct {
	Rows        uint64       // versions appended to the tape
	Duplicates  uint64       // statements that said nothing new
	Corrections uint64       // later versions of a bar
	GapRows     uint64       // gap rows that are open now
	Missing     uint64       // contracts in them
	Pending     uint64       // contracts missing but not yet a gap
	LostGaps    uint64       // gap rows of reason lost or since unknown
	LostVolume  uint64       // contracts in those
	Beyond      model.Beyond // what was left out for want of room
}

// Into writes the figures into the state's counters; what was left out before it
// came to the Book is added to.
func (c Counters) Into(to *model.Counters) {
	to.Rows, to.Duplicates, to.Corrections = c.Rows, c.Duplicates, c.Corrections
	to.GapRows, to.Missing = c.GapRows, c.Missing
	to.LostGaps, to.LostVolume = c.LostGaps, c.LostVolume
	to.Beyond.Bars += c.Beyond.Bars
	to.Beyond.Lots += c.Beyond.Lots
}

// Counters returns what was counted. The figures of gaps are those of the
// current day's accounts.
func (b *Book) Counters() Counters {
	c := Counters{Rows: b.write.rows, Duplicates: b.bars.duplicates, Corrections: b.bars.corrections, Beyond: b.bars.beyond}
	day := b.days.today()
	if day == nil {
		return c
	}
	for _, a := range day.open {
		for i := range a.holes {
			hole := &a.holes[i]
			if hole.pending {
				c.Pending += uint64(hole.amount)
				continue
			}
			c.GapRows++
			c.Missing += uint64(hole.amount)
			if hole.lost() {
				c.LostGaps++
				c.LostVolume += uint64(hole.amount)
			}
		}
	}
	return c
}
