package ui

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"optflow/ui/act"
	"optflow/ui/terminal"
)

// osc52 presses a key and returns what it sends to the terminal's clipboard, the
// text itself or the sequence.
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
		if raw, ok := msg.(tea.RawMsg); ok {
			found, _ = raw.Msg.(string)
			return
		}
		if _, more := s.m.Update(msg); more != nil {
			run(more())
		}
	}
	run(cmd())
	return found
}

func TestCopy(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	if got := s.osc52("y"); got != "O:NVDA261218C00180000" {
		t.Errorf("y copies %q", got)
	}
	s.has("sent to the terminal: O:NVDA261218C00180000") // which does not say what it does with it
	s.hasNot("copied")
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
	var into string
	var refuse error
	s := newStage(t, 200, 50, func(o *Options) {
		o.Clipboard = func(_ context.Context, text string) (string, error) {
			got = append(got, text)
			return into, refuse
		}
	}).fill()
	const symbol = "O:NVDA261218C00180000"
	for _, c := range []struct {
		env     []string
		into    string
		refuse  error
		osc52   string
		message string
	}{
		{nil, "the clipboard", nil, symbol, "copied: " + symbol},
		{nil, "", nil, symbol, "sent to the terminal: " + symbol}, // no program is installed
		{nil, "", errors.New("no display"), symbol, "the local clipboard refused (no display); the terminal was asked as well"},
		{[]string{"TMUX=/tmp/tmux-1/default,1,0"}, terminal.Tmux, nil, "", "copied to tmux: " + symbol},
		{[]string{"TMUX=/tmp/tmux-1/default,1,0"}, "the clipboard", nil, "", "copied: " + symbol},
		{[]string{"TMUX=/tmp/tmux-1/default,1,0"}, "", nil, symbol, "sent to the terminal: " + symbol},
		{[]string{"TMUX=/tmp/tmux-1/default,1,0"}, "", errors.New("tmux: exit status 1"), symbol, "the local clipboard refused (tmux: exit status 1)"},
		{[]string{"STY=1.pts-0", "TERM=screen.xterm-256color"}, "", nil, "\x1bP\x1b]52;c;TzpOVkRBMjYxMjE4QzAwMTgwMDAw\a\x1b\\", "sent to the terminal: " + symbol},
		{[]string{"STY=1.pts-0", "TERM=xterm-256color"}, "", nil, symbol, "sent to the terminal: " + symbol},
	} {
		into, refuse = c.into, c.refuse
		s.m.clips.env, s.m.notices, got = c.env, notices{}, nil
		if sent := s.osc52("y"); sent != c.osc52 || !slices.Equal(got, []string{symbol}) {
			t.Errorf("%v: the terminal gets %q, the local clipboard %q", c, sent, got)
		}
		s.has(c.message)
	}
	s.m.clips.env, refuse = nil, nil
	long := strings.Repeat("x", osc52Most/4*3+3)
	if msgs := s.m.carry(act.One(act.Copy{Text: long, What: "much"}))(); reflect.ValueOf(msgs).Kind() == reflect.String {
		t.Error("more than terminals take was sent by OSC 52")
	}
	s.m.clips.local = nil
	if s.m.carry(act.One(act.Copy{Text: long, What: "much"})) != nil {
		t.Error("more than terminals take was sent by OSC 52")
	}
	s.m.notices = notices{}
	s.m.carry(act.One(act.Copy{Text: long, What: "much"}))
	s.m.dirty = true
	s.has("too long for the terminal's clipboard")
}
