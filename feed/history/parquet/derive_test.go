package parquet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/feed/history/rerun"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/model/tape"
)

var monday = model.MakeDate(2026, 11, 23)

// recorded is a day with all that makes later versions of rows: corrections,
// windows that come late, an outage that leaves gaps.
func recorded(t testing.TB, root string, seconds int) history.Day {
	d := historytest.New(t, monday, 7)
	d.Tell(&book.Baseline{Ticker: "NVDA", Read: d.Now})
	d.Tell(&book.Baseline{Ticker: "SPY", Read: d.Now})
	d.Seconds(seconds / 3)
	d.Bar(0, d.Now-60_000, 900, 4.2) // late
	d.Bar(0, d.Now-60_000, 800, 4.3) // and corrected
	d.Tick(2000)
	d.Trade(0, 77, 4.2)
	d.Trade(2, 77, 3.1) // its twin
	from := d.Now
	d.Tick(90_000)
	d.Missed(3, 645)
	d.Tell(&book.Lost{From: from, To: d.Now, Reason: model.GapLost})
	d.Seconds(seconds / 3)
	d.Bar(1, d.Now-40*60_000, 70, 4.2) // long after its burst was closed
	d.Tick(120_000)
	d.Seconds(seconds / 3)
	return d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{Sim: true})
}

// replayed are the rows of a day, each identity in its last version, and its
// bursts, made in the plain way: all at once, of all that was on the tape.
func replayed(t testing.TB, day history.Day) (windows, bursts []Row) {
	t.Helper()
	var rows *tape.Tape
	var set *burst.Set
	var cursor tape.Cursor
	last, known := map[model.Identity]model.Row{}, map[string]int64{}
	batch := make([]model.Row, 1)
	err := rerun.Day(context.Background(), day, nil, rerun.Face{
		Begins: func(tp *tape.Tape, _ *book.Book) {
			rows, set = tp, burst.New(tp.Contracts, burst.Options{Interval: burst.Interval10s, Rules: &model.Rules{Floor: -1}})
		},
		Tick: func(now int64) {
			for rows.Read(&cursor, batch) == 1 {
				last[batch[0].Identity()] = batch[0]
				set.Add(batch[0], cursor.Next-1)
			}
			for _, c := range set.Drain() {
				if b := set.Get(c.ID); c.Kind == burst.Added {
					known[fmt.Sprint(b.Contract, b.Start)] = now
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range last {
		r.Replaces = 0
		if row := (Row{Burst: model.Burst{Row: r}, Of: rows.Contracts.At(r.Contract)}); r.Size > 0 {
			windows = append(windows, row)
			if r.Kind == model.KindGap {
				bursts = append(bursts, row)
			}
		}
	}
	for _, b := range set.Newest(burst.ShelfOver) {
		bursts = append(bursts, Row{b.Burst, rows.Contracts.At(b.Contract), known[fmt.Sprint(b.Contract, b.Start)]})
	}
	for _, list := range [][]Row{windows, bursts} {
		bySymbol(list)
	}
	return windows, bursts
}

// bySymbol sorts rows that begin together by their contracts: files have them by
// numbers.
func bySymbol(rows []Row) []Row {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Of.Symbol, b.Of.Symbol), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Span, b.Span))
	})
	return rows
}

// unquoted are rows without quotes of which nobody said how old they are.
func unquoted(rows []Row) []Row {
	for i := range rows {
		r := &rows[i]
		if r.QuoteAge == model.NoQuote {
			r.Bid, r.Ask = float32(model.Unknown), float32(model.Unknown)
		}
	}
	return rows
}

