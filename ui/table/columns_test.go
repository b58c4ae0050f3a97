package table

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

var update = flag.Bool("update", false, "write the golden under testdata anew")

// noon is a market time, ms.
var noon = model.MakeDate(2026, 11, 23).At(12, 0).UnixMilli()

// plain is a theme without colours.
var plain = func() *paint.Theme {
	themes, err := paint.NewThemes(nil)
	if err != nil {
		panic(err)
	}
	return themes.Theme(paint.Mono, false, paint.NoColours)
}()

// drawn is what a column shows of a row, in its own width or a narrower one.
func drawn(t rapid.TB, id ID, row model.Row, c *model.Contract, width int) string {
	t.Helper()
	var p paint.Pen
	p.Line(plain, paint.OnPlain, width)
	Tape[id].Draw(&p, &Cell{Row: &model.Burst{Row: row}, Contract: c, Zone: format.Exchange()}, width)
	text := ansi.Strip(p.End())
	if n := ansi.StringWidth(text); n != width {
		t.Fatalf("%s draws %d cells of %d: %q", Tape[id].Head, n, width, text)
	}
	return strings.TrimSpace(text)
}

// TestExtremesKeepTheirHead shows every column the largest and longest that the
// market has. A number that lost its first digit would be another number.
func TestExtremesKeepTheirHead(t *testing.T) {
	contract := func(strike int32, kind model.OptionType, year int) *model.Contract {
		return &model.Contract{Underlying: "NDX", Root: "NDX", Strike: strike, Type: kind, Shares: 100, Expiry: model.MakeDate(year, 12, 17)}
	}
	base := model.Row{Start: noon, Span: model.Second}
	with := func(change func(*model.Row)) model.Row { r := base; change(&r); return r }
	call := contract(180_000, model.Call, 2026)
	for _, c := range []struct {
		id   ID
		row  model.Row
		of   *model.Contract
		want string
	}{
		{TapeColumn("strike"), base, contract(99_999_000, model.Put, 2026), "99999 P"},
		{TapeColumn("strike"), base, contract(99_999_500, model.Put, 2026), "99999.5 P"},
		{TapeColumn("strike"), base, contract(12_345_670, model.Call, 2026), "12345.67C"},
		{TapeColumn("strike"), base, contract(99_999_999, model.Call, 2026), "99999.99…"},
		{TapeColumn("dte"), base, contract(180_000, model.Call, 2029), "3y+"},
		{TapeColumn("dte"), base, contract(180_000, model.Call, 2027), "389"},
		{TapeColumn("premium"), with(func(r *model.Row) { r.Premium = 1.23e9 }), call, "$1.23B"},
		{TapeColumn("premium"), with(func(r *model.Row) { r.Premium = 999_960_000 }), call, "$1.00B"},
		{TapeColumn("size"), with(func(r *model.Row) { r.Size = 1_234_567 }), call, "1.23M"},
		{TapeColumn("size"), with(func(r *model.Row) { r.Size = 123_456 }), call, "123K"},
		{TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 999 }), call, "~999"},
		{TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 1_234 }), call, "~1K"},
		{TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 99_600 }), call, "~.1M"},
		{TapeColumn("prints"), with(func(r *model.Row) { r.Prints = 12_345_678 }), call, "~12M"},
		{TapeColumn("price"), with(func(r *model.Row) { r.Vwap = 1234.5 }), call, "1234.5"},
		{TapeColumn("price"), with(func(r *model.Row) { r.Vwap = 123.46; r.Flags = model.FlagApproximate }), call, "≈123.5"},
		{TapeColumn("price"), with(func(r *model.Row) { r.Vwap = 12345; r.Flags = model.FlagApproximate }), call, "≈12345"},
		{TapeColumn("quote"), with(func(r *model.Row) { r.Bid, r.Ask = 232.72, 235.1 }), call, "232.72 × 235.10"},
		{TapeColumn("quote"), with(func(r *model.Row) { r.Bid, r.Ask = 9999.97, 10020 }), call, "10000 × 10020"},
		{TapeColumn("volume"), with(func(r *model.Row) { r.DayVolume = 12_345_678 }), call, "12.3M"},
		{TapeColumn("oi"), with(func(r *model.Row) { r.OpenInterest = 999_999 }), call, "999,999"},
		{TapeColumn("spot"), with(func(r *model.Row) { r.Spot = 99999.99 }), call, "99999.99"},
		{TapeColumn("spot"), with(func(r *model.Row) { r.Spot = 712_345.5 }), call, "712345.5"},
		{TapeColumn("otm"), with(func(r *model.Row) { r.Spot = 180_000 }), call, "-99.9%"},
		{TapeColumn("otm"), with(func(r *model.Row) { r.Spot = 0.5 }), call, ">+9K%"},
		{TapeColumn("otm"), with(func(r *model.Row) { r.Spot = 0.5 }), contract(180_000, model.Put, 2026), "<-9K%"},
		{TapeColumn("iv"), with(func(r *model.Row) { r.IV = 9.99 }), call, "999%"},
		{TapeColumn("iv"), with(func(r *model.Row) { r.IV = 20 }), call, ">999"},
		{TapeColumn("delta"), with(func(r *model.Row) { r.Delta = -1 }), call, "-1.0"},
	} {
		if got := drawn(t, c.id, c.row, c.of, Tape[c.id].Width); got != c.want {
			t.Errorf("%s: %q, want %q", Tape[c.id].Head, got, c.want)
		}
	}
	if got := drawn(t, TapeColumn("strike"), base, contract(5_833_330, model.Call, 2026), 8); got != "5833.33C" {
		t.Errorf("a strike in a narrow window: %q", got)
	}
}

