package ui

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

var update = flag.Bool("update", false, "write the goldens under testdata anew")

// scenes are the screens that the goldens hold, as held says.
var scenes = []struct {
	name    string
	options func(*Options)
	play    func(s *stage)
}{
	{"following", nil, func(s *stage) { s.fill() }},
	{"holding", nil, func(s *stage) {
		s.fill()
		s.keys("j", "j", "j")
		s.append(trade{at: "10:41:27", symbol: "O:SPY261218C00670000", size: 500, vwap: 3, prints: 4, spot: 655})
		s.append(trade{at: "10:41:27", symbol: "O:QQQ261218P00580000", size: 900, vwap: 2, prints: 1, spot: 597})
	}},
	{"returned", nil, func(s *stage) {
		s.fill()
		s.m.Update(tea.BlurMsg{})
		s.came(7)
		for _, g := range gapsOf(s.t, s.tape)[:1] {
			g.Start = at("10:42:03")
			s.tape.Append(g)
		}
		s.tape.Publish()
		s.frame()
		s.pass(12 * time.Minute)
		s.m.Update(tea.FocusMsg{})
	}},
	{"frozen", nil, func(s *stage) {
		s.fill()
		s.keys("space")
		s.append(trade{at: "10:41:27", symbol: "O:SPY261218C00670000", size: 500, vwap: 3, prints: 4, spot: 655})
	}},
	{"sorted", nil, func(s *stage) {
		s.fill()
		s.keys("l", "l", "l", "l", "l", "l", "l", "l", "s")
	}},
	{"scrolled-in", nil, func(s *stage) {
		s.fill()
		for range table.Tape {
			s.keys("l")
		}
	}},
	{"filter-error", nil, func(s *stage) {
		s.fill()
		s.keys("/")
		s.typed("nvda prem>=25x")
	}},
	{"filter-reads", nil, func(s *stage) {
		s.fill()
		s.keys("/")
		s.typed("nvda calls or spy puts")
	}},
	{"filter-unknowns", nil, func(s *stage) {
		s.fill()
		s.keys("/")
		s.typed("otm>1%")
		s.keys("enter")
	}},
	{"picker", nil, func(s *stage) {
		s.fill()
		s.keys("t", "down", "space")
	}},
	{"picker-refused", nil, func(s *stage) {
		s.fill()
		s.feed.lookup = func(string) error { return errors.New("there are no options on XQZ") }
		s.keys("t")
		s.typed("xqz")
		s.keys("enter")
	}},
	{"sort-menu", nil, func(s *stage) {
		s.fill()
		s.keys("S")
	}},
	{"columns-box", nil, func(s *stage) {
		s.fill()
		s.keys("C", "j", "space", "j", "j", "j", "J")
	}},
	{"columns-chosen", nil, func(s *stage) {
		s.fill()
		s.command("columns premium,delta,size,marks,side")
		s.command("sort iv")
	}},
	{"tab-filter", nil, func(s *stage) {
		s.fill()
		s.keys("3")
		s.command("tab bell on")
		s.keys("c")
	}},
	{"tab-edited", nil, func(s *stage) {
		s.fill()
		s.keys("3", "T")
		s.typed("calls")
	}},
	{"many-tickers", nil, func(s *stage) {
		s.fill()
		s.state(func(st *model.State) {
			for i, name := range []string{"AMD", "TSLA", "META", "AAPL", "MSFT", "SPX"} {
				more := st.Totals[i%3]
				more.Underlying, more.CallPremium = name, more.CallPremium/float64(i+4)
				st.Totals = append(st.Totals, more)
			}
		})
	}},
	{"help", nil, func(s *stage) {
		s.fill()
		s.keys("?", "pgdown")
	}},
	{"messages", func(o *Options) { o.Log = "~/.local/state/optflow/optflow.log" }, func(s *stage) {
		s.m.messages.All = nil // said at the real time
		s.fill()
		s.keys("z", "z", "[")
		s.state(func(st *model.State) {
			st.Link, st.Phase, st.Reason = model.Polling, model.PhaseBackoff, "connection lost"
			st.RetryAt, st.Notes = s.wall.UnixMilli()+4_000, []string{"no bars by REST, gaps stay open: your plan does not include this data, and the sentence that says so is a long one, longer than most windows are wide"}
		})
		s.state(nil)
		s.keys("m")
	}},
	{"no-data", func(o *Options) { o.NoKey = true }, func(s *stage) {}},
	{"under-floor", nil, func(s *stage) {
		s.state(nil)
		s.append(trade{at: "10:41:20", symbol: "O:SPY261218C00670000", size: 5, vwap: 3})
	}},
	{"polling", nil, func(s *stage) {
		s.fill()
		s.state(func(st *model.State) {
			st.Link, st.Phase, st.Reason = model.Polling, model.PhaseBackoff, "connection lost"
			st.PollEvery, st.RetryAt = 5_000, s.wall.UnixMilli()+4_000
		})
	}},
	{"stopped", nil, func(s *stage) {
		s.fill()
		s.state(func(st *model.State) {
			st.Link, st.Phase, st.Reason, st.Sim = model.Stopped, model.PhaseRefused, "key refused", false
			st.Session.Text, st.Newest = "open", fixtureNow-130_000
		})
	}},
	{"closed", nil, func(s *stage) {
		s.fill()
		s.state(func(st *model.State) {
			st.Sim = false
			st.Session = model.Session{Text: "closed: showing Fri 20 Nov, opens Mon 09:30 ET"}
			st.Newest = fixtureNow - 66*3600_000
		})
	}},
	{"gaps", nil, func(s *stage) {
		s.fill()
		rows := gapsOf(s.t, s.tape)
		for i := range rows[:4] {
			rows[i].Start, rows[i].Reason = at("10:41:10")+int64(i)*500, model.GapNotInBars
			rows[i].Size = uint32(i + 1)
			s.tape.Append(rows[i])
		}
		rows[4].Start, rows[4].Span, rows[4].Reason, rows[4].Size = at("10:39:00"), 20_000, model.GapSinceUnknown, 1
		s.tape.Append(rows[4])
		s.tape.Publish()
		s.state(func(st *model.State) { st.Counters.LostGaps, st.Counters.LostVolume = 2, 641 })
	}},
	{"plan", nil, func(s *stage) {
		s.fill()
		s.state(func(st *model.State) {
			st.Sim = false
			st.Session.Text = "open"
			st.Newest = fixtureNow - 902_000
			st.Plan = model.Plan{Known: true, NoQuotes: true, NoSpots: true, Delayed: 900_000}
		})
	}},
	{"nothing-in-plan", nil, func(s *stage) {
		s.state(func(st *model.State) {
			st.Link, st.Phase, st.Reason, st.Sim = model.Stopped, model.PhaseNotEntitled, "this plan carries no options flow", false
			st.Plan, st.Newest, st.Totals, st.Counters = model.Plan{Known: true, NoWebSocket: true, NoSnapshots: true}, 0, nil, model.Counters{}
			st.Session.Text = "open"
		})
	}},
	{"pinned", nil, func(s *stage) {
		s.fill()
		s.keys("w", "j", "w", "j", "j")
	}},
	{"find", nil, func(s *stage) {
		s.fill()
		s.keys("ctrl+f")
		s.typed("spy puts")
	}},
	{"viewer", asViewer(ann(3)), func(s *stage) {
		s.fill()
		s.command("export")
	}},
	{"command-completes", nil, func(s *stage) {
		s.fill()
		s.keys(":")
		s.typed("sort p")
		s.keys("tab")
	}},
	{"command", nil, func(s *stage) {
		s.fill()
		s.keys(":")
		s.typed("sort prem")
	}},
	{"alerts", withDesk, func(s *stage) {
		s.fill()
		s.fireAll(s.desk())
		s.keys("A", "j")
	}},
	{"alerts-empty", withDesk, func(s *stage) {
		s.fill()
		s.keys("A")
	}},
	{"ledger", func(o *Options) { keptLedger(fixtureLedger(true), ledger.Skipped{}, nil)(o) }, func(s *stage) {
		s.fill()
		s.keys("L")
	}},
	{"alert-box", withDesk, func(s *stage) {
		s.fill()
		s.fireAll(s.desk())
		s.keys("j", "j", "j", "j", "a")
		s.try()
	}},
}

