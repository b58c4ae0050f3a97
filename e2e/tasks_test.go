//go:build unix

package e2e

import (
	"encoding/csv"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/model"
)

// tasksRun is a run of the program in which tasks of docs/tasks.md are done one after the other.
type tasksRun struct {
	name  string
	start func(t *testing.T) *terminal
	tasks func(x *terminal) []task
	after func(x *terminal) // once the tasks are done, nil: the program is left by q
}

// task is one of the table, with what is to be seen after each group of its keys.
type task struct {
	name  string
	steps []step
}

// step is what is to be seen once the keys of a group were pressed, and not before.
type step struct {
	given func() // what there is before, nil: what the step before left
	shows func(before, now string) bool
	also  func(now string) // what is to be held beside the screen
}

// single is a task of one group of keys.
func single(name string, given func(), shows func(before, now string) bool) task {
	return task{name, []step{{given: given, shows: shows}}}
}

// TestTasks plays each task of docs/tasks.md with the keys that stand there.
func TestTasks(t *testing.T) {
	all, left := tasksOfTheDocument(t), map[string]bool{}
	for name := range all {
		left[name] = true
	}
	t.Run("in", func(t *testing.T) {
		for _, r := range tasksRuns() {
			for _, task := range r.tasks(nil) {
				if delete(left, task.name); len(all[task.name]) != len(task.steps) {
					t.Fatalf("%s: docs/tasks.md has %d groups of keys, the test %d", task.name, len(all[task.name]), len(task.steps))
				}
			}
			t.Run(r.name, func(t *testing.T) {
				t.Parallel()
				x := r.start(t)
				for _, task := range r.tasks(x) {
					x.play(task, all[task.name])
				}
				if r.after != nil {
					r.after(x)
					return
				}
				if strings.Contains(x.screen(), "esc closes") {
					x.back()
				}
				x.press("q")
				if code := x.awaitEnd(patience); code != 0 {
					t.Errorf("exit code %d", code)
				}
				x.assertRestored()
			})
		}
	})
	for name := range left {
		t.Errorf("docs/tasks.md has %q, which is not played", name)
	}
}

// play does a task.
func (x *terminal) play(task task, groups [][]string) {
	x.t.Helper()
	for i, s := range task.steps {
		if s.given != nil {
			s.given()
		}
		before := x.screen()
		if len(groups[i]) > 0 && s.shows(before, before) {
			x.t.Errorf("%s: %v: seen before the keys were pressed\n%s", task.name, groups[i], before)
		}
		x.press(strings.Join(groups[i], ""))
		now := x.await(task.name, func(now string) bool { return s.shows(before, now) })
		if s.also != nil {
			s.also(now)
		}
	}
}

var (
	taskLine = regexp.MustCompile("(?m)^\\| ([^|]+) \\| ([^|]*[`*]) \\|")
	taskKey  = regexp.MustCompile("`([^`]+)`|\\*([^*]+)\\*")
	// what a terminal sends where no key is pressed
	taskWords = map[string]string{"come back": focusBack, "start it": ""}
)

// tasksOfTheDocument are what a terminal sends for the groups of keys of each task.
func tasksOfTheDocument(t *testing.T) map[string][][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/tasks.md"))
	if err != nil {
		t.Fatal(err)
	}
	tasks := map[string][][]string{}
	for _, line := range taskLine.FindAllStringSubmatch(string(text), -1) {
		for group := range strings.SplitSeq(line[2], " · ") {
			var keys []string
			for _, key := range taskKey.FindAllStringSubmatch(group, -1) {
				word, known := taskWords[key[2]]
				switch {
				case key[1] != "":
					keys = append(keys, sent(key[1]))
				case !known:
					t.Fatalf("%s: no keys are known for %q", line[1], key[2])
				case word != "":
					keys = append(keys, word)
				}
			}
			tasks[line[1]] = append(tasks[line[1]], keys)
		}
	}
	if len(tasks) < 16 {
		t.Fatalf("docs/tasks.md has %d tasks", len(tasks))
	}
	return tasks
}

