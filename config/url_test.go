package config

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestStreamURLs(t *testing.T) {
	for _, tt := range []struct {
		args   string
		want   string
		window time.Duration
		from   string // of the window
		warned string
	}{
		{"--ws-url=wss://socket.massive.com", "wss://socket.massive.com/options", time.Second, "default", ""},
		{"--ws-url=wss://socket.massive.com/", "wss://socket.massive.com/options", time.Second, "default", ""},
		{"--ws-url=WSS://Socket.Massive.COM/options/", "wss://socket.massive.com/options", time.Second, "default", ""},
		{"--ws-url=wss://socket.massive.com/options/AM", "wss://socket.massive.com/options", time.Minute, "--ws-url", "/AM at the end"},
		{"--ws-url=wss://socket.massive.com/options/A", "wss://socket.massive.com/options", time.Second, "--ws-url", "/A at the end"},
		{"--ws-url=wss://socket.massive.com/options/AM --window=1s", "wss://socket.massive.com/options", time.Second, "--window", "/AM at the end"},
		{"--ws-url=ws://127.0.0.1:9700", "ws://127.0.0.1:9700/options", time.Second, "default", ""},
		{"--ws-url=ws://[::1]:9700/x", "ws://[::1]:9700/x", time.Second, "default", ""},
		{"--ws-url=ws://gateway.test/stocks/AM", "ws://gateway.test/stocks", time.Minute, "--ws-url", "/AM at the end"},
		{"--ws-url=ws://127.0.0.1:1 --ws-dialect=origin", "ws://127.0.0.1:1/options/A", time.Second, "default", ""},
		{"--ws-url=ws://127.0.0.1:1 --ws-dialect=origin --window=1m", "ws://127.0.0.1:1/options/AM", time.Minute, "--window", ""},
		{"--ws-url=ws://127.0.0.1:1/options/AM --ws-dialect=origin", "ws://127.0.0.1:1/options/AM", time.Minute, "--ws-url", ""},
		{"--ws-url=ws://127.0.0.1:1/options/AM --ws-dialect=origin --window=1s", "ws://127.0.0.1:1/options/A", time.Second, "--window", ""},
		{"--ws-dialect=origin", "wss://socket.massive.com/options/A", time.Second, "default", "do not speak the origin dialect"},
	} {
		s := place{args: strings.Fields(tt.args)}.mustLoad(t)
		if s.WSURL != tt.want || s.Window != tt.window || s.Source("window").String() != tt.from {
			t.Errorf("%s: %s, window %v from %s; want %s, %v from %s", tt.args, s.WSURL, s.Window, s.Source("window"), tt.want, tt.window, tt.from)
		}
		if text := strings.Join(s.Warnings, "\n"); tt.warned == "" && text != "" || !strings.Contains(text, tt.warned) {
			t.Errorf("%s: warnings %q, want %q", tt.args, text, tt.warned)
		}
	}
}

func TestDelayedHost(t *testing.T) {
	for _, tt := range []struct{ args, stream, delayed, feed string }{
		{"", "wss://socket.massive.com/options", "wss://delayed.massive.com/options", "auto"},
		{"--feed=delayed", "wss://socket.massive.com/options", "wss://delayed.massive.com/options", "delayed"},
		{"--ws-url=wss://socket.polygon.io", "wss://socket.polygon.io/options", "wss://delayed.polygon.io/options", "auto"},
		{"--ws-url=wss://delayed.massive.com/options", "wss://delayed.massive.com/options", "wss://delayed.massive.com/options", "delayed"},
		{"--ws-url=wss://business.massive.com", "wss://business.massive.com/options", "", "auto"},
		{"--ws-url=ws://127.0.0.1:9700", "ws://127.0.0.1:9700/options", "", "auto"},
		{"--ws-url=ws://127.0.0.1:9700 --feed=delayed", "ws://127.0.0.1:9700/options", "ws://127.0.0.1:9700/options", "delayed"},
	} {
		s := place{args: strings.Fields(tt.args)}.mustLoad(t)
		if s.WSURL != tt.stream || s.DelayedWSURL != tt.delayed || s.Feed != tt.feed {
			t.Errorf("%s: %s, delayed %q, feed %s", tt.args, s.WSURL, s.DelayedWSURL, s.Feed)
		}
	}
	s := place{args: []string{"--ws-url=wss://delayed.massive.com", "--feed=realtime"}}.mustLoad(t)
	if len(s.Warnings) != 1 {
		t.Errorf("realtime on the delayed host is taken in silence")
	}
}

