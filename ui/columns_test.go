package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// drawn is what a column shows of a row, in its own width or a narrower one.
func drawn(t rapid.TB, m *Model, id table.ID, row model.Row, c *model.Contract, width int) string {
	t.Helper()
	var p paint.Pen
	p.Line(m.th, paint.OnPlain, width)
	table.Tape[id].Draw(&p, &table.Cell{Row: &row, Contract: c, Zone: m.zone}, width)
	text := ansi.Strip(p.End())
	if n := ansi.StringWidth(text); n != width {
		t.Fatalf("%s draws %d cells of %d: %q", table.Tape[id].Head, n, width, text)
	}
	return strings.TrimSpace(text)
}

// TestExtremesKeepTheirHead shows every column the largest and longest that the
// market has. A number that lost its first digit would be another number.
func TestExtremesKeepTheirHead(t *testing.T) {
	m := newStage(t, 200, 50, nil).m
	contract := func(strike int32, kind model.OptionType, year int) *model.Contract {
		return &model.Contract{Underlying: "NDX", Root: "NDX", Strike: strike, Type: kind, Shares: 100, Expiry: model.MakeDate(year, 12, 17)}
	}
	base := model.Row{Start: fixtureNow, Span: model.Second}
	with := func(change func(*model.Row)) model.Row { r := base; change(&r); return r }
	call := contract(180_000, model.Call, 2026)
	for _, c := range []struct {
		id   table.ID
		row  model.Row
		of   *model.Contract
		want string
	}{
		{table.TapeColumn("strike"), base, contract(99_999_000, model.Put, 2026), "99999 P"},
		{table.TapeColumn("strike"), base, contract(99_999_500, model.Put, 2026), "99999.5 P"},
		{table.TapeColumn("strike"), base, contract(12_345_670, model.Call, 2026), "12345.67C"},
		{table.TapeColumn("strike"), base, contract(99_999_999, model.Call, 2026), "99999.99…"},
		{table.TapeColumn("dte"), base, contract(180_000, model.Call, 2029), "3y+"},
		{table.TapeColumn("dte"), base, contract(180_000, model.Call, 2027), "389"},
		{table.TapeColumn("premium"), with(func(r *model.Row) { r.Premium = 1.23e9 }), call, "$1.23B"},
		{table.TapeColumn("premium"), with(func(r *model.Row) { r.Premium = 999_960_000 }), call, "$1.00B"},
		{table.TapeColumn("size"), with(func(r *model.Row) { r.Size = 1_234_567 }), call, "1.23M"},
		{table.TapeColumn("size"), with(func(r *model.Row) { r.Size = 123_456 }), call, "123K"},
		{table.TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 999 }), call, "~999"},
		{table.TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 1_234 }), call, "~1K"},
		{table.TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 99_600 }), call, "~.1M"},
		{table.TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 12_345_678 }), call, "~12M"},
		{table.TapeColumn("price"), with(func(r *model.Row) { r.Vwap = 1234.5 }), call, "1234.5"},
		{table.TapeColumn("price"), with(func(r *model.Row) { r.Vwap = 123.46; r.Flags = model.FlagApproximate }), call, "≈123.5"},
		{table.TapeColumn("price"), with(func(r *model.Row) { r.Vwap = 12345; r.Flags = model.FlagApproximate }), call, "≈12345"},
		{table.TapeColumn("quote"), with(func(r *model.Row) { r.Bid, r.Ask = 232.72, 235.1 }), call, "232.72 × 235.10"},
		{table.TapeColumn("quote"), with(func(r *model.Row) { r.Bid, r.Ask = 9999.97, 10020 }), call, "10000 × 10020"},
		{table.TapeColumn("volume"), with(func(r *model.Row) { r.DayVolume = 12_345_678 }), call, "12.3M"},
		{table.TapeColumn("oi"), with(func(r *model.Row) { r.OpenInterest = 999_999 }), call, "999,999"},
		{table.TapeColumn("spot"), with(func(r *model.Row) { r.Spot = 99999.99 }), call, "99999.99"},
		{table.TapeColumn("spot"), with(func(r *model.Row) { r.Spot = 712_345.5 }), call, "712345.5"},
		{table.TapeColumn("otm"), with(func(r *model.Row) { r.Spot = 180_000 }), call, "-99.9%"},
		{table.TapeColumn("otm"), with(func(r *model.Row) { r.Spot = 0.5 }), call, ">+9K%"},
		{table.TapeColumn("otm"), with(func(r *model.Row) { r.Spot = 0.5 }), contract(180_000, model.Put, 2026), "<-9K%"},
		{table.TapeColumn("iv"), with(func(r *model.Row) { r.IV = 9.99 }), call, "999%"},
		{table.TapeColumn("iv"), with(func(r *model.Row) { r.IV = 20 }), call, ">999"},
		{table.TapeColumn("delta"), with(func(r *model.Row) { r.Delta = -1 }), call, "-1.0"},
	} {
		if got := drawn(t, m, c.id, c.row, c.of, table.Tape[c.id].Width); got != c.want {
			t.Errorf("%s: %q, want %q", table.Tape[c.id].Head, got, c.want)
		}
	}
	if got := drawn(t, m, table.TapeColumn("strike"), base, contract(5_833_330, model.Call, 2026), 8); got != "5833.33C" {
		t.Errorf("a strike in a narrow window: %q", got)
	}
}

