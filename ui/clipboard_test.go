package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"
)

// osc52 presses a key and returns what it sends to the terminal's clipboard.
func (s *stage) osc52(key string) string {
	s.t.Helper()
	_, cmd := s.m.Update(press(key))
	if cmd == nil {
		return ""
	}
	var found string
	var run func(tea.Msg)
	run = func(msg tea.Msg) {
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				run(c())
			}
			return
		}
		if v := reflect.ValueOf(msg); v.Kind() == reflect.String { // the library's own type
			found = v.String()
			return
		}
		s.m.Update(msg)
	}
	run(cmd())
	return found
}

func TestCopy(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	if got := s.osc52("y"); got != "O:NVDA261218C00180000" {
		t.Errorf("y copies %q", got)
	}
	s.has("copied: O:NVDA261218C00180000")
	want := "SIM 10:41:26 NVDA 180 call, expires 18 Dec 2026 in 25 days: whale, unusual, larger than open interest, 2,310 contracts at 4.85, premium $1.12 million, at the ask, one print, day volume 3,104, open interest 1,840, spot 178.21, implied volatility 41%, delta 0.48, top 0.8% of its ticker, in a burst of 1 second"
	if diff := cmp.Diff(want, s.osc52("Y")); diff != "" {
		t.Errorf("Y (-want +got):\n%s", diff)
	}
	for !strings.Contains(s.selected(), "gap") {
		s.keys("j")
	}
	if got := s.osc52("y"); got != "" {
		t.Errorf("y on a gap copies %q", got)
	}
	s.has("no contract is selected")
	if got := s.osc52("Y"); got != "SIM 10:40:44 SPY: 640 lots in 9 contracts are missing, 10:40:31 to 10:40:44; asking REST" {
		t.Errorf("Y on a gap copies %q", got)
	}
}

func TestCopyToTheLocalClipboard(t *testing.T) {
	var got []string
	var refuse error
	s := newStage(t, 200, 50, func(o *Options) {
		o.Clipboard = func(_ context.Context, text string) error {
			got = append(got, text)
			return refuse
		}
	}).fill()
	if s.osc52("y") == "" || !slices.Equal(got, []string{"O:NVDA261218C00180000"}) {
		t.Fatalf("the local clipboard has %q", got)
	}
	refuse = errors.New("no display")
	s.osc52("y")
	s.has("the local clipboard refused (no display)")
	long := strings.Repeat("x", osc52Most/4*3+3)
	if msgs := s.m.copy(long, "much")(); reflect.ValueOf(msgs).Kind() == reflect.String {
		t.Error("more than terminals take was sent by OSC 52")
	}
	s.m.opt.Clipboard = nil
	if s.m.copy(long, "much") != nil {
		t.Error("more than terminals take was sent by OSC 52")
	}
	s.m.notices = notices{}
	s.m.copy(long, "much")
	s.m.dirty = true
	s.has("too long for the terminal's clipboard")
}

func TestLocalClipboardPrograms(t *testing.T) {
	for _, c := range []struct {
		system string
		env    []string
		want   string
	}{
		{"linux", nil, ""},
		{"linux", []string{"DISPLAY=:0"}, "xclip xsel"},
		{"linux", []string{"WAYLAND_DISPLAY=wayland-0", "DISPLAY=:0"}, "wl-copy xclip xsel"},
		{"linux", []string{"WSL_DISTRO_NAME=Debian"}, "clip.exe"},
		{"linux", []string{"DISPLAY=:10", "SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22"}, ""},
		{"linux", []string{"DISPLAY=:0", "SSH_TTY=", "WAYLAND_DISPLAY="}, "xclip xsel"},
		{"darwin", nil, "pbcopy"},
		{"darwin", []string{"SSH_TTY=/dev/ttys1"}, ""},
		{"windows", nil, "clip.exe"},
	} {
		var got []string
		for _, argv := range localClipboard(c.system, c.env) {
			got = append(got, argv[0])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %v: %v, want %s", c.system, c.env, got, c.want)
		}
	}
	if LocalClipboard([]string{"SSH_TTY=/dev/pts/1", "DISPLAY=:0"}) != nil {
		t.Error("over ssh the local clipboard is not the user's")
	}
}

func TestRunClipboard(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX shell")
	}
	into := filepath.Join(t.TempDir(), "clip")
	sh := func(script string) []string { return []string{"sh", "-c", script, "sh", into} }
	missing := []string{"no-such-clipboard-program"}
	if err := runClipboard(t.Context(), [][]string{missing, sh(`cat >"$1"`)}, "hello"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(into); err != nil || string(got) != "hello" {
		t.Fatalf("%q %v", got, err)
	}
	if err := runClipboard(t.Context(), [][]string{sh("exit 3")}, "x"); err == nil || !strings.Contains(err.Error(), "sh: ") {
		t.Errorf("a failure is told as %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := runClipboard(ctx, [][]string{sh("exec sleep 60")}, "x"); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("silence is told as %v", err)
	}
	if err := runClipboard(t.Context(), [][]string{missing}, "x"); err != nil {
		t.Errorf("without a program: %v", err)
	}
}
