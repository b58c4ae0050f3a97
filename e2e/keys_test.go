//go:build unix

package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"optflow/ui/keys"
)

// clearEscape is the escape key as terminals with the newer keyboard protocol
// send it: no key right behind it can make alt of it.
const clearEscape = "\x1b[27u"

// keyBytes are what a terminal sends for keys that are not letters.
var keyBytes = map[string]string{
	"enter": enter, "esc": escape, "space": " ", "tab": "\t", "shift+tab": "\x1b[Z", "f1": "\x1bOP",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
	"pgup": "\x1b[5~", "pgdown": "\x1b[6~", "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B",
}

// sent is what a terminal sends for a key of the key table.
func sent(name string) string {
	if bytes, ok := keyBytes[name]; ok {
		return bytes
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return string(rune(letter[0] & 0x1f))
	}
	return name
}

// keyProof shows one line of the key table: what is pressed before, and what is
// to be seen after. Without an end, the key itself leads back to the tape.
type keyProof struct {
	before func(x *terminal)
	shows  func(before, now string) bool
	end    func(x *terminal)
}

// foot and head are the last line and the second one of a screen.
func foot(screen string) string { all := lines(screen); return all[len(all)-1] }
func head(screen string) string { return lines(screen)[1] }

func atTape(screen string) bool { return strings.Contains(foot(screen), "? help") }

// selectedRow is the line with the mark of the selection, and its number.
func selectedRow(screen string) (int, string) {
	all := lines(screen)
	at := slices.IndexFunc(all, func(l string) bool { return strings.HasPrefix(l, "▸") })
	if at < 0 {
		return at, ""
	}
	return at, strings.TrimPrefix(all[at], "▸")
}

// back presses esc until the tape has the keys, then clears what was chosen.
func (x *terminal) back() {
	x.t.Helper()
	// What has the keys shows in the footer. In the tape's, hints make room for counts
	// that grow.
	focus := func(screen string) string {
		shown := foot(screen)
		if strings.HasPrefix(shown, " / filter ") {
			shown = "the tape's"
		}
		return fmt.Sprint(shown, strings.Contains(screen, "esc closes"))
	}
	for was := x.screen(); !atTape(was) || strings.Contains(was, "esc closes"); was = x.screen() {
		x.press(clearEscape)
		x.await("esc closes something", func(now string) bool { return focus(now) != focus(was) })
	}
}

// middle is a screen of 30 lines without what moves by itself: clock, counts and
// totals. The last row of the tape is in it.
func middle(screen string) string {
	all := lines(screen)
	return strings.Join(all[min(2, len(all)):min(26, len(all))], "\n")
}

// pressed presses keys one after the other, each once the one before is seen.
func (x *terminal) pressed(names ...string) {
	x.t.Helper()
	for _, name := range names {
		was := middle(x.screen())
		x.press(sent(name))
		if name == "l" { // colours alone tell of the column cursor
			continue
		}
		x.await("an effect of "+name, func(now string) bool { return middle(now) != was })
	}
}

// still freezes the picture and goes to its first row, so that nothing moves
// but by a key.
func (x *terminal) still() {
	x.t.Helper()
	x.press(" ")
	x.awaitText("frozen")
	x.press("g")
	x.await("the first row", func(s string) bool { at, _ := selectedRow(s); return at == 3 })
}

// thaw ends what still began.
func (x *terminal) thaw() {
	x.t.Helper()
	x.back()
	if strings.Contains(x.screen(), "frozen") {
		x.press(" ")
		x.await("no frozen picture", func(s string) bool { return !strings.Contains(s, "frozen") })
	}
	if strings.Contains(head(x.screen()), "*]") { // without a filter F says so, in the footer's place for seconds
		x.press("F")
	}
	x.press("g")
	x.await("all rows, the newest first", func(s string) bool {
		at, _ := selectedRow(s)
		return at == 3 && atTape(s) && !strings.Contains(head(s), "*]") && strings.Contains(s, "newest first")
	})
}

func contains(texts ...string) func(string, string) bool {
	return func(_, now string) bool { return holds(now, texts...) }
}

