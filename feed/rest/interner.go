package rest

import (
	"errors"
	"fmt"

	"optflow/model"
	"optflow/model/book"
)

// Notes takes sentences for the user, each once.
type Notes interface{ Note(text string) }

// Interner numbers the contracts that answers name. What there is no room for is
// said once; what is no contract is counted.
type Interner struct {
	contracts *model.Registry
	book      teller
	notes     Notes
	count     *model.Counters
}

// Intern numbers a contract, and is false where it cannot.
func (n *Interner) Intern(symbol string) (id model.ContractID, ok bool) {
	in := book.Contract{Symbol: symbol}
	n.book.Apply(&in)
	switch id, err := in.ID, in.Err; {
	case err == nil:
		return id, true
	case errors.Is(err, model.ErrFull):
		n.Beyond()
	default:
		n.count.Malformed++
	}
	return 0, false
}

// Beyond says that contracts are left out.
func (n *Interner) Beyond() {
	if n.contracts.Full() {
		n.notes.Note(fmt.Sprintf("%d contracts trade today, with no room for more: what else trades is not shown", model.MaxTrading))
		return
	}
	n.notes.Note(fmt.Sprintf("%d contracts are known, with no room for all: what else trades is not shown", n.contracts.Len()))
}