func tasksRuns() []tasksRun {
	home, state := "", "" // of the runs that write files
	return []tasksRun{
		{"the tape", func(t *testing.T) *terminal {
			state = t.TempDir()
			return startForTasks(t, "XDG_STATE_HOME="+state)
		}, tasksOfTheTape, func(x *terminal) {
			x.assertRestored()
			kept, err := os.ReadFile(filepath.Join(state, "optflow", "state.toml"))
			if err != nil || !strings.Contains(string(kept), "TSLA") || !strings.Contains(string(kept), "AMD") {
				x.t.Errorf("the tickers were not kept: %v %s", err, kept)
			}
		}},
		{"details", func(t *testing.T) *terminal { return startForTasks(t) }, tasksOfARow, nil},
		{"time", func(t *testing.T) *terminal { return startForTasks(t) }, tasksOfTime, nil},
		{"views", func(t *testing.T) *terminal {
			home = t.TempDir()
			cmd := exec.Command(binary(t))
			cmd.Dir, cmd.Env = home, cleanEnv(t, "PWD="+home)
			x := startCommand(t, 120, 30, cmd, nil)
			x.awaitLive()
			return x
		}, func(x *terminal) []task { return tasksOfViews(x, func() string { return home }) }, nil},
		{"tabs", func(t *testing.T) *terminal {
			dir := t.TempDir()
			t.Cleanup(func() {
				if !t.Failed() {
					x := startForTasks(t, "XDG_STATE_HOME="+dir)
					x.awaitText("[6 Big puts]", "only calls · rings")
					x.press("q")
					x.awaitEnd(patience)
				}
			})
			return startForTasks(t, "XDG_STATE_HOME="+dir)
		}, tasksOfTabs, nil},
		{"hidden", func(t *testing.T) *terminal { return startForTasks(t) }, tasksOfEmptyScreens, nil},
		{"tmux", startInTmux, tasksInTmux, nil},
		{"light", func(t *testing.T) *terminal {
			return startOn(t, 120, 30, exec.Command(binary(t)), nil, color.White)
		}, tasksOnWhite, nil},
	}
}

// startForTasks starts the program as anybody does, but for its home.
func startForTasks(t *testing.T, env ...string) *terminal {
	t.Helper()
	x := start(t, 120, 30, env)
	x.await("a full tape", func(s string) bool { return live(s) && len(rows(s)) > 15 })
	return x
}

// fresh has the tape without a filter, the newest row first. No key says anything
// that stays in the last line.
func (x *terminal) fresh() {
	x.t.Helper()
	if strings.Contains(x.screen(), "esc closes") {
		x.back()
	}
	if s := x.screen(); !strings.Contains(head(s), "newest first") {
		x.press(":sort time" + enter)
	}
	if strings.Contains(head(x.screen()), " / ") {
		x.press("F")
	}
	if strings.Contains(x.screen(), " frozen ") {
		x.press(" ")
	}
	x.press("g")
	x.await("the newest row of all", func(s string) bool {
		at, _ := selectedRow(s)
		return at == 3 && len(rows(s)) > 15 && strings.Contains(head(s), "newest first") && !strings.Contains(head(s), " / ") && !strings.Contains(s, " frozen ")
	})
}

func tasksOfTheTape(x *terminal) []task {
	fresh := func() { x.fresh() }
	return []task{
		single("follow TSLA and AMD too", nil, func(_, now string) bool {
			of := map[string]bool{}
			for _, r := range rows(now) {
				of[r[1]] = true
			}
			return !strings.Contains(now, "┌ Tickers") && of["TSLA"] && of["AMD"] && (of["SPY"] || of["QQQ"])
		}),
		single("only calls over $250K that expire this week", fresh, func(_, now string) bool {
			friday := (5 - int(model.TradingDate(time.Now().UnixMilli()).Weekday()) + 7) % 7
			return atTape(now) && everyTapeRow(now, func(r tapeRow) bool { return r.kind == "C" && r.premium >= 250_000 && r.dte <= friday })
		}),
		single("undo", nil, func(_, now string) bool {
			return !strings.Contains(head(now), "/ calls") && len(rows(now)) > 15 && !everyRow(isCall)("", now)
		}),
		single("the biggest of the last five minutes", fresh, func(_, now string) bool {
			clock := regexp.MustCompile(`(\d\d):(\d\d):(\d\d) ET`).FindStringSubmatch(now)
			if clock == nil {
				return false
			}
			at, _ := time.Parse("15:04:05", strings.TrimSuffix(clock[0], " ET"))
			then := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
			return strings.Contains(head(now), "by premium, falling") && falling(under(now, "↓PREMIUM")) && everyTapeRow(now, func(r tapeRow) bool {
				return (then-r.time+24*time.Hour)%(24*time.Hour) <= 5*time.Minute+time.Second
			})
		}),
		single("sort by size", fresh, func(_, now string) bool {
			return strings.Contains(head(now), "by size, falling") && falling(under(now, "↓SIZE"))
		}),
		{"quit", []step{{given: fresh, shows: func(_, now string) bool { return strings.TrimSpace(now) == "" }, also: func(string) {
			if code := x.awaitEnd(patience); code != 0 {
				x.t.Errorf("exit code %d", code)
			}
		}}}},
	}
}

