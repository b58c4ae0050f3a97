package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDescribeNotification(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no tmux there")
	}
	for _, c := range []struct{ choice, env, tmux, way, remedy string }{
		{"auto", "TERM=xterm", "", "alerts notify by OSC 9; no terminal says", ""},
		{"auto", "TERM=foot", "", "alerts notify by OSC 777; no terminal says", ""},
		{"off", "TERM=foot", "", "notifications of alerts are off", ""},
		{"osc99", "TMUX=x", "on", "alerts notify by OSC 99 through tmux", ""},
		{"auto", "TMUX=x", "all", "alerts notify by OSC 9 through tmux", ""},
		{"auto", "TMUX=x", "off", "alerts notify by OSC 9 through tmux", "tmux keeps them to itself: tmux set -g allow-passthrough on"},
		{"auto", "TMUX=x", "", "alerts notify by OSC 9 through tmux", "tmux does not say"},
		{"auto", "ZELLIJ=0 TERM=xterm", "", "alerts notify by OSC 9", "zellij keeps them"},
	} {
		dir := t.TempDir()
		if c.tmux != "" {
			if err := os.WriteFile(filepath.Join(dir, "tmux"), []byte("#!/bin/sh\necho "+c.tmux+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		way, remedy := DescribeNotification(t.Context(), c.choice, strings.Fields(c.env))
		if !strings.HasPrefix(way, c.way) || !strings.HasPrefix(remedy, c.remedy) || c.remedy == "" && remedy != "" {
			t.Errorf("%+v: %q, remedy %q", c, way, remedy)
		}
	}
}