// moves tells that the selection is at another place in the same still picture.
func moves(ok func(from, to int) bool) func(string, string) bool {
	return func(before, now string) bool {
		from, was := selectedRow(before)
		to, is := selectedRow(now)
		return to >= 0 && was != is && ok(from, to)
	}
}

func down(from, to int) bool { return to > from }
func up(from, to int) bool   { return to < from }
func any2(_, to int) bool    { return to >= 3 }

func everyRow(ok func(row []string) bool) func(string, string) bool {
	return func(_, now string) bool {
		all := rows(now)
		return len(all) > 0 && !slices.ContainsFunc(all, func(r []string) bool { return !ok(r) })
	}
}

func sorted(by string) func(string, string) bool {
	return func(_, now string) bool { return strings.Contains(head(now), by) }
}

// tapeProofs are those of the tape by the first key; exports go to home.
func tapeProofs(home string) map[string]keyProof {
	toRow := func(names ...string) func(*terminal) {
		return func(x *terminal) { x.still(); x.pressed(names...) }
	}
	first := func(then string) func(*terminal) { // the column cursor on the first column
		return func(x *terminal) { x.still(); x.press(strings.Repeat("h", 30) + then) }
	}
	details := func(x *terminal) { x.still(); x.press(enter); x.awaitText("z larger") }
	scrolledBy := func(keys string) func(*terminal) {
		return func(x *terminal) {
			details(x)
			for _, key := range keys {
				was := x.screen()
				x.press(string(key))
				x.await("scrolled details", func(s string) bool { return scrolled(0, 0)(was, s) })
			}
		}
	}
	found := func(x *terminal) { // of which there are several on the screen
		x.still()
		x.press("\x06" + strings.ToLower(commonest(x.screen())))
		x.awaitText("enter stay")
		x.press(enter)
		x.await("the tape", atTape)
	}
	toTape := func(x *terminal) { // from a page that esc leaves
		x.press(clearEscape)
		x.await("the tabs", func(s string) bool { return sorted("[2 All")("", s) })
	}
	filtered := func(x *terminal) {
		x.still()
		x.press("c")
		x.await("calls", func(s string) bool { return everyRow(isCall)("", s) })
	}
	return map[string]keyProof{
		"/": {nil, contains("enter keep"), nil},
		"f": {(*terminal).still, func(before, now string) bool { return everyRow(sameTicker(before))("", now) }, nil},
		"x": {(*terminal).still, func(before, now string) bool {
			return everyRow(func(r []string) bool { return !sameTicker(before)(r) })("", now)
		}, nil},
		"t": {nil, contains("[x] SPY", "space check"), nil},
		"i": {nil, contains("bursts 1m"), func(x *terminal) {
			for _, to := range []string{"5m", "30m", "off", "10s"} {
				x.press("i")
				x.awaitText("bursts " + to)
			}
		}},
		"s": {toRow("l"), sorted("oldest first"), func(x *terminal) { x.press("s"); x.awaitText("newest first") }},
		"S": {nil, contains("Sort by", "p PREMIUM", "esc leave"), nil},
		"C": {nil, contains("Columns of tab All", "[x] PREMIUM"), nil},
		"T": {nil, contains("All: ", "enter keep"), nil},
		"v": {nil, sorted("Contracts"), func(x *terminal) {
			x.pressed("v", "v")
			x.press("v")
			x.await("the tape", func(s string) bool { return sorted("Tape")("", s) })
		}},
		"space":  {nil, contains("frozen"), nil},
		"enter":  {(*terminal).still, contains("z larger", "esc closes"), nil},
		"c":      {(*terminal).still, everyRow(isCall), nil},
		"p":      {(*terminal).still, everyRow(func(r []string) bool { return !isCall(r) }), nil},
		"F":      {filtered, func(_, now string) bool { return !everyRow(isCall)("", now) }, nil},
		"u":      {filtered, func(_, now string) bool { return !everyRow(isCall)("", now) }, nil},
		"?":      {nil, contains("Reading the screen"), nil},
		"j":      {(*terminal).still, moves(down), nil},
		"k":      {toRow("j", "j"), moves(up), nil},
		"pgdown": {(*terminal).still, moves(any2), nil},
		"pgup":   {toRow("pgdown"), moves(any2), nil},
		"ctrl+d": {(*terminal).still, moves(any2), nil},
		"ctrl+u": {toRow("pgdown"), moves(any2), nil},
		"g":      {toRow("G"), moves(func(_, to int) bool { return to == 3 }), nil},
		"G":      {(*terminal).still, moves(any2), nil},
		"l":      {first(""), func(_, now string) bool { return now != "" }, sortsBy("by mark")},
		"h":      {first("ll"), func(_, now string) bool { return now != "" }, sortsBy("by mark")},
		"ctrl+f": {nil, contains("enter stay"), nil},
		"n":      {found, moves(down), nil},
		"N":      {found, moves(any2), nil},
		"z":      {details, contains("z smaller"), func(x *terminal) { x.press("z"); x.awaitText("z larger") }},
		"]":      {(*terminal).still, func(before, now string) bool { return moves(down)(before, now) && marked(now) }, nil},
		"[":      {toRow("]", "]"), func(before, now string) bool { return moves(up)(before, now) && marked(now) }, nil},
		"w":      {(*terminal).still, contains("is pinned"), func(x *terminal) { x.press("w"); x.awaitText("no longer pinned") }},
		"y":      {(*terminal).still, contains("sent to the terminal: O:"), nil},
		"Y":      {(*terminal).still, contains("sent to the terminal: ", "SIM"), nil},
		"ctrl+g": {nil, contains("sent to the terminal: optflow tail"), nil},
		"e": {(*terminal).still, func(_, now string) bool {
			files, _ := filepath.Glob(filepath.Join(home, "*.csv"))
			return len(files) == 1 && strings.Contains(now, filepath.Base(files[0]))
		}, nil},
		"tab":       {nil, sorted("[3 Big"), func(x *terminal) { x.press("2"); x.awaitText("[2 All") }},
		"shift+tab": {nil, sorted("[1 Top"), func(x *terminal) { x.press("2"); x.awaitText("[2 All") }},
		"r":         {nil, contains("polling now"), nil},
		"m":         {nil, contains("Messages"), nil},
		"A":         {nil, contains(" Alerts "), toTape},
		"L":         {nil, contains(" Ledger "), toTape},
		"M":         {func(x *terminal) { x.press("A"); x.awaitText(" Alerts ") }, contains("whose rule could be muted"), toTape},
		"a":         {nil, contains("New alert", "› when", "would have fired"), nil},
		":":         {nil, contains("enter do"), nil},
		"ctrl+l":    {nil, nil, nil}, // TestRedraw
		"ctrl+z":    {nil, nil, nil}, // TestFault57SuspendAndResume
		"J":         {details, scrolled(0, 1), nil},
		"K":         {scrolledBy("JJ"), scrolled(1, 0), nil},
		"}":         {details, scrolled(0, 0), nil},
		"{":         {scrolledBy("}"), func(_, now string) bool { return strings.HasPrefix(facts(now)[0], " row ") }, nil},
		"esc":       {details, func(_, now string) bool { return !strings.Contains(now, "z larger") }, nil},
		"q":         {details, func(_, now string) bool { return !strings.Contains(now, "z larger") }, nil},
		"ctrl+c":    {nil, nil, nil}, // TestFault57ControlC
	}
}

