package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/paint"
	"optflow/ui/pane"
)

// TestMessages: what left the footer is one key away, newest first, and so is
// how the feed fared.
func TestMessages(t *testing.T) {
	s := newStage(t, 80, 24, func(o *Options) { o.Warnings = []string{"the theme of the last run is not there any more"} }).fill()
	s.state(func(st *model.State) {
		st.Link, st.Phase, st.Reason, st.PollEvery = model.Polling, model.PhaseBackoff, "connection lost", 5000
	})
	for i := range 5 { // a countdown is no news
		s.state(func(st *model.State) {
			st.Link, st.Phase, st.Reason, st.PollEvery = model.Polling, model.PhaseBackoff, "connection lost", 5000
			st.RetryAt = s.wall.UnixMilli() + int64(i)*1000
		})
	}
	s.keys("z", "z", "m")
	screen := s.screen()
	var at []int
	for _, text := range []string{"Messages", "(2 times)", "Polling: connection lost", "Live 1s", "the theme of the last run"} {
		at = append(at, strings.Index(screen, text))
	}
	for i := range at {
		if at[i] < 0 || i > 0 && at[i] <= at[i-1] {
			t.Fatalf("places %v in\n%s", at, screen)
		}
	}
	if n := strings.Count(screen, "Polling: connection lost"); n != 1 {
		t.Errorf("the same state %d times", n)
	}
	for _, key := range []string{"m", "q", "esc"} {
		s.keys(key)
		if s.m.pane != nil {
			t.Errorf("%s does not close the messages", key)
		}
		s.keys("m")
	}
}

// TestMessagesScroll: many long ones are kept within a bound, and scroll within
// what there is.
func TestMessagesScroll(t *testing.T) {
	s := newStage(t, 60, 12, nil).fill()
	for i := range 3 * pane.MessagesMost {
		s.m.notices.say(paint.Text, fmt.Sprintf("message %d %s", i, strings.Repeat("long ", 30)))
	}
	if n := len(s.m.messages.All); n != pane.MessagesMost {
		t.Fatalf("%d messages are kept", n)
	}
	s.keys("m")
	s.has("message 599 ")
	s.keys("G")
	s.hasNot("message 599 ")
	last := s.screen()
	s.keys("j", "pgdown", "ctrl+d", "end")
	if s.screen() != last {
		t.Error("scrolls past the end")
	}
	s.m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if s.screen() != last {
		t.Error("the wheel scrolls past the end")
	}
	s.keys("k", "ctrl+u", "pgup", "g")
	s.has("message 599 ")
	s.m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	s.has("message 599 ")
}
