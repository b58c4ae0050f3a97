package alerts

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An alert reaches bell, terminal and log, once.
func TestAlertGoesOut(t *testing.T) {
	r := newRig(t, nil, big("bell", "notify", "log"))
	a := r.fire()
	if a.Outcome != alert.Delivered || a.Note != "" || len(a.Why) == 0 {
		t.Errorf("%v %q, why %q", a.Outcome, a.Note, a.Why)
	}
	if got := r.signals.String(); !strings.Contains(got, `"\a"`) || !strings.Contains(got, "<optflow SIM big: O:NVDA261218C00100000>") {
		t.Errorf("signals %s", got)
	}
	list := decoded(t, r.alerts.String())
	if len(list) != 1 || list[0].Event != "fired" || list[0].Rule != "big" || list[0].ID != a.ID || !list[0].Sim || list[0].V != 1 || list[0].FiredMS != a.At ||
		string(list[0].Row) != `{"contract":"O:NVDA261218C00100000","premium":2000000}` {
		t.Errorf("log %s", r.alerts.String())
	}
	if j := r.journal(); len(j) != 1 || j[0].ID != a.ID || j[0].Outcome != "ok" {
		t.Errorf("journal %+v", j)
	}
}

// The id is on the disk before anything goes out: a program that ends in between
// says so at its next start, and does not fire again.
func TestRestart(t *testing.T) {
	r := newRig(t, nil, big("log"))
	row := r.trade("O:NVDA261218C00180000", 2e6)
	r.settled(1)
	r.stop()
	path := filepath.Join(r.o.Dir, journalName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The program died between the two lines, within a third.
	first, _, _ := strings.Cut(strings.TrimLeft(string(text), "\n"), "\n")
	if err := os.WriteFile(path, []byte(first+"\n{\"id\":\"torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, forget := range []bool{false, true} { // what the rules know, or the ids alone
		if forget {
			if err := os.Remove(filepath.Join(r.o.Dir, stateName)); err != nil {
				t.Fatal(err)
			}
		}
		r.start()
		if !forget {
			in := r.settled(1)
			if a := in.Alerts[0]; a.Outcome != alert.Dropped || a.Note != "restart" || a.Text == "" {
				t.Errorf("after the crash: %+v", a)
			}
		}
		row.Size++ // read again, as another version
		r.append(row)
		r.trade("O:NVDA261218C00190000", 2e5)
		r.obeyed()
		r.obeyed() // all that was there before the first is read before the second
		r.stop()
		if n := len(decoded(t, r.alerts.String())); n != 1 {
			t.Errorf("went out %d times", n)
		}
	}
}

// Of two programs on one state the one with the lock delivers; the other goes on
// once the first is gone.
func TestOnlyTheHolderDelivers(t *testing.T) {
	r := newRig(t, nil, big("bell", "log"))
	r.lock.set(func() { r.lock.lost, r.lock.others = true, 4711 })
	if a := r.fire(); a.Outcome != alert.Held || a.Note != "optflow process 4711 delivers" {
		t.Errorf("%v %q", a.Outcome, a.Note)
	}
	if got := r.desk.Inbox().Idle; got != "optflow process 4711 delivers" {
		t.Errorf("idle %q", got)
	}
	if err := r.desk.Test("big"); err == nil || !strings.Contains(err.Error(), "4711") {
		t.Errorf("a test: %v", err)
	}
	r.lock.set(func() { r.lock.others = 0 })
	if a := r.fire(); a.Outcome != alert.Delivered {
		t.Errorf("%v %q", a.Outcome, a.Note)
	}
	if n := len(decoded(t, r.alerts.String())); n != 1 || strings.Count(r.signals.String(), `\a`) != 1 {
		t.Errorf("%d in the log, signals %s", n, r.signals.String())
	}
}

func TestLockLost(t *testing.T) {
	r := newRig(t, nil, big("log"))
	r.lock.set(func() { r.lock.lost = true })
	if a := r.fire(); a.Outcome != alert.Delivered { // it was free, and is taken anew
		t.Errorf("%v %q", a.Outcome, a.Note)
	}
	if got := strings.Join(r.desk.Inbox().Trouble, "\n"); !strings.Contains(got, "taken away") {
		t.Errorf("trouble %q", got)
	}
}

// What cannot be written down does not go out: it would go out again later.
func TestDiskFull(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no full disk at hand")
	}
	r := newRig(t, nil, big("bell", "log"))
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	r.desk.post.disk.Lock()
	_ = r.desk.post.journal.file.Close()
	r.desk.post.journal.file = full
	r.desk.post.disk.Unlock()
	if a := r.fire(); a.Outcome != alert.Failed || a.Note != "not written down: the disk is full" {
		t.Errorf("%v %q", a.Outcome, a.Note)
	}
	if r.alerts.String() != "" || r.signals.String() != "" {
		t.Errorf("went out: %q %q", r.alerts.String(), r.signals.String())
	}
	if got := strings.Join(r.desk.Inbox().Trouble, "\n"); !strings.Contains(got, "the disk is full") {
		t.Errorf("trouble %q", got)
	}
}

// A clock that is set back or forward stops neither bell nor alerts.
func TestClockJump(t *testing.T) {
	r := newRig(t, nil, big("bell"))
	r.fire()
	for _, by := range []time.Duration{3 * time.Hour, -2 * time.Hour} {
		r.clock.advance(by)
		if a := r.fire(); a.Outcome != alert.Delivered {
			t.Errorf("after %v: %v %q", by, a.Outcome, a.Note)
		}
	}
	if n := strings.Count(r.signals.String(), `\a`); n != 3 {
		t.Errorf("rang %d times", n)
	}
}

func TestBellAndQuiet(t *testing.T) {
	quiet := big("bell", "notify")
	quiet.Quiet = "10:00-10:01"
	r := newRig(t, nil, quiet)
	r.fire()
	if got := r.signals.String(); strings.Contains(got, `\a`) || !strings.Contains(got, "optflow") {
		t.Errorf("in quiet hours: %s", got)
	}
	r.stop()
	r = newRig(t, nil, big("bell"))
	for range 3 {
		r.fire()
		r.clock.advance(time.Second)
	}
	if n := strings.Count(r.signals.String(), `\a`); n != 1 {
		t.Errorf("rang %d times within 10 s", n)
	}
}

func TestMuteOffSaveTest(t *testing.T) {
	var saved []alert.Rule
	r := newRig(t, func(o *Options) {
		o.Save = func(rule alert.Rule) error { saved = append(saved, rule); return nil }
	}, big("log"))
	r.desk.Mute("big", time.Hour)
	r.obeyed()
	r.await("muted", func(in *alert.Inbox) bool { return in.Rules[0].Muted > 0 })
	if a := r.fire(); a.Outcome != alert.Held || a.Note != "muted" {
		t.Errorf("muted: %v %q", a.Outcome, a.Note)
	}
	r.desk.Mute("big", 0)
	r.obeyed()
	if a := r.fire(); a.Outcome != alert.Delivered {
		t.Errorf("no longer muted: %v %q", a.Outcome, a.Note)
	}
	if err := r.desk.Test("big"); err != nil {
		t.Fatal(err)
	}
	in := r.await("the test", func(in *alert.Inbox) bool {
		a := in.Alerts[len(in.Alerts)-1]
		return a.Test && a.Outcome == alert.Delivered
	})
	if in.Counts.Fired != 2 || !strings.Contains(r.alerts.String(), `"event":"test"`) || !strings.Contains(r.alerts.String(), "SIM") && !strings.Contains(r.alerts.String(), "TEST big") {
		t.Errorf("counts %+v, log %s", in.Counts, r.alerts.String())
	}
	if err := r.desk.Off("big", true); err != nil {
		t.Fatal(err)
	}
	if len(saved) != 1 || !saved[0].Off || saved[0].When != "prem>=1m" {
		t.Errorf("saved %+v", saved)
	}
	if err := r.desk.Save(alert.Rule{Name: "small", When: "prem>=10", To: []string{"log"}}); err != nil {
		t.Fatal(err)
	}
	r.obeyed()
	r.clock.advance(5 * time.Second)
	r.trade("O:SPY261218C00650000", 3e6)
	in = r.settled(3)
	if last := in.Alerts[len(in.Alerts)-1]; last.Rule != "small" || len(in.Rules) != 2 {
		t.Errorf("%+v of %d rules", last, len(in.Rules))
	}
	for rule, want := range map[*alert.Rule]string{
		{Name: "x", When: "prm>1"}:                              "prm",
		{Name: "x", When: "calls", To: []string{"exec:absent"}}: "read at the start",
		{Name: "x", When: "calls", On: "order"}:                 "single trades",
	} {
		if err := r.desk.Save(*rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", rule, err)
		}
	}
	if r.desk.Test("absent") == nil || r.desk.Off("absent", true) == nil {
		t.Error("a rule that is not there")
	}
}

// Of a rule that is wrong after a change the one before it stays, and says so.
func TestReload(t *testing.T) {
	r := newRig(t, nil, big("log"), alert.Rule{Name: "calls", When: "calls prem>=5m"})
	r.fire()
	bad := big("log")
	bad.When = "prm>=1m"
	r.desk.Load([]Source{{bad, "config.toml:1"}, {alert.Rule{Name: "new", When: "puts"}, "config.toml:5"}}, "")
	r.obeyed()
	in := r.await("said", func(in *alert.Inbox) bool { return len(in.Rules) == 2 && in.Rules[0].Wrong != "" })
	if in.Rules[0].When != "prem>=1m" || in.Rules[0].Counts.Fired != 1 {
		t.Errorf("%+v", in.Rules[0])
	}
	r.clock.advance(time.Second)
	if a := r.fire(); a.Rule != "big" || a.Outcome != alert.Delivered {
		t.Errorf("the rule before: %+v", a)
	}
	r.desk.Load(nil, "config.toml:3:1: is not TOML there; the rules before it stay")
	in = r.desk.Inbox()
	if len(in.Rules) != 2 || len(in.Trouble) != 1 {
		t.Errorf("%d rules, trouble %q", len(in.Rules), in.Trouble)
	}
	r.desk.Load([]Source{{big("log"), "config.toml:1"}}, "")
	if in = r.desk.Inbox(); len(in.Rules) != 1 || in.Rules[0].Wrong != "" || len(in.Trouble) != 0 || in.Rules[0].Counts.Fired != 2 {
		t.Errorf("mended: %+v, trouble %q", in.Rules, in.Trouble)
	}
}

// A tab's bell rings in this terminal whoever has the lock, over the floor, with
// no cap and no place in the inbox.
func TestTabsThatRing(t *testing.T) {
	r := newRig(t, nil)
	r.lock.set(func() { r.lock.lost, r.lock.others = true, 1 })
	floors := *model.DefaultRules()
	floors.Floor = 1e6
	r.desk.Ring([]alert.Rule{{Name: "All"}, {Name: "Bad", When: "prm>1"}}, &floors)
	r.obeyed()
	r.trade("O:SPY261218C00650000", 1e3)
	for i := range 70 {
		r.trade(fmt.Sprintf("O:NVDA261218C%08d", 1000*(100+i)), 2e6)
	}
	in := r.await("70 rang", func(in *alert.Inbox) bool {
		return len(in.Rules) == 1 && in.Rules[0].Counts.Delivered == 70
	})
	if len(in.Alerts) != 0 || in.Counts.Fired != 0 || in.Rules[0].From != "tab All" {
		t.Errorf("%+v", in)
	}
	if n := strings.Count(r.signals.String(), `\a`); n < 1 {
		t.Errorf("signals %s", r.signals.String())
	}
}

// Without a rule the tape is not read; a rule that comes then takes what comes
// from then on.
func TestNoRulesNoWork(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Save = func(alert.Rule) error { return nil } })
	r.obeyed()
	r.trade("O:SPY261218C00650000", 3e6)
	if files, err := os.ReadDir(r.o.Dir); err != nil || len(files) > 0 {
		t.Errorf("without a rule: %v, %v", files, err)
	}
	if err := r.desk.Save(big("log")); err != nil {
		t.Fatal(err)
	}
	r.obeyed()
	r.clock.advance(2 * time.Minute)
	if a := r.fire(); a.Contract.Underlying != "NVDA" || r.desk.Inbox().Counts.Fired != 1 {
		t.Errorf("%+v, %+v", a, r.desk.Inbox().Counts)
	}
}