// TestNoCellIsCut draws plausible numbers of every size: none needs to be cut.
func TestNoCellIsCut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		price := func(name string) float32 { return float32(rapid.Float64Range(0.01, 9_999).Draw(rt, name)) }
		row := model.Row{
			Start: noon, Span: model.Second, Vwap: price("vwap"), Bid: price("bid"), Ask: price("ask"),
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
		for id := range ID(len(Tape)) {
			if text := drawn(rt, id, row, c, Tape[id].Width); strings.Contains(text, "…") {
				rt.Fatalf("%s is cut: %q", Tape[id].Head, text)
			}
		}
	})
}

// TestColumnsByWidth: which columns a window has room for.
func TestColumnsByWidth(t *testing.T) {
	var lines []string
	for _, width := range []int{60, 64, 80, 100, 120, 140, 160, 180, 200} {
		heads := []string{strconv.Itoa(width)}
		l := Arrange(width, nil, 0, Time, Time)
		for _, c := range l.Cols {
			heads = append(heads, Tape[c.ID].Head)
		}
		lines = append(lines, strings.Join(heads, "  "))
	}
	const path = "testdata/columns.golden"
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("reading the golden (go test ./ui/table -update writes it): %v", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("other columns (-want +got):\n%s", diff)
	}
}

// Every column says what it is, by a name of its own, draws in its width and
// sorts what is unknown last.
func TestColumnsAreWhole(t *testing.T) {
	if len(Tape) > 64 {
		t.Fatalf("%d columns are more than a Set holds", len(Tape))
	}
	names := map[string]bool{}
	for i := range Tape {
		c := &Tape[i]
		if c.Head == "" || c.Name == "" || c.Note == "" || c.Draw == nil || c.Key == nil || c.Width == 0 {
			t.Errorf("column %d, %q, is not whole", i, c.Name)
		}
		if names[c.Name] || names[c.Head] {
			t.Errorf("two columns are called %s or %s", c.Name, c.Head)
		}
		names[c.Name], names[c.Head] = true, true
		if id, ok := Find(strings.ToUpper(c.Name)); !ok || int(id) != i {
			t.Errorf("%s is not found by its name", c.Name)
		}
		if c.Always && c.Leaves != 0 || c.Fixed && i > 0 && !Tape[i-1].Fixed {
			t.Errorf("%s stays and leaves", c.Name)
		}
	}
}

// Every table has a letter of its own for each column, for the sort menu.
func TestLettersSort(t *testing.T) {
	for table, heads := range map[string][]Head{
		"the tape":  TapeHeads(200, nil, model.Plan{}),
		"Contracts": (&Grid[Contract]{Columns: ContractColumns(&Cell{})}).Heads(),
		"Tickers":   (&Grid[Ticker]{Columns: TickerColumns(format.Exchange(), true)}).Heads(),
	} {
		seen := map[string]string{}
		for _, h := range heads {
			if len(h.Letter) != 1 || seen[h.Letter] != "" {
				t.Errorf("%s: %s has the letter %q, as has %q", table, h.Head, h.Letter, seen[h.Letter])
			}
			seen[h.Letter] = h.Head
		}
	}
}

