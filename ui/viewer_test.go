package ui

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/model/ticker"
	"optflow/ui/keys"
	"optflow/ui/pane"
)

// asViewer gives a screen to somebody who looks from elsewhere.
func asViewer(v Viewer) func(*Options) { return func(o *Options) { o.Viewer = &v } }

func ann(others int) Viewer { return Viewer{Name: "ann", Here: func() int { return others }} }

// lending lends a screen all that writes here: whatever of it is used leaves a
// file.
func lending(t *testing.T) func(*Options) {
	leave := func(name string) error { return os.WriteFile(name, []byte("x"), 0o600) }
	return func(o *Options) {
		o.Exports = writing{}
		o.Clipboard = func(context.Context, string) (string, error) { return "a program", leave("clipboard") }
		o.Suspend = func() { t.Error("a viewer stops the program") }
		o.Alerts = &writingDesk{fakeDesk{inbox: &alert.Inbox{Rules: []alert.Standing{{Rule: alert.Rule{Name: "whales", When: "whale"}}}}}}
		o.Log, o.TailArgs = "/var/log/optflow.log", []string{"--config=/etc/optflow.toml"}
	}
}

// writing exports to files.
type writing struct{}

func (writing) Write(name, prefix string, _ bool, fill func(io.Writer) error) (string, error) {
	if name == "" {
		name = prefix + ".csv"
	}
	f, err := os.Create(name)
	if err != nil {
		return "", err
	}
	return name, errors.Join(fill(f), f.Close())
}

// writingDesk writes what it is told to a file.
type writingDesk struct{ fakeDesk }

func (d *writingDesk) note(what string) error          { return os.WriteFile("rule-"+what, nil, 0o600) }
func (d *writingDesk) See()                            { _ = d.note("see") }
func (d *writingDesk) Mute(string, time.Duration)      { _ = d.note("mute") }
func (d *writingDesk) Test(string) error               { return d.note("test") }
func (d *writingDesk) Save(alert.Rule) error           { return d.note("save") }
func (d *writingDesk) Off(string, bool) error          { return d.note("off") }
func (d *writingDesk) Ring([]alert.Rule, *model.Rules) { _ = d.note("ring") }

// nowhere is an empty directory that is home and working directory, and what is
// in it afterwards.
func nowhere(t *testing.T) (files func() []string) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"} {
		t.Setenv(name, dir)
	}
	return func() (all []string) {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if path != dir {
				all = append(all, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
}

// commandWords are values for every command, such as may be allowed and such as
// are not.
var commandWords = map[string][]string{
	"filter": {"calls", "@Mine", ""}, "find": {"spy"}, "columns": {"premium,size", "reset"}, "sort": {"premium"}, "interval": {"1m"},
	"floor": {"0", "spy 10k"}, "tickers": {"spy", "spy,qqq", "tsla", "aapl,spy"}, "list": {"", "mag7"},
	"tab": {"2", "filter puts", "rename X", "bell on", "bell", "reset", "filter"}, "save": {"", "Mine", "../up"}, "forget": {"Mine"},
	"export": {"", "a.csv", "a.json", "/tmp/optflow-viewer", "../b", ".ssh/authorized_keys"}, "export!": {"a.csv", "../c"},
	"window": {"1s", "1m"}, "auto": {"on", "off"}, "theme": {"light", "dark"}, "fps": {"1", "60"}, "time-zone": {"utc", "local"},
	"mouse": {"off", "on"}, "reduced-motion": {"on", "off"}, "calm": {"on", "off"},
	"alert": {"mute whales 1h", "test whales", "off whales", "on whales", "edit whales"}, "unpin": {""}, "q": {""}, "seek": {"14:05"}, "speed": {"max"},
}

// No command and no key of a viewer writes a file, runs a program or touches the
// feed beyond the viewer's rights.
func TestViewerLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("many keys")
	}
	files := nowhere(t)
	open := func() *stage {
		s := newStage(t, 120, 30, func(o *Options) {
			lending(t)(o)
			asViewer(ann(3))(o)
		}).fill()
		s.state(func(st *model.State) { st.Known = st.Tickers })
		return s
	}
	check := func(s *stage, what string) {
		t.Helper()
		if left := files(); len(left) > 0 {
			t.Fatalf("%s leaves %v", what, left)
		}
		f := s.feed
		if len(f.spans)+len(f.auto)+f.polls+f.retakes > 0 {
			t.Fatalf("%s changes the feed: %+v", what, f)
		}
		for _, tickers := range f.followed {
			for _, name := range tickers {
				if !slices.Contains(fixtureState().Tickers, name) {
					t.Fatalf("%s follows %v", what, tickers)
				}
			}
		}
	}
	for _, name := range pane.CommandNames() {
		words, is := commandWords[name]
		if keys.Named(name) != keys.None {
			words = append(words, "")
		} else if !is {
			t.Errorf("there is no value for the command %s", name)
		}
		s := open()
		for _, word := range words {
			s.command(strings.TrimSpace(name + " " + word))
			check(s, ":"+name+" "+word)
		}
	}
	var pressed []string
	for _, k := range keys.Table() {
		pressed = append(pressed, k.Keys()...)
	}
	slices.Sort(pressed)
	pressed = slices.Compact(pressed)
	for _, opens := range [][]string{nil, {"/"}, {"ctrl+f"}, {"t"}, {"?"}, {"?", "/"}, {"m"}, {":"}, {"C"}, {"S"}, {"a"}, {"A"}, {"L"}, {"v"}, {"v", "v"}, {"v", "v", "v"}, {"enter"}, {"enter", "z"}} {
		s := open()
		for _, key := range pressed {
			s.keys(append(opens[:len(opens):len(opens)], key)...)
			check(s, strings.Join(opens, " ")+" "+key)
			s.keys("esc", "esc")
		}
	}
}

