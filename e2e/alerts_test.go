//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// hookPath is a secret part of a hook's address.
const hookPath = "/services/T0/SeCrEtPaRt4711"

// receiver takes what hooks post.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	news   chan struct{}
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	r := &receiver{news: make(chan struct{}, 1)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		r.bodies = append(r.bodies, string(body))
		r.mu.Unlock()
		select {
		case r.news <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.bodies)
}

// alerting is a home with a config file, as environment.
func alerting(t testing.TB, config string, add ...string) (home string, env []string) {
	t.Helper()
	home = t.TempDir()
	path := filepath.Join(home, "config", "optflow", "config.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return home, append([]string{"HOME=" + home, "XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/state"}, add...)
}

var (
	recipeBlock = regexp.MustCompile("(?s)<!-- recipe (\\w+) -->\n```toml\n(.*?)```\n")
	scriptBlock = regexp.MustCompile("(?s)```sh\n(#!/bin/sh\n.*?)```\n")
	whenLine    = regexp.MustCompile(`(?m)^when = .*$`)
	capLines    = regexp.MustCompile(`(?m)^(cooldown|max) = .*\n`)
)

// TestRecipes runs the recipes of docs/alerts.md: each is accepted as it stands,
// and reaches a receiver on this machine.
func TestRecipes(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/alerts.md"))
	if err != nil {
		t.Fatal(err)
	}
	recipes := map[string]string{}
	for _, m := range recipeBlock.FindAllStringSubmatch(string(text), -1) {
		recipes[m[1]] = m[2]
	}
	script := scriptBlock.FindStringSubmatch(string(text))
	if len(recipes) != 4 || script == nil {
		t.Fatalf("%d recipes, script %q", len(recipes), script)
	}
	sim := startServer(t, "", "--rate", "300")
	for name, check := range map[string]func(t *testing.T, body map[string]any){
		"slack":   func(t *testing.T, body map[string]any) { hasText(t, body["text"], "big asks: ") },
		"discord": func(t *testing.T, body map[string]any) { hasText(t, body["content"], "unusual: ") },
		"ntfy": func(t *testing.T, body map[string]any) {
			hasText(t, body["message"], "whales: ")
			if body["topic"] != "SeCrEtPaRt4711" {
				t.Errorf("topic %v", body["topic"])
			}
		},
		"script": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			dir := t.TempDir()
			kept := filepath.Join(dir, "kept")
			keep := filepath.Join(dir, "keep-alerts")
			if err := os.WriteFile(keep, []byte(script[1]), 0o700); err != nil {
				t.Fatal(err)
			}
			address := r.URL + hookPath
			vars := []string{"SLACK_HOOK=" + address, "DISCORD_HOOK=" + address, "NTFY_TOPIC=" + address, "ALERTS_FILE=" + kept, "MASSIVE_API_KEY=" + canary}
			recipe := strings.ReplaceAll(recipes[name], "/home/you/bin/keep-alerts", keep)
			_, env := alerting(t, recipe, vars...)
			if out := run(t, env, "alerts"); out.code != 0 || !strings.Contains(out.stdout, "RULE") || out.stderr != "" {
				t.Errorf("as it stands: code %d\n%s%s", out.code, out.stdout, out.stderr)
			}
			// So that it fires within a test: as it is, it waits for what is rare.
			_, env = alerting(t, capLines.ReplaceAllString(whenLine.ReplaceAllString(recipe, `when = "prem>=1k"`), ""), vars...)
			delivered := func(result) bool {
				text, _ := os.ReadFile(kept)
				return len(r.got()) > 0 || strings.HasSuffix(string(text), "\n")
			}
			out := runUntil(t, env, delivered, sim.flags("tail", "--alerts", "--format", "json")...)
			if out.code != exitInterrupted || strings.Contains(out.stdout+out.stderr, "SeCrEtPaRt4711") {
				t.Fatalf("code %d\n%s\n%s", out.code, out.stdout, out.stderr)
			}
			if check == nil {
				if text, err := os.ReadFile(kept); err != nil || !strings.HasPrefix(string(text), "O:") || strings.Contains(string(text), "{") {
					t.Errorf("kept %q, %v", text, err)
				}
				return
			}
			bodies := r.got()
			if len(bodies) == 0 {
				t.Fatal("nothing came")
			}
			var body map[string]any
			if err := json.Unmarshal([]byte(bodies[0]), &body); err != nil {
				t.Fatal(err)
			}
			check(t, body)
		})
	}
}