// What fired right before the end still goes out, and the ledger is told of it
// before somebody else may write there.
func TestLastAlertGoesOut(t *testing.T) {
	for range 20 {
		var told lastTold
		r := newRig(t, func(o *Options) { o.Ledger = &told }, big("log"))
		told.desk = r.desk
		r.trade("O:NVDA261218C00180000", 2e6)
		r.await("it fired", func(in *alert.Inbox) bool { return in.Counts.Fired == 1 })
		r.stop()
		if told.fired != 1 || told.atEnd != 1 || !told.held {
			t.Fatalf("%+v", told)
		}
		if c := r.desk.Inbox().Counts; c.Delivered != 1 {
			t.Fatalf("%+v", c)
		}
	}
}

// Who delivers because another program has ended follows the first alert, too.
func TestLedgerHasTheFirstAfterAnother(t *testing.T) {
	for range 20 {
		var told lastTold
		r := newRig(t, func(o *Options) { o.Ledger = &told }, big("log"))
		told.desk = r.desk
		r.stop()
		r.lock.set(func() { r.lock.others = 4711 })
		r.start()
		told.desk = r.desk
		r.lock.set(func() { r.lock.others = 0 })
		if a := r.fire(); a.Outcome != alert.Delivered {
			t.Fatalf("%+v", a)
		}
		r.stop()
		if told.fired != 1 {
			t.Fatalf("it was delivered, and the ledger was told of %d", told.fired)
		}
	}
}

// lastTold is a ledger that notes how much it knew when it was ended.
type lastTold struct {
	desk         *Desk
	fired, atEnd int
	held         bool // the right to deliver was still there
}

func (l *lastTold) Take(events []rules.Event) {
	for i := range events {
		if events[i].Kind == rules.Fired {
			l.fired++
		}
	}
}

func (l *lastTold) End() { l.atEnd, l.held = l.fired, l.desk.Holds() }