// The files of a day are its rows, and nothing else.
func TestDeriveIsTheReplay(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 3000)
	last := int64(0)
	made, err := Derive(context.Background(), Request{Day: day, History: root, Progress: func(done, total int64) {
		if last = done; done > total {
			t.Errorf("%d of %d", done, total)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if last == 0 {
		t.Error("nobody was told how far it is")
	}
	windows, bursts := replayed(t, day)
	if len(windows) < 2000 || made.Windows != int64(len(windows)) || made.Bursts != int64(len(bursts)) {
		t.Errorf("%d windows and %d bursts, %d and %d were replayed", made.Windows, made.Bursts, len(windows), len(bursts))
	}
	differ(t, unquoted(windows), bySymbol(scanned(t, filepath.Join(made.Dir, Windows))))
	got := scanned(t, filepath.Join(made.Dir, Bursts))
	if !slices.IsSortedFunc(got, func(a, b Row) int { return cmp.Compare(a.Start, b.Start) }) {
		t.Error("the bursts are not in the order of their starts")
	}
	bySymbol(got)
	differ(t, unquoted(bursts), got)
	gaps, ranked, twins := 0, 0, 0
	for _, b := range got {
		switch {
		case b.Kind == model.KindGap:
			gaps++
		case b.Rank != 0:
			ranked++
		}
		if b.Twin() == model.True {
			twins++
		}
	}
	t.Logf("%d windows, %d bursts, %d of them ranked, %d twins, %d gaps", len(windows), len(bursts), ranked, twins, gaps)
	if ranked == 0 || gaps == 0 || twins == 0 {
		t.Error("a test without ranks, twins or gaps shows little")
	}
}

// Only whole files have a name, and nothing else is left.
func TestDeriveLeavesNothingHalf(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 300)
	left := func() (names []string) {
		entries, _ := os.ReadDir(Dir(root, "sim", monday))
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Derive(ctx, Request{Day: day, History: root}); !errors.Is(err, context.Canceled) || len(left()) != 0 {
		t.Errorf("cancelled: %v, left %v", err, left())
	}
	ctx, cancel = context.WithCancel(context.Background())
	if _, err := Derive(ctx, Request{Day: day, History: root, Progress: func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}}); !errors.Is(err, context.Canceled) || len(left()) != 0 {
		t.Errorf("cancelled on its way: %v, left %v", err, left())
	}
	if err := os.WriteFile(filepath.Join(Dir(root, "sim", monday), temporary+"windows.parquet-1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Derive(context.Background(), Request{Day: day, History: root, MinutesOnly: true}); err != nil || !slices.Equal(left(), []string{Minutes}) {
		t.Errorf("%v, left %v", err, left())
	}
	if _, err := Derive(context.Background(), Request{Day: day, History: root}); err != nil || !slices.Equal(left(), []string{Bursts, Minutes, Windows}) {
		t.Errorf("%v, left %v", err, left())
	}
}

// A folder that cannot be written to, and a file that is cut, are said.
func TestWhatCannotBeWrittenOrRead(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 300)
	blocked := filepath.Join(root, "blocked")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Derive(context.Background(), Request{Day: day, To: filepath.Join(blocked, "x")}); err == nil {
		t.Error("a folder that there cannot be was written to")
	}
	if os.Getuid() != 0 {
		if err := os.Chmod(root, 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := Derive(context.Background(), Request{Day: day, History: root})
		if !errors.Is(err, os.ErrPermission) {
			t.Errorf("a folder that may not be written to: %v", err)
		}
		if err := os.Chmod(root, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	made, err := Derive(context.Background(), Request{Day: day, History: root})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(made.Dir, Windows)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 3, len(whole) / 2, len(whole) - 1} {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		err := Scan(context.Background(), path, nil, func(*Row) bool { return true })
		if err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), Windows) {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

// Sums by minute are those of the rows, volumes of the day those of the book, and
// what nobody watched is not said to be whole.
func TestMinutes(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 3000)
	made, err := Derive(context.Background(), Request{Day: day, History: root})
	if err != nil {
		t.Fatal(err)
	}
	var rows []minuteRow
	if err := eachMinute(filepath.Join(made.Dir, Minutes), func(r *minuteRow) { rows = append(rows, *r) }); err != nil {
		t.Fatal(err)
	}
	want := map[minuteKey]*minuteSums{}
	at := map[string]int64{}
	for _, r := range scanned(t, filepath.Join(made.Dir, Windows)) {
		of := minuteKey{r.Of.Underlying, r.Of.Type}
		if r.Kind == model.KindGap {
			at[fmt.Sprint(of, "missing")] += int64(r.Size)
			continue
		}
		if want[of] == nil {
			want[of] = new(minuteSums)
		}
		want[of].volume += int64(r.Size)
		want[of].premium += r.Premium
		at[fmt.Sprint(of, r.Start/minute)] += int64(r.Size)
	}
	got, lastDay := map[minuteKey]*minuteSums{}, map[minuteKey]int64{}
	known, unknown, missing := 0, 0, int64(0)
	for i, r := range rows {
		of := minuteKey{r.underlying, r.kind}
		if got[of] == nil {
			got[of] = new(minuteSums)
		}
		got[of].volume += r.volume
		got[of].premium += r.premium
		if n := at[fmt.Sprint(of, r.minute/minute)]; n != r.volume {
			t.Errorf("%v at %d: %d contracts, want %d", of, r.minute, r.volume, n)
		}
		if r.bull < 0 || r.bear < 0 || r.bull+r.bear > r.premium+1 {
			t.Errorf("%v at %d: bull %v, bear %v of %v", of, r.minute, r.bull, r.bear, r.premium)
		}
		if r.day >= 0 {
			if r.day < lastDay[of] {
				t.Errorf("%v: the day's volume falls to %d from %d", of, r.day, lastDay[of])
			}
			lastDay[of] = r.day
		}
		if i > 0 && r.minute < rows[i-1].minute {
			t.Error("the minutes are not in order")
		}
		switch {
		case r.missing < 0:
			unknown++
		case r.missing == 0:
			known++
		}
		missing = max(missing, r.missing)
		if r.underlying == "TSLA" && (r.day >= 0 || r.missing == 0) {
			t.Errorf("nobody read TSLA's day, and %+v", r)
		}
	}
	for of, sums := range want {
		if g := got[of]; g.volume != sums.volume || math.Abs(g.premium-sums.premium) > 1 {
			t.Errorf("%v: %+v, want %+v", of, g, sums)
		}
	}
	if known == 0 || unknown == 0 || missing != 645 {
		t.Errorf("%d minutes are whole, of %d nobody knows, %d are missing", known, unknown, missing)
	}
}

// What earlier sessions had by then, and what was open, is read from the files.
func TestPast(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 3000)
	if _, err := Derive(context.Background(), Request{Day: day, History: root}); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(Dir(root, "sim", monday-3), 0o700); err != nil { // a day that has no files yet
		t.Fatal(err)
	}
	to := new(model.RecordedVolumes)
	if err := AddVolumes(context.Background(), root, "sim", monday, to); err != nil || to.Has(monday) {
		t.Errorf("today is past: %v", err)
	}
	if err := AddVolumes(context.Background(), root, "sim", monday+1, to); err != nil || !to.Has(monday) {
		t.Errorf("%v; the day is there: %v", err, to.Has(monday))
	}
	v := model.NewVolumes(nil)
	v.Recorded(to)
	if _, n := v.Against("NVDA", (monday+1).At(10, 10).UnixMilli(), 1); n != 1 {
		t.Errorf("%d sessions of NVDA", n)
	}
	if _, n := v.Against("TSLA", (monday+1).At(10, 10).UnixMilli(), 1); n != 0 {
		t.Errorf("%d sessions of TSLA, whose day nobody read", n)
	}
	found, err := Interests(context.Background(), root, "sim", monday+1, []string{historytest.Symbols[1], historytest.Symbols[5], "O:AMD261218C00100000"})
	if err != nil || len(found) != 2 || found[historytest.Symbols[1]] != (memory.Interest{Date: monday, Lots: 150}) || found[historytest.Symbols[5]] != (memory.Interest{Date: monday, Lots: 350}) {
		t.Errorf("%v, %v", found, err)
	}
}

// Files stand while their log is as it was, and once the session had settled.
func TestStands(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 300)
	store := history.Store{Dir: filepath.Join(root, "sim")}
	if lacking, err := Lacking(root, store, monday+1, true); err != nil || len(lacking) != 1 {
		t.Fatalf("%v, %v", lacking, err)
	}
	if _, err := Make(context.Background(), Request{Day: day, History: root, MinutesOnly: true}); err != nil {
		t.Fatal(err)
	}
	if Stands(root, day, true) || !Stands(root, day, false) {
		t.Error("minutes alone are taken for all, or for nothing")
	}
	if _, err := Make(context.Background(), Request{Day: day, History: root}); err != nil || !Stands(root, day, true) {
		t.Errorf("%v; the files do not stand", err)
	}
	if day.Size++; Stands(root, day, true) {
		t.Error("the log grew in the session, and the files stand")
	}
	if lacking, err := Lacking(root, store, monday, true); err != nil || len(lacking) != 0 {
		t.Errorf("today is lacking: %v, %v", lacking, err)
	}
}
