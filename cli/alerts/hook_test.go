package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"optflow/model/alert"
)

// receiver is a server that answers as a test wants, and keeps what it was sent.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	heads  []http.Header
	answer func(n int, w http.ResponseWriter, r *http.Request) // of the n-th request
}

func newReceiver(t testing.TB, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	s := &receiver{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *receiver) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.bodies, s.heads = append(s.bodies, string(body)), append(s.heads, r.Header)
	n := len(s.bodies)
	s.mu.Unlock()
	if s.answer != nil {
		s.answer(n, w, r)
	}
}

func (s *receiver) got() (bodies []string, heads []http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies), slices.Clone(s.heads)
}

// status answers with one status after another, the last one for ever.
func status(codes ...int) func(int, http.ResponseWriter, *http.Request) {
	return func(n int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(codes[min(n, len(codes))-1]) }
}

// hooked is a rig with one rule that goes to one hook.
func hooked(t testing.TB, h Hook, set func(*Options)) *rig {
	t.Helper()
	return newRig(t, func(o *Options) {
		o.Hooks = map[string]Hook{"desk": h}
		if set != nil {
			set(o)
		}
	}, big("hook:desk"))
}

const secretPath = "/services/SeCrEtPaRt4711"

func (r *rig) silent(secrets ...string) {
	r.t.Helper()
	in := fmt.Sprintf("%+v", r.desk.Inbox())
	for _, secret := range secrets {
		if strings.Contains(r.log.String(), secret) || strings.Contains(in, secret) || strings.Contains(r.signals.String(), secret) {
			r.t.Errorf("%s is shown:\nlog %s\ninbox %s", secret, r.log.String(), in)
		}
	}
}

func TestHookLaw(t *testing.T) {
	retry := func(value string) func(int, http.ResponseWriter, *http.Request) {
		return func(n int, w http.ResponseWriter, _ *http.Request) {
			if n == 1 {
				if value != "" {
					w.Header().Set("Retry-After", value)
				}
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}
	}
	for name, tt := range map[string]struct {
		format   string
		answer   func(int, http.ResponseWriter, *http.Request)
		outcome  alert.Outcome
		note     string
		requests int
		waits    string // asked for, besides those that keep the rate
		off      bool
	}{
		"fine":                 {"slack", status(200), alert.Delivered, "", 1, "", false},
		"no content":           {"discord", status(204), alert.Delivered, "", 1, "", false},
		"429, seconds":         {"slack", retry("7"), alert.Delivered, "", 2, "7s", false},
		"429, half a second":   {"discord", retry("0.35"), alert.Delivered, "", 2, "1s", false},
		"429, milliseconds":    {"discord", retry("64000"), alert.Delivered, "", 2, "1m0s", false},
		"429, nothing said":    {"slack", retry(""), alert.Delivered, "", 2, "5s", false},
		"429, nonsense":        {"slack", retry("soon"), alert.Delivered, "", 2, "5s", false},
		"429, less than none":  {"slack", retry("-5"), alert.Delivered, "", 2, "1s", false},
		"429, no number":       {"slack", retry("NaN"), alert.Delivered, "", 2, "1m0s", false},
		"429, a date":          {"slack", retry(began.Add(9 * time.Second).UTC().Format(http.TimeFormat)), alert.Delivered, "", 2, "9s", false},
		"429, a date long ago": {"slack", retry("Mon, 23 Nov 2020 15:00:00 GMT"), alert.Delivered, "", 2, "1s", false},
		"429 for ever":         {"json", status(429), alert.Failed, "429 at 127.0.0.1, 5 times waited for", 6, "5s 5s 5s 5s 5s", false},
		"500, a chat":          {"slack", status(500), alert.Failed, "500 at 127.0.0.1", 1, "", false},
		"500, json":            {"json", status(500, 503, 200), alert.Delivered, "", 3, "1s 5s", false},
		"500, json, for ever":  {"json", status(502), alert.Failed, "502 at 127.0.0.1", 4, "1s 5s 30s", false},
		"400":                  {"json", status(400), alert.Failed, "400 at 127.0.0.1", 1, "", false},
		"404":                  {"json", status(404), alert.Failed, "404 at 127.0.0.1", 1, "", true},
		"401":                  {"slack", status(401), alert.Failed, "401 at 127.0.0.1", 1, "", true},
		"403":                  {"slack", status(403), alert.Failed, "403 at 127.0.0.1", 1, "", true},
		"410":                  {"discord", status(410), alert.Failed, "410 at 127.0.0.1", 1, "", true},
		"302": {"json", func(_ int, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		}, alert.Failed, "302 at 127.0.0.1 leads elsewhere, and is not followed", 1, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newReceiver(t, tt.answer)
			r := hooked(t, Hook{Format: tt.format, URL: mustURL(t, s.URL+secretPath)}, nil)
			a := r.fire()
			note := tt.note
			if note != "" {
				note = "hook:desk " + note
			}
			if a.Outcome != tt.outcome || a.Note != note {
				t.Errorf("%v %q, want %v %q", a.Outcome, a.Note, tt.outcome, note)
			}
			bodies, heads := s.got()
			if len(bodies) != tt.requests {
				t.Errorf("%d requests, want %d", len(bodies), tt.requests)
			}
			for _, h := range heads {
				if key := h.Get("Idempotency-Key"); (tt.format == "json") != (key == a.ID) {
					t.Errorf("Idempotency-Key %q of a %s hook", key, tt.format)
				}
				if h.Get("Content-Type") != "application/json" {
					t.Errorf("headers %v", h)
				}
			}
			if got := strings.Join(strings.Fields(r.waited.String()), " "); got != tt.waits {
				t.Errorf("waited %q, want %q", got, tt.waits)
			}
			trouble := strings.Join(r.desk.Inbox().Trouble, "\n")
			if off := strings.Contains(trouble, "hook:desk is off: "); off != tt.off {
				t.Errorf("trouble %q", trouble)
			}
			if tt.off {
				r.clock.advance(time.Minute)
				if a := r.fire(); a.Outcome != alert.Failed || !strings.Contains(a.Note, "off: 4") {
					t.Errorf("the next one: %v %q", a.Outcome, a.Note)
				}
				if bodies, _ := s.got(); len(bodies) != 1 {
					t.Errorf("%d requests once it is off", len(bodies))
				}
			}
			r.silent("SeCrEtPaRt4711")
		})
	}
}

