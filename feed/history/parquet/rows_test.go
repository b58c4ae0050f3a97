package parquet

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optflow/model"
)

// contracts are of a few underlyings, a mini and an adjusted one among them.
func someContracts(t testing.TB) (all []*model.Contract) {
	for i, symbol := range []string{
		"O:NVDA261218C00180000", "O:NVDA261218P00180000", "O:SPXW261123C06500000", "O:BRKB270115P00450500", "O:SPY7261218C00650000", "O:TSLA1261218C00400000",
	} {
		c, err := model.ParseContract(symbol)
		if err != nil {
			t.Fatal(err)
		}
		switch i {
		case 3:
			c.Underlying = "BRK.B"
		case 4:
			c.Shares = 10
		case 5:
			c.Shares, c.More = 44, true // its file tells that it is adjusted, and by how much
		}
		c.ID = model.ContractID(i)
		all = append(all, &c)
	}
	return all
}

// randomRow is a row as a book might make one; where it says nothing else all is
// unknown now and then.
func randomRow(r *rand.Rand, contracts []*model.Contract, bursts bool) Row {
	c := contracts[r.IntN(len(contracts))]
	maybe := func(v float32) float32 {
		if r.IntN(5) == 0 {
			return float32(math.NaN())
		}
		return v
	}
	row := Row{Of: c}
	row.Contract = c.ID
	row.Start, row.Span, row.Size = 1795444200000+int64(r.IntN(23_400))*1000, model.Second, uint32(1+r.IntN(3000))
	row.Open, row.High, row.Low, row.Close, row.Vwap = maybe(4.8), maybe(4.9), maybe(4.75), maybe(float32(r.IntN(500))/100), maybe(4.8512)
	row.Premium, row.Prints = float64(row.Size)*485, maybe(float32(r.IntN(40))/4)
	row.Spot, row.IV, row.Delta = maybe(178.21), maybe(0.41), maybe(float32(r.IntN(2000)-1000)/1000)
	row.DayVolume, row.OpenInterest = uint32(r.IntN(9000)), model.UnknownCount
	if r.IntN(4) > 0 {
		row.OpenInterest = uint32(r.IntN(9000))
	}
	row.Bid, row.Ask, row.QuoteAge = float32(math.NaN()), float32(math.NaN()), model.NoQuote
	if r.IntN(3) > 0 {
		row.Bid, row.Ask, row.QuoteAge = 0, 4.85, int32(r.IntN(9000)-3000)
	}
	row.Revision, row.Source = uint16(r.IntN(4)), model.Source(r.IntN(3))
	if row.Side = model.Side(r.IntN(int(model.NumSides))); row.Side != model.SideUnknown {
		row.Certainty = model.Certainty(1 + r.IntN(3))
	}
	row.Flags = model.Flags(r.IntN(32))
	if r.IntN(20) == 0 {
		nan := float32(math.NaN())
		row.Kind, row.Reason, row.Premium, row.Prints = model.KindGap, model.GapReason(1+r.IntN(5)), 0, nan
		row.Open, row.High, row.Low, row.Close, row.Vwap = nan, nan, nan, nan, nan
	} else if bursts {
		row.Kind, row.Burst.Windows, row.FirstKnown = model.KindBurst, uint32(1+r.IntN(9)), row.Start+2000
		row.Flags |= []model.Flags{0, model.FlagTwin, model.FlagAlone}[r.IntN(3)]
		if r.IntN(2) == 0 {
			row.Rank = float32(1+r.IntN(900)) / 1000
		}
	}
	return row
}

