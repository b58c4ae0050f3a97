package model

import (
	"errors"
	"fmt"
	"testing"
)

// Numbers are dense in the order of arrival, and every symbol leads back to its
// own, whatever its length and however often the table has grown.
func TestContractsAreNumbered(t *testing.T) {
	contracts := NewRegistry()
	symbol := func(i int) string {
		return fmt.Sprintf("O:%s2612%02d%c%08d", []string{"F", "SPY", "NVDA", "BRK.B", "SPXW", "GOOGL1"}[i%6], 1+i/6%28, "CP"[i%2], 1+i)
	}
	const many = 20_000
	for i := range many {
		if id, found := contracts.Find([]byte(symbol(i))); found {
			t.Fatalf("%s is number %d before it was entered", symbol(i), id)
		}
		if id, err := contracts.Intern(symbol(i)); err != nil || id != ContractID(i) {
			t.Fatalf("%s became number %d, %v", symbol(i), id, err)
		}
	}
	for i := range many {
		found, ok := contracts.Find([]byte(symbol(i)))
		again, err := contracts.Intern(symbol(i))
		if !ok || err != nil || found != ContractID(i) || again != found || contracts.At(found).Symbol != symbol(i) {
			t.Fatalf("%s: found %d %t, entered again %d %v, want %d", symbol(i), found, ok, again, err, i)
		}
	}
	if contracts.Len() != many {
		t.Errorf("%d contracts", contracts.Len())
	}
}

// What is no symbol is neither found nor entered, however long.
func TestContractsRefuseWhatIsNoSymbol(t *testing.T) {
	contracts := NewRegistry()
	if _, err := contracts.Intern("O:ABCDEF261218C00100000"); err != nil {
		t.Fatal(err)
	}
	for _, symbol := range []string{"", "O:", "O:ABCDEFG261218C00100000", "O:ABCDEF261218C001000000", "O:ABCDEF261218C0010000", "O:ABCDEF261218C00100000\x00"} {
		if _, found := contracts.Find([]byte(symbol)); found {
			t.Errorf("%q was found", symbol)
		}
		if _, err := contracts.Intern(symbol); err == nil {
			t.Errorf("%q was entered", symbol)
		}
	}
}

func TestContractsFindAllocatesNothing(t *testing.T) {
	contracts := NewRegistry()
	symbol := "O:SPY261218C00600000"
	if _, err := contracts.Intern(symbol); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() {
		contracts.Find([]byte(symbol))
		if _, err := contracts.Intern(symbol); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkContractsIntern enters a chain of contracts, root after root.
func BenchmarkContractsIntern(b *testing.B) {
	var symbols []string
	for i := range 20_000 {
		symbols = append(symbols, fmt.Sprintf("O:%s2612%02d%c%08d", []string{"SPY", "NVDA", "BRKB", "SPXW"}[i/5000], 1+i/2%28, "CP"[i%2], 1+i))
	}
	b.ReportAllocs()
	for b.Loop() {
		contracts := NewRegistry()
		for _, symbol := range symbols {
			if _, err := contracts.Intern(symbol); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(symbols)), "ns/contract")
}

// There is room for so many contracts, of one underlying and in all; those that
// are known stay known.
func TestContractsAreBounded(t *testing.T) {
	c := NewRegistry()
	symbol := func(root string, n int) string { return fmt.Sprintf("O:%s261218C%08d", root, n+1) }
	for i := range maxChain {
		if _, err := c.Intern(symbol("SPX", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Intern(symbol("SPXW", 1)); !errors.Is(err, ErrFull) { // which are SPX's
		t.Errorf("beyond a chain: %v", err)
	}
	for n := 0; c.Len() < MaxContracts; n++ {
		if _, err := c.Intern(symbol(fmt.Sprintf("A%c", 'A'+n%20), n)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Intern(symbol("QQQ", 1)); !errors.Is(err, ErrFull) {
		t.Errorf("beyond all: %v", err)
	}
	if id, err := c.Intern(symbol("SPX", 7)); err != nil || id != 7 || c.Len() != MaxContracts {
		t.Errorf("a known one: %d, %v, of %d", id, err, c.Len())
	}
}