var (
	saysB = regexp.MustCompile(` [CP] \d\d\w{3}\d\d +\d+ B[?~ ] `)
	// atBid is the line of the details that says why the side of a window is B, with
	// both prices; ofBurst that of a burst, with how much of it is
	// where its windows are known.
	atBid    = regexp.MustCompile(`side +B: high ([\d.]+) ≤ bid ([\d.]+)`)
	ofBurst  = regexp.MustCompile(`side +B: a burst takes the side of at least 70% of.*\n +its size(?:: (.*) of ([\d,]+))?`)
	sizesOfB = regexp.MustCompile(`\bBB? ([\d,]+)`) // what is below the bid is at it, too
)

// whyB tells that the details say with numbers why it is B, and the numbers do.
func whyB(screen string) bool {
	if m := atBid.FindStringSubmatch(screen); m != nil {
		return numbered(m[1]) <= numbered(m[2])
	}
	m, size := ofBurst.FindStringSubmatch(screen), 0.0
	if m == nil || m[1] == "" {
		return m != nil
	}
	for _, part := range sizesOfB.FindAllStringSubmatch(m[1], -1) {
		size += numbered(part[1])
	}
	return size >= 0.7*numbered(m[2])
}

func tasksOfARow(x *terminal) []task {
	return []task{
		single("why does this row say B", func() {
			x.await("a row that says B", func(s string) bool { return slices.ContainsFunc(lines(s), saysB.MatchString) })
			x.press(" \x06side=B" + enter) // a row still grows, and its side with it
			x.await("the cursor on it", func(s string) bool {
				_, row := selectedRow(s)
				return atTape(s) && saysB.MatchString(row)
			})
		}, func(_, now string) bool {
			return sameContract(now) && whyB(now) && strings.Contains(now, "it says where it traded, not who wanted it")
		}),
		{"one contract's day, then the next row's", []step{
			{given: x.fresh, shows: func(_, now string) bool { return sameContract(now) && dayShown(now) }},
			{shows: func(before, now string) bool {
				was, _ := openRow(before)
				row, _ := openRow(now)
				return sameContract(now) && dayShown(now) && row != "" && rows(row)[0][0] != rows(was)[0][0]
			}},
		}},
	}
}

// dayShown tells that the details have the contract's day: its line and its volume.
func dayShown(screen string) bool {
	return strings.Contains(screen, "esc closes") && !strings.Contains(screen, "loading") && strings.Contains(chart(screen), "█")
}

func tasksOfTime(x *terminal) []task {
	return []task{
		{"pause, scroll back, return", []step{
			{shows: contains(" frozen ")},
			{shows: func(before, now string) bool {
				return strings.Contains(now, " frozen ") && rows(now)[0][0] < rows(before)[0][0]
			}, also: func(string) {
				x.await("rows that come meanwhile", func(s string) bool { return strings.Contains(foot(s), "new space") })
			}},
			{shows: func(before, now string) bool {
				at, _ := selectedRow(now)
				return !strings.Contains(now, " frozen ") && at == 3 && !strings.Contains(foot(now), "↑ g") &&
					len(rows(now)) > 15 && rows(now)[0][0] > rows(before)[0][0]
			}},
		}},
		single("what changed while I was away", func() {
			x.press(focusLost + "j")
			x.await("an effect of what was sent behind it", func(s string) bool { at, _ := selectedRow(s); return at > 3 })
			x.press("g")
			newest := x.await("the newest row", func(s string) bool { at, _ := selectedRow(s); return at == 3 })
			x.await("rows that come meanwhile", func(s string) bool { return rows(s)[0][0] != rows(newest)[0][0] })
		}, contains("you left here ", " ago ─", " away ", " burst", "largest ")),
	}
}

