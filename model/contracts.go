package model

import (
	"errors"
	"sync/atomic"
)

// How many contracts there may be: some 1.8 million are listed in all, 30,000 of
// the underlying with the most. Each costs half a kilobyte in every part of the
// program, and what a server names must not be what that comes to.
const (
	MaxContracts = 500_000
	maxChain     = 50_000 // of one underlying
)

// ErrFull says that there are as many contracts as there may be.
var ErrFull = errors.New("no room for another contract")

// Contracts numbers contracts. One goroutine interns, any number read.
// Numbers are dense from 0 and never reused.
type Contracts struct {
	symbols symbolTable                                // the writer's alone
	roots   roots                                      // likewise
	list    atomic.Pointer[[]atomic.Pointer[Contract]] // with room for more; the places behind count are nil
	count   atomic.Int64
	chains  map[string]int // contracts by underlying; the writer's alone
	full    bool           // as many trade as may; the writer's alone
}

// NewContracts returns an empty registry.
func NewContracts() *Contracts {
	c := &Contracts{symbols: newSymbolTable(), roots: newRoots(), chains: map[string]int{}}
	c.list.Store(new([]atomic.Pointer[Contract]))
	return c
}

// Find looks a symbol up without allocating. Only the writer may call it.
func (c *Contracts) Find(symbol []byte) (ContractID, bool) {
	return c.symbols.find(symbol)
}

// Intern returns the number of a symbol such as "O:SPY251219C00650000",
// parsing and adding it when it is new. It is ErrFull when there is no room for
// it. Only the writer may call it.
func (c *Contracts) Intern(symbol string) (ContractID, error) {
	if id, ok := c.symbols.find([]byte(symbol)); ok {
		return id, nil
	}
	contract, err := ParseContract(symbol)
	if err != nil {
		return 0, err
	}
	if c.Len() >= MaxContracts {
		return 0, ErrFull
	}
	root := c.roots.entry(contract.Root)
	contract.Underlying, contract.More = root.underlying, root.more
	if c.chains[contract.Underlying] >= maxChain {
		return 0, ErrFull
	}
	c.chains[contract.Underlying]++
	n := int(c.count.Load())
	contract.ID = ContractID(n)
	c.symbols.add(contract.Symbol, contract.ID)
	c.room(n)[n].Store(&contract)
	c.count.Store(int64(n + 1))
	return contract.ID, nil
}

// room is the list with a place for number n.
func (c *Contracts) room(n int) []atomic.Pointer[Contract] {
	list := *c.list.Load()
	if n < len(list) {
		return list
	}
	grown := make([]atomic.Pointer[Contract], max(1024, 2*n))
	for i := range n {
		grown[i].Store(list[i].Load())
	}
	c.list.Store(&grown)
	return grown
}

// SetDeliverable replaces a contract by one that delivers so many shares (0:
// not stated). It reports whether anything changed. Only the writer may call
// it.
func (c *Contracts) SetDeliverable(id ContractID, shares float64) bool {
	old := c.At(id)
	if old == nil {
		return false
	}
	changed := *old
	if shares > 0 {
		changed.Shares = shares
	}
	if changed == *old {
		return false
	}
	(*c.list.Load())[id].Store(&changed)
	return true
}

// At returns a contract by number. It is safe from any goroutine for every
// number seen in a row, and nil for one that was never given out.
func (c *Contracts) At(id ContractID) *Contract {
	list := *c.list.Load()
	if int(id) >= len(list) {
		return nil
	}
	return list[id].Load()
}

// Len is how many contracts have been numbered.
func (c *Contracts) Len() int { return int(c.count.Load()) }
