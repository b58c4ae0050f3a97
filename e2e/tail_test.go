//go:build unix

package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// tailRow is what a program that reads the lines makes of one.
type tailRow struct {
	V          int      `json:"v"`
	Kind       string   `json:"kind"`
	Span       string   `json:"span"`
	Start      string   `json:"start"`
	StartMS    int64    `json:"start_ms"`
	EndMS      int64    `json:"end_ms"`
	Contract   string   `json:"contract"`
	Underlying string   `json:"underlying"`
	Type       string   `json:"type"`
	Size       int64    `json:"size"`
	Premium    *float64 `json:"premium"`
	Vwap       *float64 `json:"vwap"`
	Reason     string   `json:"reason"`
	Source     string   `json:"source"`
	Revision   int      `json:"revision"`
	Sim        bool     `json:"sim"`
	Past       bool     `json:"past"`
	Adjusted   bool     `json:"adjusted"`
	Spot       *float64 `json:"spot"`

	OpenInterest *float64 `json:"open_interest"`
}

// tailSummary is the object that --summary ends with.
type tailSummary struct {
	Kind    string
	Printed int
	Events  int
	Trimmed int

	Malformed, Dropped int
	Contracts          map[string]struct{ Past, Rows, Gaps, Day int64 }
}

// decodeRows reads JSON lines strictly: every line is an object of known keys'
// types.
func decodeRows(t testing.TB, out string) []tailRow {
	t.Helper()
	var all []tailRow
	for line := range strings.Lines(out) {
		var row tailRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		all = append(all, row)
	}
	return all
}

// decodeSummary reads the last line of stderr.
func decodeSummary(t testing.TB, stderr string) tailSummary {
	t.Helper()
	all := strings.Split(strings.TrimSpace(stderr), "\n")
	var s tailSummary
	if err := json.Unmarshal([]byte(all[len(all)-1]), &s); err != nil || s.Kind != "summary" {
		t.Fatalf("no summary at the end of stderr (%v): %s", err, stderr)
	}
	return s
}

// assertAccounts holds the printed lines against the accounts: the last
// revision of each row that is not past, and of each gap, make up exactly what
// each contract traded since it was first seen.
func assertAccounts(t *testing.T, rows []tailRow, s tailSummary) {
	t.Helper()
	type identity struct {
		kind, contract, span string
		start                int64
	}
	last := make(map[identity]tailRow)
	for _, row := range rows {
		id := identity{row.Kind, row.Contract, row.Span, row.StartMS}
		if before, seen := last[id]; seen && row.Revision <= before.Revision {
			t.Fatalf("%+v was printed with revision %d, then with %d", id, before.Revision, row.Revision)
		}
		last[id] = row
	}
	bars, gaps := make(map[string]int64), make(map[string]int64)
	for id, row := range last {
		switch {
		case row.Past:
		case id.kind == "gap":
			gaps[id.contract] += row.Size
		default:
			bars[id.contract] += row.Size
		}
	}
	if len(s.Contracts) == 0 || len(bars) == 0 {
		t.Fatalf("nothing to compare: %d contracts, %d with rows", len(s.Contracts), len(bars))
	}
	wrong := 0
	for symbol, c := range s.Contracts {
		switch {
		case c.Past+c.Rows+c.Gaps != c.Day:
			wrong++
			t.Errorf("%s: the account does not add up: %+v", symbol, c)
		case bars[symbol] != c.Rows || gaps[symbol] != c.Gaps:
			wrong++
			t.Errorf("%s: printed rows %d and gaps %d, account %+v", symbol, bars[symbol], gaps[symbol], c)
			for _, row := range rows {
				if row.Contract == symbol {
					t.Logf("%+v", row)
				}
			}
		case bars[symbol]+gaps[symbol] != c.Day-c.Past:
			wrong++
			t.Errorf("%s: rows and gaps are %d, the day grew by %d", symbol, bars[symbol]+gaps[symbol], c.Day-c.Past)
		}
		delete(bars, symbol)
		delete(gaps, symbol)
		if wrong > 10 {
			t.Fatal("and more")
		}
	}
	if len(bars)+len(gaps) != 0 {
		t.Errorf("printed, but without an account: %v %v", bars, gaps)
	}
}

