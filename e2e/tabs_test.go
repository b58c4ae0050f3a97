//go:build unix

package e2e

import (
	"strings"
	"testing"
)

// columnHeads are the heads of the columns that a screen shows.
func columnHeads(screen string) string { return strings.Join(strings.Fields(lines(screen)[2]), " ") }

// TestTabThatHidesEverything: the empty screen says that it is the tab's filter, and the keys that it names lead out.
func TestTabThatHidesEverything(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, nil, "--min-premium", "0")
	x.awaitLive()
	x.press(":tab filter size>90000000" + enter)
	x.awaitText("tab All shows only size>90000000", "T changes the tab's filter")
	x.press("F")
	x.awaitText("no filter to clear: ")
	x.press("u")
	x.awaitLive()
	x.press("3:tab filter size>90000000" + enter)
	x.awaitText("tab Big shows only size>90000000", "2 shows all (tab All)")
	x.press("2")
	x.awaitLive()
	x.press("3:tab reset" + enter)
	x.awaitText("only prem>=1m abs(delta)<0.9", "tab Big is as in the settings")
	x.press("q")
	x.awaitEnd(patience)
}

// TestSortByTheMenu takes two keys.
func TestSortByTheMenu(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, nil, "--min-premium", "0")
	x.awaitLive()
	x.press("SsSs")
	x.await("the other way round", func(s string) bool {
		return sorted("by size, rising")("", s) && strings.Contains(columnHeads(s), "↑SIZE")
	})
	x.press("vSv")
	x.await("Contracts by volume", func(s string) bool {
		return sorted("by volume, falling")("", s) && strings.Contains(columnHeads(s), "↓VOL")
	})
	x.press(":sort side" + enter) // which Contracts does not have
	x.awaitText("there is no such column in Contracts")
	x.press("vvv")
	x.await("the tape as it was", func(s string) bool { return sorted("by size, rising")("", s) })
	x.press("q")
	x.awaitEnd(patience)
}

// TestChosenColumnsAreThereAgain in the next run, in their order, on the tape and
// on Contracts.
func TestChosenColumnsAreThereAgain(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := []string{"HOME=" + home, "XDG_STATE_HOME=" + home + "/state"}
	x := start(t, 120, 30, env)
	x.awaitLive()
	x.press("C")
	x.awaitText("Columns of tab All")
	x.press("j JJ" + enter) // MARK away, and then two places to the right
	x.await("the columns without MARK", func(s string) bool {
		return strings.Contains(foot(s), "keeps these columns") && strings.HasPrefix(columnHeads(s), "TIME↓ TICK STRIKE EXPIRY")
	})
	x.press(":columns delta,premium,size,marks,side" + enter)
	want := "TIME↓ TICK STRIKE Δ PREMIUM SIZE MARK SD"
	x.await("the columns in that order", func(s string) bool { return columnHeads(s) == want })
	x.press("v")
	x.await("Contracts", sortedNow("Contracts"))
	x.press(":columns iv,premium" + enter)
	contracts := "TICK STRIKE EXPIRY IV ↓PREMIUM"
	x.await("those of Contracts", func(s string) bool { return columnHeads(s) == contracts })
	x.press("vvvq")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}

	again := start(t, 120, 30, env)
	again.await("the same columns", func(s string) bool { return len(lines(s)) > 2 && columnHeads(s) == want })
	again.press("v")
	again.await("the same of Contracts", func(s string) bool { return columnHeads(s) == contracts })
	again.press("C")
	again.awaitText("Columns of Contracts")
	again.press("r" + enter)
	again.await("all of them", func(s string) bool { return strings.Contains(columnHeads(s), "↓PREMIUM VOL OI") })
	again.press("q")
	again.awaitEnd(patience)
}

func sortedNow(by string) func(string) bool {
	return func(s string) bool { return sorted(by)("", s) }
}