func tasksOfViews(x *terminal, home func() string) []task {
	return []task{
		single("which ticker has the most put premium", nil, func(_, now string) bool {
			at, _ := selectedRow(now)
			return strings.Contains(head(now), "Tickers") && at == 3 && falling(under(now, "↓PUTS"))
		}),
		{"export the contracts", []step{
			{given: func() {
				x.press("vv")
				x.await("the tape", func(s string) bool { return sorted("[2 All")("", s) })
			}, shows: func(_, now string) bool {
				return strings.Contains(head(now), "Contracts") && len(under(now, "↓PREMIUM")) > 15
			}},
			{shows: func(_, now string) bool { return strings.Contains(foot(now), " rows in ") }, also: func(now string) {
				files, _ := filepath.Glob(filepath.Join(home(), "optflow-contracts-SIM-*.csv"))
				if len(files) != 1 {
					x.t.Fatalf("%d files", len(files))
				}
				text, err := os.ReadFile(files[0])
				if err != nil {
					x.t.Fatal(err)
				}
				table, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
				said := regexp.MustCompile(`([\d,]+) rows in `).FindStringSubmatch(foot(now))
				if err != nil || float64(len(table)-1) != numbered(said[1]) || !strings.Contains(foot(now), filepath.Base(files[0])) {
					x.t.Errorf("%v: %d lines, the screen says %q", err, len(table), foot(now))
				}
			}},
		}},
	}
}

func tasksOfTabs(x *terminal) []task {
	return []task{{"save a filter as a tab with a bell, edit it", []step{
		{shows: contains("[6 Big puts]", "only puts prem>=10k")},
		{shows: contains("only puts prem>=10k · rings"), also: func(string) {
			x.press("2")
			x.await("bursts counted on the tab", func(s string) bool { return strings.Contains(head(s), "6 Big puts+") })
			x.await("a bell", func(string) bool { return strings.Contains(x.written(), "\a") }) // which others ring than count
			x.press("6")
			x.awaitText("[6 Big puts]")
		}},
		{shows: func(_, now string) bool {
			return strings.Contains(head(now), "only calls · rings") && atTape(now) && everyRow(isCall)("", now)
		}},
	}}}
}

func tasksOfEmptyScreens(x *terminal) []task {
	again := func(before, now string) bool { return atTape(now) && len(rows(now)) > 15 }
	return []task{{"get rid of a filter that hides everything", []step{
		{given: func() {
			x.press("/size>90000000" + enter)
			x.awaitText("no row matches the filter", "F clears it")
		}, shows: again},
		{given: func() {
			x.press(":tab filter size>90000000" + enter)
			x.awaitText("tab All shows only size>90000000", "T changes the tab's filter")
		}, shows: again},
	}}}
}

// startInTmux starts the program in tmux as it is set from the start, which keeps
// OSC 52 of its programs from the clipboard.
func startInTmux(t *testing.T) *terminal {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("skipped: tmux is not installed")
	}
	tmuxEnv = cleanEnv(t, "TMUX_TMPDIR="+t.TempDir())
	cmd := exec.Command("tmux", "-f", "/dev/null", "new-session", binary(t))
	cmd.Env = tmuxEnv
	x := startCommand(t, 120, 31, cmd, nil) // tmux has the last line
	t.Cleanup(func() { _, _ = tmux("kill-server") })
	x.awaitLive()
	return x
}

var tmuxEnv []string // of the one that has tmux

func tmux(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-f", "/dev/null"}, args...)...)
	cmd.Env = tmuxEnv
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func tasksInTmux(x *terminal) []task {
	said := regexp.MustCompile(`copied to tmux: (O:\w+)`)
	return []task{{"copy a contract inside tmux", []step{{
		shows: func(_, now string) bool { return said.MatchString(now) },
		also: func(now string) {
			symbol := said.FindStringSubmatch(now)[1]
			if got, err := tmux("show-buffer"); err != nil || strings.TrimSpace(got) != symbol {
				x.t.Errorf("tmux has %q (%v), the screen says %s", got, err, symbol)
			}
		},
	}}}}
}

func tasksOnWhite(x *terminal) []task {
	legible := func(_, now string) bool { return live(now) && len(rows(now)) > 15 && x.faintest() >= 2 }
	return []task{{"light terminal", []step{
		{shows: legible},
		{given: func() {
			x.press(":theme dark" + enter)
			x.await("a dark theme on white", func(s string) bool { return atTape(s) && x.faintest() < 2 })
		}, shows: legible},
	}}}
}
