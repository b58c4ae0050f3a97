package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"optflow/model"
)

// TestQuietIsSaid: that nothing comes although it should is a word, not only
// another colour of the dot.
func TestQuietIsSaid(t *testing.T) {
	s := newStage(t, 120, 30, nil)
	s.fill()
	s.state(func(st *model.State) { st.Phase = model.PhaseQuiet })
	if top, _, _ := strings.Cut(ansi.Strip(s.m.View().Content), "\n"); !strings.Contains(top, "Live 1s, quiet") {
		t.Errorf("the first line is %q", top)
	}
}

// line is a line of the screen, from 0.
func (s *stage) line(n int) string { return strings.Split(s.screen(), "\n")[n] }

// TestPresentReasonFirst: what is so now is read whole before what was before it.
func TestPresentReasonFirst(t *testing.T) {
	const now, before = "REST does not answer", "another program took this key's connection at 14:20:25"
	for _, width := range []int{60, 80, 120, 200} {
		s := newStage(t, width, 24, nil)
		s.state(func(st *model.State) {
			st.Link, st.Phase, st.Reason, st.Besides = model.Polling, model.PhaseEvicted, now, before
			st.RetryAt, st.Newest = s.wall.UnixMilli()+66_000, fixtureNow-34_000
			st.Counters = model.Counters{}
		})
		top := s.line(0)
		if !strings.Contains(top, "Polling: "+now) || !strings.Contains(top, "SIM") || !strings.Contains(top, "34s") {
			t.Errorf("%d: %q", width, top)
		}
		if width >= 80 && !strings.Contains(top, "retry in 66s") || width >= 120 && !strings.Contains(top, before) {
			t.Errorf("%d: %q", width, top)
		}
	}
}

// statuses are all that the first line can have to say of the feed.
var statuses = []model.State{
	{Link: model.Starting, Reason: "connecting"},
	{Link: model.Polling, Phase: model.PhaseBackoff, Reason: "connection lost", PollEvery: 5000, RetryAt: 4000},
	{Link: model.Polling, Phase: model.PhaseBackoff, Reason: "127.0.0.1:19700 refused the connection", PollEvery: 5000, RetryAt: 4000},
	{Link: model.Polling, Phase: model.PhaseBackoff, Reason: "REST asks for fewer requests", Besides: "server sent no greeting", RetryAt: 4000},
	{Link: model.Polling, Phase: model.PhasePaused, Reason: "auto-refresh is off"},
	{Link: model.Polling, Phase: model.PhaseNotEntitled, Reason: "plan has no WebSocket", PollEvery: 15000},
	{Link: model.Polling, Phase: model.PhaseEvicted, Reason: "another program uses this key", PollEvery: 5000},
	{Link: model.Polling, Phase: model.PhaseBackoff, Reason: "key refused (auth failed), trying once more", RetryAt: 4000},
	{Link: model.Stopped, Phase: model.PhaseRefused, Reason: "key refused (auth failed)", RetryAt: 900_000},
	{Link: model.Stopped, Phase: model.PhaseNotEntitled, Reason: "this plan carries no options flow"},
}

// TestStatusesBeginWithTheReason, at every width, and never lose SIM, age and gaps.
func TestStatusesBeginWithTheReason(t *testing.T) {
	for _, width := range []int{60, 80, 120} {
		for _, x := range statuses {
			s := newStage(t, width, 24, nil)
			s.state(func(st *model.State) {
				st.Link, st.Phase, st.Reason, st.Besides, st.PollEvery = x.Link, x.Phase, x.Reason, x.Besides, x.PollEvery
				if x.RetryAt > 0 {
					st.RetryAt = s.wall.UnixMilli() + x.RetryAt
				}
				st.Newest = fixtureNow - 34_000
			})
			top := s.line(0)
			if x.Phase == model.PhasePaused && width >= 80 && !strings.Contains(top, "r polls now") {
				t.Errorf("%d: %q does not say what polls", width, top)
			}
			if !strings.Contains(top, ": "+x.Reason[:10]) || !strings.Contains(top, "SIM") || !strings.Contains(top, "34s") || !strings.Contains(top, "640") {
				t.Errorf("%d: %q of %q", width, top, x.Reason)
			}
			if width >= 80 && len(x.Reason) < 30 && !strings.Contains(top, x.Reason) {
				t.Errorf("%d cuts the reason: %q of %q", width, top, x.Reason)
			}
		}
	}
}

// TestUnknownSessionIsNotClosed: until it is known nothing is said of it, and it
// does not close a stream that delivers.
func TestUnknownSessionIsNotClosed(t *testing.T) {
	s := newStage(t, 120, 30, nil)
	if top := s.line(0); strings.Contains(top, "closed") || strings.Contains(top, "  open") {
		t.Errorf("the first line of all is %q", top)
	}
	s.state(func(st *model.State) { st.Session, st.Sim = model.Session{}, false })
	if top := s.line(0); !strings.Contains(top, "● Live 1s") || strings.Contains(top, "closed") {
		t.Errorf("%q", top)
	}
}

// What is followed by way of somebody else says so, and is never Live where it is
// not the present.
func TestFollowersSayWhose(t *testing.T) {
	for _, tt := range []struct {
		st   model.State
		want string
	}{
		{model.State{Link: model.Live, Via: "process 4711"}, "● Live via process 4711  newest"},
		{model.State{Link: model.Live, Via: "hub", Lag: 3400}, "● Live via hub, 3s behind  newest"},
		{model.State{Link: model.Behind, Via: "hub", Lag: 14_200}, "○ hub 14s behind  newest"},
		{model.State{Link: model.Behind, Via: "process 4711", Reason: "reading the day", Read: 62}, "○ reading the day 62%  newest"},
		{model.State{Link: model.Behind, Via: "process 4711", Reason: "process 4711 does not answer"}, "○ process 4711 does not answer  newest"},
		{model.State{Link: model.Polling, Via: "process 4711", Reason: "connection lost", PollEvery: 5000}, "○ Polling every 5s: connection lost  newest"},
	} {
		for _, width := range []int{80, 120} {
			s := newStage(t, width, 24, nil)
			s.state(func(st *model.State) {
				st.Link, st.Via, st.Lag, st.Reason, st.Read, st.PollEvery = tt.st.Link, tt.st.Via, tt.st.Lag, tt.st.Reason, tt.st.Read, tt.st.PollEvery
				st.Newest, st.Counters = fixtureNow-4000, model.Counters{}
			})
			if top := s.line(0); !strings.Contains(top, tt.want) || !strings.Contains(top, "SIM") {
				t.Errorf("%d: %q, want %q", width, top, tt.want)
			}
		}
	}
	for _, reading := range []int{10, 90} {
		if _, said := feedSaid(&model.State{Link: model.Behind, Reason: "reading the day", Read: reading}); said != "reading the day" {
			t.Errorf("a message for each percent: %q", said)
		}
	}
}