// A hook is asked at most once a second, however many alerts there are.
func TestHookRate(t *testing.T) {
	s := newReceiver(t, nil)
	r := hooked(t, Hook{Format: "slack", URL: mustURL(t, s.URL)}, nil)
	for i := range 5 {
		r.trade(fmt.Sprintf("O:SPY261218C%08d", 1000*(500+i)), 2e6)
	}
	r.settled(5)
	if got := r.waited.String(); got != strings.Repeat("1s\n", 4) {
		t.Errorf("waited %q", got)
	}
}

// What a receiver does to the connection ends an attempt in time, and is told
// without a word of the address.
func TestHookFaults(t *testing.T) {
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	slow := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	endless := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(secure.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	cut := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
	})
	for name, tt := range map[string]struct {
		url     string
		outcome alert.Outcome
		note    string
	}{
		"slow":         {slow.URL, alert.Failed, "hook:desk no answer within 5 s at 127.0.0.1"},
		"endless body": {endless.URL, alert.Delivered, ""},
		"TLS":          {secure.URL, alert.Failed, "hook:desk certificate of an unknown authority at 127.0.0.1"},
		"gone":         {gone.URL, alert.Failed, "hook:desk no connection at 127.0.0.1"},
		"cut":          {cut.URL, alert.Failed, "hook:desk no connection at 127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := hooked(t, Hook{Format: "slack", URL: mustURL(t, tt.url+secretPath)}, nil)
			began := time.Now()
			if a := r.fire(); a.Outcome != tt.outcome || a.Note != tt.note {
				t.Errorf("%v %q", a.Outcome, a.Note)
			}
			if took := time.Since(began); took > hookTime+3*time.Second {
				t.Errorf("took %v", took)
			}
			r.silent("SeCrEtPaRt4711")
		})
	}
}

// resolver answers every name with one address.
func resolver(t *testing.T, ip [4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil {
				continue
			}
			m.Response, m.Authoritative = true, true
			m.Additionals = nil
			for _, q := range m.Questions {
				if q.Type == dnsmessage.TypeA {
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: ip}})
				}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// A name that leads into the own network is not followed there, whatever it is
// called; and one of this machine leads nowhere else.
func TestHookAddresses(t *testing.T) {
	s := newReceiver(t, nil)
	port := mustURL(t, s.URL).Port()
	for name, tt := range map[string]struct {
		host    string
		ip      [4]byte
		private bool
		note    string
	}{
		"private":            {"https://hooks.example.com" + secretPath, [4]byte{10, 0, 0, 1}, false, errForbidden.Error()},
		"link-local":         {"https://hooks.example.com" + secretPath, [4]byte{169, 254, 169, 254}, false, errForbidden.Error()},
		"loopback by a name": {"https://hooks.example.com:" + port + secretPath, [4]byte{127, 0, 0, 1}, false, errForbidden.Error()},
		"carrier":            {"https://hooks.example.com" + secretPath, [4]byte{100, 64, 0, 1}, false, errForbidden.Error()},
		"nothing":            {"https://hooks.example.com" + secretPath, [4]byte{0, 0, 0, 0}, false, errForbidden.Error()},
		"meant":              {"https://hooks.example.com:" + port + secretPath, [4]byte{127, 0, 0, 1}, true, "no connection"}, // no TLS there
	} {
		t.Run(name, func(t *testing.T) {
			r := hooked(t, Hook{Format: "json", URL: mustURL(t, tt.host), Private: tt.private}, func(o *Options) { o.Resolver = resolver(t, tt.ip) })
			if a := r.fire(); a.Outcome != alert.Failed || a.Note != "hook:desk "+tt.note+" at hooks.example.com" {
				t.Errorf("%v %q", a.Outcome, a.Note)
			}
			r.silent("SeCrEtPaRt4711")
		})
	}
	if bodies, _ := s.got(); len(bodies) != 0 {
		t.Errorf("reached: %q", bodies)
	}
	for text, want := range map[string]bool{
		"127.0.0.1": true, "10.1.2.3": true, "172.16.0.1": true, "192.168.1.1": true, "::1": true, "fe80::1": true, "fd00::1": true, "::ffff:10.0.0.1": true,
		"64:ff9b::a00:1": true, "2002:a00:1::": true, "224.0.0.1": true, "255.255.255.255": true,
		"1.1.1.1": false, "172.32.0.1": false, "2606:4700::1111": false, "100.128.0.1": false,
	} {
		if got := inside(mustAddr(text)); got != want {
			t.Errorf("%s is inside: %v", text, got)
		}
	}
}

