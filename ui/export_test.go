package ui

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"optflow/model/burst"
	"optflow/model/market"
	"optflow/ui/act"
	"optflow/ui/page"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// printed is what tail prints of a stage's tape with a screen's settings.
func (s *stage) printed(f tail.Format) string {
	s.t.Helper()
	var out bytes.Buffer
	o := tail.Options{Market: market.Open{Tape: &s.tape.Tape, Time: s.clock}, Rules: s.m.Rules, Format: f, Interval: s.m.tape.Pull.Interval, Out: &out}
	if s.m.tape.Lens.Filter != nil {
		o.Filter = s.m.tape.Lens.Filter
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // after what is there
	if err := tail.Run(ctx, o); err != nil {
		s.t.Fatal(err)
	}
	return out.String()
}

// fakeExports are files in memory.
type fakeExports map[string]string

func (f fakeExports) Write(name, prefix string, over bool, fill func(io.Writer) error) (string, error) {
	if name == "" {
		name = fmt.Sprintf("%s-%d.csv", prefix, len(f)+1)
	}
	path := "/exports/" + name
	if _, taken := f[path]; taken && !over {
		return "", &fs.PathError{Op: "open", Path: path, Err: fs.ErrExist}
	}
	var b strings.Builder
	err := fill(&b)
	f[path] = b.String()
	return path, err
}

// lines are those of a file.
func (f fakeExports) lines(name string) []string {
	return strings.Split(strings.TrimSuffix(f["/exports/"+name], "\n"), "\n")
}

func exportInto(f Exports) func(*Options) { return func(o *Options) { o.Exports = f } }

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
	files := fakeExports{}
	for _, c := range []struct {
		filter   string
		interval burst.Interval
		sort     table.ID
		json     bool
	}{
		{"", burst.IntervalOff, table.Time, false},
		{"", burst.Interval10s, table.Time, false},
		{"spy,nvda puts or prem>=250k", burst.Interval10s, table.TapeColumn("premium"), false},
		{"otm>1%", burst.IntervalOff, table.TapeColumn("strike"), true},
		{"side=ask,bid", burst.Interval5m, table.TapeColumn("size"), true},
	} {
		s := newStage(t, 120, 30, func(o *Options) { o.Interval, o.Exports = c.interval, files }).fill()
		s.m.page.Filter().Set(c.filter)
		s.m.tape.SortBy(c.sort)
		name, format := "a.csv", tail.CSV
		if c.json {
			name, format = "a.json", tail.JSON
		}
		s.m.Update(s.m.carry(act.One(act.Export{Name: name, Over: true}))())
		s.has(" in /exports/" + name)
		got := files.lines(name)
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
		rows := s.m.tape.Table.Rows()
		if len(got) != len(rows) {
			t.Fatalf("%+v: %d lines of %d rows", c, len(got), len(rows))
		}
		for i, pos := 0, 0; pos < s.m.tape.List.Ord.Len(); pos++ {
			r, _ := s.m.tape.List.Ord.At(pos)
			if g, ok := s.m.tape.List.GapLines[r.ID]; ok {
				i += len(s.m.tape.List.GapsOf(&g))
				continue
			}
			symbol := s.tape.Contracts.At(s.m.tape.Pull.Bursts.Get(r.ID).Row.Contract).Symbol
			if !strings.Contains(got[i], symbol) {
				t.Fatalf("%+v: line %d is %s, row %d of the screen %s", c, i, got[i], pos, symbol)
			}
			i++
		}
	}
}

func TestExportSaysSim(t *testing.T) {
	files := fakeExports{}
	s := newStage(t, 200, 50, exportInto(files)).fill()
	s.keys("e", "e")
	s.has("67 rows in /exports/optflow-SIM-20261123-104127-2.csv")
	lines := files.lines("optflow-SIM-20261123-104127-1.csv")
	at := slices.Index(strings.Split(lines[0], ","), "sim")
	if at < 0 || strings.Split(lines[1], ",")[at] != "true" {
		t.Fatalf("the export does not say that it is simulated:\n%s\n%s", lines[0], lines[1])
	}
	if other := files.lines("optflow-SIM-20261123-104127-2.csv"); len(other) != 68 {
		t.Fatalf("the second export has %d lines", len(other))
	}
}

func TestExportOverwritesNothing(t *testing.T) {
	files := fakeExports{"/exports/mine.csv": "mine"}
	s := newStage(t, 200, 50, exportInto(files)).fill()
	s.m.Update(s.m.carry(act.One(act.Export{Name: "mine.csv", Over: false}))())
	s.has("not exported: /exports/mine.csv is there already; :export! mine.csv writes over it")
	if got := files.lines("mine.csv"); got[0] != "mine" {
		t.Fatal("an existing file was written over")
	}
	s.m.Update(s.m.carry(act.One(act.Export{Name: "mine.csv", Over: true}))())
	if got := files.lines("mine.csv"); len(got) != 68 {
		t.Fatalf("%d lines", len(got))
	}
	s = newStage(t, 200, 50, exportInto(brokenExports{})).fill()
	s.m.Update(s.m.carry(act.One(act.Export{Name: "mine.csv", Over: false}))())
	s.has("not exported: disk full")
	s = newStage(t, 200, 50, exportInto(nil)).fill()
	if s.m.carry(act.One(act.Export{Name: "", Over: false})) != nil {
		t.Error("exported without files")
	}
	s.has("nothing can be exported from here")
}

