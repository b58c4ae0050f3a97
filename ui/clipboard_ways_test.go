package ui

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
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
