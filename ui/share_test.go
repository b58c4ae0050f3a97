package ui

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/model/market"
	"optflow/ui/page"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// shellWords are the words that a shell makes of a command line.
func shellWords(t testing.TB, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `optflow() { printf '%s\0' "$@"; }; `+line).Output()
	if err != nil {
		t.Skipf("no POSIX shell here: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// TestCommandPrintsTheSameRows runs what ctrl+g copied over the same tape and
// compares the rows with those on the screen.
func TestCommandPrintsTheSameRows(t *testing.T) {
	for _, line := range []string{"", "nvda calls", "not (spy puts) or side=ask,BB", "abs(delta)>0.4 prem>=100k", "$or or otm>1%", "has(iv) !qqq"} {
		s := newStage(t, 120, 30, func(o *Options) { o.TailArgs = []string{"--config=it's here.toml"} }).fill()
		s.m.page.Filter().Set(line)
		copied := s.osc52("ctrl+g")
		words := shellWords(t, copied)
		if words[0] != "tail" || words[1] != "--config=it's here.toml" {
			t.Fatalf("%s\nis read as %q", copied, words)
		}
		o := tail.Options{Market: market.Open{Tape: &s.tape.Tape, Time: s.clock}, Format: tail.JSON}
		rules := *model.DefaultRules()
		o.Rules = &rules
		for i := 2; i < len(words); i += 2 {
			var err error
			switch value := words[i+1]; words[i] {
			case "--tickers":
				if value != "NVDA,QQQ,SPY" {
					t.Fatalf("tickers %q", value)
				}
			case "--interval":
				o.Interval, err = burst.ParseInterval(value)
			case "--min-premium":
				rules.Floor, err = strconv.ParseFloat(value, 64)
			case "--filter":
				o.Filter, err = filter.Parse(value, filter.Env{Now: s.clock.Now, Rules: o.Rules})
			default:
				t.Fatalf("%s has the flag %s", copied, words[i])
			}
			if err != nil {
				t.Fatalf("%s: %v", copied, err)
			}
		}
		var out bytes.Buffer
		o.Out = &out
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := tail.Run(ctx, o); err != nil {
			t.Fatal(err)
		}
		var screen bytes.Buffer
		if err := s.m.tape.Print(tail.JSON).Write(&screen); err != nil {
			t.Fatal(err)
		}
		got, want := slices.Sorted(strings.Lines(out.String())), slices.Sorted(strings.Lines(screen.String()))
		if !slices.Equal(got, want) {
			t.Errorf("%s prints %d rows, the screen has %d", copied, len(got), len(want))
		}
	}
}

func TestCommandSaysWhatItCannot(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	s.state(func(st *model.State) { st.Span = model.Minute })
	s.m.tape.SortBy(table.TapeColumn("premium"))
	if got, want := s.osc52("ctrl+g"), "optflow tail --tickers NVDA,QQQ,SPY --interval 10s --min-premium 25000 --window 1m"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	s.has("tail prints by time, not by premium, falling")
}

// TestShellQuote: a shell reads back what was quoted, whatever it is.
func TestShellQuote(t *testing.T) {
	words := []string{"", "a", "it's", "$HOME `id` \"x\" \\ ! * ~ #", "a\nb", "-n", "'", "''", "é"}
	rapid.Check(t, func(rt *rapid.T) { words = append(words, rapid.StringMatching(`[ -~]{0,20}`).Draw(rt, "word")) })
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = page.ShellQuote(w)
	}
	if got := shellWords(t, "optflow "+strings.Join(quoted, " ")); !slices.Equal(got, words) {
		t.Errorf("%q\nis read as %q", words, got)
	}
}
