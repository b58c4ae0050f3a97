package ui

import (
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/ui/keys"
)

// checkCells demands exactly width x height cells, and no control character but
// SGR.
func checkCells(t testing.TB, frame string, width, height int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) != height {
		t.Fatalf("%d lines, want %d", len(lines), height)
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w != width {
			t.Fatalf("line %d is %d cells wide, want %d: %q", i, w, width, l)
		}
		for _, part := range strings.Split(l, "\x1b[")[1:] {
			code, _, ok := strings.Cut(part, "m")
			if !ok || strings.Trim(code, "0123456789;") != "" {
				t.Fatalf("line %d holds an escape that is not SGR: %q", i, l)
			}
		}
		if strings.ContainsFunc(strings.ReplaceAll(l, "\x1b[", ""), func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Fatalf("line %d holds a control character: %q", i, l)
		}
	}
}

// allKeys are what the property presses: every key of the table and some text.
func allKeys() []string {
	var out []string
	for _, k := range keys.Table() {
		out = append(out, k.Keys()...)
	}
	out = append(out, "a", "n", "v", "d", "0", ">", "=", "5", "k", "%", "(", ")", "é", "世", "left", "right", "home", "end", "backspace", "delete", "ctrl+w", "shift+tab")
	var kept []string
	for _, k := range out {
		switch k {
		case "ctrl+z", "ctrl+c", "q", "e": // e would write files here
		default:
			kept = append(kept, k)
		}
	}
	return kept
}

// TestExactlyTheWindow presses random keys on random data in random windows:
// every frame is exactly the window, and nothing panics.
func TestExactlyTheWindow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { exactlyTheWindow(t, rt) })
}

// FuzzScreen is the same, led by what the code covers.
func FuzzScreen(f *testing.F) {
	f.Fuzz(func(t *testing.T, choices []byte) {
		rapid.MakeFuzz(func(rt *rapid.T) { exactlyTheWindow(t, rt) })(t, choices)
	})
}

func exactlyTheWindow(t *testing.T, rt *rapid.T) {
	pressed := allKeys()
	s := newStage(t, rapid.IntRange(1, 240).Draw(rt, "width"), rapid.IntRange(1, 70).Draw(rt, "height"), nil)
	if rapid.Bool().Draw(rt, "filled") {
		s.fill()
	}
	if rapid.Bool().Draw(rt, "day") {
		s.day()
	}
	for range rapid.IntRange(0, 3).Draw(rt, "view") {
		s.keys("v")
	}
	steps := rapid.IntRange(1, 25).Draw(rt, "steps")
	for range steps {
		switch rapid.IntRange(0, 14).Draw(rt, "what") {
		case 13:
			s.m.Update(rapid.SampledFrom([]tea.Msg{tea.BlurMsg{}, tea.FocusMsg{}}).Draw(rt, "focus"))
		case 12:
			s.m.Update(tea.MouseClickMsg{X: rapid.IntRange(0, 240).Draw(rt, "x"), Y: rapid.IntRange(0, 70).Draw(rt, "y"), Button: tea.MouseLeft})
		case 11:
			s.m.Update(tea.MouseWheelMsg{Button: rapid.SampledFrom([]tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}).Draw(rt, "wheel")})
		case 10:
			anyAccount(rt, s)
			s.look()
		case 0:
			s.m.Update(tea.WindowSizeMsg{Width: rapid.IntRange(0, 600).Draw(rt, "w"), Height: rapid.IntRange(0, 260).Draw(rt, "h")})
		case 1:
			s.append(anyTrade(rt))
		case 2:
			s.state(func(st *model.State) { anyState(rt, st) })
		case 3:
			s.m.Update(tea.ColorProfileMsg{Profile: rapid.SampledFrom([]colorprofile.Profile{colorprofile.ASCII, colorprofile.ANSI, colorprofile.ANSI256, colorprofile.TrueColor}).Draw(rt, "profile")})
		case 4:
			s.m.Update(tea.PasteMsg{Content: rapid.String().Draw(rt, "paste")})
		default:
			s.keys(rapid.SampledFrom(pressed).Draw(rt, "key"))
		}
		if s.m.Width > 0 && s.m.Height > 0 {
			checkCells(t, s.m.View().Content, s.m.Width, s.m.Height)
		}
		checkTable(t, s.m)
		checkViews(t, s.m)
	}
}

// checkTable holds what must be true of the table whatever happened.
func checkTable(t testing.TB, m *Model) {
	t.Helper()
	tb, n := m.tape.Table, m.tape.List.Ord.Len()
	if n == 0 {
		return
	}
	if !tb.Frozen {
		if pos, ok := m.tape.List.Position(tb.Selected); !ok || pos != tb.Top+tb.Line {
			t.Fatalf("selected row %d is at %d (%v), the table says %d+%d", tb.Selected, pos, ok, tb.Top, tb.Line)
		}
	}
	if tb.Line < 0 || tb.Line >= tb.Height || tb.Top < 0 || tb.Top+tb.Line >= n {
		t.Fatalf("selection at line %d from %d, of %d rows in a window of %d", tb.Line, tb.Top, n, tb.Height)
	}
	if tb.Following && tb.Top+tb.Line != 0 {
		t.Fatal("following, but not on the newest row")
	}
	if want := min(n-tb.Top, tb.Height); len(tb.Visible) != want {
		t.Fatalf("%d rows visible, want %d", len(tb.Visible), want)
	}
}

