package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/feed/history/parquet"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/burst"
	"optflow/model/filter"
)

var monday = model.MakeDate(2026, 11, 23)

// words are of the whole language, as far as days that are over answer it.
var words = []string{
	"nvda", "spy", "brk.b", "nvda,tsla", "calls", "puts", "otm", "itm", "atm", "0dte", "unusual", "whale", "bull", "bear", "sure", "twin", "top<=20%", "has(top)", "has(iv)",
	"prem>=50k", "prem=10k..200k", "size>200", "vol>=2000", "vol/oi>2", "oi<300", "dte<=7", "exp=18dec", "exp=fri", "exp<=dec", "strike=170..190", "price<5", "iv>30", "abs(delta)>0.2", "otm>1%", "time>=09:33",
	"time=09:31..09:32", "side=ask", "mark=U,>", "root=spy", "source=ws", "size>oi", "@big", "@mag7", "prints=1", "spot>178", "delta<0", "adjusted",
}

func query(text string, floor float64) *Query {
	rules := *model.DefaultRules()
	rules.Floor = floor
	saved := func() []filter.Saved {
		return []filter.Saved{{Name: "mag7", Tickers: []string{"NVDA", "TSLA"}}, {Name: "big", Filter: "prem>=100k"}}
	}
	return &Query{Text: text, Thresholds: &rules, Env: filter.Env{Saved: saved}}
}

// plain is a burst as text: NaN equals NaN, and the number of a contract is its
// book's.
func plain(row model.Burst, c *model.Contract) string {
	row.Contract = 0
	return fmt.Sprintf("%s %s %+v", c.Symbol, c.Underlying, row)
}

// plainly asks the filter of all bursts that a tape still has.
func plainly(t interface{ Fatal(...any) }, d *historytest.Day, q *Query) (found []string) {
	f, err := q.Parse(d.Date)
	if err != nil {
		t.Fatal(err)
	}
	set := burst.New(d.Tape.Contracts, burst.Options{Interval: burst.Interval10s, Rules: q.Thresholds, At: d.Tape.At})
	for seq := uint64(0); seq < d.Tape.Next(); seq++ {
		row, _ := d.Tape.At(seq)
		set.Add(row, seq)
		set.Drain()
	}
	for _, b := range set.Newest(burst.ShelfOver | burst.ShelfUnder) {
		c := d.Tape.Contracts.At(b.Row.Contract)
		if b.Premium >= q.Thresholds.FloorOf(c.Underlying) && f.Match(&b.Burst, c, 0) == model.True {
			found = append(found, plain(b.Burst, c))
		}
	}
	slices.Sort(found)
	return found
}

func searched(t interface{ Fatal(...any) }, q *Query, day history.Day) (found []string, gaps Gaps) {
	last := int64(0)
	gaps, err := q.Day(context.Background(), day, nil, func(f Found) bool {
		if f.Row.Start < last {
			t.Fatal("not in the order of time")
		}
		last = f.Row.Start
		found = append(found, plain(f.Row, f.Of))
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found, gaps
}

// A search finds what the filter takes of all bursts of the day, and nothing else.
func TestSearchIsTheFilterOverTheDay(t *testing.T) {
	d := historytest.New(t, monday, 7)
	d.Seconds(150)
	root := t.TempDir()
	day := d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{})
	if _, err := parquet.Derive(context.Background(), parquet.Request{Day: day, History: root}); err != nil {
		t.Fatal(err)
	}
	some := 0
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom(words).Draw(t, "first")
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			line += rapid.SampledFrom([]string{" ", " or ", " not "}).Draw(t, "join") + rapid.SampledFrom(words).Draw(t, "word")
		}
		q := query(line, rapid.SampledFrom([]float64{0, 25_000}).Draw(t, "floor"))
		want := plainly(t, d, q)
		got, gaps := searched(t, q, day)
		if !slices.Equal(got, want) {
			t.Fatalf("%s: %d found, want %d\n%s\n%s", line, len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if gaps.String() != "" {
			t.Fatalf("a whole day lacks %s", gaps)
		}
		q.History = root // which has its Parquet
		if columns, _ := searched(t, q, day); !slices.Equal(columns, got) {
			t.Fatalf("%s: by columns %d found, in the log %d\n%s\n%s", line, len(columns), len(got), strings.Join(columns, "\n"), strings.Join(got, "\n"))
		}
		some += len(got)
	})
	if some == 0 {
		t.Error("nothing was found by any")
	}
}

