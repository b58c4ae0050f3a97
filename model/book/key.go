package book

import "optflow/model"

// Key tells what somebody has to hear first who begins to listen to the inputs
// of this book in the middle of its life: how far time is and what holds from now
// on. Whoever listened all along knows it, and is the same afterwards. The
// contracts so far are the tape's.
func (b *Book) Key(tell func(Input)) {
	for _, s := range b.time.spans {
		tell(&Span{Span: s.span, From: s.from})
	}
	tell(&Delay{Delay: b.time.delay, Delayed: b.time.delayed})
	tell(&Flags{Flags: b.write.flags})
	tell(&Provisional{Alone: b.time.unsure})
	if b.days.date != 0 {
		tell(&Date{Date: b.days.date})
	}
}

// Contracts are those that the book's inputs name by number, in their order.
func (b *Book) Contracts(yield func(symbol string) bool) {
	for id := range b.tape.Contracts.Len() {
		if !yield(b.tape.Contracts.At(model.ContractID(id)).Symbol) {
			return
		}
	}
}
