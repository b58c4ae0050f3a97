//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/history"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// recordedDay is what the log of the one day in a folder comes to, file by file.
type recordedDay struct {
	tape *tape.Writer
	book *book.Book
	then map[string]model.Account // after the first file
	gone int64                    // ms: when that ended
	went int64                    // ms: when the next one began
}

func readDay(t *testing.T, root string) *recordedDay {
	t.Helper()
	stores, err := history.Stores(root)
	if err != nil || len(stores) != 1 {
		t.Fatalf("%v, %v", stores, err)
	}
	days, err := stores[0].Days()
	if err != nil || len(days) != 1 {
		t.Fatalf("%v, %v", days, err)
	}
	to := tape.New(tape.Options{KeepMillis: 3600_000})
	d := &recordedDay{tape: to, book: book.New(to, book.Options{})}
	var reader daylog.Decoder
	files, now := 0, int64(0)
	for b, err := range days[0].Blocks(context.Background(), nil) {
		if err != nil || b.Hole != nil {
			t.Fatalf("%v, %+v", err, b.Hole)
		}
		if b.Begins {
			if files++; files == 2 {
				d.then, d.gone = accountsOf(d.book, to), now
			}
		}
		if err := reader.Ops(b.Unpacked, daylog.Reader{Input: func(in book.Input) {
			d.book.Apply(in)
			if tick, is := in.(*book.Tick); is {
				if now = tick.Now; files == 2 && d.went == 0 {
					d.went = now
				}
			}
		}}); err != nil {
			t.Fatal(err)
		}
	}
	if files != 2 {
		t.Fatalf("%d files", files)
	}
	to.Publish()
	return d
}

func accountsOf(b *book.Book, t *tape.Writer) map[string]model.Account {
	all := map[string]model.Account{}
	for a := range b.Accounts {
		all[t.Contracts.At(a.Contract).Symbol] = a
	}
	return all
}

// key is a window of a contract.
type key struct {
	contract string
	start    int64
}

// baselined reports whether the log says that a ticker's first sweep was whole, and
// what came of it since.
func baselined(root string) bool {
	stores, err := history.Stores(root)
	if err != nil || len(stores) == 0 {
		return false
	}
	days, err := stores[0].Days()
	if err != nil || len(days) == 0 {
		return false
	}
	var reader daylog.Decoder
	var at, now int64
	for b, err := range days[0].Blocks(context.Background(), nil) {
		if err != nil {
			return false
		}
		_ = reader.Ops(b.Unpacked, daylog.Reader{Input: func(in book.Input) {
			switch in := in.(type) {
			case *book.Contract:
				in.ID = 0
			case *book.Baseline:
				at = in.Read
			case *book.Tick:
				now = in.Now
			}
		}})
	}
	return at > 0 && now > at+12_000
}

// The real program is killed and started again: the rows of before are there, what
// traded meanwhile is missing or was asked for, and not the past, and every contract
// is accounted for. A tail starts at now.
func TestFault64Recovery(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 64)
	server := startServer(t, "", "--rate", "2000")
	home := t.TempDir()
	env := []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "MASSIVE_API_KEY=" + canary}
	args := append([]string{"tail"}, server.flags("--tickers", "SPY", "--format", "json", "--min-premium", "0")...)
	cmd := exec.Command(binary(t), args...)
	cmd.Env = cleanEnv(t, env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(home, "optflow", "history")
	lines, before := bufio.NewScanner(out), map[key]bool{}
	var lately []key // in the open second, or nearly
	for kill := false; lines.Scan(); {
		var row tailRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			if kill {
				break // in the middle of a line
			}
			t.Fatal(err)
		}
		lately = append(lately, key{row.Contract, row.StartMS})
		before[key{row.Contract, row.StartMS}] = true
		if !kill && len(before)%200 == 0 && baselined(root) {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			kill, lately = true, lately[max(0, len(lately)-4000):]
		}
	}
	for _, k := range lately {
		delete(before, k)
	}
	_ = cmd.Wait() // it was killed
	killed := time.Now()
	time.Sleep(8 * time.Second) // the outage
	r := run(t, env, append(args, "--for", "12s", "--summary")...)
	if r.code != 0 {
		t.Fatalf("code %d: %s", r.code, r.stderr)
	}
	again := 0
	for _, row := range decodeRows(t, r.stdout) {
		if row.Revision == 0 && before[key{row.Contract, row.StartMS}] { // one that was missing then may be filled now
			if again++; again == 1 {
				t.Logf("such as %+v, killed at %d", row, killed.UnixMilli())
			}
		}
	}
	if again > 0 {
		t.Errorf("%d rows of before are printed again", again)
	}
	var s tailSummary
	if err := json.Unmarshal([]byte(r.stderr[strings.LastIndex(strings.TrimSpace(r.stderr), "\n")+1:]), &s); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	for symbol, c := range s.Contracts {
		if c.Past+c.Rows+c.Gaps != c.Day {
			t.Errorf("%s: past %d, rows %d and gaps %d are not the day's %d", symbol, c.Past, c.Rows, c.Gaps, c.Day)
		}
	}

	_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if data, err := os.ReadFile(path); err != nil || bytes.Contains(data, []byte(canary)) {
				t.Errorf("%s holds the key: %v", path, err)
			}
		}
		return err
	})
	day := readDay(t, root)
	found := map[key]bool{}
	var filled, gaps, past, wide int
	rows, cursor := make([]model.Row, 1024), tape.Cursor{}
	for n := day.tape.Read(&cursor, rows); n > 0; n = day.tape.Read(&cursor, rows) {
		for i := range rows[:n] {
			row := &rows[i]
			found[key{day.tape.Contracts.At(row.Contract).Symbol, row.Start}] = true
			switch {
			case row.Kind == model.KindGap && row.Start < day.went && row.End() > day.gone:
				gaps++
				continue
			case row.Start < day.gone || row.End() > day.went-3000: // later ones were on their way yet
				continue
			}
			switch {
			case row.Flags&model.FlagPast != 0:
				past++
			case row.Source == model.SourceBackfill:
				filled++
			default:
				wide++
			}
		}
	}
	lost := 0
	for k := range before {
		if !found[k] {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d rows that were printed are not recorded", lost, len(before))
	}
	if past > 0 || filled+gaps == 0 {
		t.Errorf("in the outage: %d rows past, %d filled, %d gaps, %d others", past, filled, gaps, wide)
	}
	t.Logf("in the outage of %v: %d rows filled, %d gaps, %d others", time.Duration(day.went-day.gone)*time.Millisecond, filled, gaps, wide)
	for symbol, now := range accountsOf(day.book, day.tape) {
		// What was polled may turn out to be of before, which has nothing to do with it.
		if was, heard := day.then[symbol]; now.Past > was.Past+max(0, was.Polled-now.Polled) {
			t.Errorf("%s: heard %v, was %+v, is %+v", symbol, heard, was, now)
		}
	}
}
