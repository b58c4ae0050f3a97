//go:build unix

package alerts

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"optflow/model/alert"
)

// script writes a program for a test; DIR stands for its folder.
func script(t testing.TB, dir, text string) Exec {
	t.Helper()
	path := filepath.Join(dir, "scribe")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+strings.ReplaceAll(text, "DIR", dir)), 0o700); err != nil {
		t.Fatal(err)
	}
	return Exec{Argv: []string{path, "an argument"}}
}

// scribed is a rig with one rule that goes to one program.
func scribed(t testing.TB, e Exec, set func(*Options)) *rig {
	t.Helper()
	return newRig(t, func(o *Options) {
		o.Execs = map[string]Exec{"scribe": e}
		if set != nil {
			set(o)
		}
	}, big("exec:scribe"))
}

func TestExecFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		text    string
		outcome alert.Outcome
		note    string
		logged  string
	}{
		"fine":          {"cat > DIR/got", alert.Delivered, "", ""},
		"fails":         {"exit 7", alert.Failed, "exit code 7", ""},
		"killed":        {"kill -9 $$", alert.Failed, "ended by a signal", ""},
		"hangs":         {"cat > /dev/null; sleep 60", alert.Failed, "killed after 500ms", ""},
		"closes stdin":  {"exec <&-; exit 0", alert.Delivered, "", ""},
		"reads nothing": {"exit 0", alert.Delivered, "", ""},
		"floods":        {"head -c 3000000 /dev/zero | tr '\\0' 'x'", alert.Delivered, "", "xxxx"},
		"says odd":      {`printf 'a\033]0;x\007b\n\rc'`, alert.Delivered, "", "said=\"a]0;xb c\""},
		"forks":         {"sleep 60 & echo $! > DIR/child; exit 0", alert.Delivered, "", ""},
		"hangs, forks":  {"sleep 60 & echo $! > DIR/child; wait", alert.Failed, "killed after 500ms", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			r := scribed(t, script(t, dir, tt.text), func(o *Options) {
				if strings.Contains(tt.note, "killed") { // the others have all the time that they need
					o.execTime = 500 * time.Millisecond
				}
			})
			began := time.Now()
			a := r.fire()
			note := tt.note
			if note != "" {
				note = "exec:scribe " + note
			}
			if a.Outcome != tt.outcome || a.Note != note {
				t.Errorf("%v %q, want %v %q", a.Outcome, a.Note, tt.outcome, note)
			}
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("took %v", took)
			}
			log := r.log.String()
			if !strings.Contains(log, tt.logged) || len(log) > 3*outputMost {
				t.Errorf("log of %d bytes, want %q:\n%.300s", len(log), tt.logged, log)
			}
			if strings.ContainsAny(log, "\x1b\a\r") {
				t.Errorf("control characters in %q", log)
			}
			if text, err := os.ReadFile(filepath.Join(dir, "child")); err == nil {
				pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
				if err != nil {
					t.Fatal(err)
				}
				r.await("its child is gone", func(*alert.Inbox) bool { return gone(pid) })
			}
		})
	}
}

// gone reports that a process has ended; one that nobody waits for may stay as a
// zombie.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(text), ") Z ")
}

