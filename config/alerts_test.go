package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/config/alerts"
	"optflow/model/alert"
)

const allOfAlerts = `
[[alerts]]
name = "nvda asks"
when = "nvda prem>=500k side=ask sure"
on = "burst"
to = ["bell", "notify", "log", "exec:scribe", "hook:desk"]
cooldown = "60s contract"
rearm = "60s"
hours = "09:30-16:00"
quiet = "12:00-13:00"
max = "20/h"
once = true
late = true

[[alerts]]
name = "whales"
when = "whale"
to = "bell"

[exec.scribe]
argv = ["/usr/bin/scribe", "-x"]
env = ["SCRIBE_HOME"]

[hook.desk]
format = "slack"
url_env = "DESK_HOOK"

[hook.own]
format = "ntfy"
url_file = "ntfy.url"
private = true
`

const secretURL = "https://hooks.example.com/services/T0/SeCrEtPaRt4711"

// withFile is a world with another file beside the config file.
func withFile(t *testing.T, p *place, name, text string, mode os.FileMode) Options {
	t.Helper()
	o := p.options(t)
	path := filepath.Join(p.home, "optflow", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	return o
}

func TestAlerts(t *testing.T) {
	p := place{file: allOfAlerts, env: []string{"DESK_HOOK=" + secretURL}}
	s, err := Load(withFile(t, &p, "ntfy.url", "https://ntfy.example.org/secret-topic-17\n", 0o600))
	if err != nil {
		t.Fatal(err)
	}
	want := []alert.Rule{
		{
			Name: "nvda asks", When: "nvda prem>=500k side=ask sure", On: "burst", To: []string{"bell", "notify", "log", "exec:scribe", "hook:desk"},
			Cooldown: "60s contract", Rearm: "60s", Hours: "09:30-16:00", Quiet: "12:00-13:00", Max: "20/h", Once: true, Late: true,
		},
		{Name: "whales", When: "whale", To: []string{"bell"}},
	}
	if diff := cmp.Diff(want, written(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if from := s.Alerts.Rules[1].From("when"); from != "config.toml:17" {
		t.Errorf("written at %s", from)
	}
	if diff := cmp.Diff(alerts.Exec{Argv: []string{"/usr/bin/scribe", "-x"}, Env: []string{"SCRIBE_HOME"}, Line: 20}, s.Alerts.Execs["scribe"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	desk, own := s.Alerts.Hooks["desk"], s.Alerts.Hooks["own"]
	if desk.URL.Reveal() != secretURL || desk.Host() != "hooks.example.com" || !own.Private || own.Host() != "ntfy.example.org" {
		t.Errorf("hooks %v %v", desk, own)
	}
	for _, secret := range []string{"SeCrEtPaRt4711", "secret-topic-17"} {
		if got := fmt.Sprintf("%v %+v %#v", s, s.Alerts, s.Alerts.Hooks); strings.Contains(got, secret) {
			t.Errorf("printed: %s", got)
		}
		var table bytes.Buffer
		if err := s.WriteTable(&table); err != nil || strings.Contains(table.String(), secret) {
			t.Errorf("config shows %q, %v", table.String(), err)
		}
		if !strings.Contains(strings.Join(s.Secrets(), "\n"), secret) {
			t.Errorf("%s is no secret", secret)
		}
	}
}

// written are the rules without where they are written.
func written(s *Settings) (list []alert.Rule) {
	for _, r := range s.Alerts.Rules {
		list = append(list, r.Rule)
	}
	return list
}

// Rules made on the screen go before those of the config file by name.
func TestRulesOfTheScreen(t *testing.T) {
	p := place{file: "[[alerts]]\nname = 'whales'\nwhen = 'whale'\n[[alerts]]\nname = 'big'\nwhen = 'prem>=1m'\n"}
	s, err := Load(withFile(t, &p, "alerts.toml", "[[alerts]]\nname = 'Whales'\nwhen = 'whale nvda'\noff = true\n\n[[alerts]]\nname = 'more'\nwhen = 'calls'\n", 0o600))
	if err != nil {
		t.Fatal(err)
	}
	want := []alert.Rule{{Name: "Whales", When: "whale nvda", Off: true}, {Name: "big", When: "prem>=1m"}, {Name: "more", When: "calls"}}
	if diff := cmp.Diff(want, written(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if from := s.Alerts.Rules[2].From("name"); from != "alerts.toml:7" {
		t.Errorf("written at %s", from)
	}
	if _, err := Load(withFile(t, &place{}, "alerts.toml", "[[alerts]\n", 0o600)); err == nil || !strings.Contains(err.Error(), "alerts.toml:1:") {
		t.Errorf("no TOML: %v", err)
	}
}

func TestWrongAlerts(t *testing.T) {
	hook := func(lines string) string { return "[hook.x]\n" + lines }
	for text, want := range map[string]string{
		"alerts = 5":                 "alerts is no list of rules",
		"alerts = [5]":               "rule 1 is no table",
		"[[alerts]]\nwhen = 'whale'": "config.toml:1: rule 1 has no name",
		"[[alerts]]\nname = 5":       "config.toml:2: the name of a rule is no text",
		"[[alerts]]\nname = 'x'\nwhen = 'a'\ncooldwn = '1s'":                                                   "config.toml:4: no rule has this; did you mean cooldown?\n\tcooldwn\n\t^^^^^^^",
		"[[alerts]]\nname = 'x'\nwhen = 'a'\nonce = 1":                                                         "neither true nor false",
		"[[alerts]]\nname = 'x'\nwhen = 'a'\nto = [1]":                                                         "no list of places",
		"[[alerts]]\nname = 'x'\nwhen = \"a\\u0007\"":                                                          "holds a control character",
		"[[alerts]]\nname = 'x'\nwhen = 'a'\n[[alerts]]\nname = 'X'\nwhen = 'b'":                               "config.toml:5: there are two rules of that name\n\tX\n\t^",
		"[[alerts]]\nname = 'x'\nwhen = 'a'\nto = ['bell', 'exec:scrbe']\n[exec.scribe]\nargv = ['/bin/true']": "config.toml:4: the rule \"x\" goes to what there is not; did you mean exec:scribe?; allowed: bell, notify, log, exec:scribe\n\texec:scrbe\n\t^^^^^^^^^^",
		"[exec.x]\nargv = 'scribe'":                                                                            "config.toml:2: exec.x has a program that is no absolute path",
		"[exec.x]\nargv = []":                                                                                  "no list of texts",
		"[exec.x]\nenv = ['A']":                                                                                "exec.x has no argv",
		"[exec.x]\nargv = ['/bin/true']\nenv = ['MASSIVE_API_KEY']":                                            "config.toml:3: exec.x names a variable of the API key",
		"[exec.x]\nargv = ['/bin/true']\nenv = ['polygon_api_key']":                                            "names a variable of the API key",
		"[exec.x]\nargv = ['/bin/true']\nenv = ['OPTFLOW_API_KEY_FILE']":                                       "names a variable of the API key",
		"[exec.x]\nargv = ['/bin/true']\nenv = ['A=B']":                                                        "names of variables",
		"[exec.x]\nargs = ['/bin/true']":                                                                       "did you mean argv?",
		"[exec.'a b']\nargv = ['/bin/true']":                                                                   "has a name with other characters",
		"exec = 1":                                                                                             "exec is no table",
		hook("format = 'slack'"):                                                                               "wants one of url_env and url_file",
		hook("url_env = 'X'"):                                                                                  "has no format",
		hook("format = 'teams'\nurl_env = 'X'"):                                                                "format that is not known",
		hook("format = 'json'\nurl_env = 'A'\nurl_file = 'b'"):                                                 "wants one of",
		hook("format = 'json'\nurl = '" + secretURL + "'"):                                                     "config.toml:3: hook.x has its address in the file: it is a secret",
		hook("format = 'json'\nurl_env = '" + secretURL + "'"):                                                 "no name of a variable",
		hook("format = 'json'\nurl_file = '" + secretURL + "'"):                                                "no name of a file",
		hook("format = 'json'\nurl_env = 'PLAIN'"):                                                             "hook.x: its address is not https",
		hook("format = 'json'\nurl_env = 'OTHER'"):                                                             "another scheme",
		hook("format = 'json'\nurl_env = 'NONE'\nprivate = 'yes'"):                                             "neither true nor false",
		hook("format = 'json'\nurl_file = 'absent'"):                                                           "has a url_file that cannot be read",
		hook("format = 'json'\nurl_env = 'X'\nprivat = true"):                                                  "did you mean private?",
		"alert = 1": "did you mean alerts?",
	} {
		p := place{file: text, env: []string{"PLAIN=http://hooks.example.com/SeCrEtPaRt4711", "OTHER=ftp://x/SeCrEtPaRt4711"}}
		_, err := p.load(t)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v, want %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "SeCrEtPaRt4711") {
			t.Errorf("%s: shown in %v", text, err)
		}
	}
}

// What a directory's .env says is no hook's address.
func TestHookIsNotOfTheDotEnv(t *testing.T) {
	s, err := place{file: "[hook.desk]\nformat = 'json'\nurl_env = 'DESK_HOOK'\n", dotEnv: "DESK_HOOK=" + secretURL + "\n"}.load(t)
	if err != nil {
		t.Fatal(err)
	}
	if h := s.Alerts.Hooks["desk"]; h.URL != "" || h.Off == "" || !strings.Contains(strings.Join(s.Warnings, "\n"), "hook.desk is off: DESK_HOOK is not set in the environment") {
		t.Errorf("%v, warnings %q", h, s.Warnings)
	}
}

// Programs and hooks are not taken from a file that others can write, nor an
// address from one that they can read.
func TestFilesOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes there")
	}
	for _, mode := range []os.FileMode{0o620, 0o602, 0o666} {
		for _, text := range []string{"[exec.x]\nargv = ['/bin/true']\n", "[hook.x]\nformat = 'json'\nurl_env = 'X'\n"} {
			if _, err := Load(withFile(t, &place{}, "config.toml", text, mode)); err == nil || !strings.Contains(err.Error(), "its user alone can write") {
				t.Errorf("mode %o, %q: %v", mode, text, err)
			}
		}
		if _, err := Load(withFile(t, &place{}, "config.toml", "[[alerts]]\nname = 'x'\nwhen = 'calls'\n", mode)); err != nil {
			t.Errorf("rules alone: %v", err)
		}
	}
	hook := place{file: "[hook.x]\nformat = 'json'\nurl_file = 'x.url'\n"}
	if _, err := Load(withFile(t, &hook, "x.url", secretURL, 0o644)); err == nil || !strings.Contains(err.Error(), "may be used by others (mode 0644): chmod 600") {
		t.Errorf("a URL that others can read: %v", err)
	}
	if _, err := Load(withFile(t, &place{file: hook.file}, "x.url", secretURL, 0o600)); err != nil {
		t.Error(err)
	}
}
