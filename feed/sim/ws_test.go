package sim

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/massive/wiretest"
	"optflow/feed/sim/exchange"
)

const busy = "O:SPY261123C00656000"

func TestConversation(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{Key: "k"})
		p := f.mustDial("/options")
		// Pipelined: nothing waits for an answer.
		p.send(`{"action":"auth","params":"k"}`)
		p.send(`{"action":"subscribe","params":"T.` + busy + `,A.` + busy + `"}`)
		p.expect("connected Connected Successfully", "auth_success authenticated",
			"success subscribed to: T."+busy, "success subscribed to: A."+busy)
		for kinds := map[string]bool{}; len(kinds) < 2; {
			e := p.must()
			if e.Sym != busy {
				t.Fatalf("event of %q", e.Sym)
			}
			kinds[e.EV] = true
		}
		p.send(`{"action":"unsubscribe","params":"T.` + busy + `"}`)
		for {
			e := p.must()
			if e.EV == "status" {
				if e.Message != "unsubscribed to: T."+busy {
					t.Fatalf("got %q", e.Message)
				}
				break
			}
		}
		for _, e := range p.during(20 * time.Second) {
			if e.EV != "A" {
				t.Fatalf("got a %s after unsubscribing", e.EV)
			}
		}
	})
}

func TestSubscribeAnswers(t *testing.T) {
	tests := []struct {
		name, params string
		want         []string
	}{
		{"unknown channel is silent", "ZZ.AAPL,A." + busy, []string{"success subscribed to: A." + busy}},
		{"unknown ticker is acknowledged", "A.O:NOPE261218C00001000", []string{"success subscribed to: A.O:NOPE261218C00001000"}},
		{"prefix wildcard is acknowledged", "AM.O:SPY*", []string{"success subscribed to: AM.O:SPY*"}},
		{"wildcards", "A.*,AM.*,T.*", []string{"success subscribed to: A.*", "success subscribed to: AM.*", "success subscribed to: T.*"}},
		{"a held pair is not acknowledged again", "AM." + busy + ",AM." + busy + ",T." + busy,
			[]string{"success subscribed to: AM." + busy, "success subscribed to: T." + busy}},
		{"errors come first", "AM." + busy + ",Q.*", []string{"error wildcard subscriptions are not available for Q", "success subscribed to: AM." + busy}},
		{"nonsense is silent", "A,.,A.,*,AM." + busy, []string{"success subscribed to: AM." + busy}},
		{"blanks are tolerated", "AM." + busy + ", T." + busy, []string{"success subscribed to: AM." + busy, "success subscribed to: T." + busy}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{})
				p := f.login()
				p.send(`{"action":"subscribe","params":"` + test.params + `"}`)
				p.expect(test.want...)
				for _, e := range p.during(time.Second) {
					if e.EV == "status" {
						t.Errorf("extra status %q", e.Message)
					}
				}
			})
		})
	}
}

func TestSilentSubscriptions(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		p := f.login()
		p.send(`{"action":"subscribe","params":"A.O:SPY*,T.O:*,A.O:NOPE261218C00001000"}`)
		if got := len(p.during(2 * time.Minute)); got != 3 {
			t.Errorf("%d events, want the 3 acknowledgements only", got)
		}
	})
}

func TestIgnoredMessages(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		p := f.mustDial("/options")
		p.expect("connected Connected Successfully")
		for _, text := range []string{`{"action":"subscribe","params":"A.*"}`, `not json`, `[]`, `{"action":"dance"}`, `{"params":7}`} {
			p.send(text)
		}
		p.send(`{"action":"auth","params":"k"}`)
		p.expect("auth_success authenticated")
		if got := len(p.during(5 * time.Second)); got != 0 {
			t.Errorf("%d events after a subscription that came before auth", got)
		}
	})
}

