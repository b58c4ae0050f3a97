package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/ui/act"
)

// fakeDesk has an inbox, and notes what it is asked.
type fakeDesk struct {
	inbox *alert.Inbox
	asked []string
	err   error // of Test, Save and Off
	wrong error // of Judge

	ringing []alert.Rule // tabs
	floors  *model.Rules
}

func (f *fakeDesk) note(format string, args ...any) error {
	f.asked = append(f.asked, fmt.Sprintf(format, args...))
	return f.err
}

func (f *fakeDesk) Inbox() *alert.Inbox                  { return f.inbox }
func (f *fakeDesk) Changed() <-chan struct{}             { return nil }
func (f *fakeDesk) Mute(rule string, long time.Duration) { _ = f.note("mute %s %v", rule, long) }
func (f *fakeDesk) Test(rule string) error               { return f.note("test %s", rule) }
func (f *fakeDesk) Save(r alert.Rule) error              { return f.note("save %+v", r) }
func (f *fakeDesk) Off(rule string, off bool) error      { return f.note("off %s %v", rule, off) }
func (f *fakeDesk) Judge(alert.Rule) error               { return f.wrong }

func (f *fakeDesk) Ring(tabs []alert.Rule, floors *model.Rules) {
	f.ringing, f.floors = tabs, floors
}

// See marks all as seen, in another inbox.
func (f *fakeDesk) See() {
	_ = f.note("see")
	in := *f.inbox
	in.Alerts, in.New = nil, 0
	for _, a := range f.inbox.Alerts {
		if a.State == alert.New {
			a.State = alert.Seen
		}
		in.Alerts = append(in.Alerts, a)
	}
	f.inbox = &in
}

// alerted gives a screen alerts of what stands in the picture, and rules.
func alerted(f *fakeDesk) func(*Options) {
	f.inbox = &alert.Inbox{}
	return func(o *Options) { o.Alerts = f }
}

// withDesk gives a screen alerts that have not fired.
func withDesk(o *Options) { alerted(new(fakeDesk))(o) }

// desk is what withDesk gave.
func (s *stage) desk() *fakeDesk { return s.m.opt.Alerts.(*fakeDesk) }

// fireAll has alerts of the picture's rows in the inbox, the oldest first.
func (s *stage) fireAll(f *fakeDesk) {
	s.t.Helper()
	in := &alert.Inbox{Rules: []alert.Standing{
		{Rule: alert.Rule{Name: "nvda asks", When: "nvda prem>=500k side=ask sure", To: []string{"bell", "notify", "hook:desk"}}},
		{Rule: alert.Rule{Name: "whales", When: "whale", To: []string{"log"}}},
	}, Counts: alert.Counts{Fired: 6, Waiting: 1, Delivered: 2, Held: 2, Failed: 1}, New: 3}
	for i, became := range []struct {
		rule    string
		at      int
		state   alert.State
		outcome alert.Outcome
		note    string
		why     []string
	}{
		{"whales", 5, alert.Seen, alert.Delivered, "", []string{"premium 2,940,000 ≥ 1,000,000"}},
		{"nvda asks", 4, alert.Revised, alert.Failed, "404 at hooks.example", []string{"premium 186,126 ≥ 100,000"}},
		{"whales", 3, alert.Seen, alert.Held, "cooldown", []string{"size 1,000 ≥ 1,000"}},
		{"whales", 2, alert.New, alert.Held, "max", nil},
		{"nvda asks", 1, alert.New, alert.Waiting, "", nil},
		{"nvda asks", 0, alert.New, alert.Delivered, "", []string{"premium 1,120,350 ≥ 500,000", "side A"}},
	} {
		row := picture[became.at].tapeRow(s.t, s.tape)
		row.Kind = model.KindBurst
		in.Alerts = append(in.Alerts, alert.Alert{
			ID: fmt.Sprint(i), Rule: became.rule, At: row.Start + 1_500, Row: model.Burst{Row: row}, Contract: s.tape.Contracts.At(row.Contract),
			Why: became.why, State: became.state, Outcome: became.outcome, Note: became.note,
		})
	}
	f.inbox = in
	s.frame()
}

// shows fails unless a text is on the screen.
func (s *stage) shows(texts ...string) {
	s.t.Helper()
	screen := s.screen()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Errorf("%q is not on the screen:\n%s", text, screen)
		}
	}
}