// Whatever the texts hold, they stay texts of the receiver's format.
func TestHookFormats(t *testing.T) {
	const hostile = "a\x1b]0;x\a $(rm -rf ~) `id` \"q\" 'q'\n@everyone <!channel> <@U1> & \\u0041"
	for format, check := range map[string]func(t *testing.T, body map[string]any){
		"slack": func(t *testing.T, body map[string]any) {
			text, _ := body["text"].(string)
			if strings.ContainsAny(text, "<>") || !strings.Contains(text, "&lt;!channel&gt;") || !strings.Contains(text, "&amp; ") {
				t.Errorf("text %q", text)
			}
		},
		"discord": func(t *testing.T, body map[string]any) {
			mentions, _ := body["allowed_mentions"].(map[string]any)
			if parse, is := mentions["parse"].([]any); !is || len(parse) != 0 {
				t.Errorf("mentions %v", body["allowed_mentions"])
			}
			if text, _ := body["content"].(string); !strings.Contains(text, "@everyone") || len([]rune(text)) > 2000 {
				t.Errorf("content %q", text)
			}
		},
		"ntfy": func(t *testing.T, body map[string]any) {
			if body["topic"] != "my-topic" || !strings.Contains(body["message"].(string), "@everyone") {
				t.Errorf("%v", body)
			}
		},
		"json": func(t *testing.T, body map[string]any) {
			if body["rule"] != "big" || body["event"] != "fired" || body["v"] != 1.0 || body["row"].(map[string]any)["contract"] == "" {
				t.Errorf("%v", body)
			}
		},
	} {
		t.Run(format, func(t *testing.T) {
			var path string
			s := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) { path = r.URL.Path })
			r := hooked(t, Hook{Format: format, URL: mustURL(t, s.URL+"/in/my-topic")}, func(o *Options) {
				o.Text = func(*alert.Alert) string { return hostile + strings.Repeat("\U0001F600", 2000) }
			})
			if a := r.fire(); a.Outcome != alert.Delivered {
				t.Fatalf("%v %q", a.Outcome, a.Note)
			}
			bodies, heads := s.got()
			var body map[string]any
			if err := json.Unmarshal([]byte(bodies[0]), &body); err != nil {
				t.Fatalf("%q: %v", bodies[0], err)
			}
			check(t, body)
			for _, r := range fmt.Sprint(body) {
				if r < ' ' && r != '\n' || r == 0x7f || r == 0x1b {
					t.Errorf("a control character in %q", bodies[0])
				}
			}
			if got := fmt.Sprint(heads[0]); strings.Contains(got, "everyone") {
				t.Errorf("headers %s", got)
			}
			if want := map[bool]string{true: "/in/", false: "/in/my-topic"}[format == "ntfy"]; path != want {
				t.Errorf("posted to %s", path)
			}
		})
	}
}

// A hook that never answers costs nobody else anything: its queue is bounded, the
// oldest goes, and the accounts hold.
func TestDeadHookHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	s := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(hang) })
	rule := big("hook:desk", "log")
	r := newRig(t, func(o *Options) { o.Hooks = map[string]Hook{"desk": {Format: "slack", URL: mustURL(t, s.URL)}} }, rule)
	var slowest time.Duration
	for i := range 160 {
		if i%50 == 49 {
			r.clock.advance(time.Hour) // the cap of all rules
		}
		began := time.Now()
		r.trade(fmt.Sprintf("O:SPY261218C%08d", 1000*(100+i)), 2e6)
		slowest = max(slowest, time.Since(began))
		r.await("the log has it", func(in *alert.Inbox) bool { return strings.Count(r.alerts.String(), "\n") == i+1 })
	}
	if slowest > hookTime/5 { // a machine at work takes a moment, whoever waits for the hook all of it
		t.Errorf("the tape waited %v", slowest)
	}
	in := r.desk.Inbox()
	if c := in.Counts; c.Fired != c.Waiting+c.Delivered+c.Held+c.Dropped+c.Failed || c.Dropped < 50 || c.Fired != 160 {
		t.Errorf("counts %+v", c)
	}
}
