package session

import (
	"testing"

	"optflow/feed/faults"
	"optflow/model"
)

func contract(t *testing.T, symbol string) *model.Contract {
	t.Helper()
	c, err := model.ParseContract(symbol)
	if err != nil {
		t.Fatal(err)
	}
	return &c
}

func TestFault40LastTradingDay(t *testing.T) {
	faults.Open(t, 40)
	var c *Calendar
	for _, tt := range []struct{ symbol, last, closes string }{
		{"O:NVDA261218C00180000", "2026-12-18", "2026-12-18 16:00:00"},
		{"O:NVDA260403C00180000", "2026-04-02", "2026-04-02 16:00:00"}, // Good Friday
		{"O:SPY260619C00650000", "2026-06-18", "2026-06-18 16:15:00"},  // Juneteenth, an ETF
		{"O:SPX261218C06850000", "2026-12-17", "2026-12-17 16:15:00"},  // AM-settled
		{"O:SPXW261218C06850000", "2026-12-18", "2026-12-18 16:00:00"}, // PM-settled, on its last day
		{"O:VIX261216C00020000", "2026-12-15", "2026-12-15 16:15:00"},
		{"O:SPX260619C06850000", "2026-06-17", "2026-06-17 16:15:00"}, // AM-settled, expiry on a holiday
		{"O:NVDA261127C00180000", "2026-11-27", "2026-11-27 13:00:00"},
		{"O:SPY261127C00650000", "2026-11-27", "2026-11-27 13:15:00"},
		{"O:NVDA280229C00180000", "2028-02-29", "2028-02-29 16:00:00"},
	} {
		option := contract(t, tt.symbol)
		last := c.LastTradingDay(option)
		if last.String() != tt.last {
			t.Errorf("%s: last trades on %s, want %s", tt.symbol, last, tt.last)
		}
		closes := ms(t, tt.closes)
		if got, ok := c.Closes(option, last); !ok || got != closes {
			t.Errorf("%s: closes at %d, want %s", tt.symbol, got, tt.closes)
		}
		if _, ok := c.Closes(option, last+1); ok {
			t.Errorf("%s trades after its last day", tt.symbol)
		}
	}
	spxw := contract(t, "O:SPXW261218C06850000")
	if got, _ := c.Closes(spxw, date(t, "2026-12-17")); got != ms(t, "2026-12-17 16:15:00") {
		t.Errorf("SPXW closes at %d the day before it expires", got)
	}
}
