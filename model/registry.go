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

// Registry numbers contracts and knows what their roots are written on. It
// belongs to one goroutine, that of the book that changes it; others are given
// its Contracts.
type Registry struct {
	Contracts
	symbols map[string]ContractID
	roots   roots
	chains  map[string]int // contracts by underlying
	full    bool           // as many trade as may
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	r := &Registry{
		symbols: map[string]ContractID{}, chains: map[string]int{},
		roots: roots{of: map[string]*rootEntry{}, expected: map[string]string{}},
	}
	r.list.Store(new([]atomic.Pointer[Contract]))
	return r
}

// Find looks a symbol up without allocating.
func (r *Registry) Find(symbol []byte) (ContractID, bool) {
	id, ok := r.symbols[string(symbol)]
	return id, ok
}

// Intern returns the number of a symbol such as "O:SPY251219C00650000",
// parsing and adding it when it is new. It is ErrFull when there is no room for
// it.
func (r *Registry) Intern(symbol string) (ContractID, error) {
	if id, ok := r.symbols[symbol]; ok {
		return id, nil
	}
	contract, err := ParseContract(symbol)
	if err != nil {
		return 0, err
	}
	if r.Len() >= MaxContracts {
		return 0, ErrFull
	}
	root := r.roots.entry(contract.Root)
	contract.Underlying, contract.More = root.underlying, root.more
	if r.chains[contract.Underlying] >= maxChain {
		return 0, ErrFull
	}
	r.chains[contract.Underlying]++
	n := int(r.count.Load())
	contract.ID = ContractID(n)
	r.symbols[contract.Symbol] = contract.ID
	r.room(n)[n].Store(&contract)
	r.count.Store(int64(n + 1))
	return contract.ID, nil
}

// room is the list with a place for number n.
func (r *Registry) room(n int) []atomic.Pointer[Contract] {
	list := *r.list.Load()
	if n < len(list) {
		return list
	}
	grown := make([]atomic.Pointer[Contract], max(1024, 2*n))
	for i := range n {
		grown[i].Store(list[i].Load())
	}
	r.list.Store(&grown)
	return grown
}

// SetShares replaces a contract by one that delivers so many shares (0:
// not stated). It reports whether anything changed.
func (r *Registry) SetShares(id ContractID, shares float64) bool {
	old := r.At(id)
	if old == nil || !(shares > 0) || shares == old.Shares {
		return false
	}
	changed := *old
	changed.Shares = shares
	(*r.list.Load())[id].Store(&changed)
	return true
}

// MaxTrading is how many contracts may have an account on one date. One that
// trades costs 1.2 KB, six times what a listed one does. There is room for
// twice what the underlying with the most lists, a part of which trades on a day,
// and for six times the whole simulated market; what trades first has it.
const MaxTrading = 60_000

// Full reports whether as many contracts trade as may.
func (r *Registry) Full() bool { return r.full }

// SetFull says whether as many contracts trade as may.
func (r *Registry) SetFull(full bool) { r.full = full }

// InternTraded is Intern for a contract that the stream names: one that is new
// trades, and is ErrFull when as many do as may.
func (r *Registry) InternTraded(symbol string) (ContractID, error) {
	if r.full {
		if id, ok := r.symbols[symbol]; ok {
			return id, nil
		}
		if _, err := ParseContract(symbol); err != nil {
			return 0, err
		}
		return 0, ErrFull
	}
	return r.Intern(symbol)
}