// facts are the two lines that the details begin with, without the chart.
func facts(screen string) [2]string {
	all := lines(screen)
	at := slices.IndexFunc(all, func(l string) bool { return strings.Contains(l, "esc closes") })
	if at < 0 || at+2 >= len(all) {
		return [2]string{}
	}
	left := func(l string) string { return strings.TrimRight(string([]rune(l)[:min(60, len([]rune(l)))]), " ") }
	return [2]string{left(all[at+1]), left(all[at+2])}
}

// scrolled tells that the details begin elsewhere, with the line at from where it
// stood at to before; by pages, with another one.
func scrolled(from, to int) func(string, string) bool {
	return func(before, now string) bool {
		was, is := facts(before), facts(now)
		return is[0] != was[0] && (from == to || is[from] == was[to])
	}
}

// commonest is the ticker of most rows on a screen.
func commonest(screen string) (ticker string) {
	n := make(map[string]int)
	for _, row := range rows(screen) {
		if n[row[1]]++; n[row[1]] > n[ticker] {
			ticker = row[1]
		}
	}
	return ticker
}

func isCall(row []string) bool { return row[3] == "C" }

// sameTicker tells rows of the ticker that is selected on a screen.
func sameTicker(before string) func(row []string) bool {
	_, line := selectedRow(before)
	ticker := ""
	if all := rows(line); len(all) == 1 {
		ticker = all[0][1]
	}
	return func(row []string) bool { return row[1] == ticker }
}

