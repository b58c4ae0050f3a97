package feed

import (
	"errors"
	"fmt"

	"optflow/model"
)

// intern numbers a contract that REST told of. What there is no room for is said
// once; what is no contract is counted.
func (e *Engine) intern(symbol string) (id model.ContractID, ok bool) {
	id, err := e.tape.Contracts.Intern(symbol)
	switch {
	case err == nil:
		return id, true
	case errors.Is(err, model.ErrFull):
		e.beyond()
	default:
		e.count.Malformed++
	}
	return 0, false
}

// beyond says that contracts are left out.
func (e *Engine) beyond() {
	if e.tape.Contracts.Full() {
		e.note(fmt.Sprintf("%d contracts trade today, with no room for more: what else trades is not shown", model.MaxTrading))
		return
	}
	e.note(fmt.Sprintf("%d contracts are known, with no room for all: what else trades is not shown", e.tape.Contracts.Len()))
}