func TestQuotesCap(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{})
		p := f.login()
		var pairs []string
		for _, s := range f.market.Symbols()[:maxQuotes+2] {
			pairs = append(pairs, "Q."+s)
		}
		p.send(`{"action":"subscribe","params":"` + strings.Join(pairs, ",") + `"}`)
		refused, accepted, quotes := 0, 0, 0
		for _, e := range p.during(3 * time.Second) {
			switch {
			case e.Status == "error":
				refused++
				if accepted > 0 {
					t.Fatal("a refusal after an acknowledgement")
				}
			case e.Status == "success":
				accepted++
			case e.EV == "Q":
				quotes++
				if e.AP <= e.BP {
					t.Fatalf("ask %v is not above bid %v", e.AP, e.BP)
				}
			}
		}
		if refused != 2 || accepted != maxQuotes || quotes == 0 {
			t.Errorf("%d refused, %d accepted, %d quotes", refused, accepted, quotes)
		}
	})
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name string
		plan exchange.Plan
		key  string
		want string
	}{
		{"wrong key", exchange.Plan{}, "wrong", "auth_failed authentication failed"},
		{"empty key", exchange.Plan{}, "", "auth_failed authentication failed"},
		{"plan", exchange.Plan{NoWebSocket: true}, "k", "auth_failed " + planText},
		{"free plan", exchange.Plan{Free: true}, "k", "auth_failed " + planText},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := serve(t, exchange.Options{Seed: 1, Start: monday, Plan: test.plan}, ServerOptions{Key: "k"})
				p := f.mustDial("/options")
				p.send(`{"action":"auth","params":"` + test.key + `"}`)
				p.expect("connected Connected Successfully", test.want)
				_, err := p.next(t.Context())
				if err == nil || websocket.CloseStatus(err) != -1 {
					t.Errorf("got %v, want a drop without a close frame", err)
				}
			})
		})
	}
}

func TestAuthTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{AuthTimeout: 7 * time.Second})
		began := time.Now()
		p := f.mustDial("/options")
		p.expect("connected Connected Successfully", "auth_timeout No authentication request received.")
		if waited := time.Since(began); waited != 7*time.Second {
			t.Errorf("after %v", waited)
		}
		if _, err := p.next(t.Context()); err == nil {
			t.Error("still open")
		}
	})
}

func TestEviction(t *testing.T) {
	for _, newest := range []bool{false, true} {
		t.Run(fmt.Sprintf("newest=%v", newest), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{EvictNewest: newest})
				first := f.login()
				time.Sleep(time.Minute)
				second := f.login()
				second.send(`{"action":"subscribe","params":"A.O:NONE"}`)
				second.expect("success subscribed to: A.O:NONE")
				began := time.Now()
				victim, other := first, second
				if newest {
					victim, other = second, first
				}
				victim.expect("max_connections " + maxConnectionsText)
				if waited := time.Since(began); waited < time.Second || waited > 2*time.Second {
					t.Errorf("evicted after %v", waited)
				}
				_, err := victim.next(t.Context())
				if websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
					t.Errorf("got %v, want close code 1008", err)
				}
				other.send(`{"action":"subscribe","params":"T.` + busy + `"}`)
				other.expect("success subscribed to: T." + busy)
			})
		})
	}
}

func TestOtherPaths(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{Dialects: []Dialect{Massive}})
		for _, path := range []string{"/", "/stocks", "/options/AM", "/options/A?apiKey=k", "/options/"} {
			_, resp, err := websocket.Dial(t.Context(), "ws://sim"+path, &websocket.DialOptions{HTTPClient: f.client})
			if err == nil || resp == nil || resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %v, want 404", path, err)
			} else if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") {
				t.Errorf("%s: 404 is %q", path, kind)
			}
		}
	})
}

