//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optflow/feed/faults"
)

// Without a place to write to, the monitor does without it, and says so.
func TestFault65NoHome(t *testing.T) {
	faults.OpenReal(t, 65)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	none := []string{"XDG_CONFIG_HOME=", "XDG_STATE_HOME=", "XDG_CACHE_HOME="}
	for name, c := range map[string]struct {
		env  []string
		says string // in the first notices
	}{
		"no HOME":          {append([]string{"HOME="}, none...), ""},
		"not there":        {append([]string{"HOME=/nonexistent-home"}, none...), ""},
		"no folder":        {append([]string{"HOME=" + file}, none...), "open the log: mkdir "},
		"no state folder":  {[]string{"XDG_STATE_HOME=" + file}, "open the log: mkdir "},
		"nothing is taken": {[]string{"XDG_STATE_HOME=/proc", "XDG_CONFIG_HOME=/proc"}, "open the log: mkdir "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := start(t, 120, 30, c.env)
			x.awaitLive()
			if c.says != "" {
				x.press("F") // the line about the key comes first
				x.awaitText(c.says)
			}
			x.press(":theme classic" + enter)
			x.press("q")
			if code := x.awaitEnd(patience); code != 0 {
				t.Errorf("exit code %d", code)
			}
			x.assertRestored()
		})
	}
}

// pasted is what a key looks like that nobody knows to be one.
const pasted = "Zx81canary7f3a9b2c4d5e6f70819"

// A wrong setting is named with its place, a key in the wrong place is not shown,
// and what other programs write into files is no error.
func TestFault68Settings(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 68)
	for name, c := range map[string]struct {
		config, dotEnv string
		mode           os.FileMode
		env            []string
		code           int
		says           []string
	}{
		"not TOML":           {config: "fps = 10\n  filter = \"x\n", code: 2, says: []string{"config.toml:2:", "is not TOML"}},
		"unknown key":        {config: "fpps = 10\n", code: 2, says: []string{"config.toml:1", "fpps is no setting", "fps"}},
		"wrong value":        {config: "\nfps = 900\n", code: 2, says: []string{"config.toml:2", "fps", "900", "1 to 60"}},
		"key in the file":    {config: "api-key = \"" + canary + "\"\n", code: 2, says: []string{"config.toml:1", "api-key-file"}},
		"key as a value":     {config: "theme = \"" + pasted + "\"\n", code: 2, says: []string{"theme", "[redacted]"}},
		"BOM and CRLF":       {config: "\ufefffps = 11\r\nfilter = 'calls'\r\n", says: []string{"11", "calls"}},
		".env malformed":     {dotEnv: "A=1\nMASSIVE_API_KEY='" + canary + "\n", code: 2, says: []string{".env:2", "malformed"}},
		".env BOM and CRLF":  {dotEnv: "\ufeffOPTFLOW_FPS=12\r\nMASSIVE_API_KEY=" + canary + "\r\n", says: []string{"12", ".env"}},
		".env open to all":   {dotEnv: "MASSIVE_API_KEY=" + canary + "\n", mode: 0o644, says: []string{"other users may open it"}},
		"key with a newline": {env: []string{"MASSIVE_API_KEY=" + canary + "\nx"}, code: 2, says: []string{"MASSIVE_API_KEY"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(path, text string, mode os.FileMode) {
				if text == "" {
					return
				}
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), max(mode, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			write(filepath.Join(dir, "config", "optflow", "config.toml"), c.config, 0)
			write(filepath.Join(dir, ".env"), c.dotEnv, c.mode)
			r := runIn(t, dir, append(c.env, "XDG_CONFIG_HOME="+dir+"/config"), "config")
			all := r.stdout + r.stderr
			if strings.Contains(all, pasted) {
				t.Error("the key is in the output")
			}
			if r.code != c.code {
				t.Errorf("exit code %d, want %d: %s", r.code, c.code, all)
			}
			for _, text := range c.says {
				if !strings.Contains(all, text) {
					t.Errorf("%q is not in %s", text, all)
				}
			}
		})
	}
}

// The log tells of each change of the feed's state in a line of JSON, without
// the key; doctor points at it.
func TestLogAndDoctor(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--key", canary)
	state := t.TempDir()
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + state}
	x := start(t, 120, 30, env, s.flags()...)
	x.awaitLive()
	s.stop()
	x.awaitText("Polling")
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	path := filepath.Join(state, "optflow", "optflow.log")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	forbidKeys(t, string(text))
	reached := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		var l struct{ Time, Level, Msg, To, Reason string }
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Time == "" || l.Level == "" {
			t.Errorf("%v: %s", err, line)
		}
		reached[l.To] = true
	}
	for _, phase := range []string{"dialing", "greeting", "authenticating", "subscribing", "live", "backoff"} {
		if !reached[phase] {
			t.Errorf("no line for %s in\n%s", phase, text)
		}
	}
	r := run(t, append(env, "OPTFLOW_REST_URL=http://127.0.0.1:1", "OPTFLOW_WS_URL=ws://127.0.0.1:1"), "doctor")
	if !strings.Contains(r.stdout, path) || !strings.Contains(r.stdout, "last problem") {
		t.Error(r.stdout)
	}
}
