package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"optflow/config"
	"optflow/feed/sim"
	"optflow/model"
	"optflow/model/crash"
)

func TestDescribeBuild(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.3.1"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.time", Value: "2026-11-23T10:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	if got := describeBuild(info); !strings.HasPrefix(got, "optflow v0.3.1, commit 0123456789ab with changes, 2026-11-23T10:00:00Z, go1.26.8 ") {
		t.Error(got)
	}
	if got := describeBuild(&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}); !strings.HasPrefix(got, "optflow devel, commit unknown, ") {
		t.Error(got)
	}
}

func TestSimSwitches(t *testing.T) {
	if f, err := parseFaults("all"); err != nil || f != sim.AllFaults() {
		t.Errorf("all: %+v, %v", f, err)
	}
	if f, err := parseFaults("none"); err != nil || f != (sim.Faults{}) {
		t.Errorf("none: %+v, %v", f, err)
	}
	// The names together are all: a new fault must get one.
	if f, err := parseFaults(strings.Join(faultNames(), ", ")); err != nil || f != sim.AllFaults() {
		t.Errorf("every name: %+v, %v", f, err)
	}
	for _, name := range planNames {
		if _, err := parsePlan(name); err != nil {
			t.Error(err)
		}
	}
}

func TestGuardTurnsPanicsIntoErrors(t *testing.T) {
	err := crash.Call("feed", func() error { panic("index out of range") })
	var c *crash.Error
	if !errors.As(err, &c) || !strings.Contains(err.Error(), "internal error in the feed: index out of range") || !strings.Contains(err.Error(), "main_test.go") {
		t.Error(err)
	}
	if err := crash.Call("feed", func() error { return context.Canceled }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// loaded are the settings of an empty environment but for what is given.
func loaded(t *testing.T, env ...string) *config.Settings {
	t.Helper()
	s, err := config.Load(config.Options{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhichMarket(t *testing.T) {
	for _, tc := range []struct {
		env     []string
		builtin bool
		err     string
	}{
		{nil, true, ""},
		{[]string{"MASSIVE_API_KEY=k"}, false, ""},
		{[]string{"MASSIVE_API_KEY=k", "MASSIVE_WS_URL=ws://127.0.0.1:1", "MASSIVE_REST_URL=http://127.0.0.1:1"}, false, ""},
		{[]string{"MASSIVE_WS_URL=ws://127.0.0.1:1", "MASSIVE_REST_URL=http://127.0.0.1:1"}, false, ""},
		{[]string{"MASSIVE_REST_URL=http://127.0.0.1:1"}, false, "no API key"},
	} {
		m, err := newMarket(loaded(t, tc.env...), nil)
		switch {
		case err != nil:
			var usage usageError
			if tc.err == "" || !errors.As(err, &usage) || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%v: %v", tc.env, err)
			}
		case tc.err != "":
			t.Errorf("%v: no error", tc.env)
		case (m.builtin != nil) != tc.builtin:
			t.Errorf("%v: built-in market %v", tc.env, m.builtin != nil)
		}
		if m != nil && m.builtin != nil {
			_ = m.builtin.listener.Close()
		}
	}
}

func TestTranslatedSettings(t *testing.T) {
	for text, want := range map[string]model.Interval{"off": model.IntervalOff, "10s": model.Interval10s, "1m": model.Interval1m, "5m": model.Interval5m, "30m": model.Interval30m} {
		if got := intervalOf(loaded(t, "OPTFLOW_INTERVAL="+text)); got != want {
			t.Errorf("interval %s: %v", text, got)
		}
	}
	for text, want := range map[string]string{"exchange": "America/New_York", "utc": "UTC", "local": time.Local.String()} {
		if got := zoneOf(loaded(t, "OPTFLOW_TIME_ZONE="+text)).String(); got != want {
			t.Errorf("time zone %s: %s", text, got)
		}
	}
	for word := range subscribeModes {
		if s := loaded(t, "OPTFLOW_SUBSCRIBE="+word); subscribeModes[s.Subscribe] != subscribeModes[word] {
			t.Error(word)
		}
	}
	if r := rulesOf(loaded(t, "OPTFLOW_MIN_PREMIUM=1m")); r.Floor != 1e6 || r.Whale != model.DefaultRules().Whale {
		t.Errorf("%+v", r)
	}
}

// The first demonstration's second half: the built-in server cuts the
// connection, and the feed comes back Live by itself with all accounts whole.
func TestBuiltinConnectionIsCut(t *testing.T) {
	m, err := newMarket(loaded(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.run(ctx) }()
	awaitState(t, m.tape, "Live", func(s *model.State) bool { return s.Link == model.Live && s.Counters.Events > 0 })
	<-m.builtin.ready
	m.builtin.server.Cut()
	awaitState(t, m.tape, "not Live", func(s *model.State) bool { return s.Link != model.Live && s.Reason != "" })
	back := awaitState(t, m.tape, "Live again", func(s *model.State) bool { return s.Link == model.Live })
	awaitState(t, m.tape, "new events", func(s *model.State) bool { return s.Counters.Events > back.Counters.Events })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	whole := 0
	for _, a := range m.engine.Accounts() {
		if !a.Whole() || a.Pending != 0 {
			t.Errorf("%+v", a)
		}
		whole++
	}
	if whole == 0 {
		t.Error("no accounts")
	}
}

func awaitState(t *testing.T, tape *model.Tape, what string, ok func(*model.State) bool) *model.State {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		changed := tape.Changed()
		if s := tape.State(); ok(s) {
			return s
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("never %s: %s", what, fmt.Sprint(tape.State()))
		}
	}
}
