package model

import (
	"testing"

	"pgregory.net/rapid"

	"optflow/feed/faults"
)

var marksDay = MakeDate(2026, 11, 23)

func markContract(root, underlying string, t OptionType, strike int32, dte int) *Contract {
	return &Contract{Root: root, Underlying: underlying, Type: t, Strike: strike, Expiry: marksDay + Date(dte), Shares: 100}
}

func markRow(edit func(*Row)) *Row {
	nan := float32(Unknown)
	r := &Row{
		Start: marksDay.At(10, 41).UnixMilli(), Kind: KindBurst, Size: 50, Vwap: 4.85, Premium: 24_250,
		DayVolume: UnknownCount, OpenInterest: UnknownCount, Spot: nan, Delta: nan, IV: nan, Bid: nan, Ask: nan, QuoteAge: NoQuote,
	}
	if edit != nil {
		edit(r)
	}
	return r
}

func TestMarksOf(t *testing.T) {
	call := markContract("NVDA", "NVDA", Call, 180_000, 25)
	today := markContract("NVDA", "NVDA", Call, 180_000, 0)
	index := markContract("SPXW", "SPX", Call, 6_800_000, 25)
	rules := DefaultRules()
	rules.Whales = map[string]float64{"SPX": 5_000_000}
	volume := func(day, oi, size uint32) func(*Row) {
		return func(r *Row) { r.DayVolume, r.OpenInterest, r.Size = day, oi, size }
	}
	tests := []struct {
		name     string
		contract *Contract
		edit     func(*Row)
		want     string
	}{
		{"nothing known", call, nil, ""},
		{"a million, delta unknown", call, func(r *Row) { r.Premium = 1e6 }, "W"},
		{"just under a million", call, func(r *Row) { r.Premium = 999_999 }, ""},
		{"a million, delta 0.48", call, func(r *Row) { r.Premium, r.Delta = 1e6, 0.48 }, "W"},
		{"a million, deep call", call, func(r *Row) { r.Premium, r.Delta = 1e6, 0.90 }, ""},
		{"a million, deep put", call, func(r *Row) { r.Premium, r.Delta = 1e6, -0.95 }, ""},
		{"underlying with its own threshold", index, func(r *Row) { r.Premium = 4e6 }, ""},
		{"over its own threshold", index, func(r *Row) { r.Premium = 5e6 }, "W"},
		{"carried over the ratio", call, volume(1_260, 1_000, 20), "U"},
		{"exactly at the ratio", call, volume(1_250, 1_000, 20), ""},
		{"over it before", call, volume(1_280, 1_000, 20), "u"},
		{"from exactly the ratio", call, volume(1_270, 1_000, 20), "U"},
		{"expires today", today, volume(1_260, 1_000, 20), ""},
		{"day volume too small", call, volume(499, 390, 20), ""},
		{"open interest too small", call, volume(1_260, 99, 20), ""},
		{"cheap", call, func(r *Row) { volume(1_260, 1_000, 20)(r); r.Vwap = 0.09 }, ""},
		{"ten cents", call, func(r *Row) { volume(1_260, 1_000, 20)(r); r.Vwap = 0.10 }, "U"},
		{"price unknown", call, func(r *Row) { volume(1_260, 1_000, 20)(r); r.Vwap = float32(Unknown) }, ""},
		{"day volume unknown", call, volume(UnknownCount, 1_000, 20), ""},
		{"larger than open interest", today, volume(300, 140, 141), ">"},
		{"as large as open interest", today, volume(300, 141, 141), ""},
		{"99 lots", today, volume(300, 5, 99), ""},
		{"no open interest", today, volume(300, 0, 141), ""},
		{"all at once", call, func(r *Row) { volume(3_104, 1_840, 2_310)(r); r.Premium = 1_120_350 }, "WU>"},
		{"all, later", call, func(r *Row) { volume(9_000, 1_840, 2_310)(r); r.Premium = 1_120_350 }, "Wu>"},
		{"a gap has none", call, func(r *Row) { volume(3_104, 1_840, 2_310)(r); r.Premium = 1e7; r.Kind = KindGap }, ""},
	}
	for _, test := range tests {
		if got := MarksOf(markRow(test.edit), test.contract, rules).String(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// Of all rows of a contract at most one is U, what follows is u, and knowing
// less never adds U, u or >.
func TestUnusualOnce(t *testing.T) {
	call := markContract("NVDA", "NVDA", Call, 180_000, 25)
	rules := DefaultRules()
	rapid.Check(t, func(t *rapid.T) {
		oi := uint32(rapid.IntRange(400, 3_000).Draw(t, "oi"))
		var day uint32
		unusual := false
		for range rapid.IntRange(1, 40).Draw(t, "rows") {
			size := uint32(rapid.IntRange(1, 600).Draw(t, "size"))
			day += size
			row := markRow(func(r *Row) { r.DayVolume, r.OpenInterest, r.Size = day, oi, size })
			marks := MarksOf(row, call, rules)
			switch {
			case marks&MarkUnusual != 0 && unusual:
				t.Fatal("U twice")
			case marks&MarkUnusual != 0:
				unusual = true
			case unusual != (marks&MarkUnusualLater != 0):
				t.Fatalf("after U: %v, marks %q", unusual, marks)
			}
			row.OpenInterest = UnknownCount
			if got := MarksOf(row, call, rules); got != 0 {
				t.Fatalf("%q without open interest", got)
			}
		}
	})
}

func TestRulesByUnderlying(t *testing.T) {
	rules := DefaultRules()
	rules.Floors = map[string]float64{"SPY": 100_000}
	if rules.FloorOf("SPY") != 100_000 || rules.FloorOf("NVDA") != 25_000 || rules.WhaleOf("SPY") != 1e6 {
		t.Errorf("floors %v %v, whale %v", rules.FloorOf("SPY"), rules.FloorOf("NVDA"), rules.WhaleOf("SPY"))
	}
}

func TestMoneyness(t *testing.T) {
	call := markContract("SPY", "SPY", Call, 655_000, 0)
	put := markContract("SPY", "SPY", Put, 655_000, 0)
	nan := float32(Unknown)
	tests := []struct {
		name          string
		contract      *Contract
		spot, delta   float32
		flags         Flags
		otm, itm, atm Truth
	}{
		{"call over spot", call, 640, nan, 0, True, False, False},
		{"call under spot", call, 670, nan, 0, False, True, False},
		{"put over spot", put, 640, nan, 0, False, True, False},
		{"put under spot", put, 670, nan, 0, True, False, False},
		{"on the strike", call, 655, nan, 0, False, False, True},
		{"within a per cent", call, 650, nan, 0, True, False, True},
		{"delta decides over distance", call, 650, 0.2, 0, True, False, False},
		{"put delta", put, 600, -0.5, 0, False, True, True},
		{"delta 0.40 and 0.60 belong", call, nan, 0.4, 0, Unknowable, Unknowable, True},
		{"delta over 0.60", call, nan, 0.61, 0, Unknowable, Unknowable, False},
		{"nothing known", call, nan, nan, 0, Unknowable, Unknowable, Unknowable},
		{"no spot", call, 0, nan, 0, Unknowable, Unknowable, Unknowable},
		{"delayed spot is not used", call, 640, nan, FlagSpotDelayed, Unknowable, Unknowable, Unknowable},
	}
	for _, test := range tests {
		r := markRow(func(r *Row) { r.Spot, r.Delta, r.Flags = test.spot, test.delta, test.flags })
		got := [3]Truth{r.OutOfMoney(test.contract), r.InMoney(test.contract), r.AtMoney(test.contract)}
		if want := [3]Truth{test.otm, test.itm, test.atm}; got != want {
			t.Errorf("%s: otm itm atm %v, want %v", test.name, got, want)
		}
	}
}

func TestFault40ZeroDTE(t *testing.T) {
	faults.Open(t, 40)
	for root, want := range map[string]bool{
		"SPY": true, "SPXW": true, "NDXP": true, "RUTW": true, "XSP": true,
		"SPX": false, "NDX": false, "RUT": false, "VIX": false, "VIXW": false,
	} {
		c := markContract(root, root, Call, 100_000, 0)
		if c.ZeroDTE(marksDay) != want {
			t.Errorf("%s on its expiry day: 0DTE %v", root, !want)
		}
		if c.ZeroDTE(marksDay - 1) {
			t.Errorf("%s is 0DTE the day before", root)
		}
	}
}

func TestVolumeOverOI(t *testing.T) {
	for _, test := range []struct {
		volume, oi uint32
		want       float64
	}{{3_104, 1_840, 3_104.0 / 1_840}, {UnknownCount, 5, Unknown}, {5, UnknownCount, Unknown}, {5, 0, Unknown}, {0, 5, 0}} {
		got := markRow(func(r *Row) { r.DayVolume, r.OpenInterest = test.volume, test.oi }).VolumeOverOI()
		if got != test.want && (got == got || test.want == test.want) {
			t.Errorf("%d over %d: %v", test.volume, test.oi, got)
		}
	}
}

func TestKleene(t *testing.T) {
	all := []Truth{False, Unknowable, True}
	for _, a := range all {
		if a.Not().Not() != a {
			t.Errorf("not not %v", a)
		}
		for _, b := range all {
			if a.And(b).Not() != a.Not().Or(b.Not()) || a.And(b) != b.And(a) {
				t.Errorf("De Morgan fails for %v and %v", a, b)
			}
		}
	}
	if Unknowable.And(False) != False || Unknowable.Or(True) != True || Unknowable.Not() != Unknowable {
		t.Error("unknown does not behave")
	}
	if False.String() != "false" || Unknowable.String() != "unknown" || True.String() != "true" || TruthOf(true) != True {
		t.Error("names")
	}
}