// marked reports whether the selected row carries a mark.
func marked(screen string) bool {
	_, line := selectedRow(screen)
	return strings.ContainsAny(strings.SplitN(strings.TrimSpace(line), " ", 2)[1][:6], "WUu>=")
}

// sortsBy proves where the column cursor is: s sorts by it.
func sortsBy(by string) func(x *terminal) {
	return func(x *terminal) {
		x.press("s")
		x.await("sorted "+by, func(s string) bool { return sorted(by)("", s) })
		x.press(":sort time" + enter)
		x.awaitText("newest first")
	}
}

// TestEveryKey presses every key of the key table on the real program and looks
// for what it is to do. A key without a proof fails.
func TestEveryKey(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	// The working directory is where exports go.
	cmd := exec.Command(binary(t), "--mouse=false", "--reduced-motion")
	cmd.Dir, cmd.Env = home, cleanEnv(t, "PWD="+home)
	x := startCommand(t, 120, 30, cmd, nil)
	x.await("a full tape of several tickers, with marks", func(s string) bool {
		tickers := make(map[string]int)
		for _, row := range rows(s) {
			tickers[row[1]]++
			tickers[row[3]]++
		}
		return live(s) && len(rows(s)) > 20 && len(tickers) == 5 && strings.Contains(s, " = ")
	})
	x.press("2")
	x.awaitText("[2 All")
	x.thaw()
	proofs := tapeProofs(home)
	places := placeProofs()
	proved, all := 0, 0
	for _, key := range keys.Table() {
		if key.Where == keys.InReplay {
			continue // TestKeysOfAReplay
		}
		all++
		proof, ok := proofs[key.Keys()[0]]
		if key.Where != keys.InTape {
			proof, ok = places[key.Where+" "+key.Keys()[0]]
		} else if key.Keys()[0] == "1" {
			for i, name := range key.Keys()[:5] {
				x.press(name)
				x.await("tab "+name, func(s string) bool { return strings.Contains(head(s), "["+name) })
				proved += 1 - min(i, 1)
			}
			x.press("9")
			x.awaitText("there is no tab 9")
			x.press("2")
			x.awaitText("[2 All")
			continue
		}
		if !ok {
			t.Errorf("%s: no proof of what %s does (%s)", key.Where, key.Help().Key, key.Help().Desc)
			continue
		}
		if proved++; proof.shows == nil {
			continue
		}
		for _, name := range key.Keys() {
			t.Logf("%s: %s", key.Where, name)
			if proof.before != nil {
				proof.before(x)
			}
			before := x.screen()
			x.press(sent(name))
			x.await(key.Where+": "+name+": "+key.Help().Desc, func(now string) bool { return proof.shows(before, now) })
			if proof.end != nil {
				proof.end(x)
			}
			x.thaw()
		}
	}
	if proved != all {
		t.Errorf("%d of %d lines of the key table are proved", proved, all)
	}
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// placeProofs are those of the lines and boxes.
func placeProofs() map[string]keyProof {
	open := func(key, then, shows string) func(*terminal) {
		return func(x *terminal) {
			x.still()
			x.press(sent(key))
			x.awaitText(shows)
			x.press(then)
			x.awaitText(then)
		}
	}
	filter := open("/", "calls", "enter keep")
	find := open("ctrl+f", "q", "enter stay")
	picker := func(x *terminal) { x.still(); x.press("t"); x.awaitText("[x] SPY") }
	help := func(x *terminal) { x.press("?"); x.awaitText("Reading the screen") }
	helpFor := func(what, then string) func(*terminal) { // the help with a search, once typed, then kept or not
		return func(x *terminal) {
			help(x)
			x.press("/" + what)
			x.await("the hits of "+what, func(s string) bool { return holds(s, " / "+what, "▸*") })
			x.press(then)
			x.await("the search, as it is", func(s string) bool { return then == "" || strings.Contains(foot(s), "n N next") })
		}
	}
	command := open(":", "sort size", "enter do")
	alert := func(x *terminal) { x.press("a"); x.awaitText("› when") }
	boxed := func(screen string) string { // the line of the picker's cursor
		for _, l := range lines(screen) {
			if at := strings.Index(l, "▸ ["); at >= 0 {
				return l[at:]
			}
		}
		return ""
	}
	columns := func(then ...string) func(*terminal) {
		return func(x *terminal) { x.still(); x.press("C"); x.awaitText("Columns of tab All"); x.pressed(then...) }
	}
	heads := func(same bool) func(string, string) bool { // of the columns
		return func(before, now string) bool { return (lines(before)[2] == lines(now)[2]) == same }
	}
	return map[string]keyProof{
		keys.InFilter + " enter": {filter, func(_, now string) bool { return atTape(now) && everyRow(isCall)("", now) }, nil},
		keys.InFilter + " esc":   {filter, func(_, now string) bool { return atTape(now) && !everyRow(isCall)("", now) }, nil},
		keys.InFilter + " tab":   {open("/", "unus", "enter keep"), contains("/ unusual"), nil},
		keys.InFilter + " up":    {someFilters, func(before, now string) bool { return filterLine(now) != "" && filterLine(now) != filterLine(before) }, nil},
		keys.InFind + " enter":   {find, func(_, now string) bool { return atTape(now) }, nil},
		keys.InFind + " down":    {find, moves(any2), nil},
		keys.InFind + " esc":     {find, func(_, now string) bool { return atTape(now) }, nil},
		keys.InPicker + " space": {picker, func(before, now string) bool {
			return strings.HasPrefix(boxed(now), "▸ [") && boxed(now)[:6] != boxed(before)[:6]
		}, nil},
		keys.InPicker + " enter":   {picker, func(_, now string) bool { return atTape(now) }, nil},
		keys.InPicker + " esc":     {picker, func(_, now string) bool { return atTape(now) }, nil},
		keys.InPicker + " up":      {func(x *terminal) { picker(x); x.pressed("down", "down") }, func(before, now string) bool { return boxed(now) != boxed(before) }, nil},
		keys.InHelp + " j":         {func(x *terminal) { help(x); x.pressed("pgdown") }, func(before, now string) bool { return moves(any2)(before, now) || now != before }, nil},
		keys.InHelp + " enter":     {helpFor("filter the rows", enter), contains("enter keep"), nil}, // the line of the filter's key
		keys.InHelp + " /":         {help, contains("enter stay", "↓ ↑ next"), func(x *terminal) { x.press(clearEscape); x.awaitText("n N next") }},
		keys.InHelp + " n":         {helpFor("twin", enter), func(before, now string) bool { return now != before && strings.Contains(now, "▸*") }, nil},
		keys.InHelpFind + " enter": {helpFor("twin", ""), contains("n N next", "▸*"), nil},
		keys.InHelpFind + " down":  {helpFor("twin", ""), func(before, now string) bool { return now != before && strings.Contains(now, "▸*") }, nil},
		keys.InHelpFind + " esc": {helpFor("twin", ""), func(_, now string) bool {
			return strings.Contains(foot(now), "n N next") && !strings.Contains(now, "▸*")
		}, nil},
		keys.InHelp + " esc": {help, func(_, now string) bool { return atTape(now) }, nil},
		keys.InMessages + " j": {func(x *terminal) { manyMessages(x); x.pressed("pgdown") }, func(before, now string) bool {
			return now != before && strings.Contains(now, "▲") || !strings.Contains(now, "▲") && strings.Contains(before, "▲")
		}, nil},
		keys.InMessages + " esc":  {func(x *terminal) { x.press("m"); x.awaitText("Messages") }, func(_, now string) bool { return atTape(now) }, nil},
		keys.InCommand + " enter": {command, func(_, now string) bool { return sorted("by size")("", now) }, func(x *terminal) { x.press(":sort time" + enter); x.awaitText("newest first") }},
		keys.InCommand + " tab":   {open(":", "sort prem", "enter do"), contains("sort premium"), nil},
		keys.InCommand + " up": {func(x *terminal) {
			x.still()
			x.press(":")
			x.awaitText("enter do")
			x.press("\x1b[A\x1b[A")
			x.awaitText(":sort size")
		}, func(before, now string) bool { return now != before }, nil},
		keys.InRule + " enter": {func(x *terminal) {
			alert(x)
			x.press("\x15prem>=900m")
			x.awaitText("prem>=900m")
		}, contains("is in force"), nil},
		keys.InRule + " tab": {alert, contains("› on    burst"), nil},
		keys.InRule + " up": {func(x *terminal) {
			alert(x)
			x.press("\t")
			x.awaitText("› on    burst")
			x.press("\x1b[A")
			x.awaitText("› on    contract")
		}, func(_, now string) bool {
			return strings.Contains(now, "› on ") && !strings.Contains(now, "› on    contract")
		}, nil},
		keys.InRule + " esc":      {alert, func(_, now string) bool { return atTape(now) }, nil},
		keys.InCommand + " esc":   {command, func(_, now string) bool { return atTape(now) }, nil},
		keys.InColumns + " space": {columns("j"), heads(false), nil},
		keys.InColumns + " J":     {columns("j"), heads(false), nil},
		keys.InColumns + " K":     {columns("j"), heads(false), nil},
		keys.InColumns + " r":     {columns("j", "space"), heads(false), nil},
		keys.InColumns + " enter": {columns("j", "space"), func(before, now string) bool {
			return strings.Contains(foot(now), "keeps these columns") && heads(true)(before, now)
		}, func(x *terminal) { x.press(":columns reset" + enter); x.awaitText("[2 All]") }},
		keys.InColumns + " esc": {columns("j", "space"), func(before, now string) bool { return atTape(now) && heads(false)(before, now) }, nil},
		keys.InColumns + " j":   {columns("j", "j"), func(before, now string) bool { return boxed(now) != boxed(before) }, nil},
		keys.InSort + " esc":    {func(x *terminal) { x.press("S"); x.awaitText("Sort by") }, func(_, now string) bool { return atTape(now) }, nil},
	}
}

// manyMessages says more than fits on the screen.
func manyMessages(x *terminal) {
	x.press(strings.Repeat("yY", 20))
	x.press("m")
	x.await("a screen full of messages", func(s string) bool { return strings.Contains(s, "▼") })
}

// someFilters has some that were used earlier, and shows one of them in the line.
func someFilters(x *terminal) {
	x.still()
	for _, text := range []string{"itm", "otm", "atm", "whale"} {
		x.press(":filter " + text + enter)
		x.await("the filter "+text, func(s string) bool { return strings.Contains(head(s), "of") && atTape(s) })
	}
	x.press("/")
	x.awaitText("enter keep")
	x.press("\x1b[A\x1b[A")
	x.await("an earlier filter", func(s string) bool { return filterLine(s) == "atm" })
}

// filterLine is what stands in the filter line, "" when it is not open.
func filterLine(screen string) string {
	all := lines(screen)
	fields := strings.Fields(all[len(all)-2])
	if len(fields) < 2 || fields[0] != "/" {
		return ""
	}
	return fields[1]
}

// TestRedraw: ctrl+l paints everything anew, over whatever another program wrote
// on the terminal.
func TestRedraw(t *testing.T) {
	t.Parallel()
	x := start(t, 80, 24, nil)
	x.awaitLive()
	x.press(" ")
	x.awaitText("frozen")
	if _, err := x.slave.WriteString("\x1b[5;1Hwall: the system goes down"); err != nil {
		t.Fatal(err)
	}
	x.awaitText("wall: the system goes down")
	x.press("\f")
	x.await("no foreign text", func(s string) bool { return !strings.Contains(s, "wall:") && strings.Contains(s, "frozen") })
	x.press("q")
	x.awaitEnd(patience)
}
