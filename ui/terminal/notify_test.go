package terminal

import (
	"strings"
	"testing"
)

func TestNotification(t *testing.T) {
	for _, tt := range []struct{ choice, env, want, described string }{
		{"auto", "TERM=xterm-256color", "\x1b]9;hi\a", "OSC 9"},
		{"", "", "\x1b]9;hi\a", "OSC 9"},
		{"auto", "TERM=xterm-kitty", "\x1b]99;;hi\a", "OSC 99"},
		{"auto", "TERM=foot", "\x1b]777;notify;optflow;hi\a", "OSC 777"},
		{"auto", "TERM=xterm-ghostty", "\x1b]777;notify;optflow;hi\a", "OSC 777"},
		{"auto", "TERM=xterm-256color TERM_PROGRAM=WezTerm", "\x1b]777;notify;optflow;hi\a", "OSC 777"},
		{"auto", "TERM=xterm-256color VTE_VERSION=7600", "\x1b]777;notify;optflow;hi\a", "OSC 777"},
		{"osc99", "TERM=foot", "\x1b]99;;hi\a", "OSC 99"},
		{"off", "TERM=foot", "", "off"},
		{"auto", "TERM=tmux-256color TMUX=/tmp/x KITTY_WINDOW_ID=1", "\x1bPtmux;\x1b\x1b]99;;hi\a\x1b\\", "OSC 99 through tmux"},
		{"auto", "TERM=screen STY=1.x", "\x1bP\x1b]9;hi\a\x1b\\", "OSC 9 through screen"},
	} {
		env := strings.Fields(tt.env)
		if got := Notification(tt.choice, env, "hi"); got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.choice, tt.env, got, tt.want)
		}
		if got := DescribeNotification(tt.choice, env); got != tt.described {
			t.Errorf("%s, %s: described as %q", tt.choice, tt.env, got)
		}
	}
}
