package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"optflow/config/state"
	"optflow/model/memory"
)

// canary is a key that must never be seen in any output.
const canary = "Canary_7f3a9b2c4d5e6f708192a3b4c5d6e7f8"

// place is a hermetic world for Load.
type place struct {
	args      []string
	env       []string
	dotEnv    string
	file      string
	remember  []string
	keyFile   string // text of the file "key" in the working directory
	defaults  map[string]string
	dir, home string
}

func (p *place) options(t *testing.T) Options {
	t.Helper()
	p.dir, p.home = t.TempDir(), t.TempDir()
	write := func(text, path string, mode os.FileMode) {
		if text == "" {
			return
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(p.dotEnv, filepath.Join(p.dir, ".env"), 0o600)
	write(p.keyFile, filepath.Join(p.dir, "key"), 0o600)
	write(p.file, filepath.Join(p.home, "optflow", "config.toml"), 0o600)
	if p.remember != nil {
		if err := state.New(filepath.Join(p.home, "optflow", "state.toml"), memory.Choices{}, false).Keep(memory.Choices{Tickers: p.remember}); err != nil {
			t.Fatal(err)
		}
	}
	flags := pflag.NewFlagSet("optflow", pflag.ContinueOnError)
	AddFlags(flags)
	if err := flags.Parse(p.args); err != nil {
		t.Fatal(err)
	}
	return Options{Flags: flags, Env: p.env, Dir: p.dir, ConfigHome: p.home, StateHome: p.home, DataHome: p.home, Defaults: p.defaults}
}

func (p place) load(t *testing.T) (*Settings, error) {
	t.Helper()
	return Load(p.options(t))
}

func (p place) mustLoad(t *testing.T) *Settings {
	t.Helper()
	s, err := p.load(t)
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
	return s
}

func TestDefaults(t *testing.T) {
	s := place{}.mustLoad(t)
	want := &Settings{
		Tickers: []string{"SPY", "QQQ", "NVDA"}, Window: time.Second, Subscribe: "auto", Feed: "auto",
		WSURL: "wss://socket.massive.com/options", DelayedWSURL: "wss://delayed.massive.com/options", RESTURL: "https://api.massive.com",
		Compression: "off", WSDialect: "massive", MinPremium: 25_000, Floors: map[string]float64{}, Whales: map[string]float64{}, Interval: 10 * time.Second,
		PollInterval: 5 * time.Second, EnrichInterval: 30 * time.Second, AutoRefresh: true, MaxRows: 200_000, FPS: 10, Mouse: true, Color: "auto",
		TimeZone: "exchange", Notify: "auto", Theme: "auto", ASCII: "auto", Themes: map[string]map[string]string{}, Keys: map[string][]string{}, History: true, HistoryKeep: 30, HistorySize: 5 << 30, HistoryParquet: true, HistoryDir: s.HistoryDir, ConfigPath: s.ConfigPath, StatePath: s.StatePath, LogFile: filepath.Join(filepath.Dir(s.StatePath), "optflow.log"), sources: s.sources,
	}
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(Settings{}, Source{})); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	for i := range table {
		if from := s.Source(table[i].Key); from.Kind != FromDefault || from.String() != "default" {
			t.Errorf("%s is from %q", table[i].Key, from)
		}
	}
}

func TestHomeless(t *testing.T) {
	s, err := Load(Options{})
	if err != nil || s.ConfigPath != "" || s.StatePath != "" || s.LogFile != "" {
		t.Errorf("without anything: %v, %q, %q", err, s.ConfigPath, s.StatePath)
	}
}

// Every source of every setting, against every source below it.
func TestPrecedence(t *testing.T) {
	values := map[string][6]string{ // default, remembered, file, .env, environment, flag
		"tickers":         {"SPY,QQQ,NVDA", "R", "F", "D", "E", "A"},
		"window":          {"1s", "", "1m", "1s", "1m", "1s"},
		"subscribe":       {"auto", "", "all", "contracts", "auto", "all"},
		"feed":            {"auto", "", "delayed", "realtime", "auto", "delayed"},
		"ws-url":          {realtimeURL, "", "wss://a.massive.com/options", "wss://b.massive.com/options", "wss://c.massive.com/options", "wss://d.massive.com/options"},
		"rest-url":        {restURL, "", "https://a.massive.com", "https://b.massive.com", "https://c.massive.com", "https://d.massive.com"},
		"compression":     {"off", "", "on", "off", "on", "off"},
		"ws-dialect":      {"massive", "", "massive", "massive", "massive", "massive"},
		"min-premium":     {"25k", "", "1k", "2k", "3k", "4k"},
		"filter":          {"", "", "calls", "puts", "otm", "itm"},
		"interval":        {"10s", "", "1m", "5m", "30m", "off"},
		"poll-interval":   {"5s", "", "6s", "7s", "8s", "9s"},
		"enrich-interval": {"30s", "", "31s", "32s", "33s", "34s"},
		"auto-refresh":    {"true", "", "false", "true", "false", "true"},
		"mouse":           {"true", "", "false", "true", "false", "true"},
		"calm":            {"false", "", "true", "false", "true", "false"},
		"reduced-motion":  {"false", "", "true", "false", "true", "false"},
		"max-rows":        {"200000", "", "2000", "3000", "4000", "5000"},
		"fps":             {"10", "", "11", "12", "13", "14"},
		"color":           {"auto", "", "always", "never", "always", "never"},
		"theme":           {"auto", "", "light", "mono", "classic", "paper"},
		"ascii":           {"auto", "", "true", "false", "auto", "true"},
		"columns":         {"", "", "marks", "marks,oi", "iv", "delta"},
		"notify":          {"auto", "", "off", "osc9", "osc777", "osc99"},
		"alone":           {"false", "", "true", "false", "true", "false"},
		"history":         {"true", "", "false", "true", "false", "true"},
		"history-keep":    {"30 sessions", "", "10 sessions", "1 session", "all", "5 sessions"},
		"history-size":    {"5GB", "", "500MB", "1TB", "all", "1536MB"},
		"history-parquet": {"true", "", "false", "true", "false", "true"},
		"time-zone":       {"exchange", "", "local", "utc", "exchange", "local"},
	}
	for i := range table {
		d := &table[i]
		if d.Key == "config" || d.Key == "api-key-file" || d.Key == "log-file" || d.Key == "history-dir" || d.Key == "hub" || d.Key == "source" {
			continue // of their own kind: TestConfigFile, TestKeyOrder, TestLogFile, TestHistory, TestHubs
		}
		tried, listed := values[d.Key]
		if !listed {
			t.Errorf("%s is not tried", d.Key)
			continue
		}
		for low := FromDefault; low <= FromFlag; low++ {
			for high := low; high <= FromFlag; high++ {
				if (low == FromState || high == FromState) && d.Key != "tickers" {
					continue
				}
				var p place
				for _, kind := range []Kind{low, high} {
					p.give(d, kind, tried[kind])
				}
				s := p.mustLoad(t)
				if got := d.show(s); got != tried[high] || s.Source(d.Key).Kind != high {
					t.Errorf("%s: %q from %q, want %q of kind %d over %d", d.Key, got, s.Source(d.Key), tried[high], high, low)
				}
			}
		}
	}
}

// give sets a setting in one source.
func (p *place) give(d *Setting, kind Kind, value string) {
	switch kind {
	case FromState:
		p.remember = []string{value}
	case FromFile:
		p.file = fmt.Sprintf("%s = %q\n", d.Key, value)
	case FromDotEnv:
		p.dotEnv = d.Env[0] + "=" + value + "\n"
	case FromEnvironment:
		p.env = []string{d.Env[0] + "=" + value}
	case FromFlag:
		p.args = []string{"--" + d.Key + "=" + value}
	}
}

func TestEmptyVariablesCountAsNotSet(t *testing.T) {
	s := place{env: []string{"OPTFLOW_FPS=", "MASSIVE_API_KEY="}, dotEnv: "OPTFLOW_FPS=\nNEXT_PUBLIC_MASSIVE_WS_URL=\nMASSIVE_API_KEY=\"\"\n"}.mustLoad(t)
	if s.FPS != 10 || s.Source("fps").Kind != FromDefault || s.Key != "" {
		t.Errorf("fps %d from %s", s.FPS, s.Source("fps"))
	}
}

func TestCommandDefaults(t *testing.T) {
	p := place{defaults: map[string]string{"interval": "off"}}
	if s := p.mustLoad(t); s.Interval != 0 || s.Source("interval").Kind != FromDefault {
		t.Errorf("interval %v from %s", s.Interval, s.Source("interval"))
	}
	p.env = []string{"OPTFLOW_INTERVAL=1m"}
	if s := p.mustLoad(t); s.Interval != time.Minute {
		t.Errorf("interval %v", s.Interval)
	}
}

func TestWrongValues(t *testing.T) {
	for _, tt := range []struct {
		name string
		place
		want Error
	}{
		{"flag", place{args: []string{"--fps=100"}}, Error{"fps", `"100"`, "--fps", "is too large", "1 to 60"}},
		{"environment", place{env: []string{"OPTFLOW_FPS=fast"}}, Error{"fps", `"fast"`, "OPTFLOW_FPS", "is not a whole number", "1 to 60"}},
		{".env", place{dotEnv: "# x\n\nOPTFLOW_FPS=0\n"}, Error{"fps", `"0"`, "OPTFLOW_FPS in .env:3", "is too small", "1 to 60"}},
		{"file", place{file: "\n\nfps = 2.5\n"}, Error{"fps", `"2.5"`, "config.toml:3", "is not a whole number of that size", "1 to 60"}},
		{"window", place{args: []string{"--window=2s"}}, Error{"window", `"2s"`, "--window", "is not known", "1s or 1m (A and AM mean the same)"}},
		{"choice", place{args: []string{"--subscribe=some"}}, Error{"subscribe", `"some"`, "--subscribe", "is not known", "auto, contracts or all"}},
		{"bool", place{args: []string{"--auto-refresh=maybe"}}, Error{"auto-refresh", `"maybe"`, "--auto-refresh", "is not known", "true or false"}},
		{"duration", place{args: []string{"--poll-interval=5"}}, Error{"poll-interval", `"5"`, "--poll-interval", "is not a duration with its unit", "1s to 10m, such as 5s or 1m30s"}},
		{"short", place{args: []string{"--poll-interval=5ms"}}, Error{"poll-interval", `"5ms"`, "--poll-interval", "is too small", "1s to 10m, such as 5s or 1m30s"}},
		{"amount", place{args: []string{"--min-premium=-5"}}, Error{"min-premium", `"-5"`, "--min-premium", "is not a number", allowedAmount}},
		{"tickers", place{args: []string{"--tickers=SPY,../x"}}, Error{"tickers", `"SPY,../x"`, "--tickers", `has a word that is wrong: "../x" is no ticker: did you mean X?`, find("tickers").Allowed}},
		{"no tickers", place{args: []string{"--tickers=,"}}, Error{"tickers", `","`, "--tickers", "names no ticker", find("tickers").Allowed}},
		{"filter", place{args: []string{"--filter=a\x1b[2Jb"}}, Error{"filter", `"a\x1b[2Jb"`, "--filter", "holds a control character", find("filter").Allowed}},
		{"long", place{args: []string{"--color=" + strings.Repeat("x", 999)}}, Error{"color", `"` + strings.Repeat("x", 60) + `"...`, "--color", "is not known", "auto, always or never"}},
		{"list for one value", place{file: "fps = [1]"}, Error{"fps", `""`, "config.toml:1", "is a list, want one value", "1 to 60"}},
		{"list of numbers", place{file: "tickers = [1]"}, Error{"tickers", `""`, "config.toml:1", "is a list of other things than texts", find("tickers").Allowed}},
		{"date", place{file: "fps = 2026-01-01"}, Error{"fps", `""`, "config.toml:1", "is of a kind that no setting has", "1 to 60"}},
		{"not a number", place{file: "min-premium = nan"}, Error{"min-premium", `""`, "config.toml:1", "is not a number", allowedAmount}},
		{"floor", place{file: "[floor]\nSPY = \"x\""}, Error{"floor.SPY", `"x"`, "config.toml:2", "is not a number", allowedAmount}},
		{"file overridden by a flag", place{file: "fps = 99", args: []string{"--fps=5"}}, Error{"fps", `"99"`, "config.toml:1", "is too large", "1 to 60"}},
	} {
		_, err := tt.load(t)
		got, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%s: no error, or another: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		for _, part := range []string{got.Key, got.Value, got.Source, got.Problem, got.Allowed} {
			if !strings.Contains(err.Error(), part) && part != `""` {
				t.Errorf("%s: %q lacks %q", tt.name, err, part)
			}
		}
	}
}

func TestErrorReads(t *testing.T) {
	_, err := place{args: []string{"--fps=100"}, env: []string{"OPTFLOW_WINDOW=3s"}}.load(t)
	want := "window: \"3s\" from OPTFLOW_WINDOW is not known; allowed: 1s or 1m (A and AM mean the same)\nfps: \"100\" from --fps is too large; allowed: 1 to 60"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	s := place{args: []string{"--filter=prem>=25x"}}.mustLoad(t)
	wrong := s.Wrong("filter", s.Filter, `is wrong: "25x" is not a number (try 25k)`)
	if want := `filter: "prem>=25x" from --filter is wrong: "25x" is not a number (try 25k); allowed: a line of the filter language, such as 'nvda calls prem>=250k'`; wrong.Error() != want {
		t.Errorf("got  %v\nwant %s", wrong, want)
	}
}

func TestValues(t *testing.T) {
	s := place{args: []string{
		"--tickers=spy, $spx", "--tickers=I:NDX brk.b,SPY", "--window=AM", "--interval=OFF", "--min-premium=$1,500.5",
		"--max-rows=50k", "--auto-refresh=off", "--poll-interval=1m30s", "--color=ALWAYS",
	}}.mustLoad(t)
	if got := strings.Join(s.Tickers, " "); got != "SPY SPX NDX BRK.B" {
		t.Errorf("tickers %s", got)
	}
	if s.Window != time.Minute || s.Interval != 0 || s.MinPremium != 1500.5 || s.MaxRows != 50_000 || s.AutoRefresh || s.PollInterval != 90*time.Second || s.Color != "always" {
		t.Errorf("%+v", s)
	}
	for text, want := range map[string]float64{"0": 0, "25k": 25_000, "1.5M": 1.5e6, "2b": 2e9, "250000": 250_000, "250,000": 250_000, "$1m": 1e6} {
		if got, err := amount(text); err != nil || got != want {
			t.Errorf("amount %q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "k", "-1", "1e9", "25x", "1.2.3", "inf", "NaN", "0x10", "1 000"} {
		if got, err := amount(text); err == nil {
			t.Errorf("amount %q: taken as %v", text, got)
		}
	}
	for dollars, want := range map[float64]string{0: "0", 25_000: "25k", 1.5e6: "1.5m", 2e9: "2b", 999: "999"} {
		if got := showAmount(dollars); got != want {
			t.Errorf("showAmount(%v) = %q", dollars, got)
		}
	}
}

func TestColour(t *testing.T) {
	for _, tt := range []struct {
		place
		want, from string
	}{
		{place{}, "auto", "default"},
		{place{env: []string{"NO_COLOR=1"}}, "never", "NO_COLOR"},
		{place{env: []string{"NO_COLOR="}}, "auto", "default"},
		{place{env: []string{"NO_COLOR=1", "CLICOLOR_FORCE=1"}}, "never", "NO_COLOR"},
		{place{env: []string{"CLICOLOR_FORCE=1", "CLICOLOR=0"}}, "always", "CLICOLOR_FORCE"},
		{place{env: []string{"CLICOLOR_FORCE=0"}}, "auto", "default"},
		{place{env: []string{"FORCE_COLOR=1"}}, "always", "FORCE_COLOR"},
		{place{env: []string{"CLICOLOR=0"}}, "never", "CLICOLOR"},
		{place{env: []string{"CLICOLOR=1"}}, "auto", "default"},
		{place{env: []string{"NO_COLOR=1"}, args: []string{"--color=always"}}, "always", "--color"},
		{place{env: []string{"NO_COLOR=1"}, args: []string{"--color=auto"}}, "never", "NO_COLOR"},
		{place{env: []string{"CLICOLOR_FORCE=1"}, file: `color = "never"`}, "never", "config.toml:1"},
		{place{dotEnv: "NO_COLOR=1"}, "auto", "default"},
	} {
		if s := tt.mustLoad(t); s.Color != tt.want || s.Source("color").String() != tt.from {
			t.Errorf("%v %q: %s from %s, want %s from %s", tt.env, tt.args, s.Color, s.Source("color"), tt.want, tt.from)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	s := place{env: []string{"OPTFLOW_FSP=1", "OPTFLOW_API_KEY=" + canary, "OPTFLOW_" + canary + "=1"}, dotEnv: "OPTFLOW_WINDOWS=1\nOPTFLOW_CONFIG=evil.toml\n"}.mustLoad(t)
	text := strings.Join(s.Warnings, "\n")
	for _, want := range []string{"OPTFLOW_FSP is no setting; did you mean OPTFLOW_FPS?", "MASSIVE_API_KEY", "OPTFLOW_WINDOWS in .env is no setting; did you mean OPTFLOW_WINDOW?", "OPTFLOW_CONFIG in .env:2 is not heeded"} {
		if !strings.Contains(text, want) {
			t.Errorf("warnings lack %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, canary) {
		t.Errorf("a key was shown:\n%s", text)
	}
}

// The log is where it is asked for. A .env, which comes with a directory, does
// not get to choose a file that is written to.
func TestLogFile(t *testing.T) {
	for name, c := range map[string]struct {
		place place
		want  string // HOME and DIR stand for the folders
	}{
		"by default":        {place{}, "HOME/optflow/optflow.log"},
		"none":              {place{args: []string{"--log-file", "none"}}, ""},
		"relative":          {place{args: []string{"--log-file", "x/y.log"}}, "DIR/x/y.log"},
		"absolute":          {place{env: []string{"OPTFLOW_LOG_FILE=/var/y.log"}}, "/var/y.log"},
		"from the file":     {place{file: "log-file = \"y.log\"\n"}, "HOME/optflow/y.log"},
		"not from the .env": {place{dotEnv: "OPTFLOW_LOG_FILE=/var/y.log\n"}, "HOME/optflow/optflow.log"},
	} {
		o := c.place.options(t)
		s, err := Load(o)
		want := strings.NewReplacer("HOME", o.StateHome, "DIR", o.Dir).Replace(c.want)
		if err != nil || s.LogFile != want {
			t.Errorf("%s: %q, %v; want %q", name, s.LogFile, err, want)
		}
		if heeded := !strings.Contains(strings.Join(s.Warnings, "\n"), "OPTFLOW_LOG_FILE in .env:1 is not heeded"); heeded == (c.place.dotEnv != "") {
			t.Errorf("%s: warnings %q", name, s.Warnings)
		}
	}
	if _, err := (place{args: []string{"--log-file", "a\nb"}}).load(t); err == nil || !strings.Contains(err.Error(), "log-file") {
		t.Error(err)
	}
}

// A hub is named by a URL that holds no secret, by flag, environment or file.
func TestHubs(t *testing.T) {
	for text, want := range map[string]string{"": "", "nats://Localhost": "nats://localhost", "tls://hub.example:4222/sim": "tls://hub.example:4222/sim"} {
		var s Settings
		if err := settingOf("hub").set(&s, text); err != nil || s.Hub != want {
			t.Errorf("%q: %q, %v", text, s.Hub, err)
		}
	}
	for _, text := range []string{"localhost:4222", "http://localhost", "nats://me:secret@localhost", "nats://", "nats://localhost?x"} {
		var s Settings
		if err := settingOf("source").set(&s, text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func settingOf(key string) *Setting {
	for i := range table {
		if table[i].Key == key {
			return &table[i]
		}
	}
	return nil
}
