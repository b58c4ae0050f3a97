//go:build unix

package e2e

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ledgerLines are an alert, what came of it, a line of a later version and one
// that a crash tore.
const ledgerLines = `{"v":1,"event":"fired","id":"a1","rule":"nvda asks","rule_version":"0123456789abcdef","contract":"O:NVDA261218C00180000","underlying":"NVDA","date":"2026-11-23","start_ms":1795447284000,"end_ms":1795447285000,"seen_ms":1795447286000,"price":4.85,"size":2310,"premium":1120350,"side":"A","certainty":"sure","quote":{"bid":4.75,"ask":4.85,"read_ms":1795447286000,"basis":"snapshot"},"spot":178.21,"oi":1840}
{"v":1,"event":"mark","id":"a1","horizon":"30m","due_ms":1795449086000,"quote":{"bid":5.05,"ask":5.15,"read_ms":1795449086000,"basis":"snapshot"},"spot":179,"spot_ms":1795449086000}
{"v":2,"event":"mark","id":"a1","horizon":"close"}
{"v":1,"event":"fired","id":"a2","rule":"\u001b[31mred","rule_v`

// What came of alerts can be read without the monitor, and what must be said
// stands beside it, whatever the format.
func TestLedgerCommand(t *testing.T) {
	home := t.TempDir()
	env := []string{"XDG_STATE_HOME=" + home}
	r := run(t, env, "ledger")
	if r.code != 0 || !strings.Contains(r.stdout, "no alert has fired yet") || !strings.Contains(r.stdout, "not a profit") {
		t.Errorf("empty: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	dir := filepath.Join(home, "optflow", "ledger")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "2026-11.jsonl"), []byte(ledgerLines), 0o600); err != nil {
		t.Fatal(err)
	}
	r = run(t, env, "ledger")
	for _, want := range []string{"1 version tried: one in 20 looks good by chance", "left out: 2 lines", "nvda asks          1    1    1 too few (30 alerts on 20 days are needed)", "LOST", "36 to 87"} {
		if r.code != 0 || !strings.Contains(r.stdout, want) {
			t.Errorf("code %d, %q is not in\n%s%s", r.code, want, r.stdout, r.stderr)
		}
	}
	var got struct {
		Versions int `json:"versions_tried"`
		Rows     []struct {
			Horizon string `json:"horizon"`
			N, Open int
			Few     bool     `json:"too_few"`
			Hit     *float64 `json:"hit"`
		}
		Says []string
	}
	r = run(t, env, "ledger", "--format", "json")
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || got.Versions != 1 || len(got.Rows) != 6 || len(got.Says) < 5 {
		t.Fatalf("%v: %+v\n%s", err, got, r.stdout)
	}
	for _, row := range got.Rows {
		if row.N != 1 || !row.Few || row.Hit != nil || (row.Open == 0) != (row.Horizon == "30m") {
			t.Errorf("%+v", row)
		}
	}
	r = run(t, env, "ledger", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || len(rows) != 7 || rows[0][1] != "rule" || rows[1][1] != "nvda asks" || !strings.Contains(r.stderr, "not a profit") {
		t.Errorf("%v, %q\n%s", err, rows, r.stderr)
	}
	for _, wrong := range [][]string{{"--format", "xml"}, {"--horizon", "peak"}, {"more"}} {
		if r := run(t, env, append([]string{"ledger"}, wrong...)...); r.code != exitUsage {
			t.Errorf("%v: code %d", wrong, r.code)
		}
	}
}