// sizes of the goldens.
var sizes = [][2]int{{80, 24}, {120, 30}, {200, 50}}

// shot is a window that a scene is shown in.
type shot struct {
	width, height int
	mono          bool
}

func (s shot) String() string {
	text := itoa(s.width) + "x" + itoa(s.height)
	if s.mono {
		text += "-mono"
	}
	return text
}

// shots are the windows that every scene is played in.
var shots = []shot{{80, 24, false}, {80, 24, true}, {120, 30, false}, {120, 30, true}, {200, 50, false}, {200, 50, true}}

// holding is what the goldens hold of a scene: whole screens, a file each, or a
// part of every screen, all in one file.
type holding struct {
	whole []shot
	part  func(lines []string) []string
}

// Parts of a screen.
var (
	edges  = holding{part: func(l []string) []string { return append(l[:2:2], l[len(l)-2:]...) }} // what is said around the rows
	strips = holding{part: func(l []string) []string { return l[len(l)*5/6-1:] }}                 // the strip of totals and the last line
	head   = holding{part: func(l []string) []string { return l[:3] }}                            // down to the columns' heads
)

var (
	all   = holding{whole: shots}
	pages = holding{whole: []shot{shots[0], shots[2], shots[3], shots[4]}} // every size in colour, and one without
	box   = holding{whole: []shot{shots[1], shots[2]}}
	small = holding{whole: []shot{shots[0]}}
	usual = holding{whole: []shot{shots[2]}} // of scenes that are not in held
)

