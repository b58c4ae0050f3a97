package model

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"optflow/model/ticker"

	"pgregory.net/rapid"
)

func TestParseContract(t *testing.T) {
	for _, tt := range []struct {
		symbol, root, underlying, expiry string
		kind                             OptionType
		strike                           float64
	}{
		{"O:SPY251219C00650000", "SPY", "SPY", "2025-12-19", Call, 650},
		{"O:SPXW260105P06850000", "SPXW", "SPX", "2026-01-05", Put, 6850},
		{"O:NANOS230327C00400000", "NANOS", "NANOS", "2023-03-27", Call, 400},
		{"O:SPY1251219C00650000", "SPY1", "SPY", "2025-12-19", Call, 650},
		{"O:F261120P00012500", "F", "F", "2026-11-20", Put, 12.5},
		{"O:X240229C00000001", "X", "X", "2024-02-29", Call, 0.001},
		{"O:BRK.B1271217P99999999", "BRK.B1", "BRK.B", "2027-12-17", Put, 99999.999},
		{"O:SNOW261218C00200000", "SNOW", "SNOW", "2026-12-18", Call, 200},
	} {
		c, err := ParseContract(tt.symbol)
		if err != nil {
			t.Errorf("%s: %v", tt.symbol, err)
			continue
		}
		if c.Symbol != tt.symbol || c.Root != tt.root || c.Underlying != tt.underlying || c.Expiry.String() != tt.expiry ||
			c.Type != tt.kind || c.StrikePrice() != tt.strike || c.Shares != 100 || c.ID != 0 {
			t.Errorf("%s: read as %+v", tt.symbol, c)
		}
		if back := FormatContract(c); back != tt.symbol {
			t.Errorf("%s: written as %s", tt.symbol, back)
		}
	}
}

func TestParseContractSaysWhatIsWrong(t *testing.T) {
	for _, tt := range []struct{ symbol, want string }{
		{"", `does not start with "O:"`},
		{"SPY251219C00650000", `does not start with "O:"`},
		{"o:SPY251219C00650000", `does not start with "O:"`},
		{"O:", "too short"},
		{"O:SPY", "too short"},
		{"O:251219C00650000", "no root"},
		{"O:SPY251219C0065000", "strike of 7 digits, want 8"},
		{"O:AAPL211022C000150000", "strike of 9 digits, want 8"},
		{"O:SPY251219C0065000X", `"0065000X" where the strike's 8 digits belong`},
		{"O:SPY251219C0065 000", "where the strike's 8 digits belong"},
		{"O:SPY251219X00650000", `"X" where C or P belongs`},
		{"O:SPY251219c00650000", `"c" where C or P belongs`},
		{"O:SPY25121900650000", "where C or P belongs"},
		{"O:SPY25A219C00650000", `"25A219" where the date's 6 digits belong`},
		{"O:SPY251319C00650000", "no month 13"},
		{"O:SPY250019C00650000", "no month 00"},
		{"O:SPY250229C00650000", "no day 29 in February 2025"},
		{"O:SPY251200C00650000", "no day 00 in December 2025"},
		{"O:SPY251131C00650000", "no day 31 in November 2025"},
		{"O:SPY251219C00000000", "strike of zero"},
		{"O:TOOLONG251219C00650000", "root of 7 characters"},
		{"O:spy251219C00650000", `"s" in its root`},
		{"O:S Y251219C00650000", `" " in its root`},
		{"O:\x1b]0;x\a251219C00650000", `in its root`},
		{"O:" + strings.Repeat("A", 500) + "251219C00650000", "..."},
	} {
		c, err := ParseContract(tt.symbol)
		if err == nil {
			t.Errorf("%q was taken as %+v", tt.symbol, c)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: error %q lacks %q", tt.symbol, err, tt.want)
		}
		if len(err.Error()) > 300 || strings.ContainsFunc(err.Error(), unicode.IsControl) {
			t.Errorf("%q: unsafe error %q", tt.symbol, err)
		}
	}
}

func TestOfRoot(t *testing.T) {
	for root, want := range map[string]string{
		"SPX": "SPX", "SPXW": "SPX", "NDXP": "NDX", "VIXW": "VIX", "RUTW": "RUT", "SPY1": "SPY", "AAPL12": "AAPL",
		"NOW": "NOW", "SNOW": "SNOW", "DJXW": "DJXW", "BRK.B": "BRK.B", "SPXW1": "SPX", "1": "1", "": "",
	} {
		if got := ticker.OfRoot(root); got != want {
			t.Errorf("OfRoot(%q) = %q, want %q", root, got, want)
		}
	}
}

func TestContractRoundTrip(t *testing.T) {
	from, to := int(MakeDate(2000, time.January, 1)), int(MakeDate(2099, time.December, 31))
	rapid.Check(t, func(t *rapid.T) {
		c := Contract{
			Root:   rapid.StringMatching(`[A-Z0-9.]{1,6}`).Draw(t, "root"),
			Expiry: Date(rapid.IntRange(from, to).Draw(t, "expiry")),
			Type:   OptionType(rapid.IntRange(0, 1).Draw(t, "type")),
			Strike: rapid.Int32Range(1, 99_999_999).Draw(t, "strike"),
			Shares: 100,
		}
		c.Symbol, c.Underlying = FormatContract(c), ticker.OfRoot(c.Root)
		c.RootDigit = len(c.Root) > 1 && unicode.IsDigit(rune(c.Root[len(c.Root)-1]))
		got, err := ParseContract(c.Symbol)
		if err != nil || got != c {
			t.Fatalf("%s: read as %+v, %v; want %+v", c.Symbol, got, err, c)
		}
	})
}

func FuzzParseContract(f *testing.F) {
	for _, s := range []string{"O:SPY251219C00650000", "O:SPXW260105P06850000", "O:SPY1251219C00650000", "O:AAPL211022C000150000", "O:", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseContract(s)
		if err == nil {
			if back := FormatContract(c); back != s {
				t.Errorf("%q written as %q", s, back)
			}
			return
		}
		if strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q: unsafe error %q", s, err)
		}
	})
}

func BenchmarkParseContract(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseContract("O:SPXW260105P06850000"); err != nil {
			b.Fatal(err)
		}
	}
}