// What fired is counted in the first line and marked on the tape; the page of
// alerts shows it, opens its contract, and esc comes back in place.
func TestInbox(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 120, 30, alerted(f)).fill()
	s.fireAll(f)
	s.shows("  !3 ", "WU>! NVDA", "    ! SPY")
	s.keys("v", "A")
	s.shows("Alerts  1 failed  1 waiting  2 held back  2 delivered", "6 alerts of 2 rules", "revised failed    404 at hooks.example", "new     ok", "new     waiting", "enter open the contract  M mute the rule  s sort  esc back")
	if s.m.Alerts.New != 3 || len(f.asked) != 1 || f.asked[0] != "see" {
		t.Errorf("%d new, asked %q", s.m.Alerts.New, f.asked)
	}
	s.frame()
	s.shows("new     ok") // until the page is opened again
	if screen := s.screen(); strings.Contains(screen, "!3") {
		t.Errorf("what is seen is counted as new:\n%s", screen)
	}
	s.keys("M")
	s.shows("nvda asks is muted for 1h")
	s.keys("j", "enter")
	s.m.View()
	s.shows("SPY 655 put 23Nov26")
	if !s.m.details.Open {
		t.Error("enter opens no details")
	}
	s.keys("esc")
	s.shows("Alerts  1 failed")
	s.keys("esc")
	if s.m.page.Name() != "Contracts" {
		t.Errorf("esc leads to %s", s.m.page.Name())
	}
	s.keys("A")
	s.shows("seen    ok")
	s.keys("q", "v", "v", "v")
	if s.m.page.Name() != "Tape" {
		t.Errorf("v leads to %s", s.m.page.Name())
	}
	if f.asked[1] != "mute nvda asks 1h0m0s" {
		t.Errorf("asked %q", f.asked)
	}
}

// mark=! takes the rows that fired, as they fire.
func TestFilterOfWhatFired(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 120, 30, alerted(f)).fill()
	s.keys("/")
	s.typed("mark=!")
	s.keys("enter")
	if n := s.m.tape.List.Ord.Len(); n != 0 {
		t.Errorf("%d rows although nothing fired", n)
	}
	s.fireAll(f)
	if n := s.m.tape.List.Ord.Len(); n != 6 {
		t.Errorf("%d rows of 6 that fired", n)
	}
	s.keys("F", "j", "l", "l", "f") // the mark of a row that has no other
	s.shows("/ mark=!")
}

// Without rules, alerts or a desk the page says so, and what to do.
func TestInboxSaysWhatToDo(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 80, 24, alerted(f)).fill()
	s.keys("A")
	s.shows("there are no rules yet, so nothing fires", "a on a row or a filter of the tape makes one", "0 alerts of 0 rules")
	s.keys("enter", "M", "/")
	s.shows("that works on the tape; esc goes back")
	f.inbox = &alert.Inbox{Rules: []alert.Standing{{Rule: alert.Rule{Name: "whales"}}}, Idle: "optflow process 7 delivers the alerts"}
	s.frame()
	s.shows("no alert has fired yet", "1 rule: whales", "optflow process 7 delivers the alerts")
	f.inbox = &alert.Inbox{Trouble: []string{"hook:desk is off: 401"}}
	s.frame()
	s.shows("hook:desk is off: 401")

	bare := newStage(t, 80, 24, nil).fill()
	bare.keys("A")
	bare.shows("no alerts are watched for here")
	bare.keys("esc", ":")
	bare.typed("alert test x")
	bare.keys("enter")
	bare.shows("no alerts are watched for here")
}

func TestAlertCommands(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 120, 30, alerted(f)).fill()
	s.fireAll(f)
	for _, c := range []struct{ command, asks, says string }{
		{"alert mute nvda asks", "mute nvda asks 1h0m0s", "nvda asks is muted for 1h"},
		{"alert mute nvda asks 10m", "mute nvda asks 10m0s", "muted for 10m"},
		{"alert mute whales 0s", "mute whales 0s", "whales is not muted any more"},
		{"alert mute whales -1h", "", "is before now"},
		{"alert test whales", "test whales", "marked TEST"},
		{"alert off whales", "off whales true", "whales is off, in later runs too"},
		{"alert on whales", "off whales false", "whales is on again"},
		{"alert off wales", "", "there is no rule \"wales\""},
		{"alert", "", "alert: which rule?"},
		{"alert forget whales", "", "want mute NAME 1h"},
	} {
		f.asked = nil
		s.keys(":")
		s.typed(c.command)
		s.keys("enter")
		s.shows(c.says)
		if c.asks == "" && len(f.asked) > 0 || c.asks != "" && (len(f.asked) != 1 || f.asked[0] != c.asks) {
			t.Errorf("%s asks %q, want %q", c.command, f.asked, c.asks)
		}
	}
	f.err = errors.New("the disk is full")
	s.keys(":")
	s.typed("alert off whales")
	s.keys("enter")
	s.shows("the disk is full")
}

