//go:build unix

package e2e

import (
	"strings"
	"testing"
	"time"

	"optflow/feed/faults"
)

// An answer of the terminal that comes in pieces, as over a line far away, is no
// keys: the tab stays, nothing is written into a line, nothing is copied.
func TestFault69AnswersInPieces(t *testing.T) {
	run := faults.OpenReal(t, 69)
	t.Parallel()
	x := start(t, 120, 30, nil)
	x.awaitLive()
	x.press("2")
	x.awaitText("[2 All")
	x.press("/")
	x.awaitText("enter keep")
	for _, answer := range []string{"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1b[?2026;2$y", "\x1bP>|XTerm(390)\x1b\\", "\x1b[<35;10;5M"} {
		for cut := 2; cut < len(answer); cut++ {
			x.press(answer[:cut])
			time.Sleep(cutPause) // the fault itself: a line that stops here
			x.press(answer[cut:])
		}
	}
	x.press("spy")
	typed := time.Now()
	x.await("what was typed and nothing else", func(s string) bool { return filterLine(s) == "spy" })
	run.Recovered(time.Since(typed))
	// Behind the ESC that begins it, which is a key as well, its rest is none either.
	x.press(escape)
	x.await("the line is left", func(s string) bool { return atTape(s) })
	x.press("]11;rgb:1c1c/1c1c/1c1c\x1b\\")
	x.press("/")
	x.awaitText("enter keep")
	x.press("qqq")
	x.await("what was typed and nothing else", func(s string) bool { return filterLine(s) == "qqq" })
	x.press(clearEscape)
	x.await("the line is left", func(s string) bool { return atTape(s) })
	if s := x.screen(); !strings.Contains(head(s), "[2 All") || strings.Contains(s, "copied") || strings.Contains(s, "frozen") {
		t.Error("an answer worked as keys")
	}
	// Unfinished for good, it takes no key away.
	x.press("\x1b]11;rgb:1c1c")
	x.press("\x03")
	if code := x.awaitEnd(patience); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// cutPause is longer than the library waits for the rest of a sequence.
const cutPause = 70 * time.Millisecond
