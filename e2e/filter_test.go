//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tapeRow is a row of the tape as the screen shows it, with its numbers.
type tapeRow struct {
	time          time.Duration // of the day
	marks         string
	ticker, kind  string
	dte           int
	premium       float64
	size, vol, oi int // -1 unknown or not shown
}

var (
	tapeLine = regexp.MustCompile(`(\d\d):(\d\d):(\d\d)\s+(?:([WUu>=!]+)\s+)?([A-Z.]{1,6})\s+[\d.]+\*?\s*([CP])\s+\d\d[A-Z][a-z]{2}\d\d\s+(\d+).*?\$([\d.]+)([KMB]?)\s`)
	count    = regexp.MustCompile(`^[\d,]+$`)
)

// tapeRows reads the rows of a screen, the counts by the heads above them.
func tapeRows(screen string) (out []tapeRow) {
	all := lines(screen)
	heads := all[2]
	under := func(line []rune, head string) int {
		end := strings.Index(heads, head)
		if end < 0 {
			return -1
		}
		end = len([]rune(heads[:end])) + len(head) // numbers end below the head's end
		if end > len(line) {
			return -1
		}
		from := end
		for from > 0 && line[from-1] != ' ' {
			from--
		}
		text := string(line[from:end])
		if !count.MatchString(text) {
			return -1
		}
		n, _ := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
		return n
	}
	for _, l := range all {
		m := tapeLine.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
		r := tapeRow{marks: m[4], ticker: m[5], kind: m[6], dte: number(7)}
		r.time = time.Duration(number(1))*time.Hour + time.Duration(number(2))*time.Minute + time.Duration(number(3))*time.Second
		r.premium, _ = strconv.ParseFloat(m[8], 64)
		r.premium *= map[string]float64{"": 1, "K": 1e3, "M": 1e6, "B": 1e9}[m[9]]
		r.size, r.vol, r.oi = under([]rune(l), "  SIZE"), under([]rune(l), "    VOL"), under([]rune(l), "     OI")
		out = append(out, r)
	}
	return out
}

// awaitRows waits for rows of which all are so.
func (x *terminal) awaitRows(what string, so func(tapeRow) bool) []tapeRow {
	x.t.Helper()
	return tapeRows(x.await(what, func(screen string) bool {
		all := tapeRows(screen)
		return atTape(screen) && len(all) > 0 && !slices.ContainsFunc(all, func(r tapeRow) bool { return !so(r) })
	}))
}

// Tasks of a trader, each with the keys that it takes.
func TestTasksOfTheFilter(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	config := filepath.Join(home, "config.toml")
	if err := os.WriteFile(config, []byte("[lists]\nmine = \"NVDA,SPY\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + home, "XDG_STATE_HOME=" + home}
	x := start(t, 200, 50, env, "--config", config, "--min-premium", "0")
	x.awaitLive()

	// More contracts than open interest; and a mark as the screen shows it.
	x.press("/vol>oi" + enter)
	x.awaitRows("more of the day than was open", func(r tapeRow) bool { return r.oi >= 0 && r.vol > r.oi })
	x.press("F/size>oi" + enter) // which is rare: the rows, if there are any, are so
	x.await("more at once than was open", func(screen string) bool {
		all := tapeRows(screen)
		return atTape(screen) && strings.Contains(head(screen), "/ size>oi") && !slices.ContainsFunc(all, func(r tapeRow) bool { return r.size <= r.oi || r.oi < 0 })
	})
	x.press("F/mark==" + enter)
	x.awaitRows("rows with =", func(r tapeRow) bool { return strings.Contains(r.marks, "=") })

	// A list, and a tab by its name in another filter.
	x.press("F/@mine puts" + enter)
	x.awaitRows("puts of the list", func(r tapeRow) bool { return (r.ticker == "NVDA" || r.ticker == "SPY") && r.kind == "P" })
	x.press(":save mine" + enter)
	x.awaitText("[lists] has a list of that name")
	x.press(":save my puts" + enter)
	x.awaitText("saved as tab my puts")
	x.press("2/@my-puts spy" + enter)
	x.awaitRows("what is in both", func(r tapeRow) bool { return r.ticker == "SPY" && r.kind == "P" })

	// Half a word leaves the rows, and a filter is found again by a part of it.
	x.press("F/ca")
	x.awaitText("ca filters nothing yet")
	if all := tapeRows(x.screen()); len(all) == 0 {
		t.Error("half a word filters")
	}
	x.press("\x15\x12vol")
	x.awaitText("/ vol>oi", "earlier lines with vol")
	x.press(enter)
	x.awaitRows("more of the day than was open, again", func(r tapeRow) bool { return r.vol > r.oi })
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// The language is the same for scripts, and what is wrong has carets under it.
func TestFilterOfTail(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "config.toml")
	text := "[lists]\nmine = \"NVDA,SPY\"\n[[tabs]]\nname = \"My puts\"\nfilter = \"@mine puts\"\n[[tabs]]\nname = \"a\"\nfilter = \"@b\"\n[[tabs]]\nname = \"b\"\nfilter = \"@a\"\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tail := func(filter string, more ...string) result {
		return run(t, nil, append([]string{"tail", "--config", config, "--min-premium", "0", "--filter", filter, "--format", "json", "--count", "30", "--for", "20s"}, more...)...)
	}
	r := tail("@my-puts", "--tickers", "@mine")
	rows := decodeRows(t, r.stdout)
	if r.code != 0 || len(rows) == 0 {
		t.Fatalf("code %d, %d rows, %s", r.code, len(rows), r.stderr)
	}
	for _, row := range rows {
		if row.Kind != "gap" && (row.Type != "put" || row.Underlying != "NVDA" && row.Underlying != "SPY") {
			t.Errorf("%+v", row)
		}
	}
	for filter, want := range map[string]string{
		"nvda prem>=25x": "\n    nvda prem>=25x\n               ^^^\n",
		"nvda size>iv":   "contracts and percent of spot cannot be compared (try size>vol)\n    nvda size>iv\n              ^^\n",
		"mark=W> calls":  "is several marks: mark=W,> has one of them",
		"@a":             "@a is made of itself (@a, @b, @a)\n    @a\n    ^^\n",
		"@my-put":        "there is no @my-put, did you mean @my-puts?",
	} {
		if r := tail(filter); r.code != exitUsage || !strings.Contains(strings.ReplaceAll(r.stderr, "; allowed: a line of the filter language, such as 'nvda calls prem>=250k'", ""), want) {
			t.Errorf("%s: code %d, %q, want %q", filter, r.code, r.stderr, want)
		}
	}
}
