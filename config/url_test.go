package config

import (
	"errors"
	"os"
	"path/filepath"
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

// A server that a .env names gets a key of the same .env, whatever else there is,
// or none, unless it is Massive's own. Flags, environment and config file are
// free.
func TestKeyGoesOnlyWhereItMay(t *testing.T) {
	const evil, evilREST, local = "wss://evil.test", "https://evil.test", "ws://127.0.0.1:9"
	env := []string{"MASSIVE_API_KEY=k123456"}
	for _, tt := range []struct {
		name string
		place
		want string // the key, "" none
		said string // in the warnings
	}{
		{"same .env", place{dotEnv: "MASSIVE_API_KEY=k123456\nMASSIVE_WS_URL=" + evil}, "k123456", ""},
		{"key of the page", place{dotEnv: "NEXT_PUBLIC_MASSIVE_API_KEY=k123456\nNEXT_PUBLIC_MASSIVE_WS_URL=" + evil}, "k123456", ""},
		{"in both", place{env: env, dotEnv: "MASSIVE_API_KEY=k654321\nMASSIVE_WS_URL=" + evil}, "k654321", ""},
		{"in both, and a flag", place{env: env, keyFile: "k777777", args: []string{"--api-key-file=key"}, dotEnv: "MASSIVE_API_KEY=k654321\nMASSIVE_WS_URL=" + evil}, "k654321", ""},
		{"key from the environment", place{env: env, dotEnv: "MASSIVE_WS_URL=" + evil}, "", "the key from MASSIVE_API_KEY is not used: MASSIVE_WS_URL in .env:1 names a server that is not Massive's"},
		{"loopback", place{env: env, dotEnv: "MASSIVE_WS_URL=" + local}, "", "the key from MASSIVE_API_KEY is not used: MASSIVE_WS_URL in .env:1"},
		{"loopback REST", place{env: env, dotEnv: "MASSIVE_REST_URL=http://localhost:9"}, "", "MASSIVE_REST_URL in .env:1"},
		{"REST too", place{env: env, dotEnv: "MASSIVE_REST_URL=" + evilREST}, "", "MASSIVE_REST_URL in .env:1"},
		{"by its own name", place{env: env, dotEnv: "OPTFLOW_WS_URL=" + evil}, "", "OPTFLOW_WS_URL in .env:1"},
		{"in small letters", place{env: env, dotEnv: "massive_ws_url=" + evil}, "", "in .env:1"},
		{"key file by flag", place{keyFile: "k123456", args: []string{"--api-key-file=key"}, dotEnv: "MASSIVE_WS_URL=" + evil}, "", "the key from --api-key-file is not used"},
		{"key file by the environment", place{keyFile: "k123456", env: []string{"MASSIVE_API_KEY_FILE=key"}, dotEnv: "MASSIVE_WS_URL=" + evil}, "", "the key from MASSIVE_API_KEY_FILE is not used"},
		{"key file by the config file", place{file: `api-key-file = "/nowhere"`, dotEnv: "MASSIVE_WS_URL=" + evil}, "", "the key from config.toml:1 is not used"},
		{"key file beside .env", place{keyFile: "k123456", dotEnv: "OPTFLOW_API_KEY_FILE=key\nMASSIVE_WS_URL=" + evil}, "k123456", ""},
		{"look-alike", place{env: env, dotEnv: "MASSIVE_WS_URL=wss://socket.massive.com.evil.test"}, "", "is not used"},
		{"prefix", place{env: env, dotEnv: "MASSIVE_WS_URL=wss://notmassive.com"}, "", "is not used"},
		{"Massive's own", place{env: env, dotEnv: "MASSIVE_WS_URL=wss://delayed.massive.com"}, "k123456", ""},
		{"former name", place{env: env, dotEnv: "MASSIVE_WS_URL=wss://socket.polygon.io\nMASSIVE_REST_URL=https://api.polygon.io"}, "k123456", ""},
		{"no key", place{dotEnv: "MASSIVE_WS_URL=" + evil}, "", ""},
		{"URL by flag", place{env: env, args: []string{"--ws-url=" + evil}}, "k123456", ""},
		{"loopback by flag, key in .env", place{dotEnv: "MASSIVE_API_KEY=k123456", args: []string{"--ws-url=" + local}}, "k123456", ""},
		{"URL by the environment", place{env: append(env, "MASSIVE_WS_URL="+local)}, "k123456", ""},
		{"flag over .env", place{env: env, dotEnv: "MASSIVE_WS_URL=" + evil, args: []string{"--ws-url=wss://own.test"}}, "k123456", ""},
		{"config file", place{env: env, file: `ws-url = "` + evil + `"`}, "k123456", ""},
	} {
		s := tt.mustLoad(t)
		text := strings.Join(s.Warnings, "\n")
		if s.Key.Reveal() != tt.want || !strings.Contains(text, tt.said) || (s.Withheld != "") != (tt.said != "") {
			t.Errorf("%s: key %q, want %q; withheld %q, warnings %q", tt.name, s.Key.Reveal(), tt.want, s.Withheld, text)
		}
		if strings.Contains(text+s.Withheld, "k123456") || strings.Contains(text+s.Withheld, "k777777") {
			t.Errorf("%s: a key is shown: %q", tt.name, text)
		}
	}
}

// A .env may point at a key file beyond its directory, by its name or by way of
// a symbolic link, and choose the dialect, for Massive's own servers only.
func TestDotEnvStaysInItsDirectory(t *testing.T) {
	const local = "MASSIVE_WS_URL=ws://127.0.0.1:9\nMASSIVE_REST_URL=http://127.0.0.1:9\n"
	elsewhere := filepath.Join(t.TempDir(), "word")
	if err := os.WriteFile(elsewhere, []byte("secret-word-1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dotEnv string
		env, args    []string
		want         string
		said         string
	}{
		{"out by name", local + "OPTFLOW_API_KEY_FILE=" + elsewhere, nil, nil, "", "OPTFLOW_API_KEY_FILE in .env:3 is not read"},
		{"out by way of dots", local + "OPTFLOW_API_KEY_FILE=sub/../../word", nil, nil, "", "is not read"},
		{"out by a link", local + "OPTFLOW_API_KEY_FILE=link", nil, nil, "", "is not read"},
		{"out by a linked directory", local + "OPTFLOW_API_KEY_FILE=linked/word", nil, nil, "", "is not read"},
		{"the other name", local + "MASSIVE_API_KEY_FILE=" + elsewhere, nil, nil, "", "MASSIVE_API_KEY_FILE in .env:3 is not read"},
		{"inside", local + "OPTFLOW_API_KEY_FILE=key", nil, nil, "k123456", ""},
		{"inside by a link", local + "OPTFLOW_API_KEY_FILE=near", nil, nil, "k123456", ""},
		{"out, to the user's own gateway", "OPTFLOW_API_KEY_FILE=" + elsewhere, nil, []string{"--ws-url=ws://127.0.0.1:9", "--rest-url=http://127.0.0.1:9"}, "", "is not read"},
		{"out, and the environment has one", "OPTFLOW_API_KEY_FILE=" + elsewhere + "\nMASSIVE_API_KEY=k654321", nil, []string{"--ws-url=ws://127.0.0.1:9", "--rest-url=http://127.0.0.1:9"}, "k654321", "is not read"},
		{"out, to Massive", "OPTFLOW_API_KEY_FILE=" + elsewhere, nil, nil, "secret-word-1", ""},
		{"by the environment, to a gateway", "", []string{"OPTFLOW_API_KEY_FILE=" + elsewhere, "MASSIVE_WS_URL=ws://127.0.0.1:9", "MASSIVE_REST_URL=http://127.0.0.1:9"}, nil, "secret-word-1", ""},
		{"by a flag, to a gateway", "", nil, []string{"--api-key-file=" + elsewhere, "--ws-url=ws://127.0.0.1:9", "--rest-url=http://127.0.0.1:9"}, "secret-word-1", ""},
	} {
		p := place{dotEnv: tt.dotEnv, env: tt.env, args: tt.args, keyFile: "k123456"}
		o := p.options(t)
		for name, to := range map[string]string{"link": elsewhere, "linked": filepath.Dir(elsewhere), "near": filepath.Join(p.dir, "key")} {
			if err := os.Symlink(to, filepath.Join(p.dir, name)); err != nil {
				t.Skip(err)
			}
		}
		s, err := Load(o)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		text := strings.Join(s.Warnings, "\n")
		if s.Key.Reveal() != tt.want || !strings.Contains(text, tt.said) || tt.said == "" && strings.Contains(text, "is not read") {
			t.Errorf("%s: key %q, want %q, warnings %q", tt.name, s.Key.Reveal(), tt.want, text)
		}
		if strings.Contains(text, "secret-word") {
			t.Errorf("%s: what is in the file shows: %q", tt.name, text)
		}
	}
	for _, tt := range []struct {
		place
		want string
	}{
		{place{dotEnv: "OPTFLOW_WS_DIALECT=origin\nMASSIVE_WS_URL=ws://127.0.0.1:9"}, "massive"},
		{place{dotEnv: "OPTFLOW_WS_DIALECT=origin", args: []string{"--ws-url=ws://127.0.0.1:9"}}, "massive"},
		{place{dotEnv: "OPTFLOW_WS_DIALECT=origin"}, "origin"},
		{place{env: []string{"OPTFLOW_WS_DIALECT=origin"}, dotEnv: "MASSIVE_WS_URL=ws://127.0.0.1:9"}, "origin"},
		{place{args: []string{"--ws-url=ws://127.0.0.1:9", "--ws-dialect=origin"}}, "origin"},
		{place{file: `ws-dialect = "origin"`, dotEnv: "OPTFLOW_WS_DIALECT=massive", args: []string{"--ws-url=ws://127.0.0.1:9"}}, "origin"},
	} {
		s := tt.mustLoad(t)
		heeded := !strings.Contains(strings.Join(s.Warnings, "\n"), "OPTFLOW_WS_DIALECT in .env:1 is not heeded")
		if s.WSDialect != tt.want || !heeded != (tt.dotEnv != "" && strings.Contains(tt.dotEnv, "DIALECT") && s.Source("ws-url").Kind != FromDefault) {
			t.Errorf("%q %q: dialect %s, warnings %q", tt.dotEnv, tt.args, s.WSDialect, s.Warnings)
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
