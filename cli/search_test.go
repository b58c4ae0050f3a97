package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optflow/cli/process"
	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/model"
)

// recorded is a folder of history with two days of a made-up market.
func recorded(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	store := history.Store{Dir: filepath.Join(root, "sim")}
	for i, date := range []model.Date{model.MakeDate(2026, 11, 23), model.MakeDate(2026, 11, 25)} {
		d := historytest.New(t, date, uint64(i+1))
		d.Seconds(400)
		if i == 1 {
			d.Hole(d.Now-5000, d.Now, "disk full")
		}
		d.Save(store, history.Header{})
	}
	return root
}

// ran is what a command line prints, and its exit code.
func ran(t *testing.T, ctx context.Context, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"} {
		t.Setenv(name, home)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	said := new(bytes.Buffer)
	p := &program{console: &console{in: os.Stdin, out: out, err: said}, process: new(process.Process)}
	code = p.run(ctx, args)
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text), said.String(), code
}

func TestSearchOfManyDays(t *testing.T) {
	root := recorded(t)
	search := func(more ...string) (stdout, stderr string, code int) {
		return ran(t, context.Background(), append([]string{"search", "nvda prem>=50k", "--history-dir", root, "--since", "2026-11-20"}, more...)...)
	}
	text, said, code := search()
	first, second := strings.Index(text, "Monday 23 November 2026\n"), strings.Index(text, "Wednesday 25 November 2026\n")
	if code != exitFine || first != 0 || second < 100 || strings.Count(text, " NVDA ") != strings.Count(text, "\n")-2 {
		t.Errorf("code %d, days at %d and %d:\n%s", code, first, second, text)
	}
	for _, says := range []string{"not recorded: Fri 20 Nov, Tue 24 Nov, Fri 27 Nov", "Wed 25 Nov: nothing was recorded from 09:36:35 to 09:36:40 (disk full)"} {
		if !strings.Contains(said, says) {
			t.Errorf("stderr does not say %q:\n%s", says, said)
		}
	}
	lines, _, _ := search("--format", "json")
	if n := strings.Count(lines, "\n"); n != strings.Count(text, "\n")-2 || n < 10 {
		t.Errorf("%d lines of JSON", n)
	}
	last := int64(0)
	for line := range strings.Lines(lines) {
		var row struct {
			Kind, Underlying string
			Premium          float64
			Start            int64 `json:"start_ms"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.Kind != "burst" || row.Underlying != "NVDA" || row.Premium < 50_000 || row.Start < last {
			t.Fatalf("%v: %s", err, line)
		}
		last = row.Start
	}
	cells, _, _ := search("--format", "csv", "--count", "3")
	if rows, err := csv.NewReader(strings.NewReader(cells)).ReadAll(); err != nil || len(rows) != 4 || rows[0][0] != "v" {
		t.Errorf("%v, %d rows", err, len(rows))
	}
	if text, _, code := ran(t, context.Background(), "search", "amd", "--history-dir", root, "--since", "2026-11-20"); code != exitFine || text != "" {
		t.Errorf("nothing found: code %d, %q", code, text)
	}
}

func TestBacktestOfManyDays(t *testing.T) {
	root := recorded(t)
	config := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(config, []byte("[[alerts]]\nname = \"asks\"\nwhen = \"nvda prem>=50k\"\ncooldown = \"60s ticker\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	test := func(more ...string) (stdout, stderr string, code int) {
		return ran(t, context.Background(), append([]string{"backtest", "--config", config, "--history-dir", root, "--since", "2026-11-20", "--after", "30s,5m,close"}, more...)...)
	}
	text, said, code := test("--filter", "nvda prem>=50k")
	for _, says := range []string{"Mon 23 Nov 2026: ", "Wed 25 Nov 2026: ", " hits\n", "\n    known at 09:3", "premium ", "NVDA 17", ", after 30s 17", " %)", "the recording ends before"} {
		if !strings.Contains(text, says) {
			t.Errorf("it does not say %q:\n%s", says, text)
		}
	}
	if code != exitFine || !strings.Contains(said, "(disk full)") {
		t.Errorf("code %d, %s", code, said)
	}
	lines, _, _ := test("--rule", "Asks", "--format", "json")
	hits, held, sessions := 0, 0, 0
	for line := range strings.Lines(lines) {
		var o struct {
			Kind, Rule, Held, Filter string
			Hits                     int
			After                    []struct{ After, Why string }
			Row                      struct{ Underlying string }
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		switch {
		case o.Kind == "session":
			sessions++
			hits -= o.Hits
		case o.Rule != "asks" || o.Row.Underlying != "NVDA" || len(o.After) != 3 || o.Filter != "":
			t.Errorf("%s", line)
		case o.Held != "":
			held++
		default:
			hits++
		}
	}
	if sessions != 2 || hits != 0 || held == 0 {
		t.Errorf("%d sessions, %d hits more than they say, %d held back", sessions, hits, held)
	}
	cells, _, _ := test("--filter", "nvda prem>=50k", "--format", "csv", "--count", "2")
	if rows, err := csv.NewReader(strings.NewReader(cells)).ReadAll(); err != nil || len(rows) != 3 || rows[0][len(rows[0])-1] != "why_close" {
		t.Errorf("%v: %s", err, cells)
	}
}

func TestPastIsRefusedInWords(t *testing.T) {
	root := recorded(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"search"}, "search wants one filter, in quotes"},
		{[]string{"search", "nvda", "calls"}, "search wants one filter, in quotes"},
		{[]string{"search", "nvda age<5m"}, "\n    nvda age<5m\n         ^^^\n"},
		{[]string{"search", "mark=!"}, "is not kept with the days"},
		{[]string{"search", "spy", "--days", "2", "--since", "2026-11-20"}, "--days and --since: one of them"},
		{[]string{"search", "spy", "--days", "0"}, "want 1 or more"},
		{[]string{"search", "spy", "--since", "friday"}, "want a date such as"},
		{[]string{"search", "spy", "--of", "mars"}, `--of "mars": recorded are sim`},
		{[]string{"search", "spy", "--format", "xml"}, "want text, json or csv"},
		{[]string{"search", "spy", "--count", "-1"}, "must not be negative"},
		{[]string{"backtest"}, "wants --filter 'FILTER' or --rule NAME"},
		{[]string{"backtest", "--filter", "spy", "--rule", "x"}, "one of them"},
		{[]string{"backtest", "--rule", "x"}, "there are no rules"},
		{[]string{"backtest", "--filter", "prem>=25x"}, "\n    prem>=25x\n          ^^^\n"},
		{[]string{"backtest", "--filter", "age<1m"}, "age is that of a row now"},
		{[]string{"backtest", "--filter", "spy", "--after", "soon"}, `"soon" is neither a time such as 5m nor close`},
	} {
		stdout, stderr, code := ran(t, context.Background(), append(c.args, "--history-dir", root)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: code %d, %q, want %q", c.args, code, stderr, c.says)
		}
	}
	if _, stderr, code := ran(t, context.Background(), "search", "spy", "--history-dir", t.TempDir()); code != exitUsage || !strings.Contains(stderr, "no day is recorded in") {
		t.Errorf("code %d, %s", code, stderr)
	}
}

// Who is interrupted is told that there may be more.
func TestPastIsCancelled(t *testing.T) {
	root := recorded(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(process.SignalError{})
	for _, args := range [][]string{{"search", "nvda"}, {"backtest", "--filter", "nvda"}} {
		_, stderr, code := ran(t, ctx, append(args, "--history-dir", root, "--since", "2026-11-20")...)
		if code != exitInterrupted || !strings.Contains(stderr, "cancelled in Mon 23 Nov") || !strings.Contains(stderr, "there may be more") {
			t.Errorf("%v: code %d, %s", args, code, stderr)
		}
	}
}
