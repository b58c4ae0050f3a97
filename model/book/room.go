package book

import "optflow/model"

// full reports whether the current date has all the accounts that there may be.
func (all *days) full() bool {
	day := all.today()
	return day != nil && day.many >= model.MaxTrading
}

// tellFull tells the registry whether there is room, so that the stream names no
// contracts in vain.
func (all *days) tellFull() { all.tape.Registry.SetFull(all.full()) }

// leave counts a bar for which there is no account. Its underlying was heard all
// the same, so that its silence is not looked into.
func (b *Book) leave(day *bookDay, bar *model.Bar) {
	b.bars.beyond.Add(bar.Volume)
	if c := b.tape.Contracts.At(bar.Contract); c != nil {
		if l := day.ledgers[c.Underlying]; l != nil {
			l.heard = max(l.heard, bar.Start+int64(bar.Span))
		}
	}
}
