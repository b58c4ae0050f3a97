package serving

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gossh "golang.org/x/crypto/ssh"

	"optflow/cli/machine"
	"optflow/config/state"
	"optflow/feed/faults"
	"optflow/feed/seat"
	"optflow/model/ledger"
	"optflow/ui"
	"optflow/ui/boards"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/pane"
	"optflow/ui/serve/servetest"
)

// A screen over ssh is the one that the same viewer would have here, cell by cell
// with its colours, at any size and after a change of it.
func TestScreenIsTheLocalOne(t *testing.T) {
	r := start(t, nil, servetest.Line(t, "ann", ""), servetest.Line(t, "oprah", ",role=operator"))
	hall := seat.New(r.feed.market())
	defer hall.Close()
	for _, c := range []struct {
		name          string
		width, height int
		keys          string
		has           string
	}{
		{"ann", 80, 24, "", "10,059"},
		{"ann", 120, 30, "jj\r", "the fields"},
		{"ann", 200, 50, "?", "Reading the screen"},
		{"oprah", 120, 30, ":filter spy calls\r", "spy calls"},
		{"oprah", 200, 50, "v", "Contracts"},
	} {
		t.Run(fmt.Sprintf("%s %dx%d", c.name, c.width, c.height), func(t *testing.T) {
			rights, operator := seat.Viewer, c.name == "oprah"
			if operator {
				rights = seat.Operator
			}
			o := r.o.Screen()
			o.Market, o.Tickers, o.Filter = hall.Take(rights), []string{"NVDA", "QQQ", "SPY"}, ""
			o.Viewer = &ui.Viewer{Name: c.name, Operator: operator, Here: func() int { return len(r.server.server.Here()) }}
			here, there := r.local(o, c.width, c.height), r.look(c.name, c.width, c.height)
			for _, s := range []*screen{here, there} {
				s.has("10,059")
				s.types(c.keys)
			}
			same := func(string) bool { return here.render() == there.render() }
			for deadline := time.Now().Add(10 * time.Second); !same(""); time.Sleep(5 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("(-here +there):\n%s", cmp.Diff(here.render(), there.render()))
				}
			}
			if text := there.text(); c.keys == "" && !strings.Contains(text, "viewer ann") {
				t.Errorf("whose screen it is:\n%s", text)
			}
			_ = there.session.Close() // in the middle of what its terminal answers
			for deadline := time.Now().Add(10 * time.Second); len(r.server.server.Here()) > 0; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(deadline) { // the next one would count it
					t.Fatal("the visit does not end")
				}
			}
		})
	}
	s := r.look("ann", 80, 24)
	s.has("10,059")
	s.mu.Lock()
	s.emu.Resize(120, 30)
	s.mu.Unlock()
	if err := s.session.WindowChange(30, 120); err != nil {
		t.Fatal(err)
	}
	s.has("simulated market  open") // which 80 columns have no room for
	s.types("q")
	if err := <-s.ended; err != nil {
		t.Errorf("ends with %v", err)
	}
	if text := s.text(); strings.Contains(text, "10,059") || !strings.Contains(text, "a simulated market: the data is nobody's") {
		t.Errorf("the terminal is left with:\n%s", text)
	}
}

// What a viewer has chosen is there again, for that key alone.
func TestChoicesAreKept(t *testing.T) {
	r := start(t, nil, servetest.Line(t, "ann", ""), servetest.Line(t, "bob", ""))
	s := r.look("ann", 120, 30)
	s.has("10,059")
	s.types(":theme light\r")
	s.types(":filter spy size>=5\r:save Mine\r")
	s.has("Mine")
	s.types(":tickers spy\r")
	s.has("following SPY")
	s.types("q")
	if err := <-s.ended; err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.open()
	s = r.look("ann", 120, 30)
	s.await("ann's tab and ticker", func(text string) bool {
		return strings.Contains(text, "Mine") && strings.Contains(text, "SPY") && !strings.Contains(text, "QQQ")
	})
	other := r.look("bob", 120, 30)
	other.has("10,059")
	if text := other.text(); strings.Contains(text, "Mine") || !strings.Contains(text, "QQQ") {
		t.Errorf("bob has what ann chose:\n%s", text)
	}
	r.stop() // nobody writes any more
	if got := r.feed.seat.followed; len(got) > 0 {
		t.Errorf("a viewer has %v followed", got)
	}
	for _, name := range r.left() {
		if dir, file := filepath.Split(name); !strings.HasPrefix(dir, "state/viewers/") || !slices.Contains(ours, file) {
			t.Errorf("left: %s", name)
		}
	}
}

// ours are the files that what a viewer has chosen is kept in.
var ours = []string{"state.toml", "state.lock", "tabs.toml", "history.toml", "pins.toml"}