// try gives the box what comes of trying, as often as it asks for at once.
func (s *stage) try() {
	s.t.Helper()
	s.m.alerts.pause = 0
	msg, is := runSafe(s.m.alerts.try(s.m.ctx, s.m.opt.Market.Rows(), s.m.ruleBox.Try()[0].(act.TryRule))).(tried)
	if !is {
		s.t.Fatal("nothing came of trying")
	}
	s.m.Update(msg)
}

// a makes a rule of the row or the filter, and says what it would have fired.
func TestRuleBox(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 120, 30, alerted(f)).fill()
	s.keys("j", "k", "j", "j", "a") // the user went to a row
	s.try()
	s.shows("New alert", "when  qqq calls prem>=200k", "on    burst", "to    bell, notify, log", "name  qqq calls 200k", "would have fired", "since ", "10:41:24  QQQ    598 C")
	s.keys("esc", "/")
	s.typed("nvda prem>=100k")
	s.keys("enter", "a")
	s.try()
	s.shows("when  nvda prem>=100k", "name  nvda 100k")
	s.keys("up")
	s.shows("when  nvda calls side=bid prem>=2m")
	s.keys("down", "ctrl+u")
	f.wrong = errors.New(`rule "x": when: a rule needs a filter, or everything would fire`)
	s.typed(" ")
	s.shows("a rule needs a filter")
	s.keys("enter")
	if len(f.asked) != 0 {
		t.Errorf("a wrong rule is saved: %q", f.asked)
	}
	f.wrong = nil
	s.typed("vol>1000")
	s.keys("tab", "ctrl+u")
	s.typed("contract")
	s.try()
	s.shows("cannot be tried")
	s.keys("tab", "ctrl+u")
	s.typed("log, hook:desk")
	s.keys("tab", "ctrl+u")
	s.typed("big ones")
	s.keys("enter")
	want := "save " + fmt.Sprintf("%+v", alert.Rule{Name: "big ones", When: "vol>1000", On: "contract", To: []string{"log", "hook:desk"}})
	if len(f.asked) != 1 || f.asked[0] != want {
		t.Errorf("asked %q, want %q", f.asked, want)
	}
	s.shows("big ones is in force")
}

// A rule that is there is written anew under its name.
func TestRuleBoxEdits(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 80, 24, alerted(f)).fill()
	s.fireAll(f)
	s.keys(":")
	s.typed("alert edit whales")
	s.keys("enter")
	s.shows("─", " Alert ", "when  whale", "to    log", "name  whales")
	s.keys("esc", "a")
	s.shows(" New alert ")
	s.keys("esc", ":")
	s.typed("alert edit wales")
	s.keys("enter")
	s.shows("there is no rule \"wales\"")
}

// What stops working while the program runs is said once: a rule that is wrong
// after a change, a hook that went off.
func TestAlertsThatDoNotWork(t *testing.T) {
	f := &fakeDesk{inbox: &alert.Inbox{Rules: []alert.Standing{{Rule: alert.Rule{Name: "big"}}}}}
	s := newStage(t, 120, 30, func(o *Options) { o.Alerts = f }).fill()
	f.inbox = &alert.Inbox{
		Rules:   []alert.Standing{{Rule: alert.Rule{Name: "big"}, Wrong: "config.toml:3: rule \"big\": when: no field\x1b[2J prm"}},
		Trouble: []string{"hook:desk is off: 404 at hooks.example.com"},
	}
	for range 3 {
		s.frame()
	}
	s.keys("m")
	s.has("hook:desk is off: 404 at hooks.example.com", `rule "big": when: no field[2J prm; the rule before it stays`)
	if n := strings.Count(s.screen(), "hook:desk is off"); n != 1 {
		t.Errorf("said %d times", n)
	}
}