// What is not for viewers is refused in a sentence; an operator may more.
func TestViewerIsRefused(t *testing.T) {
	files := nowhere(t)
	for _, c := range []struct {
		command, says string
		operator      string // what an operator is told; "" the same
	}{
		{"export", errNoFiles.Error(), ""},
		{"export! /etc/passwd", errNoFiles.Error(), ""},
		{"window 1m", errOwnersFeed.Error(), "windows of 1m"},
		{"auto off", errOwnersFeed.Error(), " "},
		{"poll", errOwnersFeed.Error(), "polling now"},
		{"tickers spy,tsla", "tsla is not known yet", "following SPY, TSLA"},
		{"list mag7", "AAPL is not followed here; there are NVDA, QQQ, SPY", "following AAPL, SPY"},
		{"tickers spy", "following SPY", ""},
		{"alert mute whales", errOwnersRule.Error(), ""},
		{"alert edit whales", errOwnersRule.Error(), ""},
	} {
		for _, operator := range []bool{false, true} {
			s := newStage(t, 120, 30, func(o *Options) {
				lending(t)(o)
				asViewer(Viewer{Name: "bob", Operator: operator})(o)
				o.Lists = []ticker.Named{{Name: "mag7", Tickers: []string{"AAPL", "SPY"}}}
			}).fill()
			if !operator { // its market says so
				s.state(func(st *model.State) { st.Known = st.Tickers })
			}
			s.command(c.command)
			want := c.says
			if operator && c.operator != "" {
				want = c.operator
			}
			if !strings.Contains(strings.ToLower(s.screen()), strings.ToLower(want)) {
				t.Errorf("operator %v: %q does not say %q:\n%s", operator, c.command, want, s.line(29))
			}
			if got := len(s.feed.spans)+len(s.feed.auto)+s.feed.polls > 0; got != (operator && want != c.says && !strings.HasPrefix(want, "following")) {
				t.Errorf("operator %v: %q: the feed is told: %v", operator, c.command, got)
			}
		}
	}
	s := newStage(t, 200, 30, func(o *Options) {
		lending(t)(o)
		asViewer(ann(3))(o)
	}).fill()
	if got := s.osc52("y"); got != "O:NVDA261218C00180000" {
		t.Errorf("y sends %q", got)
	}
	if got := s.osc52("ctrl+g"); !strings.HasPrefix(got, "optflow tail --tickers") {
		t.Errorf("ctrl+g sends %q", got)
	}
	s.keys("m")
	s.hasNot("/var/log")
	if left := files(); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// The status bar says who looks, and gives way as windows get narrow.
func TestViewerInTheStatusBar(t *testing.T) {
	for width, want := range map[int]string{200: "viewer ann · 3 here   SIM   simulated market  open", 120: "viewer ann", 60: ""} {
		s := newStage(t, width, 24, asViewer(ann(3))).fill()
		if top := s.line(0); !strings.Contains(top, want) || !strings.Contains(top, "SIM") || ansi.StringWidth(top) > width {
			t.Errorf("%d: %q", width, top)
		}
	}
	s := newStage(t, 200, 24, asViewer(Viewer{Name: "bob\x1b[2J", Operator: true})).fill()
	if top := s.line(0); !strings.Contains(top, "operator bob") || strings.Contains(top, "here") {
		t.Errorf("%q", top)
	}
}

// afar is a terminal that is no file.
type afar struct {
	mu   sync.Mutex
	text strings.Builder
}

func (a *afar) Write(b []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.text.Write(b)
}

// await waits until a text was written, and forgets all so far.
func (a *afar) await(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		a.mu.Lock()
		got := a.text.String()
		found := strings.Contains(got, text)
		if found {
			a.text.Reset()
		}
		a.mu.Unlock()
		if found {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q does not come: %q", text, got)
		}
	}
}