// held says what the goldens hold of which scene, so that they do not hold the
// same rows over and over.
var held = map[string]holding{
	"following": all,
	"alerts":    pages, "ledger": pages, "alert-box": box, "alerts-empty": small,
	"contracts": pages, "tickers": pages, "heat": pages, "details": pages, "details-large": pages,
	"holding": box, "returned": box, "frozen": box, "picker": box, "help": box, "messages": box,
	"scrolled-in": small, "nothing-in-plan": small, "picker-refused": small, "no-data": small, "under-floor": small,
	"sorted": head, "columns-chosen": head, "tab-filter": head,
	"sort-menu": box, "columns-box": box, "tab-edited": edges, "many-tickers": strips,
	"polling": edges, "stopped": edges, "closed": edges, "filter-error": edges, "filter-reads": edges, "filter-unknowns": edges,
	"viewer": edges, "command": edges, "command-completes": edges, "contracts-filtered": edges, "contracts-refused": edges,
}

// keep plays a scene in every window and compares what the goldens hold of it.
func keep(t *testing.T, scene string, play func(t *testing.T, w shot) *stage) {
	what, ok := held[scene]
	if !ok {
		what = usual
	}
	var parts []string
	for _, w := range shots {
		t.Run(scene+"-"+w.String(), func(t *testing.T) {
			frame := play(t, w).m.View().Content
			checkCells(t, frame, w.width, w.height)
			if slices.Contains(what.whole, w) {
				golden(t, scene+"-"+w.String(), frame)
			}
			if what.part != nil {
				parts = append(append(parts, w.String()), what.part(strings.Split(frame, "\n"))...)
			}
		})
	}
	if what.part != nil {
		golden(t, scene, strings.Join(parts, "\n"))
	}
}

// open is a stage in a window.
func (w shot) open(t *testing.T, options func(*Options)) *stage {
	s := newStage(t, w.width, w.height, options)
	if w.mono {
		s.m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	}
	return s
}

func TestGoldens(t *testing.T) {
	for _, sc := range scenes {
		keep(t, sc.name, func(t *testing.T, w shot) *stage {
			s := w.open(t, sc.options)
			sc.play(s)
			s.time(fixtureNow)
			return s
		})
	}
}

// TestNoGoldenIsLeftOver finds goldens that no test compares with.
func TestNoGoldenIsLeftOver(t *testing.T) {
	var names []string
	for _, sc := range scenes {
		names = append(names, sc.name)
	}
	for _, sc := range viewScenes {
		names = append(names, sc.name)
	}
	known := []string{"too-small-59x24", "too-small-80x11", "too-small-20x5"}
	for _, name := range names {
		what, ok := held[name]
		if !ok {
			what = usual
		}
		if what.part != nil {
			known = append(known, name)
		}
		for _, w := range what.whole {
			known = append(known, name+"-"+w.String())
		}
	}
	for name := range held {
		if !slices.Contains(names, name) {
			t.Errorf("held names %s, which is no scene", name)
		}
	}
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".golden"); !slices.Contains(known, name) {
			t.Errorf("%s belongs to no test", file)
		}
	}
}

func TestGoldenTooSmall(t *testing.T) {
	for _, size := range [][2]int{{59, 24}, {80, 11}, {20, 5}} {
		s := newStage(t, size[0], size[1], nil).fill()
		frame := s.m.View().Content
		checkCells(t, frame, size[0], size[1])
		golden(t, "too-small-"+itoa(size[0])+"x"+itoa(size[1]), frame)
	}
}

// itoa is short for a small number.
func itoa(n int) string { return format.Count(int64(n)) }

// golden compares with a file, or writes it. Escape characters are written as ␛
// so that differences can be read.
func golden(t *testing.T, name, frame string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	got := strings.ReplaceAll(frame, "\x1b", "␛") + "\n"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("reading the golden (go test ./ui -update writes it): %v", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// TestNoColourMeansNone holds NO_COLOR's promise: attributes, but no colour.
func TestNoColourMeansNone(t *testing.T) {
	s := newStage(t, 120, 30, nil)
	s.m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	s.fill()
	for _, code := range strings.Split(s.m.View().Content, "\x1b[")[1:] {
		code, _, _ = strings.Cut(code, "m")
		for _, n := range strings.Split(code, ";") {
			switch n {
			case "", "0", "1", "4", "7":
			default:
				t.Fatalf("SGR code %q in a frame without colours", code)
			}
		}
	}
}

func TestNoticesLeave(t *testing.T) {
	now := time.UnixMilli(fixtureNow)
	var n notices
	n.say(paint.Text, "one")
	n.insist(paint.Text, "two")
	if got := n.shown(now).text; got != "one" {
		t.Fatalf("first %q", got)
	}
	if got := n.shown(now.Add(noticeTime)).text; got != "two" {
		t.Fatalf("after its time: %q, want the next", got)
	}
	if got := n.shown(now.Add(time.Hour)); got == nil || got.text != "two" {
		t.Fatal("a sticky notice left by itself")
	}
	n.key()
	if got := n.shown(now); got != nil {
		t.Fatalf("%q is still there after a key", got.text)
	}
}