func hasText(t *testing.T, text any, want string) {
	t.Helper()
	if s, _ := text.(string); !strings.Contains(s, want) || !strings.Contains(s, "SIM ") || !strings.Contains(s, "premium") {
		t.Errorf("text %q, want %q", text, want)
	}
}

const someRules = `
[[alerts]]
name = "all"
when = "prem>=10k"
to = ["log", "hook:desk", "exec:look"]
cooldown = "1s rule" # an hour has room for 60 alerts, and somebody may run this slowly

[hook.desk]
format = "json"
url_env = "DESK_HOOK"

[exec.look]
argv = ["/bin/sh", "-c", "cat > /dev/null; env >> %s"]
`

// alertLines are three alerts as text.
var alertLines = regexp.MustCompile(`^(\d\d:\d\d:\d\d  SIM all: \w+ [\d.]+ [CP] .* \((fired|revised|held back: \w+)\)\n){3}$`)

// A program that is killed again and again fires no alert twice, and its key and
// its hook's address are nowhere: not in the log, the state, what it shows, the
// list of processes, or the environment of its children.
func TestAlertsOverCrashes(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	sim := startServer(t, "", "--rate", "200")
	environ := filepath.Join(t.TempDir(), "environ")
	home, env := alerting(t, fmt.Sprintf(someRules, environ), "DESK_HOOK="+r.URL+hookPath, "MASSIVE_API_KEY="+canary)
	for range 3 {
		before := len(r.got())
		cmd := exec.Command(binary(t), sim.flags("tail", "--alerts", "--format", "json", "--log-file", home+"/log")...)
		cmd.Env = cleanEnv(t, env...)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.After(patience); len(r.got()) < before+2; {
			select {
			case <-r.news:
			case <-deadline:
				_ = cmd.Process.Kill()
				t.Fatalf("%d alerts came; stderr %s", len(r.got())-before, stderr.String())
			}
		}
		if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", cmd.Process.Pid)); err == nil && (strings.Contains(string(line), canary) || strings.Contains(string(line), "SeCrEt")) {
			t.Errorf("the list of processes shows %q", line)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		forbidKeys(t, stderr.String())
	}
	seen := map[string]bool{}
	for _, text := range r.got() {
		var body struct{ Event, ID string }
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if body.Event == "fired" && seen[body.ID] {
			t.Errorf("%s fired twice", body.ID)
		}
		seen[body.ID] = seen[body.ID] || body.Event == "fired"
	}
	lines := run(t, env, sim.flags("tail", "--alerts", "--count", "3", "--for", "60s")...)
	if lines.code != 0 || !alertLines.MatchString(lines.stdout) {
		t.Errorf("as text: code %d, %q\n%s", lines.code, lines.stdout, lines.stderr)
	}
	out := run(t, env, "alerts")
	if out.code != 0 || !strings.Contains(out.stdout, "all") {
		t.Errorf("code %d\n%s%s", out.code, out.stdout, out.stderr)
	}
	shown := out.stdout + out.stderr
	config := run(t, env, "config")
	if shown += config.stdout + config.stderr; !strings.Contains(config.stdout, "hook.desk") {
		t.Errorf("config shows\n%s", config.stdout)
	}
	var files []string
	err := filepath.WalkDir(home+"/state/optflow", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, path := range append(files, home+"/log", environ) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || path != environ && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
		shown += string(text)
	}
	forbidKeys(t, shown)
	if strings.Contains(shown, "SeCrEtPaRt4711") || !strings.Contains(shown, "PATH=") {
		t.Errorf("a secret is somewhere, or the program was not run:\n%.2000s", shown)
	}
}

// A wrong rule stops the start, with a caret below what is wrong in it.
func TestWrongRuleStopsTheStart(t *testing.T) {
	t.Parallel()
	_, env := alerting(t, "[[alerts]]\nname = 'nvda asks'\nwhen = 'nvda prm>=500k'\n")
	for _, args := range [][]string{{"alerts"}, {"tail", "--alerts"}} {
		out := run(t, env, args...)
		if want := "config.toml:3: the rule \"nvda asks\": when: "; out.code != 2 || !strings.Contains(out.stderr, want) ||
			!strings.Contains(out.stderr, "\n    nvda prm>=500k\n         ^^^") {
			t.Errorf("%v: code %d\n%s", args, out.code, out.stderr)
		}
	}
	x := start(t, 80, 24, env)
	if code := x.awaitEnd(patience); code != 2 || !strings.Contains(x.written(), "nvda prm>=500k") {
		t.Errorf("code %d, wrote %q", code, x.written())
	}
	x = start(t, 80, 24, env, "tail")
	x.await("a tail without alerts does not mind", func(string) bool { return strings.Contains(x.written(), "SPY") })
	x.press("\x03")
	x.awaitEnd(patience)
	none := run(t, nil, "tail", "--alerts")
	if none.code != 2 || !strings.Contains(none.stderr, "there are no rules") {
		t.Errorf("code %d: %s", none.code, none.stderr)
	}
}