func TestExecIsNotThere(t *testing.T) {
	dir := t.TempDir()
	dead := filepath.Join(dir, "not-executable")
	if err := os.WriteFile(dead, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, note := range map[string]string{filepath.Join(dir, "absent"): "exec:scribe the program is not there", dead: "exec:scribe the program may not be run"} {
		r := scribed(t, Exec{Argv: []string{path}}, nil)
		if a := r.fire(); a.Outcome != alert.Failed || a.Note != note {
			t.Errorf("%v %q", a.Outcome, a.Note)
		}
		r.stop()
	}
}

// A program gets the alert on its standard input and nothing of it anywhere else,
// no key, no terminal, and no more of the environment than was named.
func TestExecGetsJSONAlone(t *testing.T) {
	const key, url = "Canary_7f3a9b2c4d5e6f708192a3b4c5d6e7f8", "https://hooks.example.com/SeCrEtPaRt4711"
	dir := t.TempDir()
	e := script(t, dir, `cat > DIR/stdin
env > DIR/env
for a in "$0" "$@"; do echo "$a"; done > DIR/argv
ps -o sid= -p $$ 2>/dev/null > DIR/sid
echo $$ > DIR/pid
(: > /dev/tty) 2>/dev/null && echo yes > DIR/tty
exit 0`)
	e.Env = []string{"NAMED", "SNEAKY", "ALSO"}
	r := scribed(t, e, func(o *Options) {
		o.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/home/x", "LANG=C", "TERM=xterm", "MASSIVE_API_KEY=" + key, "DESK_HOOK=" + url, "NAMED=yes", "SNEAKY=Bearer " + key, "ALSO=" + url, "OTHER=x"}
		o.Secrets = []string{key, url}
		o.Text = func(*alert.Alert) string { return "$(touch DIR/pwned) `x` \x1b]0;y\a \"quoted\"\nline" }
	})
	if a := r.fire(); a.Outcome != alert.Delivered {
		t.Fatalf("%v %q", a.Outcome, a.Note)
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var body Body
	if text := read("stdin"); strings.Count(text, "\n") != 1 || json.Unmarshal([]byte(text), &body) != nil || body.Event != "fired" || strings.ContainsAny(body.Text, "\x1b\a\n") || !strings.Contains(body.Text, "$(touch") {
		t.Errorf("stdin %q", text)
	}
	var names []string
	for line := range strings.Lines(read("env")) {
		name, _, _ := strings.Cut(line, "=")
		if !slices.Contains([]string{"PWD", "SHLVL", "_", "OLDPWD"}, name) { // the shell's own
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "HOME LANG NAMED PATH TERM" {
		t.Errorf("environment %q", got)
	}
	for _, name := range []string{"stdin", "env", "argv"} {
		if text := read(name); strings.Contains(text, key) || strings.Contains(text, "SeCrEtPaRt4711") {
			t.Errorf("%s has a secret: %s", name, text)
		}
	}
	if argv := read("argv"); argv != e.Argv[0]+"\nan argument\n" {
		t.Errorf("argv %q", argv)
	}
	if sid := strings.TrimSpace(read("sid")); sid != "" && sid != strings.TrimSpace(read("pid")) {
		t.Errorf("session %s of process %s", sid, read("pid"))
	}
	if _, err := os.Stat(filepath.Join(dir, "tty")); err == nil {
		t.Error("it has a terminal")
	}
	if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
		t.Error("a text was run")
	}
	r.silent(key, "SeCrEtPaRt4711")
}

// Two run at once, a hundred wait, and the oldest goes.
func TestExecQueue(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := scribed(t, script(t, dir, `while [ ! -f DIR/go ]; do sleep 0.05; done; cat >> DIR/got`), nil)
	for i := range 130 {
		if i%50 == 49 {
			r.clock.advance(time.Hour)
		}
		r.trade(fmt.Sprintf("O:SPY261218C%08d", 1000*(100+i)), 2e6)
		r.await("entered", func(in *alert.Inbox) bool { return in.Counts.Fired == uint64(i+1) })
	}
	in := r.await("28 dropped", func(in *alert.Inbox) bool { return in.Counts.Dropped == 28 })
	if in.Counts.Waiting != 102 || in.Alerts[0].Outcome != alert.Waiting || in.Alerts[2].Outcome != alert.Dropped || in.Alerts[2].Note != "exec:scribe queue full" {
		t.Errorf("counts %+v, the third %v %q", in.Counts, in.Alerts[2].Outcome, in.Alerts[2].Note)
	}
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if in := r.settled(130); in.Counts.Delivered != 102 {
		t.Errorf("counts %+v", in.Counts)
	}
}