func TestWrongURLs(t *testing.T) {
	for text, want := range map[string]string{
		"socket.massive.com":                      "another scheme",
		"https://socket.massive.com":              "another scheme",
		"file:///etc/passwd":                      "another scheme",
		"wss://":                                  "names no host",
		"wss:socket":                              "names no host",
		"wss://host:":                             "names no host",
		"wss://user@host":                         "user or password",
		"wss://user:secret@host":                  "user or password",
		"wss://host/?apiKey=secret":               "query or fragment",
		"wss://host/?":                            "query or fragment",
		"wss://host/#secret":                      "query or fragment",
		"wss://host:99999":                        "port",
		"wss://host:0":                            "port",
		"wss://host:x":                            "is not a URL",
		"wss://ho st":                             "character",
		"wss://hos\x1bt":                          "character",
		"wss://hóst":                              "character",
		"wss://host/%zz":                          "is not a URL",
		"ws://socket.massive.com":                 "unencrypted",
		"ws://socket.polygon.io/options":          "unencrypted",
		"wss://host/" + strings.Repeat("a", 3000): "too long",
	} {
		s, err := place{env: []string{"MASSIVE_WS_URL=" + text}}.load(t)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Key != "ws-url" || e.Source != "MASSIVE_WS_URL" || !strings.Contains(e.Problem, want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error()+strings.Join(s.Warnings, ""), "secret") {
			t.Errorf("%q: a secret is shown: %v", text, err)
		}
	}
	for text, want := range map[string]string{"https://h:1/x/": "https://h:1/x", "http://127.0.0.1:9/": "http://127.0.0.1:9"} {
		if s := (place{args: []string{"--rest-url=" + text}}).mustLoad(t); s.RESTURL != want {
			t.Errorf("%s: %s", text, s.RESTURL)
		}
	}
	if _, err := (place{args: []string{"--rest-url=wss://h"}}).load(t); err == nil {
		t.Error("a stream's URL is taken for REST")
	}
}

// A URL from .env may have only the key of the same .env, unless it is Massive's
// or this machine's.
func TestKeyGoesOnlyWhereItMay(t *testing.T) {
	const evil, evilREST = "wss://evil.test", "https://evil.test"
	for _, tt := range []struct {
		name string
		place
		refused string // the setting, "" allowed
	}{
		{"same .env", place{dotEnv: "MASSIVE_API_KEY=k123456\nMASSIVE_WS_URL=" + evil}, ""},
		{"key of the page", place{dotEnv: "NEXT_PUBLIC_MASSIVE_API_KEY=k123456\nNEXT_PUBLIC_MASSIVE_WS_URL=" + evil}, ""},
		{"key from the environment", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=" + evil}, "ws-url"},
		{"in both", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_API_KEY=k654321\nMASSIVE_WS_URL=" + evil}, "ws-url"},
		{"REST too", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_REST_URL=" + evilREST}, "rest-url"},
		{"by its own name", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "OPTFLOW_WS_URL=" + evil}, "ws-url"},
		{"key file by flag", place{keyFile: "k123456", args: []string{"--api-key-file=key"}, dotEnv: "MASSIVE_WS_URL=" + evil}, "ws-url"},
		{"key file named by .env", place{keyFile: "k123456", dotEnv: "OPTFLOW_API_KEY_FILE=key\nMASSIVE_WS_URL=" + evil}, "ws-url"},
		{"look-alike", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=wss://socket.massive.com.evil.test"}, "ws-url"},
		{"prefix", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=wss://notmassive.com"}, "ws-url"},
		{"Massive's own", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=wss://delayed.massive.com"}, ""},
		{"former name", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=wss://socket.polygon.io\nMASSIVE_REST_URL=https://api.polygon.io"}, ""},
		{"loopback", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=ws://127.0.0.1:9\nMASSIVE_REST_URL=http://localhost:9"}, ""},
		{"no key", place{dotEnv: "MASSIVE_WS_URL=" + evil}, ""},
		{"URL by flag", place{env: []string{"MASSIVE_API_KEY=k123456"}, args: []string{"--ws-url=" + evil}}, ""},
		{"flag over .env", place{env: []string{"MASSIVE_API_KEY=k123456"}, dotEnv: "MASSIVE_WS_URL=" + evil, args: []string{"--ws-url=wss://own.test"}}, ""},
		{"config file", place{env: []string{"MASSIVE_API_KEY=k123456"}, file: `ws-url = "` + evil + `"`}, ""},
	} {
		_, err := tt.load(t)
		e, _ := errors.AsType[*Error](err)
		switch {
		case tt.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", tt.name, err)
		case tt.refused != "" && (e == nil || e.Key != tt.refused || !strings.Contains(e.Source, ".env")):
			t.Errorf("%s: %v, want a refusal of %s", tt.name, err, tt.refused)
		case tt.refused != "" && !strings.Contains(err.Error(), "key from "):
			t.Errorf("%s: %v does not name the key's source", tt.name, err)
		}
	}
}

func TestWarningsOfURLs(t *testing.T) {
	key := []string{"MASSIVE_API_KEY=k123456"}
	s := place{env: key, args: []string{"--ws-url=ws://gateway.test", "--rest-url=http://gateway.test"}}.mustLoad(t)
	if text := strings.Join(s.Warnings, "\n"); strings.Count(text, "unencrypted") != 2 {
		t.Errorf("warnings %q", text)
	}
	s = place{env: key, args: []string{"--ws-url=ws://127.0.0.1:9700"}}.mustLoad(t)
	if text := strings.Join(s.Warnings, "\n"); !strings.Contains(text, "rest-url is still Massive's own") {
		t.Errorf("warnings %q", text)
	}
	s = place{env: key, args: []string{"--ws-url=ws://127.0.0.1:9700", "--rest-url=http://127.0.0.1:9700"}}.mustLoad(t)
	if len(s.Warnings) != 0 {
		t.Errorf("warnings for loopback: %q", s.Warnings)
	}
}