// The files of a day give the answer that its log gives.
func TestParquetAnswersAsTheLog(t *testing.T) {
	root := t.TempDir()
	d := historytest.New(t, monday, 8)
	d.Seconds(400)
	d.Hole(d.Now-5000, d.Now, "disk full")
	d.Missed(3, 100_000)
	d.Tick(60_000)
	d.Seconds(200)
	day := d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{Rules: 9999})
	lines := append([]string{""}, words...)
	answers := func() (all []string) {
		for _, line := range lines {
			q := query(line, 25_000)
			q.History = root
			found, gaps := searched(t, q, day)
			all = append(all, fmt.Sprint(line, gaps, found))
		}
		return all
	}
	log := answers()
	made, err := parquet.Derive(context.Background(), parquet.Request{Day: day, History: root})
	if err != nil {
		t.Fatal(err)
	}
	files := answers()
	for i := range lines {
		if log[i] != files[i] {
			t.Errorf("%q\nlog   %s\nfiles %s", lines[i], log[i], files[i])
		}
	}
	if !strings.Contains(log[0], "disk full") || !strings.Contains(log[0], "older rules") {
		t.Errorf("what is missing is not said: %.200s", log[0])
	}
	if err := os.Truncate(filepath.Join(made.Dir, parquet.Bursts), 100); err != nil {
		t.Fatal(err)
	}
	if again := answers(); !slices.Equal(again, log) {
		t.Error("a file that was cut is not passed over for the log")
	}
}

func TestWhatHistoryCannotAnswer(t *testing.T) {
	for line, says := range map[string]string{
		"nvda age<5m":       "age is that of a row now",
		"not mark=!":        "an alert fired for is not kept",
		"(mark=!,W or spy)": "an alert fired for is not kept",
		"mark=W has(top)":   "",
		"prem>=25x":         "is not a number",
		"sweep":             "told from single trades",
	} {
		_, err := query(line, 0).Parse(monday)
		var wrong *filter.Error
		switch {
		case says == "" && err != nil, says != "" && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), says)):
			t.Errorf("%s: %v", line, err)
		case says != "" && wrong.End <= wrong.Pos:
			t.Errorf("%s: it is nowhere", line)
		}
	}
}

// A date without a year is the one that it was on the day, not the one that it is
// today.
func TestDatesAreTheDays(t *testing.T) {
	for date, want := range map[model.Date]string{monday: "2026-11-27", model.MakeDate(2026, 11, 30): "2026-12-04"} {
		f, err := query("exp=fri", 0).Parse(date)
		if err != nil {
			t.Fatal(err)
		}
		if got := model.Date(f.Needs()[0].Min).String(); got != want {
			t.Errorf("on %s it is %s, want %s", date, got, want)
		}
	}
}

// What is missing is said.
func TestGapsAreSaid(t *testing.T) {
	d := historytest.New(t, monday, 3)
	d.Seconds(60)
	d.Hole(d.Now-5000, d.Now, "disk full")
	d.Tell(&book.Lost{From: d.Now, To: d.Now + 5000, Reason: model.GapLost})
	d.Tick(5000)
	d.Trade(0, 10, 5)
	d.Trade(0, 5, 5)
	d.Bar(0, d.Now-1000, 5, 5) // the first of both never came
	for range 100 {
		d.Tick(1000)
	}
	root := t.TempDir()
	day := d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{Rules: book.Rules + 1})
	q := query("", 0)
	want, gaps := searched(t, q, day)
	for _, says := range []string{"contracts are missing in gaps", "nothing was recorded from 09:30:55 to 09:31:00 (disk full)", "older rules"} {
		if !strings.Contains(gaps.String(), says) {
			t.Errorf("%q does not say %q", gaps, says)
		}
	}
	q.History, q.Keep = root, true
	for range 2 { // made, then there
		found, kept := searched(t, q, day)
		if kept.String() != gaps.String() || !slices.Equal(found, want) {
			t.Errorf("by columns %d bursts and %q, in the log %d and %q", len(found), kept, len(want), gaps)
		}
	}
	if !parquet.Stands(root, day, true) {
		t.Error("no Parquet was made")
	}
}

// Where no file can be made the log is searched.
func TestSearchWithoutRoomForFiles(t *testing.T) {
	d := historytest.New(t, monday, 3)
	d.Seconds(60)
	root := t.TempDir()
	day := d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{})
	if err := os.WriteFile(filepath.Join(root, "parquet"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	q := query("", 0)
	q.History, q.Keep = root, true
	if found, _ := searched(t, q, day); len(found) < 10 {
		t.Errorf("%d were found", len(found))
	}
}

func TestSearchIsCancelled(t *testing.T) {
	d := historytest.New(t, monday, 7)
	d.Seconds(60)
	day := d.Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := query("", 0).Day(ctx, day, nil, func(Found) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	n := 0
	if _, err := query("", 0).Day(context.Background(), day, nil, func(Found) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("%d were told, %v", n, err)
	}
}