func TestOriginDialect(t *testing.T) {
	for path, kind := range map[string]string{"/options/A?apiKey=k": "A", "/options/AM?apiKey=k": "AM"} {
		inBubble(t, func(t *testing.T) {
			f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{Key: "k"})
			p := f.mustDial(path)
			p.send(`{"action":"subscribe","ticker":"` + busy + `"}`)
			p.send(`{"action":"subscribe","ticker":"*"}`)
			p.expect("connected Connected Successfully", "auth_success authenticated",
				"success subscribed to: "+kind+"."+busy, "success subscribed to: "+kind+".*")
			events := p.during(90 * time.Second)
			if len(events) == 0 {
				t.Error("no bars")
			}
			for _, e := range events {
				if e.EV != kind {
					t.Fatalf("got %s on %s", e.EV, path)
				}
			}
			bad := f.mustDial(strings.ReplaceAll(path, "=k", "=wrong"))
			bad.expect("connected Connected Successfully", "auth_failed authentication failed")
		})
	}
}

func TestPing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		p := f.login()
		reading := p.conn.CloseRead(t.Context())
		if err := p.conn.Ping(t.Context()); err != nil {
			t.Errorf("ping: %v", err)
		}
		f.stop()
		<-reading.Done()
	})
}

func TestSlowConsumerIsDropped(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 2000}, ServerOptions{QueueBytes: 200_000})
		slow := f.login()
		slow.send(`{"action":"subscribe","params":"T.*"}`)
		time.Sleep(30 * time.Second) // reads nothing
		var err error
		for err == nil {
			_, err = slow.next(t.Context())
		}
		if code := websocket.CloseStatus(err); code != -1 {
			t.Errorf("close code %d, want an abrupt drop", code)
		}
	})
}

func TestCut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		p := f.login()
		synctest.Wait()
		f.server.Cut()
		_, err := p.next(t.Context())
		if err == nil || websocket.CloseStatus(err) != -1 {
			t.Errorf("got %v, want a drop without a close frame", err)
		}
		f.login() // and it is open for the next one
	})
}

func TestServeEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		p := f.login()
		f.get("/v1/marketstatus/now", nil)
		f.stop()
		if _, err := p.next(t.Context()); err == nil {
			t.Error("the connection outlived the server")
		}
		if _, err := f.dial("/options"); err == nil {
			t.Error("the server outlived its context")
		}
	})
}

func TestServeFails(t *testing.T) {
	l := wiretest.NewPipes()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	err := NewServer(exchange.NewMarket(exchange.Options{Rate: 1}), ServerOptions{}).Serve(t.Context(), l)
	if err == nil || errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Serve on a closed listener: %v", err)
	}
}

func TestFramesGrowUnderLoad(t *testing.T) {
	for rate, want := range map[float64]int{10: 1, 20_000: 100} {
		inBubble(t, func(t *testing.T) {
			f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: rate}, ServerOptions{})
			p := f.login()
			p.frames = nil
			p.send(`{"action":"subscribe","params":"A.*"}`)
			events := p.during(5 * time.Second)
			if mean := len(events) / max(1, len(p.frames)); mean < want || want == 1 && mean > 1 {
				t.Errorf("rate %v: %d events in %d frames", rate, len(events), len(p.frames))
			}
		})
	}
}

func TestDelayedHost(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Plan: exchange.Plan{DelayedHost: true}}, ServerOptions{})
		p := f.login()
		p.send(`{"action":"subscribe","params":"A.*"}`)
		p.expect("error not authorized")
	})
	for _, o := range []exchange.Options{{Seed: 1, Start: monday}, {Seed: 1, Start: monday, Plan: exchange.Plan{DelayedHost: true}}} {
		inBubble(t, func(t *testing.T) {
			f := serve(t, o, ServerOptions{DelayedHost: true})
			p := f.login()
			p.send(`{"action":"subscribe","params":"A.*,Q.` + busy + `"}`)
			p.expect("error not authorized", "success subscribed to: A.*")
			events := p.during(10 * time.Second)
			if len(events) == 0 {
				t.Fatal("no bars")
			}
			for _, e := range events {
				late := monday.UnixMilli() - e.E
				if late < exchange.Delay.Milliseconds()-11_000 || late > exchange.Delay.Milliseconds()+11_000 {
					t.Fatalf("a bar %d ms late", late)
				}
			}
		})
	}
}
