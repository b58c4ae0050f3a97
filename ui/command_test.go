package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/memory"
	"optflow/model/ticker"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/pane"
)

// command types a command and runs what comes of it, batches too.
func (s *stage) command(text string) {
	s.t.Helper()
	s.keys(":")
	s.typed(text)
	_, cmd := s.m.Update(press("enter"))
	var run func(tea.Cmd)
	run = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				run(c)
			}
			return
		}
		s.m.Update(msg)
	}
	run(cmd)
}

func TestCommands(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	for _, c := range []string{"window 1m", "auto off", "interval 5m", "sort size", "filter nvda  calls", "fps 3", "time-zone utc"} {
		s.command(c)
	}
	if !slices.Equal(s.feed.spans, []model.Span{model.Minute}) || !slices.Equal(s.feed.auto, []bool{false}) || s.m.FPS != 3 {
		t.Fatalf("spans %v, auto %v, fps %d", s.feed.spans, s.feed.auto, s.m.FPS)
	}
	s.has("bursts 5m", "by size, falling", "/ nvda calls", "15:41:26", "UTC")
	s.command("undo")
	s.hasNot("/ nvda calls")
	s.command("find 170 p")
	s.has("* find 170 p")
	s.command("tickers nvda, spy")
	if got := s.feed.followed; len(got) != 1 || !slices.Equal(got[0], []string{"NVDA", "SPY"}) {
		t.Fatalf("followed %v", got)
	}
	_, cmd := s.m.Update(press(":"))
	if cmd != nil {
		t.Fatal(": does something by itself")
	}
	s.typed("q")
	if _, cmd = s.m.Update(press("enter")); cmd == nil {
		t.Fatal(":q does nothing")
	}
}

func TestCommandsThatAreNone(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	for bad, says := range map[string]string{
		"window 2m":      `window "2m": want 1s or 1m`,
		"auto perhaps":   `auto "perhaps": want on or off`,
		"interval 7m":    "interval",
		"sort nonsense":  "there is no such column",
		"sort rank up":   "there is no such column",
		"fps 99":         "want 1 to 60",
		"time-zone moon": "want exchange, local or utc",
		"floor much":     "want dollars such as 25k",
		"floor -1":       "want dollars such as 25k",
		"filter prem>x":  `"x" is not a number`,
		"filter":         "",
		"tickers zzz":    "ZZZ is not known yet; t looks it up",
		"tickers ,":      "at least one ticker must be followed",
		"export!":        "export!: what? (FILE)",
		"fps":            "fps: what? (1 to 60)",
		"undo it":        "undo takes nothing behind it",
		"max-rows 7":     "max-rows is read at start: use --max-rows or the config file",
		"theme nothing":  "nothing",
		"exprot x":       "there is no command",
		"flor 1k":        "did you mean floor?",
		"find zzz":       "nothing found",
	} {
		s.m.notices = notices{}
		s.command(bad)
		if says == "" {
			s.keys("esc")
			continue
		}
		n := s.m.notices.shown(s.wall)
		if n == nil || n.ink != paint.Bad || !strings.Contains(n.text, says) {
			t.Errorf("%q is answered %v, want %q", bad, n, says)
		}
	}
	if len(s.m.command.Lines()) != 1 { // "filter", which opens the line
		t.Errorf("commands that failed are remembered: %q", s.m.command.Lines())
	}
}

func TestFloorCommand(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.has("floor $25K")
	s.command("floor 1m")
	s.has("floor $1M", "$1.12M", "$2.94M")
	s.hasNot("$411K")
	s.command("min-premium 0")
	s.has("no floor")
	s.command("floor SPY 300k")
	s.hasNot("$231K  SPY")
	if got := s.m.Rules.FloorOf("SPY"); got != 300_000 || model.DefaultRules().FloorOf("SPY") == got {
		t.Fatalf("floor of SPY %v", got)
	}
}

func TestCommandCompletes(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	for typed, want := range map[string]string{
		"so": "sort", "sort pr": "sort premium", "theme da": "theme dark", "filter nvda ca": "filter nvda calls",
		"tickers nvda,am": "tickers nvda,amd", "interval 3": "interval 30m", "und": "undo", "filter side=bi": "filter side=bid",
		"nonsense x": "nonsense x", "export so": "export so", "floor sp": "floor spy", "copy-v": "copy-view",
	} {
		s.keys(":")
		s.typed(typed)
		s.keys("tab")
		if got := s.m.command.String(); got != want {
			t.Errorf("%q is completed to %q, want %q", typed, got, want)
		}
		s.keys("esc")
	}
	s.keys(":", "tab")
	s.has(":filter", "find", "interval")
	s.keys("shift+tab", "shift+tab", "esc")
}

