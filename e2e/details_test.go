//go:build unix

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What a terminal sends when it loses its focus and has it back.
const (
	focusLost = "\x1b[O"
	focusBack = "\x1b[I"
)

// lookAway takes the focus from the tape. Nothing shows that this is done, but that
// a key pressed after it is.
func (x *terminal) lookAway() {
	x.t.Helper()
	x.press(focusLost + "?")
	x.awaitText("Reading the screen")
	x.press(clearEscape)
	x.await("the tape", atTape)
}

// openRow is the line of the row whose details are open, and the title of the
// details, without their marks.
func openRow(screen string) (row, title string) {
	var marked []string
	for _, l := range lines(screen) {
		if text, is := strings.CutPrefix(l, "▼"); is {
			marked = append(marked, text)
		}
	}
	if len(marked) != 2 {
		return "", ""
	}
	return marked[0], strings.TrimSpace(marked[1])
}

// sameContract tells that the details are of the row that is marked.
func sameContract(screen string) bool {
	row, title := openRow(screen)
	all := rows(row)
	if len(all) != 1 {
		return false
	}
	word := map[string]string{"C": "call", "P": "put"}
	r := all[0]
	return strings.HasPrefix(title, r[1]+" "+r[2]+" "+word[r[3]]+" "+r[4])
}

// burstOf names the row of a line: when it began, of which contract. All else of a
// row may change while it is looked at.
func burstOf(line string) string {
	all := rows(line)
	if len(all) == 0 {
		return ""
	}
	return all[0][0][:len("09:30:00")] + " " + strings.Join(all[0][1:], " ")
}

// TestDetailsFollow walks rows with the details open: those of the row under the
// cursor are shown, which is marked, while the tape goes on.
func TestDetailsFollow(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, nil, "--min-premium", "0")
	x.await("rows", func(s string) bool { return live(s) && len(rows(s)) > 12 })
	x.press(enter)
	x.await("details of the row", sameContract)
	for _, key := range []string{"j", "j", "j", "k", "G", "k"} {
		was, _ := openRow(x.screen())
		x.press(key)
		x.await("the details of another row after "+key, func(s string) bool {
			row, _ := openRow(s)
			return sameContract(s) && burstOf(row) != burstOf(was)
		})
	}
	was, _ := openRow(x.screen())
	x.await("rows that came meanwhile", func(s string) bool { return strings.Contains(foot(s), "new ↑ g") })
	if row, _ := openRow(x.screen()); len(rows(row)) != 1 || burstOf(row) != burstOf(was) {
		t.Errorf("the tape took the row away: %q, then %q", was, row)
	}
	x.await("the day", func(s string) bool { return strings.Contains(s, "▲") && !strings.Contains(s, "loading") })
	x.press("v")
	x.await("Contracts with details", func(s string) bool {
		_, title := openRow(s)
		return strings.Contains(head(s), "Contracts") && title != ""
	})
	x.press("v")
	x.awaitText("a row is a ticker here, not a contract")
	x.press("qvvq")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// chart is what stands beside the facts of the details at 120x30.
func chart(screen string) string {
	all := lines(screen)
	at := slices.IndexFunc(all, func(l string) bool { return strings.Contains(l, "esc closes") })
	var out []string
	for _, l := range all[at+1 : len(all)-4] {
		if r := []rune(l); len(r) > 61 {
			out = append(out, strings.TrimRight(string(r[61:]), " ▲▼"))
		}
	}
	return strings.Join(out, "\n")
}

// TestTheChartGoesOn: what trades comes to the chart without anything being asked for.
func TestTheChartGoesOn(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, nil)
	x.await("rows", func(s string) bool { return live(s) && len(rows(s)) > 5 })
	x.press("v")
	x.await("Contracts", func(s string) bool { at, _ := selectedRow(s); return at == 3 && strings.Contains(head(s), "Contracts") })
	x.press(enter)
	read := func(s string) bool { return strings.Contains(s, "esc closes") && strings.Contains(chart(s), "█") }
	_, title := openRow(x.await("a chart", read))
	before := chart(x.screen())
	x.await("a chart that goes on", func(s string) bool {
		_, now := openRow(s)
		return read(s) && now == title && chart(s) != before
	})
	x.press("q")
	x.await("the rows", func(s string) bool { return !strings.Contains(s, "esc closes") })
	x.press("q")
	x.awaitEnd(patience)
}