func anyTrade(rt *rapid.T) trade {
	return trade{
		at: rapid.SampledFrom([]string{"10:41:27", "10:41:20", "10:39:00", "09:31:00"}).Draw(rt, "at"),
		symbol: rapid.SampledFrom([]string{
			"O:SPY261123P00655000", "O:NVDA261218C00180000", "O:SPXW261123C07250500", "O:A261123C00000500",
			"O:BRKB301220P99999999", "O:QQQ261124C00598125",
		}).Draw(rt, "symbol"),
		size:   rapid.SampledFrom([]uint32{1, 500, 99_999, 4_000_000_000}).Draw(rt, "size"),
		vwap:   rapid.SampledFrom([]float32{0.01, 1, 99999, 1e9, nan32}).Draw(rt, "vwap"),
		prints: rapid.SampledFrom([]float32{0, 1, 0.2, 1e6}).Draw(rt, "prints"),
		volume: rapid.SampledFrom([]uint32{0, 1, 4_000_000_000}).Draw(rt, "volume"),
		oi:     rapid.SampledFrom([]uint32{0, 1, 4_000_000_000}).Draw(rt, "oi"),
		spot:   rapid.SampledFrom([]float32{0, 1e-6, 655, 1e9}).Draw(rt, "spot"),
		iv:     rapid.SampledFrom([]float32{0, 0.2, 1e5, -1}).Draw(rt, "iv"),
		delta:  rapid.SampledFrom([]float32{0, 0.999, -0.004, -1, 17}).Draw(rt, "delta"),
		side:   model.Side(rapid.IntRange(0, 9).Draw(rt, "side")),
		sure:   model.Certainty(rapid.IntRange(0, 5).Draw(rt, "sure")),
		bid:    rapid.SampledFrom([]float32{0, 0.01, 123456}).Draw(rt, "bid"),
		ask:    rapid.SampledFrom([]float32{0, 0.02, 1234567}).Draw(rt, "ask"),
	}
}

func anyState(rt *rapid.T, st *model.State) {
	st.Link = model.Link(rapid.IntRange(0, 4).Draw(rt, "link"))
	st.Phase = model.Phase(rapid.IntRange(0, 14).Draw(rt, "phase"))
	st.Reason = rapid.SampledFrom([]string{"", "connection lost", strings.Repeat("a very long reason ", 20)}).Draw(rt, "reason")
	st.RetryAt = rapid.SampledFrom([]int64{0, 1, fixtureNow + 4000}).Draw(rt, "retry")
	st.PollEvery = rapid.SampledFrom([]int64{0, 5000, 61_234}).Draw(rt, "every")
	st.Newest = rapid.SampledFrom([]int64{0, 1, fixtureNow - 1000, fixtureNow + 5000}).Draw(rt, "newest")
	st.Sim = rapid.Bool().Draw(rt, "sim")
	st.Plan = model.Plan{
		Known: rapid.Bool().Draw(rt, "known"), NoQuotes: rapid.Bool().Draw(rt, "quotes"), NoSpots: rapid.Bool().Draw(rt, "spots"),
		NoSnapshots: rapid.Bool().Draw(rt, "snapshots"), Delayed: rapid.SampledFrom([]int64{0, 900_000}).Draw(rt, "delayed"),
	}
	st.Session.Open = rapid.Bool().Draw(rt, "open")
	st.Session.Text = rapid.SampledFrom([]string{"", "open", "closed: showing Fri 20 Nov, opens Mon 09:30 ET"}).Draw(rt, "session")
	st.Counters.LostGaps = rapid.SampledFrom([]uint64{0, 1, 1 << 40}).Draw(rt, "gaps")
	st.Counters.LostVolume = rapid.Uint64().Draw(rt, "lost") >> 1
	st.Tickers = rapid.SampledFrom([][]string{{"SPY"}, {"NVDA", "QQQ", "SPY"}, {"A", "SPX"}}).Draw(rt, "tickers")
	if rapid.Bool().Draw(rt, "nototals") {
		st.Totals = nil
	}
	for i := range st.Totals {
		st.Totals[i].Spot = rapid.SampledFrom([]float64{math.NaN(), 0.5, 1e7}).Draw(rt, "spot")
		st.Totals[i].CallPremium = rapid.SampledFrom([]float64{0, 1, 1e15}).Draw(rt, "calls")
	}
	st.Notes = rapid.SampledFrom([][]string{nil, {"one"}, {"one", "two"}}).Draw(rt, "notes")
}
