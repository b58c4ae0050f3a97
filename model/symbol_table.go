package model

import "hash/maphash"

// longestSymbol is the length of one with a root of six letters, the most that there are.
const longestSymbol = len(symbolPrefix) + maxRoot + tailLength

// symbolTable finds the numbers of symbols. Every bar of the stream is looked
// up here, mostly a contract that was not traded just now, so what it costs is
// the memory that is touched: the symbols stand in the table itself, where a map
// would keep them elsewhere.
type symbolTable struct {
	seed    maphash.Seed
	entries []symbolEntry // a power of two of them; a taken place pushes on to the next
	count   int
}

type symbolEntry struct {
	symbol [longestSymbol]byte
	length uint8 // 0: free
	id     ContractID
}

func newSymbolTable() symbolTable {
	return symbolTable{seed: maphash.MakeSeed(), entries: make([]symbolEntry, 1024)}
}

// place is the entry of a symbol, or the free one where it belongs.
func (t *symbolTable) place(symbol []byte) *symbolEntry {
	last := uint64(len(t.entries) - 1)
	for at := maphash.Bytes(t.seed, symbol); ; at++ {
		e := &t.entries[at&last]
		if e.length == 0 || string(e.symbol[:e.length]) == string(symbol) {
			return e
		}
	}
}

// find returns the number of a symbol.
func (t *symbolTable) find(symbol []byte) (ContractID, bool) {
	e := t.place(symbol)
	return e.id, e.length > 0
}

// add enters a symbol that is not there yet; it has no more than longestSymbol
// bytes.
func (t *symbolTable) add(symbol string, id ContractID) {
	if t.count >= len(t.entries)/4*3 {
		old := t.entries
		t.entries = make([]symbolEntry, 2*len(old))
		for i := range old {
			if e := &old[i]; e.length > 0 {
				*t.place(e.symbol[:e.length]) = *e
			}
		}
	}
	e := t.place([]byte(symbol))
	e.length, e.id = uint8(copy(e.symbol[:], symbol)), id
	t.count++
}
