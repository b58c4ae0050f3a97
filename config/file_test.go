package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/config/textfile"
)

func TestFile(t *testing.T) {
	s := place{file: "\ufefftickers = [\"amd\", \"I:SPX\"]\r\nfps = 12\r\nauto-refresh = false\r\nmin-premium = \"50k\"\r\nfilter = \"\"\r\n\r\n[floor]\r\nSPY = \"100k\"\r\n\"BRK.B\" = 5000\r\n[whale]\r\nSPX = \"5m\"\r\n"}.mustLoad(t)
	if strings.Join(s.Tickers, " ") != "AMD SPX" || s.FPS != 12 || s.AutoRefresh || s.MinPremium != 50_000 {
		t.Errorf("%+v", s)
	}
	if diff := cmp.Diff(map[string]float64{"SPY": 100_000, "BRK.B": 5_000}, s.Floors); diff != "" {
		t.Errorf("floors (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]float64{"SPX": 5_000_000}, s.Whales); diff != "" {
		t.Errorf("whales (-want +got):\n%s", diff)
	}
	for key, want := range map[string]string{"tickers": "config.toml:1", "fps": "config.toml:2", "filter": "default", "floor.SPY": "config.toml:8", "floor.BRK.B": "config.toml:9", "whale.SPX": "config.toml:11"} {
		if got := s.Source(key).String(); got != want {
			t.Errorf("%s is from %s, want %s", key, got, want)
		}
	}
}

func TestFileIsStrict(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"\nfpz = 10", "config.toml:2: fpz is no setting; did you mean fps?"},
		{"ws_url = \"x\"", "config.toml:1: ws_url is no setting; did you mean ws-url?"},
		{"[floors]\nSPY = 1", "config.toml:1: floors is no setting; did you mean floor?"},
		{"[a.b]\nc = 1", "config.toml:1: a is no setting"},
		{"api_key = \"x\"", "the API key is in a file of its own"},
		{"config = \"x\"", "config is chosen by --config or OPTFLOW_CONFIG only"},
		{"floor = 5", "floor is no table of amounts; allowed: [floor]"},
		{"[whale]\n\"a b\" = 1", "config.toml:2: a name in [whale] is no ticker"},
		{"[whale]\nSPX = [1]", "whale.SPX: \"\" from config.toml:2 is a list"},
		{"floor = { SPY = \"x\" }", "floor.SPY: \"x\" from config.toml:1 is not a number"},
		{"floor.SPY = \"x\"", "floor.SPY: \"x\" from config.toml:1 is not a number"},
		{"fps = ", "config.toml:1:6: is not TOML there"},
		{"# x\nfps = 1\nfps = 2", "config.toml:3:"},
		{"fps = 1 2", "config.toml:1:9: is not TOML there"},
		{"x", "config.toml:1:1: is not TOML there"},
		{"\xff", "config.toml:1:1: is not TOML there"},
	} {
		_, err := place{file: tt.text}.load(t)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
	_, err := place{file: "fpz = 1\nwindow = \"9s\"\nfps = 99"}.load(t)
	if n := strings.Count(err.Error(), "\n") + 1; n != 3 {
		t.Errorf("%d errors of 3 are told: %v", n, err)
	}
}

func TestConfigFile(t *testing.T) {
	p := place{file: "fps = 1", args: []string{"--config=own.toml"}}
	o := p.options(t)
	if _, err := Load(o); err == nil || !strings.Contains(err.Error(), `config: "own.toml" from --config cannot be read`) {
		t.Errorf("a file that is not there: %v", err)
	}
	own := filepath.Join(p.dir, "own.toml")
	if err := os.WriteFile(own, []byte("fps = 33\nwindow = \"1h\""), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(o)
	if e, ok := errors.AsType[*Error](err); !ok || e.Source != "own.toml:2" {
		t.Errorf("a wrong value in it: %v", err)
	}
	if err := os.WriteFile(own, []byte("fps = 33"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(o)
	if err != nil || s.FPS != 33 || s.ConfigPath != own || s.Source("config").String() != "--config" {
		t.Errorf("%v, fps %d, %s from %s", err, s.FPS, s.ConfigPath, s.Source("config"))
	}
	o.Flags, o.Env = nil, []string{"OPTFLOW_CONFIG=" + own}
	if s, err = Load(o); err != nil || s.FPS != 33 || s.Source("config").String() != "OPTFLOW_CONFIG" {
		t.Errorf("by the environment: %v, fps %d from %s", err, s.FPS, s.Source("fps"))
	}
	o.Env = []string{"OPTFLOW_CONFIG=~/own.toml", "HOME=" + p.dir}
	if s, err = Load(o); err != nil || s.FPS != 33 {
		t.Errorf("in the home directory: %v, fps %d", err, s.FPS)
	}
	for _, bad := range []string{p.dir, "/dev/null/x"} {
		o.Env = []string{"OPTFLOW_CONFIG=" + bad}
		if _, err = Load(o); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	if s := (place{dotEnv: "OPTFLOW_CONFIG=" + own}).mustLoad(t); s.FPS != 10 {
		t.Error("a .env chose the config file")
	}
	if _, err := (place{file: "# " + strings.Repeat("x", textfile.Max)}).load(t); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a large file: %v", err)
	}
}

func FuzzFile(f *testing.F) {
	for _, text := range []string{"fps = 10\n", "[floor]\nSPY = \"1k\"", "tickers = [\"A\"]", "a.b.c = {d = 1}", "[[x]]\ny = '''z'''", "x", "\"", "fps = 1e400", "min-premium = inf", "ws-url = \"wss://h/\"", "api-key = \"\""} {
		f.Add(text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, at int) {
		if strings.Contains(text, "anary") {
			return
		}
		at = max(0, min(at, len(text)))
		neverShows(t, "", text[:at]+canary+text[at:], []string{"MASSIVE_API_KEY=" + canary})
		l := newLoader(Options{})
		l.parseFile("f", []byte(text))
		lines := strings.Count(text, "\n") + 1
		for key, g := range l.file {
			if g.from.Line < 1 || g.from.Line > lines || find(key) == nil {
				t.Errorf("%q: %s at line %d", text, key, g.from.Line)
			}
		}
	})
}
