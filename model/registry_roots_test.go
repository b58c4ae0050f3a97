package model

import "testing"

// What the vendor says of a root replaces the guess, for the contracts that are
// there and for those that come.
func TestContractsLearnTheUnderlying(t *testing.T) {
	contracts := NewRegistry()
	first, _ := contracts.Intern("O:BRKB261218C00500000")
	if got := contracts.At(first).Underlying; got != "BRKB" {
		t.Errorf("guessed %s", got)
	}
	before := contracts.At(first)
	if !contracts.Learn("BRKB", "BRK.B") || contracts.Learn("BRKB", "BRK.B") {
		t.Error("learning is not reported once")
	}
	second, _ := contracts.Intern("O:BRKB261218P00500000")
	other, _ := contracts.Intern("O:BRKB1261218P00500000")
	for id, want := range map[ContractID]string{first: "BRK.B", second: "BRK.B", other: "BRKB"} {
		if got := contracts.At(id).Underlying; got != want {
			t.Errorf("%s is %s's, want %s", contracts.At(id).Symbol, got, want)
		}
	}
	if before.Underlying != "BRKB" {
		t.Error("a contract in a reader's hand was changed")
	}
}

func TestContractsExpectAFollowedName(t *testing.T) {
	contracts := NewRegistry()
	id, _ := contracts.Intern("O:BRKB261218C00500000")
	contracts.Expect("BRK.B")
	adjusted, _ := contracts.Intern("O:BRKB1261218C00500000")
	contracts.Expect("BF.B")
	next, _ := contracts.Intern("O:BFB261218C00050000")
	for id, want := range map[ContractID]string{id: "BRK.B", adjusted: "BRK.B", next: "BF.B"} {
		if got := contracts.At(id).Underlying; got != want {
			t.Errorf("%s is %s's, want %s", contracts.At(id).Symbol, got, want)
		}
	}
	contracts.Learn("BRKB", "BRK.A") // what the vendor says goes before what we expect
	contracts.Expect("BRK.B")
	if got := contracts.At(id).Underlying; got != "BRK.A" {
		t.Errorf("expected away to %s", got)
	}
}

// One wrong statement among right ones moves nothing, however often it comes;
// several in a row do, and can be taken back the same way.
func TestContractsDoubtOneStatement(t *testing.T) {
	contracts := NewRegistry()
	is := func(want string) {
		t.Helper()
		if got := contracts.RootUnderlying("SPY"); got != want {
			t.Fatalf("SPY is %s's, want %s", got, want)
		}
	}
	contracts.Learn("SPY", "SPY")
	for range 10 {
		contracts.Learn("SPY", "QQQ")
		contracts.Learn("SPY", "QQQ")
		contracts.Learn("SPY", "SPY")
		is("SPY")
		contracts.Learn("SPY", "QQQ")
		contracts.Learn("SPY", "IWM")
		contracts.Learn("SPY", "QQQ")
		is("SPY")
		contracts.Learn("SPY", "SPY")
	}
	for range 3 {
		contracts.Learn("SPY", "QQQ")
	}
	is("QQQ")
	for range 3 {
		contracts.Learn("SPY", "SPY")
	}
	is("SPY")
	contracts.Learn("BRKB", "BRKB")
	contracts.Learn("BRKB", "BRK.B") // the same name, better spelled
	contracts.Learn("BRKB", "BRKB")
	if got := contracts.RootUnderlying("BRKB"); got != "BRK.B" {
		t.Errorf("BRKB is spelled %s", got)
	}
}

func TestContractTerms(t *testing.T) {
	for _, tt := range []struct {
		root       string
		shares     float64
		more       bool
		multiplier float64
		adjusted   bool
	}{
		{"SPY", 100, false, 100, false}, {"XSP", 100, false, 100, false}, {"MRUT", 100, false, 100, false},
		{"AAPL7", 10, false, 10, false}, {"AAPL7", 10, true, 100, true}, {"AAPL7", 100, false, 100, true}, {"AAPL7", 20, false, 100, true},
		{"SDS1", 20, false, 100, true}, {"SDS1", 100, false, 100, true}, {"UVXY1", 10, false, 100, true}, {"VMW1", 44, true, 100, true},
		{"ODD", 150, false, 100, true}, {"ODD", 10, false, 100, true}, {"ODD", 100, true, 100, true}, {"1SPX", 100, false, 100, false},
	} {
		c, err := ParseContract("O:" + tt.root + "261218C00012000")
		if err != nil {
			t.Fatal(err)
		}
		c.Shares, c.More = tt.shares, tt.more
		if c.Multiplier() != tt.multiplier || c.Adjusted() != tt.adjusted {
			t.Errorf("%s, %v shares, more %t: multiplier %v, adjusted %t; want %v, %t",
				tt.root, tt.shares, tt.more, c.Multiplier(), c.Adjusted(), tt.multiplier, tt.adjusted)
		}
	}
}

// The strike of an adjusted contract says nothing beside the price of a share.
func TestAdjustedContractsHaveNoMoneyness(t *testing.T) {
	row := Row{Spot: 60, Delta: 0.5}
	c := Contract{Root: "SDS1", RootDigit: true, Type: Call, Strike: 12_000, Shares: 20}
	if otm := row.OTM(&c); otm == otm {
		t.Errorf("OTM %v", otm)
	}
	if row.InMoney(&c) != Unknowable || row.OutOfMoney(&c) != Unknowable || row.AtMoney(&c) != Unknowable {
		t.Error("in, out of or at the money by the price of one share")
	}
	mini := Contract{Root: "AAPL7", RootDigit: true, Type: Call, Strike: 50_000, Shares: 10}
	if row.InMoney(&mini) != True || row.AtMoney(&mini) != True {
		t.Error("a mini's strike is that of a share")
	}
}
