package ui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"optflow/model/burst"
	"optflow/ui/tail"
)

// printed is what tail prints of a stage's tape with a screen's settings.
func (s *stage) printed(f tail.Format) string {
	s.t.Helper()
	var out bytes.Buffer
	o := tail.Options{Tape: &s.tape.Tape, Clock: s.clock, Rules: s.m.opt.Rules, Format: f, Interval: s.m.interval, Out: &out}
	if s.m.filter != nil {
		o.Filter = s.m.filter
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // after what is there
	if err := tail.Run(ctx, o); err != nil {
		s.t.Fatal(err)
	}
	return out.String()
}

func exportInto(dir string) func(*Options) { return func(o *Options) { o.Directory = dir } }

// exportedLines reads what an export wrote.
func exportedLines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// withoutRank takes top and twin, the last two keys, out of lines.
func withoutRank(lines []string) (out []string) {
	for _, l := range lines {
		if !strings.HasPrefix(l, "{") {
			out = append(out, strings.Join(strings.Split(l, ",")[:37], ","))
			continue
		}
		out = append(out, rankKeys.ReplaceAllString(l, ""))
	}
	return out
}

var rankKeys = regexp.MustCompile(`,"(top|twin)":[^,}]*`)

// TestExportIsTheView: exactly the rows of the screen, in its order, in the
// format of tail.
func TestExportIsTheView(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		filter   string
		interval burst.Interval
		sort     columnID
		json     bool
	}{
		{"", burst.IntervalOff, colTime, false},
		{"", burst.Interval10s, colTime, false},
		{"spy,nvda puts or prem>=250k", burst.Interval10s, colPremium, false},
		{"otm>1%", burst.IntervalOff, colStrike, true},
		{"side=ask,bid", burst.Interval5m, colSize, true},
	} {
		s := newStage(t, 120, 30, func(o *Options) { o.Interval, o.Directory = c.interval, dir }).fill()
		s.m.setFilter(c.filter)
		s.m.sortBy(c.sort)
		name, format := "a.csv", tail.CSV
		if c.json {
			name, format = "a.json", tail.JSON
		}
		s.m.Update(s.m.exportTo(name, true)())
		s.has(" in " + filepath.Join(dir, name)[:12])
		got := exportedLines(t, filepath.Join(dir, name))
		want := strings.Split(strings.TrimSuffix(s.printed(format), "\n"), "\n")
		if c.interval == burst.IntervalOff { // tail prints windows as they come, the screen has ranked them
			got, want = withoutRank(got), withoutRank(want)
		}
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Fatalf("%+v: exported %d lines\n%s\ntail prints %d\n%s", c, len(got), strings.Join(got, "\n"), len(want), strings.Join(want, "\n"))
		}
		if !c.json {
			got = got[1:] // the header
		}
		rows := s.m.rows()
		if len(got) != len(rows) {
			t.Fatalf("%+v: %d lines of %d rows", c, len(got), len(rows))
		}
		for i, pos := 0, 0; pos < s.m.list.ord.len(); pos++ {
			r, _ := s.m.list.ord.at(pos)
			if g, ok := s.m.list.gapLines[r.id]; ok {
				i += len(s.m.gapsOf(&g))
				continue
			}
			symbol := s.tape.Contracts.At(s.m.bursts.Get(r.id).Row.Contract).Symbol
			if !strings.Contains(got[i], symbol) {
				t.Fatalf("%+v: line %d is %s, row %d of the screen %s", c, i, got[i], pos, symbol)
			}
			i++
		}
	}
}

func TestExportSaysSim(t *testing.T) {
	dir := t.TempDir()
	s := newStage(t, 200, 50, exportInto(dir)).fill()
	s.keys("e", "e")
	first := filepath.Join(dir, "optflow-SIM-20261123-104127.csv")
	s.has("67 rows in " + first[:20])
	header, row := exportedLines(t, first)[0], exportedLines(t, first)[1]
	at := slices.Index(strings.Split(header, ","), "sim")
	if at < 0 || strings.Split(row, ",")[at] != "true" {
		t.Fatalf("the export does not say that it is simulated:\n%s\n%s", header, row)
	}
	if other := exportedLines(t, filepath.Join(dir, "optflow-SIM-20261123-104127-2.csv")); len(other) != 68 {
		t.Fatalf("the second export has %d lines", len(other))
	}
}

func TestExportOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.csv")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, 200, 50, exportInto(dir)).fill()
	s.m.Update(s.m.exportTo("mine.csv", false)())
	s.has("not exported", "is there already", ":export! mine.csv writes over it")
	if got := exportedLines(t, path); got[0] != "mine" {
		t.Fatal("an existing file was written over")
	}
	s.m.Update(s.m.exportTo("mine.csv", true)())
	if got := exportedLines(t, path); len(got) != 68 {
		t.Fatalf("%d lines", len(got))
	}
	for _, name := range []string{"none/there.csv", "."} {
		for _, over := range []bool{true, false} {
			s.m.Update(s.m.exportTo(name, over)())
			s.has("not exported: ")
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Fatalf("left behind: %v %v", left, err)
	}
}

func TestExportOneAtATime(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	first := s.m.exportTo("", false)
	if s.m.exportTo("", false) != nil {
		t.Fatal("two exports at once")
	}
	s.has("still being written")
	s.m.Update(first())
	s.keys("/")
	s.typed("size>1b")
	s.keys("enter", "e")
	s.has("no rows to export")
}

func TestFullPath(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	for name, want := range map[string]string{
		"": dir, "a": filepath.Join(dir, "a"), "~": dir, "~/b": filepath.Join(dir, "b"), "~b": filepath.Join(dir, "~b"),
	} {
		if got, err := fullPath("", name); err != nil || got != want {
			t.Errorf("%q is %q (%v), want %q", name, got, err, want)
		}
	}
}
