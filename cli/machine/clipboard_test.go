package machine

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"optflow/ui/terminal"
)

func TestDescribeClipboard(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped: the programs differ by system, and this is written for those of Linux")
	}
	for _, c := range []struct {
		env     []string
		setting string // tmux's, "" where it is not installed
		way     string
		remedy  string
	}{
		{nil, "", "copies go by OSC 52; no terminal says whether it took them", ""},
		{[]string{"STY=1.pts-0", "TERM=screen"}, "", "copies go by OSC 52 through screen; no terminal says whether it took them", ""},
		{[]string{"TMUX=x,1,0"}, "external", "copies go by tmux load-buffer -w -, and tmux sends it to the terminal outside", ""},
		{[]string{"TMUX=x,1,0"}, "off", "copies go by tmux load-buffer -w -", "tmux set -s set-clipboard external"},
		{[]string{"TMUX=x,1,0"}, "", "copies go by OSC 52; no terminal", ""},
	} {
		dir := t.TempDir()
		if c.setting != "" {
			if err := os.WriteFile(filepath.Join(dir, "tmux"), []byte("#!/bin/sh\necho "+c.setting+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		if way, remedy := DescribeClipboard(t.Context(), c.env); !strings.HasPrefix(way, c.way) || !strings.Contains(remedy, c.remedy) || c.remedy == "" && remedy != "" {
			t.Errorf("%v with %q: %q, remedy %q", c.env, c.setting, way, remedy)
		}
	}
}

func TestClipboardPrograms(t *testing.T) {
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
		{"linux", []string{"TMUX=/tmp/tmux-1/default,1,0", "SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22"}, "tmux"},
		{"darwin", []string{"TMUX=/tmp/tmux-1/default,1,0"}, "tmux pbcopy"},
	} {
		var got []string
		for _, p := range clipboards(c.system, c.env) {
			got = append(got, p.argv[0])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %v: %v, want %s", c.system, c.env, got, c.want)
		}
	}
	if Clipboard([]string{"SSH_TTY=/dev/pts/1", "DISPLAY=:0"}) != nil {
		t.Error("over ssh the local clipboard is not the user's")
	}
}

func TestRunClipboard(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX shell")
	}
	into := filepath.Join(t.TempDir(), "clip")
	sh := func(script string) clipboardProgram {
		return clipboardProgram{thisClipboard, []string{"sh", "-c", script, "sh", into}}
	}
	missing := clipboardProgram{thisClipboard, []string{"no-such-clipboard-program"}}
	tmux := clipboardProgram{terminal.Tmux, []string{"sh", "-c", `cat >"$1".tmux`, "sh", into}}
	run := func(ctx context.Context, programs ...clipboardProgram) (string, error) {
		return runClipboard(ctx, programs, "hello")
	}
	if name, err := run(t.Context(), tmux, missing, sh(`cat >"$1"`), sh("exit 3")); err != nil || name != thisClipboard {
		t.Fatal(name, err)
	}
	for _, file := range []string{into, into + ".tmux"} {
		if got, err := os.ReadFile(file); err != nil || string(got) != "hello" {
			t.Fatalf("%q %v", got, err)
		}
	}
	if _, err := run(t.Context(), sh("exit 3")); err == nil || !strings.Contains(err.Error(), "sh: ") {
		t.Errorf("a failure is told as %v", err)
	}
	if name, err := run(t.Context(), tmux, sh("exit 3")); err != nil || name != terminal.Tmux {
		t.Errorf("tmux has it: %s %v", name, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := run(ctx, sh("exec sleep 60")); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("silence is told as %v", err)
	}
	if name, err := run(t.Context(), missing); err != nil || name != "" {
		t.Errorf("without a program: %q %v", name, err)
	}
}