// A rule may name a list or a tab, as any filter.
func TestRuleOfAList(t *testing.T) {
	t.Parallel()
	_, env := alerting(t, "[lists]\nchips = ['NVDA', 'AMD']\n[[tabs]]\nname = 'Big'\nfilter = 'prem>=1'\n[[alerts]]\nname = 'a'\nwhen = '@chips @big'\n")
	if out := run(t, env, "alerts"); out.code != 0 || !strings.Contains(out.stdout, "@chips @big") {
		t.Errorf("code %d\n%s%s", out.code, out.stdout, out.stderr)
	}
	out := run(t, env, "tail", "--alerts", "--format", "json", "--count", "1", "--for", "60s", "--tickers", "NVDA")
	if out.code != 0 || !strings.Contains(out.stdout, `"why":["NVDA","premium `) {
		t.Errorf("code %d\n%.2000s\n%s", out.code, out.stdout, out.stderr)
	}
}

// A rule is tried over what trades meanwhile, and nothing is delivered or kept.
func TestRuleIsTried(t *testing.T) {
	t.Parallel()
	home, env := alerting(t, "")
	script := filepath.Join(home, "run.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho run >>"+home+"/delivered\n"), 0o700); err != nil { // #nosec G306 -- a program
		t.Fatal(err)
	}
	text := "[exec.run]\nargv = ['" + script + "']\n[[alerts]]\nname = 'any'\nwhen = 'prem>=25k'\nto = ['exec:run', 'log']\ncooldown = '1s ticker'\n"
	if err := os.WriteFile(filepath.Join(home, "config", "optflow", "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := run(t, env, "alerts", "test", "ANY", "--for", "8s")
	last := out.stdout[strings.LastIndexByte(strings.TrimSuffix(out.stdout, "\n"), '\n')+1:]
	if out.code != 0 || !strings.Contains(last, "any: would have fired ") || strings.Count(out.stdout, "\n") < 2 || !strings.Contains(out.stderr, "nothing is delivered") {
		t.Errorf("code %d\n%.2000s\n%s", out.code, out.stdout, out.stderr)
	}
	for _, name := range []string{"delivered", "state/optflow/alerts.jsonl", "state/optflow/alerts-sent.jsonl", "state/optflow/alerts-state.json"} {
		if _, err := os.Stat(filepath.Join(home, name)); err == nil {
			t.Errorf("%s is there", name)
		}
	}
	if out := run(t, env, "alerts", "test", "nobody"); out.code != 2 || !strings.Contains(out.stderr, `there is no rule "nobody"`) {
		t.Errorf("code %d: %s", out.code, out.stderr)
	}
}

// On a real terminal a rule rings, notifies where nobody looks, and is read again
// when its file changes; of a wrong one the rule before it stays, and is said.
func TestAlertsOnTheScreen(t *testing.T) {
	t.Parallel()
	const rule = "[[alerts]]\nname = \"any\"\nwhen = \"prem>=%s\"\nto = [\"bell\", \"notify\"]\n"
	home, env := alerting(t, fmt.Sprintf(rule, "999m"))
	x := start(t, 120, 30, env)
	x.awaitLive()
	x.press(escape) // which hides that there is no key
	x.awaitText("/ filter")
	path := filepath.Join(home, "config", "optflow", "config.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x.lookAway()
	write(fmt.Sprintf(rule, "10k"))
	x.await("a bell and a notification", func(string) bool {
		return strings.Contains(x.written(), "\a") && notified.MatchString(x.written())
	})
	x.press(focusBack)
	write(fmt.Sprintf(rule, "10k") + "once = 5\n")
	x.awaitText("the rules stay as they were: config.toml:5")
	x.press(escape) // what is said next need not wait for it to leave
	x.awaitText("/ filter")
	write(strings.ReplaceAll(fmt.Sprintf(rule, "10k"), "prem", "prm"))
	x.awaitText("the rule before it stays")
	x.press("A")
	x.await("alerts in the inbox", func(screen string) bool {
		return strings.Contains(screen, "any") && strings.Contains(screen, "delivered")
	})
	x.press(escape)
	x.awaitText("/ filter")
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// notified is a notification of an alert; of several that came at once it counts
// the others.
var notified = regexp.MustCompile(`\x1b\]9;optflow (\+\d+ more: )?SIM any: [^\x1b]*\a`)