// A viewer's folder does not grow beyond its bound.
func TestChoicesAreBounded(t *testing.T) {
	dir := t.TempDir()
	c := &choosing{Memory: state.New(filepath.Join(dir, state.Name), stateOf(), true), folder: dir, shared: state.New("", stateOf(), true)}
	if err := c.Keep(linesOf(1)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "much"), make([]byte, choicesMost+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Keep(linesOf(2)); !errors.Is(err, errFull) {
		t.Errorf("beyond the bound: %v", err)
	}
}

// No command and no key of a viewer leaves anything on the server but what the
// viewer has chosen.
func TestFault84EveryCommand(t *testing.T) {
	faults.OpenReal(t, 84)
	r := start(t, func(o *Options) {
		o.Limits.Typed = 1 << 20
		o.Screen = func() ui.Options { // lent what the owner's own is
			themes, _ := paint.NewThemes(nil)
			return ui.Options{Still: true, Exports: machine.Exports{}, Clipboard: machine.Clipboard(os.Environ()), Log: "/var/log/x", Themes: themes}
		}
	}, servetest.Line(t, "ann", ""))
	t.Chdir(r.dir)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"} {
		t.Setenv(name, r.dir)
	}
	s := r.look("ann", 120, 30)
	s.has("10,059")
	const esc = "\x1b[27u" // which is not the beginning of another key
	words := []string{"", "a.csv", "/tmp/optflow-viewer.csv", "../up", ".ssh/authorized_keys", "on", "spy", "1m", "Mine", "filter puts", "edit x", "~/x"}
	for _, name := range append(pane.CommandNames(), "export!", "!sh", "w", "write", "sh") {
		if name == "q" || name == "close" || keys.Named(name) == keys.Quit { // they leave
			continue
		}
		for _, word := range words {
			s.types(":" + strings.TrimSpace(name+" "+word) + "\r" + esc + esc)
		}
	}
	s.types(":tab reset\r:filter\r")
	for _, k := range keys.Table() {
		for _, key := range k.Keys() {
			if len(key) == 1 && key != "q" || key == "ctrl+g" {
				s.types(strings.ReplaceAll(key, "ctrl+g", "\a") + esc + esc)
			}
		}
	}
	s.types(esc + ":filter nosuchfield>3\r")
	s.has("nosuchfield")
	r.stop()
	for _, name := range r.left() {
		if dir, file := filepath.Split(name); !strings.HasPrefix(dir, "state/viewers/") || !slices.Contains(ours, file) {
			t.Errorf("left: %s", name)
		}
	}
	if _, err := os.Stat("/tmp/optflow-viewer.csv"); err == nil {
		t.Error("left: /tmp/optflow-viewer.csv")
	}
	if f := r.feed.seat; len(f.followed)+f.polls > 0 {
		t.Errorf("the feed is told: %v, %d polls", f.followed, f.polls)
	}
}

// Among many viewers one panics, one stops reading, one floods: the others have
// fresh rows all the while.
func TestManyViewers(t *testing.T) {
	if testing.Short() {
		t.Skip("many screens")
	}
	lines := []string{servetest.Line(t, "panics", ""), servetest.Line(t, "stalls", ""), servetest.Line(t, "floods", "")}
	for i := range many - 3 {
		lines = append(lines, servetest.Line(t, fmt.Sprint("v", i), ""))
	}
	r := start(t, func(o *Options) {
		o.Screen = func() ui.Options {
			return ui.Options{Still: true, Ledger: func() (*ledger.Ledger, ledger.Skipped, error) { panic("the ledger") }}
		}
		o.Limits.Keepalive, o.Limits.Idle = 300*time.Millisecond, 2*time.Second
	}, lines...)
	var good []*screen
	for i := range many - 3 {
		good = append(good, r.look(fmt.Sprint("v", i), 80, 24))
	}
	panics, stalls, floods := r.look("panics", 80, 24), r.look("stalls", 80, 24), r.look("floods", 80, 24)
	for _, s := range append(slices.Clone(good), panics, stalls, floods) {
		s.await("a row", func(string) bool { return s.newest() >= 0 })
	}
	fresh := func(what string) {
		t.Helper()
		r.feed.trade(t)
		began := time.Now()
		for _, s := range good {
			s.await("a new row "+what, func(string) bool { return s.newest() == r.feed.n-1 })
		}
		t.Logf("%s: a new row is on %d screens after %v", what, len(good), time.Since(began).Round(time.Millisecond))
	}
	fresh("at first")
	stalls.below.(*servetest.Stalling).Stall()
	panics.types("L")
	go func() { // until the server's end
		for _, err := floods.in.Write(make([]byte, 64<<10)); err == nil; {
			_, err = floods.in.Write(make([]byte, 64<<10))
		}
	}()
	fresh("beside a panic, a flood and one that does not read")
	if err := <-panics.ended; err == nil || !strings.Contains(panics.text(), "internal error in the") {
		t.Errorf("the panic ends with %v:\n%s", err, panics.text())
	}
	for deadline := time.Now().Add(20 * time.Second); len(r.server.server.Here()) > many-2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d are here", len(r.server.server.Here()))
		}
	}
	fresh("after they are gone")
	began := time.Now()
	r.stop()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the end takes %v", took)
	}
	for _, s := range good {
		s.await("a goodbye", func(text string) bool { return strings.Contains(text, "the server ends") })
	}
}

