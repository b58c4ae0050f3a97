//go:build unix

package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"optflow/feed/faults"
)

const (
	killedEnv = "OPTFLOW_TEST_KILLED_IN"
	kills     = 50
)

// TestKilled is the process that is killed: it records seconds of a market, one
// after the other, and says how far the disk is.
func TestKilled(t *testing.T) {
	root := os.Getenv(killedEnv)
	if root == "" {
		t.Skip("it is run by TestFault64Kill")
	}
	began, err := strconv.ParseInt(os.Getenv(killedEnv+"_AT"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	r := record(t, optionsFor(root), began)
	for a := range r.book.Accounts {
		r.volume = a.Day
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		r.second()
		if r.volume%2 == 0 { // else it is killed while it writes
			r.settled()
			fmt.Printf("written %d\n", r.Position().Next)
		}
	}
}

// Whenever the program is killed, all blocks that were written are there, what is
// torn is cut, and the next run goes on: what the open second had is missing in the
// accounts, and said to be.
func TestFault64Kill(t *testing.T) {
	faults.Open(t, 64)
	root := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 64))
	store := Store{filepath.Join(root, "realtime")}
	now := open
	torn := 0
	for n := range kills {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$", "-test.v")
		cmd.Env = append(os.Environ(), killedEnv+"="+root, killedEnv+"_AT="+strconv.FormatInt(now, 10))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var written uint64
		lines, most := bufio.NewScanner(out), 1+rng.IntN(8)
		for seen := 0; lines.Scan(); {
			if _, err := fmt.Sscanf(lines.Text(), "written %d", &written); err == nil {
				if seen++; seen > most {
					break
				}
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it said before it died
			_, _ = fmt.Sscanf(lines.Text(), "written %d", &written)
		}
		_ = cmd.Wait() // it was killed
		day, err := store.Day(friday)
		if err != nil || len(day.Files) < n+1 {
			t.Fatalf("kill %d: %d files, %v", n, len(day.Files), err)
		}
		var next uint64
		for b, err := range day.Blocks(context.Background(), nil) {
			if err != nil || b.Hole != nil {
				t.Fatalf("kill %d: %v, %+v", n, err, b.Hole)
			}
			next = b.First + uint64(b.Ops)
			now = max(now, b.Start)
		}
		if next < written {
			t.Fatalf("kill %d: op %d was written, the log ends at %d", n, written, next)
		}
		if last := day.Files[len(day.Files)-1]; wholeSize(t, last.Path) < last.Size {
			torn++
		}
		now += 10_000
	}
	a := playDay(t, dayOf(t, store))
	for acc := range a.book.Accounts {
		if acc.Past != 0 || acc.Exact == 0 || acc.Day != acc.Exact+acc.Gaps+acc.Pending {
			t.Errorf("%+v", acc)
		}
	}
	t.Logf("%d kills, %d torn tails, %d rows", kills, torn, a.tape.Appended())
}

// wholeSize is where the last whole block of a file ends.
func wholeSize(t *testing.T, path string) int64 {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := scan{from: file}
	if err := s.begin(); err != nil {
		return 0
	}
	for {
		if _, err := s.next(); err != nil {
			return s.at
		}
	}
}

// A run that was ended by a crash of the system goes on as one that was killed:
// what the file system lost is at the end of the last file.
func TestFault64Power(t *testing.T) {
	faults.Open(t, 64)
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	for range 20 {
		r.second()
	}
	r.end()
	store := Store{filepath.Join(root, "realtime")}
	day := dayOf(t, store)
	whole, err := os.ReadFile(day.Files[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, lost := range []int{1, 100, 500, len(whole) / 2, len(whole) - 10, len(whole)} {
		data := append([]byte(nil), whole[:len(whole)-lost]...)
		if lost < len(whole)/2 {
			data = append(data, make([]byte, lost)...) // written as length, not as data
		}
		write(t, store, friday, "0001.oflog", data)
		next := record(t, optionsFor(root), open+60_000)
		if len(data) > len(whole)*3/4 && next.tape.Appended() == 0 {
			t.Errorf("%d bytes lost: no row of %d", lost, r.tape.Appended())
		}
		next.second()
		next.end()
		a := playDay(t, dayOf(t, store))
		if a.tape.Appended() != next.tape.Appended() {
			t.Errorf("%d bytes lost: %d rows, recorded %d", lost, a.tape.Appended(), next.tape.Appended())
		}
		if err := os.Remove(filepath.Join(day.Dir, "0002.oflog")); err != nil {
			t.Fatal(err)
		}
	}
}
