// Package faults is the matrix of what may go wrong on the network, on the
// WebSocket, with REST, with the terminal and with the process: for each fault by number what the program does and
// in what time. The test of a fault bears its number in its name
// (TestFault19HalfOpen), opens it here and states the times it measured; a time
// beyond the promised one fails that test. docs/reliability.md is this table.
package faults

import (
	_ "embed" // for measured.txt
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is one row of the matrix. A time of 0 means that there is nothing to
// notice or to recover from.
type Fault struct {
	Number  int
	What    string
	Does    string        // what the program does then
	Notice  time.Duration // from the fault to its being shown, at most
	Recover time.Duration // from the fault's end to normal work, at most
}

// Run is one test's measurements of a fault. It may be used from any goroutine.
type Run struct {
	fault     Fault
	tolerance time.Duration

	mu                sync.Mutex
	noticed, recovers time.Duration
	saidNotice, said  bool
}

// What a promise may be missed by: under a virtual clock by its granularity, in
// real time by what a busy machine adds, since a test must not depend on that.
const (
	tolerance     = 500 * time.Millisecond
	realTolerance = 15 * time.Second
)

var inName = regexp.MustCompile(`^TestFault(\d\d)[A-Z]`)

// Open begins the test of a fault. When the test ends its times are logged, in
// the form that .ci/faults reads.
func Open(t testing.TB, number int) *Run {
	t.Helper()
	m := inName.FindStringSubmatch(t.Name())
	if m == nil {
		t.Fatalf("the test of a fault is named after its number, not %s", t.Name())
	}
	if n, _ := strconv.Atoi(m[1]); n != number {
		t.Fatalf("%s opens fault %d", t.Name(), number)
	}
	fault, found := byNumber(number)
	if !found {
		t.Fatalf("no fault %d in the table", number)
	}
	r := &Run{fault: fault, tolerance: tolerance}
	t.Cleanup(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		check := func(what string, said bool, took, most time.Duration) {
			if said && most == 0 {
				t.Errorf("fault %d: a time to %s is measured but none is promised", number, what)
			}
			if said && took > most+r.tolerance {
				t.Errorf("fault %d: %v to %s, promised are %v", number, took, what, most)
			}
		}
		check("notice", r.saidNotice, r.noticed, r.fault.Notice)
		check("recover", r.said, r.recovers, r.fault.Recover)
		if !t.Failed() {
			t.Logf("fault %d ok noticed %s recovered %s", number, seconds(r.saidNotice, r.noticed), seconds(r.said, r.recovers))
		}
	})
	return r
}

// byNumber finds a row of the table.
func byNumber(number int) (Fault, bool) {
	i, found := slices.BinarySearchFunc(Table[:], number, func(f Fault, n int) int { return f.Number - n })
	if !found {
		return Fault{}, false
	}
	return Table[i], true
}

// OpenReal is Open for a test over real sockets, in real time.
func OpenReal(t testing.TB, number int) *Run {
	t.Helper()
	r := Open(t, number)
	r.tolerance = realTolerance
	return r
}

// seconds is a time measured, "-" when none was.
func seconds(said bool, d time.Duration) string {
	if !said {
		return "-"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
}

// Noticed states a time from the fault to its being shown; the longest counts.
func (r *Run) Noticed(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.noticed, r.saidNotice = max(r.noticed, d), true
}

// Recovered states a time from the fault's end to normal work; the longest
// counts.
func (r *Run) Recovered(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recovers, r.said = max(r.recovers, d), true
}

// measured is what the last run of .ci/faults -update found: number, seconds to
// notice, seconds to recover.
//
//go:embed measured.txt
var measured string

// Markdown is the matrix as a table, with the times promised and measured.
func Markdown() string {
	found := map[string][]string{}
	for line := range strings.Lines(measured) {
		if words := strings.Fields(line); len(words) == 3 {
			found[words[0]] = words[1:]
		}
	}
	var b strings.Builder
	b.WriteString("| # | fault | what the program does | to notice | to recover |\n|---|---|---|---|---|\n")
	for _, f := range Table {
		took := append(found[strconv.Itoa(f.Number)], "-", "-")
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", f.Number, f.What, f.Does, cell(f.Notice, took[0]), cell(f.Recover, took[1]))
	}
	return b.String()
}

// cell is a promised time with the measured one.
func cell(most time.Duration, took string) string {
	if took == "-" {
		return promised(most)
	}
	return promised(most) + " (" + took + " s)"
}

func promised(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d < time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < time.Minute || d%time.Minute != 0:
		return strconv.FormatFloat(d.Seconds(), 'g', -1, 64) + " s"
	}
	return strconv.Itoa(int(d/time.Minute)) + " min"
}
