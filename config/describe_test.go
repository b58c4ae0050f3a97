package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestDescribe(t *testing.T) {
	s := place{
		dotEnv: "MASSIVE_API_KEY=" + canary + "\nMASSIVE_WS_URL=wss://delayed.massive.com", args: []string{"--fps=20", "--filter=" + canary},
		file: "min-premium = 50000\n[floor]\nSPY = 1e5", remember: []string{"AMD"},
	}.mustLoad(t)
	lines := map[string]Line{}
	for _, l := range s.Describe() {
		lines[l.Key] = l
		if l.Source == "" {
			t.Errorf("%s has no help or source", l.Key)
		}
	}
	for key, want := range map[string][2]string{
		"fps": {"20", "--fps"}, "api-key": {"set, 39 characters", "MASSIVE_API_KEY in .env:1"}, "ws-url": {"wss://delayed.massive.com/options", "MASSIVE_WS_URL in .env:2"},
		"feed": {"delayed", "MASSIVE_WS_URL in .env:2"}, "min-premium": {"50k", "config.toml:1"}, "floor.SPY": {"100k", "config.toml:3"}, "tickers": {"AMD", "remembered"},
		"window": {"1s", "default"}, "filter": {"[redacted]", "--filter"}, "poll-interval": {"5s", "default"},
	} {
		if got := [2]string{lines[key].Value, lines[key].Source}; got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	for i := range table {
		if _, found := lines[table[i].Key]; !found {
			t.Errorf("%s is left out", table[i].Key)
		}
	}
	var b strings.Builder
	if err := s.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "set, 39 characters") || strings.Contains(b.String(), canary) {
		t.Errorf("the table:\n%s", b.String())
	}
	if err := s.WriteTable(brokenWriter{}); err == nil {
		t.Error("an error of the writer is lost")
	}
	none := place{}.mustLoad(t).describeKey()
	if none.Value != "not set" {
		t.Errorf("without a key: %q", none.Value)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

// The example is a config file that changes nothing once its # are taken off.
func TestExample(t *testing.T) {
	var file strings.Builder
	for line := range strings.Lines(Example()) {
		if setting := strings.TrimPrefix(line, "# "); strings.Contains(setting, " = ") || strings.HasPrefix(setting, "[") {
			line = setting
		}
		file.WriteString(line)
	}
	p := place{file: file.String()}
	o := p.options(t)
	s, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	defaults, err := Load(Options{StateHome: o.StateHome, DataHome: o.DataHome, ConfigHome: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for i := range table {
		d := &table[i]
		if d.Key == "config" {
			continue
		}
		if d.show(s) != d.show(defaults) {
			t.Errorf("%s is %q in the example, %q by default", d.Key, d.show(s), d.show(defaults))
		}
		if !d.notFile && d.Default != "" && s.Source(d.Key).Kind != FromFile {
			t.Errorf("%s is not in the example", d.Key)
		}
	}
	if s.Floors["SPY"] != 100_000 || s.Whales["SPX"] != 5_000_000 {
		t.Errorf("sections: %v, %v", s.Floors, s.Whales)
	}
	if a := &s.Alerts; len(a.Rules) != 1 || len(a.Execs) != 1 || len(a.Hooks) != 1 || !strings.Contains(Example(), "licence") {
		t.Errorf("alerts: %v", a)
	}
}

func TestFlags(t *testing.T) {
	fs := pflag.NewFlagSet("x", pflag.ContinueOnError)
	AddFlags(fs, "tickers", "auto-refresh")
	AddFlags(fs, "fps")
	usage := fs.FlagUsages()
	for _, want := range []string{"--tickers list", "(default SPY,QQQ,NVDA)", "--auto-refresh", "--fps number"} {
		if !strings.Contains(usage, want) {
			t.Errorf("usage lacks %q:\n%s", want, usage)
		}
	}
	if strings.Contains(usage, "api-key ") || strings.Contains(usage, "--window") {
		t.Errorf("usage shows too much:\n%s", usage)
	}
	if err := fs.Parse([]string{"--auto-refresh", "--tickers", "A", "--tickers=B"}); err != nil {
		t.Fatal(err)
	}
	s, err := Load(Options{Flags: fs})
	if err != nil || !s.AutoRefresh || strings.Join(s.Tickers, " ") != "A B" {
		t.Errorf("%v %v %v", err, s.AutoRefresh, s.Tickers)
	}
	defer func() {
		if recover() == nil {
			t.Error("a flag of no setting is added")
		}
	}()
	AddFlags(fs, "no-such-setting")
}

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Table() {
		if d.Key == "" || d.Help == "" || d.Type == "" || d.Allowed == "" || d.Env[0] != "OPTFLOW_"+strings.ToUpper(strings.ReplaceAll(d.Key, "-", "_")) {
			t.Errorf("%s is not complete: %+v", d.Key, d)
		}
		for _, name := range append([]string{d.Key}, d.Env...) {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
}

func TestFromProcess(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("XDG_STATE_HOME", "")
	o := FromProcess(nil)
	if o.ConfigHome != "" || o.StateHome != "" || o.Dir == "" {
		t.Errorf("without a home: %q, %q", o.ConfigHome, o.StateHome)
	}
	t.Setenv("HOME", t.TempDir())
	if o = FromProcess(nil); o.ConfigHome == "" || o.StateHome == "" {
		t.Errorf("with a home: %q, %q", o.ConfigHome, o.StateHome)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"fps", "filter", "window", "ws-url", "floor"}
	for name, want := range map[string]string{"fsp": "fps", "fpss": "fps", "filtre": "filter", "Windows": "window", "zzz": "", "ws_url": "ws-url", "": "", strings.Repeat("x", 999): ""} {
		if got := nearest(name, known); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
