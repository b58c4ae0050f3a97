package model

import "sync/atomic"

// Contracts numbers contracts. One goroutine interns, any number read.
// Numbers are dense from 0 and never reused.
type Contracts struct {
	symbols symbolTable // the writer's alone
	list    atomic.Pointer[[]*Contract]
}

// NewContracts returns an empty registry.
func NewContracts() *Contracts {
	c := &Contracts{symbols: newSymbolTable()}
	c.list.Store(new([]*Contract))
	return c
}

// Find looks a symbol up without allocating. Only the writer may call it.
func (c *Contracts) Find(symbol []byte) (ContractID, bool) {
	return c.symbols.find(symbol)
}

// Intern returns the number of a symbol such as "O:SPY251219C00650000",
// parsing and adding it when it is new. Only the writer may call it.
func (c *Contracts) Intern(symbol string) (ContractID, error) {
	if id, ok := c.symbols.find([]byte(symbol)); ok {
		return id, nil
	}
	contract, err := ParseContract(symbol)
	if err != nil {
		return 0, err
	}
	old := *c.list.Load()
	contract.ID = ContractID(len(old))
	c.symbols.add(contract.Symbol, contract.ID)
	grown := append(old, &contract) // readers hold shorter slices of the same array
	c.list.Store(&grown)
	return contract.ID, nil
}

// SetShares replaces a contract by one with another number of shares.
// Only the writer may call it.
func (c *Contracts) SetShares(id ContractID, shares float64) {
	old := *c.list.Load()
	if shares <= 0 || int(id) >= len(old) || old[id].Shares == shares {
		return
	}
	changed := *old[id]
	changed.Shares = shares
	fresh := make([]*Contract, len(old), cap(old))
	copy(fresh, old)
	fresh[id] = &changed
	c.list.Store(&fresh)
}

// At returns a contract by number. It is safe from any goroutine for every
// number seen in a row, and nil for one that was never given out.
func (c *Contracts) At(id ContractID) *Contract {
	list := *c.list.Load()
	if int(id) >= len(list) {
		return nil
	}
	return list[id]
}

// Len is how many contracts have been numbered.
func (c *Contracts) Len() int { return len(*c.list.Load()) }
