package doctor

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/massive/wiretest"
	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
	"optflow/feed/sim/script"
	"optflow/model"
)

// examined is what Examine says of a simulated server, whose clock is behind ours.
func examined(t *testing.T, key string, market exchange.Options, behind time.Duration, server sim.ServerOptions, compress bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server.Key = "canary-secret"
	market.Start = time.Now().Add(-behind)
	s := sim.NewServer(exchange.NewMarket(market), server)
	serving, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(serving, listener) }()
	defer func() { stop(); <-served }()
	at := listener.Addr().String()
	return examineAt(t, servers{rest: at, realtime: at + "/options", key: key, compress: compress})
}

// servers say where to ask, with which key.
type servers struct {
	rest, realtime, delayed string
	key                     string
	compress                bool
}

func examineAt(t *testing.T, at servers) string {
	t.Helper()
	var sim, late, told bool
	var ahead time.Duration
	rest, err := api.NewREST(api.RESTOptions{
		BaseURL: "http://" + at.rest, Key: testKey(at.key),
		OnServer: func(name string) { sim = name == massive.SimulatorServer }, OnLate: func() { late = true },
		OnDate: func(server, wall time.Time) { ahead, told = server.Sub(wall), true },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rest.Close()
	streams := &massive.Streams{Realtime: massive.StreamOptions{URL: "ws://" + at.realtime, Key: testKey(at.key), Compress: at.compress}}
	if at.delayed != "" {
		streams.Delayed = massive.StreamOptions{URL: "ws://" + at.delayed, Key: testKey(at.key)}
	}
	var b strings.Builder
	if err := Examine(t.Context(), Options{
		REST: rest, Server: "http://" + at.rest, Stream: streams, Compress: at.compress, Ticker: "SPY", Span: model.Second,
		Sim: func() bool { return sim }, Late: func() bool { return late }, Skew: func() (time.Duration, bool) { return ahead, told },
	}, func(f Finding) {
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
		market exchange.Options
		behind time.Duration
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
			key: "canary-secret", market: exchange.Options{Plan: exchange.Plan{NoWebSocket: true}},
			has: []string{"ok snapshots: ", "warn stream: not in the plan", "warn monitor: will be Polling"},
		},
		"free": {
			key: "canary-secret", market: exchange.Options{Plan: exchange.Plan{Free: true}},
			has: []string{"warn snapshots: ", "warn stream: not in the plan", "fail monitor: has nothing to show"},
		},
		"clock": {
			key: "canary-secret", behind: time.Hour,
			has: []string{"warn clock: this machine is 1h0m"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := examined(t, c.key, c.market, c.behind, sim.ServerOptions{}, false)
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
	const at = wiretest.Nobody
	got := examineAt(t, servers{rest: at, realtime: at + "/options", key: "canary"})
	for _, want := range []string{"fail REST: ", "fail stream: ", "warn clock: ", "fail monitor: has nothing to show"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "(refused)") {
		t.Errorf("a missing server is no refused key:\n%s", got)
	}
}

// Two hosts and REST, each played by a script: the doctor asks them as the
// monitor would and says what the monitor would show.
func TestExaminePlans(t *testing.T) {
	const good = "connect ok; auth ok; send 1000 bars every 100ms"
	for name, c := range map[string]struct {
		rest, realtime, delayed string
		key                     string
		has                     []string
		not                     []string
	}{
		"real time": {"rest ok", good, good, "canary", []string{"ok stream: ", "ok monitor: will be Live, with the invented"}, []string{"delayed:"}},
		"refused there, taken by REST": {
			"rest ok", "connect ok; auth failed", good, "canary",
			[]string{"warn stream: the key is refused", "ok delayed: connects, takes the key", "ok monitor: will be Live, 15 minutes late"}, []string{"\nfail "},
		},
		"refused by both, taken by REST": {
			"rest ok", "connect ok; auth failed", "connect ok; auth failed", "canary",
			[]string{"warn stream: ", "warn delayed: ", "warn monitor: will be Polling"}, []string{"\nfail ", "shows nothing"},
		},
		"refused by all": {
			`rest status 401 says "{\"status\":\"ERROR\",\"error\":\"Unknown API Key\"}"`, "connect ok; auth failed", good, "canary",
			[]string{"fail REST: ", "fail stream: ", "fail monitor: shows nothing with this key (refused)"}, []string{"delayed:"},
		},
		"real-time data is not in the plan": {
			"rest ok", `connect ok; auth ok; subscribe refused "` + lateText + `"; stall 1s; close 1008`, good, "canary",
			[]string{"warn stream: not in the plan: You don't have access real-time data.", "ok delayed: ", "ok monitor: will be Live, 15 minutes late"}, []string{"unexpected", "ws-dialect", "\nfail "},
		},
		"no key": {
			`rest status 401 says "{\"status\":\"ERROR\",\"error\":\"Unknown API Key\"}"`, "connect ok; auth failed", good, "",
			[]string{"fail REST: the server wants a key and none is set", "fail stream: the server wants a key and none is set", "fail monitor: shows nothing: the server wants a key and none is set"}, nil,
		},
		"a firewall": {
			`rest status 403 says "<html>blocked</html>"`, `connect status 403 says "<html>blocked</html>"`, good, "canary",
			[]string{"fail REST: ", "firewall or proxy?", "fail stream: ", "fail monitor: has nothing to show"}, []string{"(refused)", "not in the plan"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := examineAt(t, servers{
				rest: scripted(t, c.rest+"; connect ok"), realtime: scripted(t, c.realtime), delayed: scripted(t, c.delayed), key: c.key,
			})
			for _, want := range c.has {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in:\n%s", want, got)
				}
			}
			for _, bad := range c.not {
				if strings.Contains(got, bad) {
					t.Errorf("%q in:\n%s", bad, got)
				}
			}
		})
	}
}

// A host that takes the key and acknowledges nothing is told as such, and the
// delayed one is tried.
func TestExamineSilentHost(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a deadline in real time")
	}
	t.Parallel()
	got := examineAt(t, servers{
		rest: scripted(t, "rest late; connect ok"), realtime: scripted(t, "connect ok; auth ok; subscribe silent"),
		delayed: scripted(t, "connect ok; auth ok"), key: "canary",
	})
	for _, want := range []string{"warn snapshots: ", "the plan is a delayed one", "warn stream: takes the key, and then acknowledges no subscription", "ok delayed: ", "ok monitor: will be Live, 15 minutes late"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

// scripted serves a script on loopback and says where.
func scripted(t *testing.T, text string) string {
	t.Helper()
	scenario, err := script.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := script.NewServer(scenario, nil)
	serving, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(serving, listener) }()
	t.Cleanup(func() { stop(); <-served })
	return listener.Addr().String()
}

// doctor says whether compression came about, where it was asked for.
func TestExamineCompression(t *testing.T) {
	for _, c := range []struct {
		asked  bool
		server sim.ServerOptions
		want   string
	}{
		{false, sim.ServerOptions{}, "windows\n"},
		{true, sim.ServerOptions{}, "windows; compressed\n"},
		{true, sim.ServerOptions{NoCompression: true}, "windows; not compressed, the server does not offer it\n"},
	} {
		if said := examined(t, "canary-secret", exchange.Options{}, 0, c.server, c.asked); !strings.Contains(said, c.want) {
			t.Errorf("%+v, compression %v: said\n%s", c.server, c.asked, said)
		}
	}
}

// lateText is what a host says to a plan that has its data delayed.
const lateText = "You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at wss://delayed.massive.com/options."

// testKey is a key that shows itself to whoever asks for it.
type testKey string

func (k testKey) Reveal() string { return string(k) }