// runViewer runs a screen on such a terminal.
func runViewer(t *testing.T, o Options, sizes <-chan Size) (a *afar, in *io.PipeWriter, ended chan error) {
	t.Helper()
	a, ended = &afar{}, make(chan error, 1)
	r, in := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	o.Sizes = sizes
	over := make(chan struct{})
	go func() {
		defer close(over)
		ended <- Run(ctx, o, r, a)
	}()
	t.Cleanup(func() {
		cancel()
		_ = in.Close()
		<-over // else it draws on beside the next test
	})
	return a, in, ended
}

// A terminal that is no file states its sizes, its environment is not the
// program's, and whatever it states, the screen stays within bounds.
func TestRunOnAnyTerminal(t *testing.T) {
	t.Setenv("COLORTERM", "truecolor")
	s := newStage(t, 120, 30, nil).fill()
	sizes := make(chan Size, 1)
	sizes <- Size{Width: 100, Height: 20}
	v := ann(2)
	a, in, ended := runViewer(t, Options{Market: s.m.opt.Market, Viewer: &v, Env: []string{"TERM=vt100", "HOME=/nowhere"}}, sizes)
	a.await(t, "viewer ann")
	for _, size := range []Size{{59, 11}, {1 << 20, 1 << 20}, {-1, 0}, {40, 5}} {
		sizes <- size
	}
	a.await(t, "40x5 is too small")
	if _, err := io.WriteString(in, "\x1b[48;4000;250;0;0t\x03"); err != nil { // a size in its input
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, ErrInterrupted) {
		t.Errorf("ended with %v", err)
	}
	for in, want := range map[Size]Size{{}: {80, 24}, {-1, 9}: {80, 24}, {120, 30}: {120, 30}, {9999, 9999}: {mostWidth, mostHeight}} {
		if got := in.within(); got != want {
			t.Errorf("%v is %v", in, got)
		}
	}
	if got := onlyWithin(nil, tea.WindowSizeMsg{Width: 4000, Height: 250}); got != (tea.WindowSizeMsg{Width: mostWidth, Height: mostHeight}) {
		t.Errorf("in its input: %v", got)
	}
	lent := v.lend(Options{Env: []string{"TERM=vt100", "TMUX=/tmp/x", "TERMINFO=/root", "HOME=/root", "LANG=C.UTF-8"}})
	if diff := cmp.Diff([]string{"TERM=vt100", "LANG=C.UTF-8"}, lent.Env); diff != "" {
		t.Errorf("of its environment: %s", diff)
	}
}

// brokenMarket panics once it is asked for its state after a while.
type brokenMarket struct {
	market.Market
	broken chan struct{}
}

func (b brokenMarket) Generation() uint64 {
	select {
	case <-b.broken:
		panic("in the market")
	default:
		return 0
	}
}

// A screen that panics ends by itself; another one of the same process does not
// notice.
func TestPanicOfOneViewer(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	size := func() <-chan Size {
		c := make(chan Size, 1)
		c <- Size{120, 30}
		return c
	}
	v, broken := ann(2), brokenMarket{s.m.opt.Market, make(chan struct{})}
	good, in, goodEnded := runViewer(t, Options{Market: s.m.opt.Market, Viewer: &v}, size())
	bad, _, badEnded := runViewer(t, Options{Market: broken, Viewer: &v}, size())
	good.await(t, "viewer ann")
	bad.await(t, "viewer ann")
	close(broken.broken)
	s.tape.SetState(fixtureState()) // a frame
	err := <-badEnded
	if _, is := errors.AsType[*crash.Error](err); !is {
		t.Errorf("the broken one ended with %v", err)
	}
	if _, err := io.WriteString(in, "?"); err != nil {
		t.Fatal(err)
	}
	good.await(t, "Reading the screen")
	select {
	case err := <-goodEnded:
		t.Errorf("the other one ended with %v", err)
	default:
	}
	v.Name = "zoe" // what begins with a panic, too
	_, _, ended := runViewer(t, Options{Market: panicking{}, Viewer: &v}, size())
	if _, is := errors.AsType[*crash.Error](<-ended); !is {
		t.Error("a panic at the start is not told")
	}
}

// panicking is a market that cannot even be docked at.
type panicking struct{ market.Market }
