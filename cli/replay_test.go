package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What cannot be played is said by the name of the day, and ends as what it is.
func TestTailOfARecordedDay(t *testing.T) {
	root := recorded(t)
	replay := func(more ...string) (string, string, int) {
		return ran(t, context.Background(), append([]string{"tail", "--history-dir", root, "--speed", "max", "--min-premium", "0"}, more...)...)
	}
	out, said, code := replay("--replay", "last", "--summary")
	if code != exitFine || strings.Count(out, "\n") < 100 || !strings.Contains(said, "of sim, recorded 09:30:0") {
		t.Fatalf("%d: %d lines, %q", code, strings.Count(out, "\n"), said)
	}
	var summary struct{ Printed, Trimmed, Rows int }
	if err := json.Unmarshal([]byte(said[strings.Index(said, "{"):]), &summary); err != nil || summary.Printed == 0 || summary.Trimmed != 0 {
		t.Errorf("%+v, %v", summary, err)
	}
	if part, _, code := replay("--replay", "last", "--from", "09:31", "--to", "09:32"); code != exitFine || strings.Count(part, "\n") >= strings.Count(out, "\n") {
		t.Errorf("%d: %d lines of a part", code, strings.Count(part, "\n"))
	}
	if view, _, code := replay("--replay", "last", "--view", "tickers", "--format", "csv"); code != exitFine || !strings.Contains(view, "NVDA") {
		t.Errorf("%d: %q", code, view)
	}
	for want, more := range map[string][]string{
		"2020-01-02 is not recorded; there are: ":   {"--replay", "2020-01-02"},
		"want a date such as ":                      {"--replay", "yesterday"},
		"a day of nyse is not recorded; there are:": {"--replay", "last", "--of", "nyse"},
		"--speed \"0\": want a rate from 1/4x":      {"--replay", "last", "--speed", "0"},
		"--from 25:00: want a time such as 14:05":   {"--replay", "last", "--from", "25:00"},
		"is recorded from 09:30:0":                  {"--replay", "last", "--from", "17:00"},
		"nothing is between them":                   {"--replay", "last", "--from", "09:32", "--to", "09:31"},
		"--tickers XYZ: ":                           {"--replay", "last", "--tickers", "XYZ"},
		"no alert is delivered for what is over":    {"--replay", "last", "--alerts"},
		"--replay DATE plays one":                   {"--from", "10:00"},
	} {
		if _, said, code := replay(more...); code != exitUsage || !strings.Contains(strings.ReplaceAll(said, `"25:00"`, "25:00"), want) {
			t.Errorf("%v: %d, %q", more, code, said)
		}
	}
	if _, said, code := ran(t, context.Background(), "tail", "--replay", "last", "--history-dir", t.TempDir()); code != exitUsage || !strings.Contains(said, "no day is recorded in ") {
		t.Errorf("%d, %q", code, said)
	}
	files, err := filepath.Glob(filepath.Join(root, "sim", "*", "*.oflog"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for name, tc := range map[string]struct{ content, want string }{
		"damaged": {"{\"v\":1}\nOFB1 and no more than this, which is no block at all", "can be read"},
		"newer":   {"{\"v\":99}\n", "the recording needs a newer optflow"},
	} {
		if err := os.WriteFile(files[len(files)-1], []byte(tc.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, said, code := replay("--replay", "last"); code != exitFailed || !strings.Contains(said, tc.want) || !strings.Contains(said, "of sim") {
			t.Errorf("%s: %d, %q", name, code, said)
		}
	}
}