// What a choice of columns shows, and what a plan can say nothing of.
func TestChoice(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"premium", "V/OI"}, "time ticker strike premium v/oi"},
		{[]string{"v/oi", "premium"}, "time ticker strike v/oi premium"},
		{[]string{"premium", "strike", "time", "ticker", "premium"}, "premium strike time ticker"},
		{[]string{"size premium", " top "}, "time ticker strike size premium top"},
	} {
		got, err := Choose(Tape, c.names)
		var names []string
		for _, id := range got {
			names = append(names, Tape[id].Name)
		}
		if err != nil || strings.Join(names, " ") != c.want {
			t.Errorf("%q chooses %q, %v", c.names, names, err)
		}
	}
	if got, err := Choose(TickerColumns(format.Exchange(), true), []string{"p/c premium", "calls"}); err != nil || len(got) != 3 {
		t.Errorf("names of two words: %v, %v", got, err)
	}
	if _, err := Choose(Tape, []string{"premum"}); err == nil || !strings.Contains(err.Error(), "premum") {
		t.Errorf("premum: %v", err)
	}
	if _, err := Choose(Tape, []string{"prem"}); err == nil || !strings.Contains(err.Error(), "did you mean premium?") {
		t.Errorf("prem: %v", err)
	}
	gone := Gone(model.Plan{Known: true, NoQuotes: true})
	for i := range Tape {
		if name := Tape[i].Name; gone.Has(ID(i)) != (name == "side" || name == "quote") {
			t.Errorf("%s is gone without quotes: %v", name, gone.Has(ID(i)))
		}
	}
	if all := Gone(model.Plan{NoSnapshots: true}); all != 0 {
		t.Errorf("a plan that is not known takes %b", all)
	}
}

// What has no value just now is no less chosen for that.
func TestEmptyColumnsAreChosen(t *testing.T) {
	g := Grid[Ticker]{Columns: TickerColumns(format.Exchange(), false), Name: func(l *Ticker) uint32 { return l.Number }}
	g.Rows = []Ticker{{Totals: model.Totals{Underlying: "SPY", Whole: true}}} // without a row BULL-BEAR says nothing
	g.Arrange(120)
	g.Sorted()
	for _, h := range g.Heads() {
		if h.Name == "bull-bear" && (h.Fits || !h.Chosen) {
			t.Errorf("%+v", h)
		}
	}
	for _, h := range TapeHeads(120, nil, model.Plan{Known: true, NoQuotes: true}) {
		if h.Name == "side" && (h.Fits || !h.Chosen || h.Gone == "") {
			t.Errorf("%+v", h)
		}
	}
}

// TestArrangeKeepsTheOrder: whatever is chosen in whatever window, columns stand in
// the order chosen, what must stay is there, and the line is no wider than the
// window.
func TestArrangeKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom(Names(Tape)), 0, len(Tape), rapid.ID).Draw(rt, "names")
		c, err := Choose(Tape, names)
		if err != nil {
			rt.Fatal(err)
		}
		width := rapid.IntRange(60, 220).Draw(rt, "width")
		gone := Set(rapid.Uint64().Draw(rt, "gone")) &^ (1<<Time | 1<<Tick | 1<<TapeColumn("strike"))
		cursor := ID(rapid.IntRange(0, len(Tape)-1).Draw(rt, "cursor"))
		l := Arrange(width, c, gone, cursor, cursor)
		order := c.Of(len(Tape)).Without(gone)
		last, used := -1, l.Margin
		for _, col := range l.Cols {
			at := slices.Index(order, col.ID)
			if at <= last {
				rt.Fatalf("%s stands at place %d, behind one of place %d", Tape[col.ID].Name, at, last)
			}
			last, used = at, used+col.Gap+col.Width
		}
		for i := range Tape {
			if Tape[i].Always && !l.Shows(ID(i)) {
				rt.Fatalf("%s is not there", Tape[i].Name)
			}
		}
		if slices.Contains(order, cursor) && !l.Shows(cursor) {
			rt.Fatalf("%s, under the cursor, is not there", Tape[cursor].Name)
		}
		if used > width && len(c) > 0 {
			rt.Fatalf("%d cells in a window of %d", used, width)
		}
	})
}

// place keeps a row on its line, and the window on the rows.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, height := rapid.IntRange(1, 50).Draw(rt, "rows"), rapid.IntRange(0, 20).Draw(rt, "height")
		pos, line := rapid.IntRange(-5, 60).Draw(rt, "position"), rapid.IntRange(-5, 30).Draw(rt, "line")
		top, on := Place(pos, line, height, n)
		height = max(height, 1)
		switch want := max(min(pos, n-1), 0); {
		case top+on != want || on < 0 || on >= height || top < 0:
			rt.Fatalf("row %d of %d in %d is on line %d from %d", pos, n, height, on, top)
		case n > height && top > n-height && on != height-1:
			rt.Fatalf("the window goes past the end: %d from %d", on, top)
		case line >= 0 && line < height && want >= line && n-want >= height-line && on != line:
			rt.Fatalf("row %d is on line %d, not on %d", want, on, line)
		}
	})
}
