package config

import (
	"strings"
	"testing"
)

func TestServerAsAFolder(t *testing.T) {
	for url, want := range map[string]string{
		"wss://socket.massive.com/options": "", "wss://delayed.massive.com/options": "", "ws://127.0.0.1:8080/options": "127.0.0.1_8080",
		"wss://Flow.Example.com": "flow.example.com", "ws://[::1]:80/x": "___1__80",
	} {
		if got := (&Settings{WSURL: url}).Server(); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

// Days are recorded where it is asked for. A .env, which comes with a directory,
// does not get to choose a folder that is written to.
func TestHistory(t *testing.T) {
	for name, c := range map[string]struct {
		place place
		want  string // HOME and DIR stand for the folders
	}{
		"by default":        {place{}, "DATA/optflow/history"},
		"relative":          {place{args: []string{"--history-dir", "x"}}, "DIR/x"},
		"absolute":          {place{env: []string{"OPTFLOW_HISTORY_DIR=/var/flow"}}, "/var/flow"},
		"from the file":     {place{file: "history-dir = \"flow\"\n"}, "HOME/optflow/flow"},
		"not from the .env": {place{dotEnv: "OPTFLOW_HISTORY_DIR=/var/flow\n"}, "DATA/optflow/history"},
	} {
		o := c.place.options(t)
		o.DataHome = t.TempDir()
		s, err := Load(o)
		want := strings.NewReplacer("DATA", o.DataHome, "HOME", o.ConfigHome, "DIR", o.Dir).Replace(c.want)
		if err != nil || s.HistoryDir != want {
			t.Errorf("%s: %q, %v; want %q", name, s.HistoryDir, err, want)
		}
	}
	if s, err := Load(Options{}); err != nil || s.HistoryDir != "" {
		t.Errorf("without anything: %q, %v", s.HistoryDir, err)
	}
	for _, wrong := range []string{
		"--history-keep=0", "--history-keep=-3 sessions", "--history-keep=many", "--history-keep=99999", "--history-size=1MB", "--history-size=5", "--history-size=-5GB",
		"--history-size=NaNGB", "--history-size=1e30TB", "--history-dir=", "--history=perhaps",
	} {
		if _, err := (place{args: []string{wrong}}).load(t); err == nil || !strings.Contains(err.Error(), "history") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	s := place{args: []string{"--history-keep", "1 day", "--history-size", "1.5 gb"}}.mustLoad(t)
	if s.HistoryKeep != 1 || s.HistorySize != 3<<29 {
		t.Errorf("%d, %d", s.HistoryKeep, s.HistorySize)
	}
}

// Who records says where it cannot.
func TestNowhereToRecord(t *testing.T) {
	for env, want := range map[string]bool{"MASSIVE_API_KEY=" + canary: true, "OPTFLOW_FPS=5": false} {
		s, err := Load(Options{Env: []string{env}})
		if err != nil || strings.Contains(strings.Join(s.Warnings, "\n"), "the day is not recorded") != want {
			t.Errorf("%s: %q, %v", env, s.Warnings, err)
		}
	}
}