// TestWhatCameMeanwhile: whoever comes back finds where they left and what came, until
// the next key.
func TestWhatCameMeanwhile(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 50, nil)
	x.await("rows", func(s string) bool { return live(s) && len(rows(s)) > 5 })
	shown := func(s string) bool { return holds(s, "you left here ", " ago ─", " away ", " burst", "largest ") }
	gone := func(s string) bool { return !strings.Contains(s, "you left here") && !strings.Contains(s, " away ") }
	x.lookAway()
	newest := burstOf(x.await("rows", func(s string) bool { return len(rows(s)) > 5 }))
	x.await("rows that come meanwhile", func(s string) bool { return burstOf(s) != "" && burstOf(s) != newest })
	x.press(focusBack)
	x.await("what came", shown)
	x.press("j")
	x.await("no word of it, and the next row", func(s string) bool { at, _ := selectedRow(s); return gone(s) && at > 3 })
	x.press("g ")
	x.awaitText("frozen")
	x.await("rows that come meanwhile", func(s string) bool { return strings.Contains(foot(s), "new space") })
	x.press(" ")
	x.await("what came", shown)
	x.press(escape)
	x.await("no word of it", gone)
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// click is what a terminal sends for a click of the left button on a cell.
func click(x, y int) string {
	return fmt.Sprintf("\x1b[<0;%d;%dM\x1b[<0;%d;%dm", x+1, y+1, x+1, y+1)
}

// clickOn clicks on a text of the screen, in the line that has another one too.
func (x *terminal) clickOn(text, in string) {
	x.t.Helper()
	screen := x.await("a line with "+text+" and "+in, func(s string) bool {
		return slices.ContainsFunc(lines(s), func(l string) bool { return strings.Contains(l, text) && strings.Contains(l, in) })
	})
	all := lines(screen)
	y := slices.IndexFunc(all, func(l string) bool { return strings.Contains(l, text) && strings.Contains(l, in) })
	at := len([]rune(all[y][:strings.Index(all[y], text)]))
	x.press(click(at, y))
}

// TestClicks clicks on each thing that can be clicked.
func TestClicks(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, nil)
	x.await("rows", func(s string) bool { return live(s) && len(rows(s)) > 8 })
	x.clickOn("3 Big", "4 Unusual")
	x.awaitText("[3 Big")
	x.clickOn("2 All", "4 Unusual")
	x.awaitText("[2 All")
	x.clickOn("SIZE", "PREMIUM")
	x.awaitText("by size, falling")
	x.clickOn("TIME", "PREMIUM")
	x.awaitText("newest first")
	x.press(click(20, 6))
	x.await("a row that is held", func(s string) bool { at, _ := selectedRow(s); return at == 6 && strings.Contains(foot(s), "↑ g") })
	x.press(click(20, 6) + click(20, 6))
	x.await("its details", sameContract)
	x.press(click(100, 20)) // in them
	x.press("q")
	x.await("the rows", func(s string) bool { return !strings.Contains(s, "esc closes") })
	x.clickOn("↑ g", "filter")
	x.await("the newest row", func(s string) bool { at, _ := selectedRow(s); return at == 3 && !strings.Contains(foot(s), "↑ g") })
	x.clickOn("freeze", "filter")
	x.awaitText(" frozen ")
	x.clickOn("freeze", "filter")
	x.await("a tape that goes on", func(s string) bool { return !strings.Contains(s, " frozen ") })
	x.clickOn("QQQ ", "P/C")
	x.await("the contracts of QQQ", func(s string) bool { return strings.Contains(head(s), "Contracts  QQQ") })
	x.press(escape)
	x.await("the tape", func(s string) bool { return strings.Contains(head(s), "[2 All") })
	x.press(":mouse off" + enter)
	x.await("a mouse that is let go of", func(string) bool { return strings.Contains(x.written(), "\x1b[?1002l") })
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}