// TestNoCellIsCut draws plausible numbers of every size: none needs to be cut.
func TestNoCellIsCut(t *testing.T) {
	m := newStage(t, 200, 50, nil).m
	rapid.Check(t, func(rt *rapid.T) {
		price := func(name string) float32 { return float32(rapid.Float64Range(0.01, 9_999).Draw(rt, name)) }
		row := model.Row{
			Start: fixtureNow, Span: model.Second, Vwap: price("vwap"), Bid: price("bid"), Ask: price("ask"),
			Spot: float32(rapid.Float64Range(0.01, 900_000).Draw(rt, "spot")), Premium: rapid.Float64Range(0, 1e12).Draw(rt, "premium"),
			Size: rapid.Uint32Max(1e9).Draw(rt, "size"), DayVolume: rapid.Uint32Max(1e9).Draw(rt, "volume"),
			OpenInterest: rapid.Uint32Range(1, 1e9).Draw(rt, "oi"), Prints: float32(rapid.Float64Range(1, 1e8).Draw(rt, "prints")),
			IV: float32(rapid.Float64Range(0, 100).Draw(rt, "iv")), Delta: float32(rapid.Float64Range(-1, 1).Draw(rt, "delta")),
			Flags: model.Flags(rapid.SampledFrom([]model.Flags{0, model.FlagApproximate}).Draw(rt, "flags")),
		}
		c := &model.Contract{
			Underlying: "NDX", Strike: rapid.Int32Range(1, 9_999_999).Draw(rt, "strike") * 10, Shares: 100,
			Type: rapid.SampledFrom([]model.OptionType{model.Call, model.Put}).Draw(rt, "type"), Expiry: model.MakeDate(2026+rapid.IntRange(0, 9).Draw(rt, "year"), 12, 17),
		}
		for id := range table.ID(len(table.Tape)) {
			if text := drawn(rt, m, id, row, c, table.Tape[id].Width); strings.Contains(text, "…") {
				rt.Fatalf("%s is cut: %q", table.Tape[id].Head, text)
			}
		}
	})
}

// TestColumnsByWidth: which columns a window has room for.
func TestColumnsByWidth(t *testing.T) {
	var lines []string
	for _, width := range []int{60, 64, 80, 100, 120, 140, 160, 180, 200} {
		heads := []string{itoa(width)}
		l := table.Arrange(width, table.Set(0), table.Time, table.Time)
		for _, c := range l.Cols {
			heads = append(heads, table.Tape[c.ID].Head)
		}
		lines = append(lines, strings.Join(heads, "  "))
	}
	golden(t, "columns", strings.Join(lines, "\n"))
}