// brokenExports are files that nobody can write.
type brokenExports struct{}

func (brokenExports) Write(string, string, bool, func(io.Writer) error) (string, error) {
	return "", errors.New("disk full")
}

func TestExportOneAtATime(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	first := s.m.carry(act.One(act.Export{Name: "", Over: false}))
	if s.m.carry(act.One(act.Export{Name: "", Over: false})) != nil {
		t.Fatal("two exports at once")
	}
	s.has("still being written")
	s.m.Update(first())
	s.keys("/")
	s.typed("size>1b")
	s.keys("enter", "e")
	s.has("no rows to export")
	s.keys("v", "e") // before the first reading of the day
	s.has("the day is still being read")
}

// TestExportOfTheDay: every view of the day is exported as it is filtered and
// sorted there, and by the same code as tail prints it.
func TestExportOfTheDay(t *testing.T) {
	for _, c := range []struct {
		view  string
		keys  []string // from the tape
		first string   // cells of the first row
	}{
		{"contracts", []string{"v"}, "O:NVDA261127C00177500,NVDA,2026-11-27,4,call,177.5,53122,22842460,"},
		{"tickers", []string{"v", "v"}, "SPY,655.02,102000000,118000000,220000000,1.1569"},
		{"heat", []string{"v", "v", "v"}, "NVDA,"},
	} {
		t.Run(c.view, func(t *testing.T) {
			files := fakeExports{}
			s := newStage(t, 120, 30, exportInto(files)).fill().day()
			s.keys(c.keys...)
			s.look()
			rows := s.m.page.(page.Printed).Print(tail.CSV).Rows
			s.keys("e")
			name := "optflow-" + c.view + "-SIM-20261123-104127-1.csv"
			s.has(" rows in /exports/" + name)
			table, err := csv.NewReader(strings.NewReader(files["/exports/"+name])).ReadAll()
			if err != nil || len(table) != rows+1 || rows == 0 {
				t.Fatalf("%v, %d lines of %d rows", err, len(table), rows)
			}
			column := func(name string) int { return slices.Index(table[0], name) }
			sum := 0.0
			for i, line := range table[1:] {
				if line[column("sim")] != "true" || line[column("delayed")] != "false" || line[column("at")] != "2026-11-23T10:41:27-05:00" {
					t.Fatalf("line %d: %v", i, line)
				}
				premium, _ := strconv.ParseFloat(line[column("premium")], 64)
				sum += premium
			}
			if got := strings.Join(table[1], ","); !strings.Contains(got, c.first) {
				t.Errorf("the first row is %s", got)
			}
			s.command("export x.json")
			lines := files.lines("x.json")
			if len(lines) != rows {
				t.Fatalf("%d objects of %d rows", len(lines), rows)
			}
			again := 0.0
			for _, l := range lines {
				var object map[string]any
				if err := json.Unmarshal([]byte(l), &object); err != nil || object["v"] != 1.0 || object["sim"] != true {
					t.Fatalf("%v: %s", err, l)
				}
				if premium, ok := object["premium"].(float64); ok {
					again += premium
				}
			}
			if math.Abs(sum-again) > 1 || sum == 0 {
				t.Errorf("premium %v in the CSV, %v in the JSON", sum, again)
			}
		})
	}
}

// TestExportOfTheDayIsTheView: filtered and sorted as there, and frozen with it.
func TestExportOfTheDayIsTheView(t *testing.T) {
	files := fakeExports{}
	s := newStage(t, 120, 30, exportInto(files)).fill().day()
	s.keys("v")
	s.look()
	s.command("filter nvda puts dte<=30")
	s.command("sort strike")
	s.keys("space")
	s.command("export a.json")
	lines := files.lines("a.json")
	if len(lines) < 5 {
		t.Fatalf("%d rows", len(lines))
	}
	last := 0.0
	for _, l := range lines {
		var row struct {
			Underlying, Type string
			Strike           float64
			DTE              int
			Gamma            *float64
			OpenInterest     *float64 `json:"open_interest"`
		}
		if err := json.Unmarshal([]byte(l), &row); err != nil {
			t.Fatal(err)
		}
		if row.Underlying != "NVDA" || row.Type != "put" || row.DTE > 30 || row.Strike < last {
			t.Errorf("after strike %v: %s", last, l)
		}
		last = row.Strike
	}
	for i := range s.feed.accounts {
		s.feed.accounts[i].Day += 5
	}
	s.look()
	s.command("export! a.json")
	if again := files.lines("a.json"); !slices.Equal(again, lines) {
		t.Error("the export of a frozen page moves")
	}
	// what is not known is left out
	if !slices.ContainsFunc(lines, func(l string) bool { return !strings.Contains(l, `"open_interest"`) && !strings.Contains(l, `"bid"`) }) {
		t.Error("every row has an open interest and a quote, the fixture's have not")
	}
}