// written is a file of so many rows, and the rows.
func written(t testing.TB, n int, bursts bool) (path string, rows []Row) {
	r, contracts := rand.New(rand.NewPCG(1, 2)), someContracts(t)
	path = filepath.Join(t.TempDir(), Bursts)
	f, err := create(path, columnsOf(bursts), map[string]string{"optflow.test": "yes"})
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		row := randomRow(r, contracts, bursts)
		rows = append(rows, row)
		if err := f.add(&line{Row: row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.finish(); err != nil {
		t.Fatal(err)
	}
	return path, rows
}

// scanned are the rows of a file that meet the conditions.
func scanned(t testing.TB, path string, conditions ...Condition) (rows []Row) {
	err := Scan(context.Background(), path, conditions, func(r *Row) bool {
		rows = append(rows, *r)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// plain is a row that can be compared: one NaN is as another, and a contract is its
// terms, whatever its number in a book.
func plain(r Row) (Row, string) {
	for _, v := range []*float32{&r.Open, &r.High, &r.Low, &r.Close, &r.Vwap, &r.Prints, &r.Spot, &r.IV, &r.Delta, &r.Bid, &r.Ask} {
		if *v != *v {
			*v = -1e9
		}
	}
	c := r.Of
	terms := fmt.Sprint(c.Symbol, c.Underlying, c.Expiry, c.Type, c.Strike, c.Shares, c.Adjusted(), c.Multiplier())
	r.Row.Contract, r.Replaces, r.Of = 0, 0, nil
	return r, terms
}

// differ says in which row two lists differ first.
func differ(t *testing.T, want, got []Row) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	for i := range min(len(want), len(got)) {
		a, first := plain(want[i])
		if b, second := plain(got[i]); a != b || first != second {
			t.Fatalf("row %d\nwant %+v %s\ngot  %+v %s", i, a, first, b, second)
		}
	}
}

// A row that was written is the same when it is read: known as unknown.
func TestRowsComeBack(t *testing.T) {
	for _, bursts := range []bool{false, true} {
		path, rows := written(t, groupRows+pageRows+100, bursts)
		differ(t, rows, scanned(t, path))
	}
}

// A scan leaves out what a plain look at each row leaves out.
func TestScanMeetsConditions(t *testing.T) {
	path, rows := written(t, groupRows+2*pageRows, true)
	tests := []struct {
		name       string
		conditions []Condition
		meets      func(r *Row) bool
	}{
		{"a ticker", []Condition{{Column: "underlying", In: []string{"BRK.B", "TSLA"}}}, func(r *Row) bool { return r.Of.Underlying == "BRK.B" || r.Of.Underlying == "TSLA" }},
		{"none", []Condition{{Column: "underlying", In: []string{"AAPL"}}}, func(*Row) bool { return false }},
		{"premium", []Condition{AtLeast("premium", 1e6)}, func(r *Row) bool { return r.Premium >= 1e6 }},
		{"delta, where it is known", []Condition{{Column: "delta", Min: math.Inf(-1), Max: -0.5}}, func(r *Row) bool { return r.Delta <= -0.5 }},
		{"both", []Condition{{Column: "type", In: []string{"put"}}, AtLeast("size", 2000)}, func(r *Row) bool { return r.Of.Type == model.Put && r.Size >= 2000 }},
		{"a truth", []Condition{{Column: "twin", Min: 1, Max: 1}}, func(r *Row) bool { return r.Twin() == model.True }},
		{"a date", []Condition{{Column: "expiry", Min: float64(model.MakeDate(2026, 11, 23)), Max: float64(model.MakeDate(2026, 11, 23))}}, func(r *Row) bool { return r.Of.Root == "SPXW" }},
		{"a time", []Condition{{Column: "start", Min: 1795444200000, Max: 1795444260000}}, func(r *Row) bool { return r.Start <= 1795444260000 }},
		{"a word that may be missing", []Condition{{Column: "side", In: []string{"AA"}}}, func(r *Row) bool { return r.Side == model.SideAboveAsk }},
		{"beyond all there is", []Condition{AtLeast("size", 1e6)}, func(*Row) bool { return false }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []Row
			for i := range rows {
				if tt.meets(&rows[i]) {
					want = append(want, rows[i])
				}
			}
			differ(t, want, scanned(t, path, tt.conditions...))
		})
	}
	if err := Scan(context.Background(), path, []Condition{AtLeast("beauty", 1)}, nil); err == nil || !strings.Contains(err.Error(), "beauty") {
		t.Errorf("a column that there is not: %v", err)
	}
	n := 0
	if err := Scan(context.Background(), path, nil, func(*Row) bool { n++; return n < 10 }); err != nil || n != 10 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// manyContracts are as many as a busy day of a few tickers has.
func manyContracts(t testing.TB) (all []*model.Contract) {
	for i := range 3000 {
		c, err := model.ParseContract(fmt.Sprintf("O:%s2612%02d%c%08d", []string{"NVDA", "SPXW", "SPY", "TSLA", "AAPL"}[i%5], 1+i%28, "CP"[i/5%2], 5000*(1+i)))
		if err != nil {
			t.Fatal(err)
		}
		c.ID = model.ContractID(i)
		all = append(all, &c)
	}
	return all
}

func sizeOf(t testing.TB, path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