// Where nobody may look nothing is served.
func TestFault70Nobody(t *testing.T) {
	faults.OpenReal(t, 70)
	r := start(t, nil, servetest.Line(t, "ann", ""))
	again := r.o
	if _, err := Open(again); err == nil || !strings.Contains(err.Error(), "serves already") {
		t.Errorf("a second server of one folder: %v", err)
	}
	r.stop()
	for what, c := range map[string]struct {
		change func(*Options)
		says   string
	}{
		"no file":        {func(o *Options) { o.File += "x" }, "nobody may look"},
		"no key":         {func(*Options) { r.write("# nobody\n", "ann ssh-ed25519\n") }, "optflow serve viewers add"},
		"no home":        {func(o *Options) { o.State = "" }, "needs a folder"},
		"file of others": {func(o *Options) { r.write(servetest.Line(t, "ann", "")); _ = os.Chmod(o.File, 0o666) }, "may be used by others"},
		"an address":     {func(o *Options) { _ = os.Chmod(o.File, 0o600); o.Listen = "192.0.2.1:1" }, "listen"},
	} {
		o := r.o
		r.write(servetest.Line(t, "ann", ""))
		_ = os.Chmod(o.File, 0o600)
		c.change(&o)
		if s, err := Open(o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", what, err, c.says)
			if s != nil {
				s.close()
			}
		}
	}
}

// Over the budget a viewer is told before there is a screen.
func TestFault83OverTheBudget(t *testing.T) {
	faults.OpenReal(t, 83)
	r := start(t, nil, servetest.Line(t, "ann", ""), servetest.Line(t, "bob", ""))
	r.server.budget = boards.NewBudget(1)
	before := r.server.budget.Pause()
	r.look("ann", 80, 24).has("10,059")
	var ended []*screen
	hall := seat.New(r.feed.market())
	defer hall.Close()
	for r.server.budget.Pause() <= slowest { // many more
		o := r.o.Screen()
		o.Market, o.Budget, o.Filter = hall.Take(seat.Viewer), r.server.budget, ""
		ended = append(ended, r.local(o, 20, 5))
		for here := len(ended) + 1; r.server.budget.Here() < here; {
			time.Sleep(time.Millisecond)
		}
		if len(ended) > 300 {
			t.Fatalf("%d screens at %v", len(ended), r.server.budget.Pause())
		}
	}
	if r.server.budget.Pause() <= before {
		t.Error("there are as many frames for many as for one")
	}
	s := r.look("bob", 80, 24)
	if err := <-s.ended; err == nil || !strings.Contains(s.text(), "this machine draws for") {
		t.Errorf("%v\n%s", err, s.text())
	}
}

// The ready line says where, by which key, and who.
func TestReady(t *testing.T) {
	for _, c := range []struct {
		invented bool
		licensed int
		says     string
	}{
		{true, 0, "viewers: olaf (owner), ann, bob, to whom a simulated market is free to show"},
		{false, 0, "viewers: olaf (owner); others in the file wait for a licence"},
		{false, 1, "viewers: olaf (owner), ann"},
		{false, 5, "viewers: olaf (owner), ann, bob"},
	} {
		r := start(t, func(o *Options) { o.Invented, o.Licensed = c.invented, c.licensed }, servetest.Line(t, "olaf", ",role=owner"), servetest.Line(t, "ann", ""), servetest.Line(t, "bob", ""), "hello\n")
		r.feed.SetState(stateUnsimulated())
		ready := r.server.Ready()
		if !strings.HasPrefix(ready, "serving on 127.0.0.1:") || !strings.Contains(ready, "host key SHA256:") || !strings.Contains(ready, c.says) {
			t.Errorf("%+v: %s", c, ready)
		}
		if w := fmt.Sprint(r.server.Warnings); !strings.Contains(w, "viewers:4:1: ") {
			t.Errorf("warned of %s", w)
		}
	}
}

// The viewers file is read anew when it changes.
func TestFileChanges(t *testing.T) {
	r := start(t, nil, servetest.Line(t, "ann", ""))
	dial := func(name string) error {
		c, err := gossh.Dial("tcp", r.addr, &gossh.ClientConfig{User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(servetest.Signer(t, name))}, HostKeyCallback: gossh.InsecureIgnoreHostKey()})
		if err == nil {
			_ = c.Close()
		}
		return err
	}
	if dial("ann") != nil || dial("bob") == nil {
		t.Error("before")
	}
	r.write(servetest.Line(t, "bob", ""), "\n# ann has left\n")
	if dial("ann") == nil || dial("bob") != nil {
		t.Error("after")
	}
	if err := os.Remove(r.o.File); err != nil {
		t.Fatal(err)
	}
	if dial("bob") == nil {
		t.Error("without a file")
	}
}
