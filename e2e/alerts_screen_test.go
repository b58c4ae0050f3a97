//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// firedIDs are the alerts that a state folder's log says have fired, each as
// often as it stands there.
func firedIDs(t *testing.T, state string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(state, "optflow", "alerts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var e struct{ Event, ID string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if e.Event == "fired" {
			times[e.ID]++
		}
	}
	return times
}

// A person makes a rule with a, sees it fire, reads the inbox, opens the contract,
// mutes the rule; after a restart nothing fires again, and the ledger has it all.
func TestAlertsMadeOnTheScreen(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	server := startServer(t, "", "--seed", "7", "--tickers", "SPY,QQQ,NVDA")
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + state}
	x := start(t, 120, 30, env, server.flags()...)
	x.awaitLive()
	x.press("a")
	x.awaitText("New alert", "› when")
	x.press("\x15sure or prem>=25x")
	x.awaitText(`"25x" is not a number`)
	x.press("\x15prem>=120k")
	x.await("how often it would have fired", regexp.MustCompile(`would have fired \d+ time`).MatchString)
	x.press("\t\t\t\x15big ones" + enter)
	x.awaitText("big ones is in force")
	x.await("an alert, counted and marked", func(s string) bool {
		return regexp.MustCompile(`(?m)^ ● Live.*  !\d`).MatchString(s)
	})
	x.press("A")
	x.await("the alert, delivered", func(s string) bool {
		return regexp.MustCompile(`(?m) big ones .* new +ok`).MatchString(s) && strings.Contains(s, " Alerts ")
	})
	x.press("j" + enter)
	x.await("the details of its contract", func(s string) bool { return strings.Contains(s, "J K scroll") })
	x.press(escape)
	x.await("the details are closed", func(s string) bool { return !strings.Contains(s, "J K scroll") && strings.Contains(s, " Alerts ") })
	x.press(escape)
	x.await("the tape with a marked row", func(s string) bool {
		return atTape(s) && regexp.MustCompile(`(?m)^.\s?\d\d:\d\d:\d\d .{0,4}! `).MatchString(s)
	})
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	first := firedIDs(t, state)
	if len(first) == 0 {
		t.Fatal("the log has no alert")
	}

	y := start(t, 120, 30, env, server.flags()...)
	y.awaitLive()
	y.await("a new alert of the rule that was kept", func(s string) bool { return regexp.MustCompile(`(?m)^ ● Live.*  !\d`).MatchString(s) })
	y.press(":alert test big ones" + enter) // which counts as a new one, too
	y.awaitText("marked TEST")
	y.press("A")
	y.await("the new alerts, and the test", func(s string) bool {
		return regexp.MustCompile(`(?m) big ones .* new +ok`).MatchString(s) && strings.Contains(s, "TEST")
	})
	y.press("M")
	y.awaitText("big ones is muted for 1h")
	y.press("L")
	y.awaitText("prices are invented: these rates mean nothing", "big ones", "too few")
	y.press(escape)
	y.await("the tape", atTape)
	y.press("q")
	if code := y.awaitEnd(patience); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	all := firedIDs(t, state)
	for id, times := range all {
		if times != 1 {
			t.Errorf("alert %s fired %d times", id, times)
		}
	}
	if len(all) <= len(first) {
		t.Errorf("%d alerts in all, %d in the first run", len(all), len(first))
	}
	r := run(t, []string{"XDG_STATE_HOME=" + state}, "ledger", "--format", "json")
	var got struct {
		Sim  bool
		Rows []struct {
			Rule string
			N    int
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || !got.Sim || len(got.Rows) != 6 || got.Rows[0].Rule != "big ones" || got.Rows[0].N < len(all) {
		t.Errorf("%v: the ledger says\n%s%s of %d alerts", err, r.stdout, r.stderr, len(all))
	}
}