// The third demonstration: with every switch of the simulator on, the printed
// lines alone tell how much each contract traded.
func TestAccountsFromPrintedLines(t *testing.T) {
	t.Parallel()
	env := []string{"MASSIVE_API_KEY=" + canary}
	args := func(more ...string) []string {
		return append([]string{"tail", "--format", "json", "--min-premium", "0", "--summary", "--tickers", "SPY,QQQ,NVDA,TSLA"}, more...)
	}
	check := func(t *testing.T, r result) {
		t.Helper()
		if r.code != 0 {
			t.Fatalf("exit code %d: %s", r.code, r.stderr)
		}
		rows, summary := decodeRows(t, r.stdout), decodeSummary(t, r.stderr)
		if summary.Printed != len(rows) || summary.Trimmed != 0 || summary.Malformed != 0 {
			t.Errorf("%d lines were printed, %d by the summary; %d trimmed, %d malformed", len(rows), summary.Printed, summary.Trimmed, summary.Malformed)
		}
		for _, row := range rows {
			if row.V != 1 || !strings.HasPrefix(row.Contract, "O:") || row.EndMS <= row.StartMS || (row.Kind == "gap" || row.Size == 0) != (row.Vwap == nil) {
				t.Fatalf("not a row: %+v", row)
			}
		}
		assertAccounts(t, rows, summary)
	}
	t.Run("stream", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, "", "--key", canary, "--faults", "all", "--seed", "7", "--rate", "800")
		check(t, run(t, env, append(args("--for", "12s"), s.flags()...)...))
	})
	t.Run("cut twice", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, "", "--key", canary, "--faults", "all", "--seed", "8", "--rate", "800")
		p := startProxy(t, s.addr)
		cut := make(chan struct{})
		go func() {
			defer close(cut)
			for n := 1; n <= 2; n++ {
				p.awaitUpgrades(t, n)
				p.Reset()
			}
		}()
		r := run(t, env, append(args("--for", "14s"), p.flags()...)...)
		<-cut
		check(t, r)
	})
	t.Run("minutes, sped up", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, "", "--key", canary, "--faults", "all", "--seed", "9", "--speed", "20", "--rate", "100")
		check(t, run(t, env, append(args("--for", "12s", "--window", "1m"), s.flags()...)...))
	})
}

func TestTailFormats(t *testing.T) {
	t.Parallel()
	tail := func(args ...string) []string {
		return append([]string{"tail", "--min-premium", "0", "--count", "40"}, args...)
	}
	t.Run("json", func(t *testing.T) {
		t.Parallel()
		r := run(t, nil, tail("--format", "json", "--filter", "spy calls")...)
		all := decodeRows(t, r.stdout)
		if r.code != 0 || len(all) != 40 {
			t.Fatalf("code %d, %d rows, stderr %s", r.code, len(all), r.stderr)
		}
		for _, row := range all {
			if !row.Sim || row.Underlying != "SPY" || row.Contract[len(row.Contract)-9] != 'C' {
				t.Errorf("not a simulated call on SPY: %+v", row)
			}
		}
	})
	t.Run("csv", func(t *testing.T) {
		t.Parallel()
		r := run(t, nil, tail("--format", "csv")...)
		table, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
		if err != nil || r.code != 0 || len(table) != 41 || table[0][0] != "v" || table[0][1] != "kind" {
			t.Fatalf("%v, code %d, %d lines, stderr %s", err, r.code, len(table), r.stderr)
		}
	})
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		r := run(t, nil, tail()...)
		all := strings.Split(strings.TrimSpace(r.stdout), "\n")
		if r.code != 0 || len(all) != 40 {
			t.Fatalf("code %d, %d lines, stderr %s", r.code, len(all), r.stderr)
		}
		for _, line := range all {
			if !strings.HasPrefix(line, "SIM ") {
				t.Errorf("invented, and does not say so: %q", line)
			}
		}
	})
	t.Run("bursts", func(t *testing.T) {
		t.Parallel()
		r := run(t, nil, tail("--format", "json", "--interval", "10s")...)
		for _, row := range decodeRows(t, r.stdout) {
			if row.Kind == "bar" {
				t.Fatalf("a window among bursts: %+v", row)
			}
			if row.Kind == "burst" && row.Span != "10s" {
				t.Errorf("span %q", row.Span)
			}
		}
		if r.code != 0 {
			t.Errorf("code %d, stderr %s", r.code, r.stderr)
		}
	})
}

