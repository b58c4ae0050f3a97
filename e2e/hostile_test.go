//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"optflow/feed/faults"
)

// tricks are what a text may try with a terminal: clipboard, title, colours and
// the other introducers, a bell, a lone return, reversed text, invalid UTF-8.
var tricks = []string{
	"\x1b]52;c;RVZJTA==\a", "\x1b]0;EVIL\x1b\\", "\x1b[31mEVIL\x1b[2J", "\x1bPEVIL\x1b\\", "\x1b_EVIL\x1b\\", "\x9b31mEVIL",
	"\u009b31mEVIL", "EVIL\a", "EVIL\rEVIL", "EVIL\x00", "\u202eEVIL", "EVIL\u200d\u200bEVIL", "EVIL" + strings.Repeat("\u0301", 200), "EVIL\xff\xfe",
}

// Whatever a server says, in every text of its that is shown, moves nothing on
// the terminal, and says no more than its letters.
func TestFault61EscapeSequences(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 61)
	var scenario strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&scenario, format+"\n", args...) }
	say("connect ok; auth ok; send 20 bars every 10ms")
	for i, trick := range tricks {
		quoted := strconv.Quote(trick)
		inJSON := strings.NewReplacer("\x1b", `\u001b`, "\a", `\u0007`, "\r", `\u000d`, "\x00", `\u0000`).Replace(trick)
		say("status error %s; status %q %s; text %s", quoted, "word"+strconv.Itoa(i), quoted, quoted)
		say("text %q", `[{"ev":"A","sym":"O:`+inJSON+`261218C00500000","v":1,"av":1,"o":1,"c":1,"h":1,"l":1,"vw":1,"s":1,"e":2}]`)
		say("text %q", `[{"ev":"`+inJSON+`","status":"`+inJSON+`","message":"`+inJSON+`"}]`)
	}
	say("close 4000 %q", "EVIL "+tricks[0]+tricks[2])
	say("connect ok; rest status 401; auth failed %q", "EVIL "+strings.ToValidUTF8(strings.Join(tricks, " "), "?"))
	file := filepath.Join(t.TempDir(), "scenario.txt")
	if err := os.WriteFile(file, []byte(scenario.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "", "--script", file)
	x := start(t, 160, 43, []string{"MASSIVE_API_KEY=" + canary}, s.flags("--min-premium", "0", "--tickers", "SPY")...)
	x.awaitText("Stopped", "EVIL")
	x.press("q")
	x.awaitEnd(patience)
	x.assertRestored()
	assertHarmless(t, x.written())
}

// assertHarmless looks for every trick, and for what the screen itself has no
// use for, in an output.
func assertHarmless(t *testing.T, output string) {
	t.Helper()
	output = strings.NewReplacer("\x1b]11;?\a", "", "\x1b]2;the end\a", "").Replace(output) // asks for the colour of the ground; settle
	for _, trick := range append(tricks, "\x1b]52", "\x1b]0;", "\x1bP", "\x1b_", "\a", "\x00", "\u009b", "\u202e", "\u200d", "\u0301\u0301\u0301") {
		if at := strings.Index(output, trick); at >= 0 {
			t.Errorf("%q is in the output: %q", trick, output[max(at-80, 0):min(at+80, len(output))])
		}
	}
}

// The same from the user's own side: settings, variables, files, arguments.
func TestFault61SettingsAndArguments(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 61)
	for _, trick := range tricks {
		if strings.Contains(trick, "\x00") {
			continue // cannot be in arguments
		}
		dir := t.TempDir()
		config := filepath.Join(dir, "config.toml")
		if err := os.WriteFile(config, []byte("filter = \"prem>="+strings.ReplaceAll(trick, "\\", "")+"\"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"tail", "--filter", trick, "--for", "1ms"}, {"config", "--theme", trick}, {trick}, {"--" + trick}, {"tail", "--tickers", trick, "--for", "1ms"},
			{"config", "--config", config}, {"config", "--log-file", filepath.Join(dir, trick)}, {"sim", "--script", trick}, {"sim", "--listen", trick},
			{"tail", "--log-file", "/dev/null/" + trick, "--for", "1ms"}, {"config", "--api-key-file", trick},
		} {
			r := run(t, []string{"OPTFLOW_FSP=" + trick, "OPTFLOW_" + trick + "=1", "TERM=" + trick}, args...)
			if strings.Contains(r.stderr, "panic") {
				t.Errorf("%q: %s", args, r.stderr)
			}
			assertHarmless(t, r.stdout+r.stderr)
		}
	}
}
