package model

import "sync/atomic"

// Contracts are the contracts that were numbered, as any goroutine may read them.
// Numbers are dense from 0 and never reused.
type Contracts struct {
	list  atomic.Pointer[[]atomic.Pointer[Contract]] // with room for more; the places behind count are nil
	count atomic.Int64
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