func TestCommandHistory(t *testing.T) {
	f := &fakeMemory{Remembered: memory.Remembered{Lines: memory.Lines{Commands: []string{"sort size"}}}, err: errors.New("full")}
	s := newStage(t, 120, 30, remembering(f)).fill()
	s.keys(":", "up")
	s.has(":sort size")
	s.keys("enter")
	s.has("by size, falling")
	s.command("interval  1m")
	s.keys(":", "up", "up")
	s.has(":sort size", "sort COLUMN: sort by a column")
	s.keys("down", "down")
	s.hasNot(":sort")
	s.keys("backspace")
	s.hasNot("enter do")
	if kept := keptOf[memory.Lines](f); len(kept) != 1 || !slices.Equal(kept[0].Commands, []string{"sort size", "interval 1m"}) {
		t.Fatalf("kept %v", kept)
	}
}

func TestExportCommand(t *testing.T) {
	files := fakeExports{}
	s := newStage(t, 200, 50, exportInto(files)).fill()
	s.command("export my rows.json")
	if text := files["/exports/my rows.json"]; !strings.HasPrefix(text, `{"v":1,"kind":"burst"`) {
		t.Fatalf("%.60s", text)
	}
	s.command("export my rows.json")
	s.has("is there already")
	s.command("export")
	s.has("rows in /exports/optflow")
}

// TestEveryActionHasACommand: what has a key can be typed.
func TestEveryActionHasACommand(t *testing.T) {
	names := pane.CommandNames()
	for _, k := range keys.Table() {
		if k.Where == keys.InTape && k.Name != "" && !slices.Contains(names, k.Name) {
			t.Errorf("%s cannot be typed", k.Help().Key)
		}
	}
	for _, c := range pane.CommandTable {
		if c.Does == "" || c.Read == nil || c.Takes == "" && !c.Alone {
			t.Errorf(":%s is not whole", c.Name)
		}
	}
}

// The tickers of a command are read as those of the flag.
func TestTickersCommandTakesWhatTheFlagTakes(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	s.state(func(st *model.State) { st.Known = []string{"BRK.B", "NVDA", "QQQ", "RUI", "SPX", "SPY"} })
	for text, want := range map[string][]string{
		"$spx":                 {"SPX"},
		"I:SPX, qqq":           {"QQQ", "SPX"},
		"brk/b BRKB;BRK-B":     {"BRK.B"},
		"i:rui":                {"RUI"},
		"SPY,QQQ NVDA spy spy": {"NVDA", "QQQ", "SPY"},
	} {
		s.feed.followed = nil
		s.m.follow([]string{"IWM"})
		s.command("tickers " + text)
		if got := s.feed.followed; len(got) != 1 || !slices.Equal(got[0], want) {
			t.Errorf(":tickers %s follows %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"^spx": `"^spx" is no ticker: did you mean SPX?`, "SPY ..": `".." is no ticker`, "SPXW": "did you mean SPX?",
		"O:SPY": "did you mean SPY?", ".SPX": "did you mean SPX?", "I:MXEF": "MXEF is not known yet; t looks it up",
	} {
		s.m.notices = notices{}
		s.command("tickers " + text)
		if n := s.m.notices.shown(s.wall); n == nil || n.ink != paint.Bad || !strings.Contains(n.text, want) {
			t.Errorf(":tickers %s is answered %v, want %q", text, n, want)
		}
	}
}

// A floor is that of the underlying, however it is spelled.
func TestFloorOfAClassOfShares(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.command("floor brk/b 1m")
	for _, name := range []string{"BRK.B", "BRKB"} {
		if got := s.m.Rules.FloorOf(name); got != 1e6 {
			t.Errorf("the floor of %s is %v", name, got)
		}
	}
}

// A list of tickers is followed by its name; alone the command shows the lists.
func TestListCommand(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	s.command("list")
	s.has("there are no lists; the config file has them")
	s = newStage(t, 200, 50, func(o *Options) {
		o.Lists = []ticker.Named{{Name: "mag7", Tickers: []string{"AAPL", "NVDA", "NEWCO"}}, {Name: "idx", Tickers: []string{"SPX"}}}
	}).fill()
	s.command("list")
	s.has("mag7: AAPL NVDA NEWCO · idx: SPX")
	s.command("list mag7")
	s.command("tickers @idx,spy")
	s.command("list @IDX")
	if want := [][]string{{"AAPL", "NEWCO", "NVDA"}, {"SPX", "SPY"}, {"SPX"}}; !slices.EqualFunc(s.feed.followed, want, slices.Equal) {
		t.Errorf("followed %v, want %v", s.feed.followed, want)
	}
	s.m.notices = notices{}
	s.command("list mag8")
	s.has("there is no list @mag8: there are @mag7, @idx")
	s.keys(":")
	s.typed("list ")
	s.keys("tab")
	s.has(":list mag7", "idx")
}