// Every wrong setting ends with code 2 and names itself, before anything runs.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	for i, tc := range []struct {
		env  []string
		args []string
		want []string
	}{
		{nil, []string{"tail", "--fps", "0"}, []string{"fps", `"0"`, "--fps", "1 to 60"}},
		{[]string{"OPTFLOW_FPS=1000"}, []string{"tail"}, []string{"fps", "1000", "OPTFLOW_FPS"}},
		{nil, []string{"tail", "--filter", "prem>=25x"}, []string{"25x", "is not a number"}},
		{nil, []string{"tail", "--filter", "sweep", "--count", "2"}, []string{"sweep", "single trades", "$sweep is the ticker"}},
		{nil, []string{"tail", "--filter", "calls multi-leg"}, []string{"multi-leg", "single trades", "twin"}},
		{nil, []string{"tail", "--filter", "amd calls", "--count", "2"}, []string{"can never match", "AMD is not followed (--tickers follows it)", "SPY,QQQ,NVDA"}},
		{nil, []string{"tail", "--filter", "spy qqq"}, []string{"can never match", "followed are SPY,QQQ,NVDA"}},
		{[]string{"OPTFLOW_FILTER=amd"}, []string{"tail", "--tickers", "SPY"}, []string{"OPTFLOW_FILTER", "AMD is not followed"}},
		{nil, []string{"tail", "--format", "xml"}, []string{"xml", "text, json or csv"}},
		{nil, []string{"tail", "--count", "-1"}, []string{"--count"}},
		{nil, []string{"tail", "--ws-url", "http://127.0.0.1:1"}, []string{"ws-url"}},
		{nil, []string{"config", "--config", "/nowhere.toml"}, []string{"nowhere.toml"}},
		{nil, []string{"tail", "--api-key", canary}, []string{"api-key", "MASSIVE_API_KEY"}},
		{nil, []string{"tail", "--api-key=" + canary}, []string{"MASSIVE_API_KEY"}},
		{nil, []string{"tail", "--nonsense"}, []string{"--nonsense"}},
		{nil, []string{"nonsense"}, []string{"nonsense"}},
		{nil, []string{"tail", "nonsense"}, []string{"nonsense"}},
		{nil, []string{"sim", "--faults", "nonsense"}, []string{"nonsense", "late-trades"}},
		{nil, []string{"sim", "--plan", "gold"}, []string{"gold", "starter"}},
		{nil, []string{"sim", "--rate", "0"}, []string{"--rate"}},
		{nil, []string{"sim", "--listen", "127.0.0.1:none"}, []string{"--listen"}},
		{nil, []string{"sim", "--tickers", "ZZZZ"}, []string{"ZZZZ", "SPY"}},
	} {
		t.Run(fmt.Sprint(i, " ", strings.Join(tc.args, " ")), func(t *testing.T) {
			t.Parallel()
			r := run(t, tc.env, tc.args...)
			if r.code != exitUsage || r.stdout != "" {
				t.Errorf("code %d, stdout %q", r.code, r.stdout)
			}
			for _, want := range tc.want {
				if !strings.Contains(r.stderr, want) {
					t.Errorf("%q is not in %q", want, r.stderr)
				}
			}
		})
	}
}

// The key may be set anywhere; no command shows it.
func TestKeyIsNowhere(t *testing.T) {
	t.Parallel()
	env := []string{"MASSIVE_API_KEY=" + canary}
	r := run(t, env, "config")
	if r.code != 0 || !strings.Contains(r.stdout, "MASSIVE_API_KEY") {
		t.Errorf("code %d: %s %s", r.code, r.stdout, r.stderr)
	}
	for _, args := range [][]string{
		{"--for", "1s", "--summary"}, {"--for", "1s", "--ws-dialect", "origin"},
		{"--filter", canary + ">1"}, {"--tickers", canary}, {"--fps", canary}, {"--window", canary},
	} {
		run(t, env, append([]string{"tail", "--ws-url", "ws://127.0.0.1:1", "--rest-url", "http://127.0.0.1:1"}, args...)...)
	}
	run(t, env, "tail", "--ws-url", "ws://127.0.0.1:1/options?apiKey="+canary)
	run(t, env, "tail", "--ws-url", canary)
	run(t, env, "--version")
}
