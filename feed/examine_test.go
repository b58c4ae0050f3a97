package feed

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"optflow/feed/massive"
	"optflow/feed/sim"
	"optflow/model"
)

// examined is what Examine says of a simulated server.
func examined(t *testing.T, key string, market sim.Options, server sim.ServerOptions) string {
	t.Helper()
	return examinedWith(t, key, market, server, nil)
}

func examinedWith(t *testing.T, key string, market sim.Options, server sim.ServerOptions, set func(*ExamineOptions)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server.Key = "canary-secret"
	if market.Start.IsZero() {
		market.Start = time.Now()
	}
	s := sim.NewServer(sim.NewMarket(market), server)
	serving, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(serving, listener) }()
	defer func() { stop(); <-served }()
	at := listener.Addr().String()
	o := ExamineOptions{
		REST:     massive.RESTOptions{BaseURL: "http://" + at, Key: testKey(key)},
		Realtime: Endpoint{URL: "ws://" + at + "/options", Key: testKey(key)},
		Ticker:   "SPY", Span: model.Second,
	}
	if set != nil {
		set(&o)
	}
	return examineAt(t, o)
}

func examineAt(t *testing.T, o ExamineOptions) string {
	t.Helper()
	var b strings.Builder
	if err := Examine(t.Context(), o, func(f Finding) {
		fmt.Fprintf(&b, "%s %s: %s", f.Grade, f.Subject, f.Text)
		if f.Refused {
			b.WriteString(" (refused)")
		}
		if f.Grade != GradeOK && f.Remedy == "" && f.Subject != "snapshots" {
			t.Errorf("%s has no remedy: %s", f.Subject, f.Text)
		}
		b.WriteString("\n")
	}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "canary") {
		t.Errorf("the key shows:\n%s", b.String())
	}
	return b.String()
}

func TestExamine(t *testing.T) {
	for name, c := range map[string]struct {
		key    string
		market sim.Options
		server sim.ServerOptions
		has    []string
	}{
		"all is well": {
			key: "canary-secret",
			has: []string{"ok REST: ", "ok contracts: ", "ok snapshots: ", "ok clock: ", "ok stream: connects, takes the key", "ok monitor: will be Live"},
		},
		"key refused": {
			key: "canary-wrong",
			has: []string{"fail REST: ", "(refused)", "fail monitor: shows nothing with this key"},
		},
		"no WebSocket": {
			key: "canary-secret", market: sim.Options{Plan: sim.Plan{NoWebSocket: true}},
			has: []string{"ok snapshots: ", "warn stream: not in the plan", "warn monitor: will be Polling"},
		},
		"free": {
			key: "canary-secret", market: sim.Options{Plan: sim.Plan{Free: true}},
			has: []string{"warn snapshots: ", "warn stream: not in the plan", "fail monitor: has nothing to show"},
		},
		"clock": {
			key: "canary-secret", market: sim.Options{Start: time.Now().Add(-time.Hour)},
			has: []string{"warn clock: this machine is 1h0m"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := examined(t, c.key, c.market, c.server)
			for _, want := range c.has {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in:\n%s", want, got)
				}
			}
		})
	}
}

// Nobody there: both sides say so, and the end is a failure that is not the key's.
func TestExamineNobody(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	got := examineAt(t, ExamineOptions{
		REST: massive.RESTOptions{BaseURL: "http://" + at, Key: testKey("canary")}, Realtime: Endpoint{URL: "ws://" + at + "/options", Key: testKey("canary")}, Ticker: "SPY", Span: model.Second,
	})
	for _, want := range []string{"fail REST: ", "fail stream: ", "warn clock: ", "fail monitor: has nothing to show"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "(refused)") {
		t.Errorf("a missing server is no refused key:\n%s", got)
	}
}
