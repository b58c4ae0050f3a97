package history

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// open is a moment of friday's session, ms.
var open = friday.At(10, 30).UnixMilli()

// run is a recorder with a book, and time that passes by hand.
type run struct {
	*Recorder
	t      testing.TB
	book   *book.Book
	tape   *tape.Writer
	now    int64
	volume int64
	id     model.ContractID
	ended  chan error
	cancel context.CancelFunc
}

func optionsFor(root string) Options {
	return Options{
		Root: root, Feeds: []string{"realtime", "delayed"}, Named: func() string { return "realtime" },
		Header: Header{Optflow: "test", Epoch: "abc", Rules: book.Rules}, Now: func() int64 { return open },
	}
}

// record begins a run at a market time, with what was recorded before it.
func record(t testing.TB, o Options, now int64) *run {
	t.Helper()
	to := tape.New(tape.Options{})
	r := &run{Recorder: New(o), t: t, tape: to, book: book.New(to, book.Options{}), now: now, ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.ended <- r.Run(ctx) }()
	until, _, err := r.Recover(ctx, r.book, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	r.Begin(r.book)
	if until > 0 {
		r.tell(&book.Lost{From: until, To: now, Reason: model.GapLost})
	}
	c := &book.Contract{Symbol: "O:SPY261218C00600000", Traded: true}
	r.tell(c)
	r.id = c.ID
	t.Cleanup(cancel)
	return r
}

func (r *run) tell(in book.Input) {
	r.Telling(in)
	r.book.Apply(in)
	r.Told(in)
}

// second is a second of the market, with a bar in it.
func (r *run) second() {
	r.volume += 3
	r.tell(&book.Bar{Bar: model.Bar{
		Contract: r.id, Span: model.Second, Start: r.now - r.now%1000, Volume: 3, DayVolume: r.volume,
		Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1, DayVwap: 1, AvgSize: 1,
	}})
	r.Shown(&model.State{Link: model.Live, Received: r.now, Covers: model.Unknown})
	r.pass(1000)
}

// pass lets time pass.
func (r *run) pass(ms int64) {
	for range ms / 250 {
		r.now += 250
		r.tell(&book.Tick{Now: r.now})
	}
}

// end ends the run in order.
func (r *run) end() {
	r.t.Helper()
	r.End()
	if err := <-r.ended; err != nil {
		r.t.Fatal(err)
	}
}

// settled waits until all that was handed over is written, or dropped.
func (r *run) settled() {
	await(r.t, func() bool { return len(r.queue) == 0 && len(r.free) == queued })
}

func await(t testing.TB, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("that did not come")
		}
	}
}

// again is a book told by a day's log, and what the log says is missing.
type again struct {
	book  *book.Book
	tape  *tape.Writer
	holes []daylog.Hole
	state *model.State
}

func playDay(t testing.TB, day Day) *again {
	t.Helper()
	to := tape.New(tape.Options{})
	a := &again{tape: to, book: book.New(to, book.Options{})}
	var d daylog.Decoder
	for b, err := range day.Blocks(context.Background(), nil) {
		if err == nil {
			err = d.Ops(b.Unpacked, daylog.Reader{
				Input: a.book.Apply, State: func(s *model.State) { a.state = s }, Hole: func(h daylog.Hole) { a.holes = append(a.holes, h) },
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// sameBook holds what was played against the book that was recorded.
func (a *again) sameBook(t testing.TB, r *run) {
	t.Helper()
	if a.tape.Appended() != r.tape.Appended() || r.tape.Appended() == 0 {
		t.Fatalf("%d rows, recorded %d", a.tape.Appended(), r.tape.Appended())
	}
	for n := range a.tape.Appended() {
		if x, y := a.tape.Written(n), r.tape.Written(n); x.Start != y.Start || x.Size != y.Size || x.Flags != y.Flags || x.Revision != y.Revision {
			t.Fatalf("row %d: %+v, recorded %+v", n, x, y)
		}
	}
	if x, y := slices.Collect(a.book.Accounts), slices.Collect(r.book.Accounts); len(x) != len(y) || x[0].Day != y[0].Day || x[0].Exact != y[0].Exact || x[0].Past != y[0].Past {
		t.Fatalf("accounts %+v, recorded %+v", x, y)
	}
}

func TestWhatIsRecordedIsReadAgain(t *testing.T) {
	root := filepath.Join(t.TempDir(), "history")
	r := record(t, optionsFor(root), open)
	for range 30 {
		r.second()
	}
	r.end()
	store := Store{filepath.Join(root, "realtime")}
	a := playDay(t, dayOf(t, store))
	a.sameBook(t, r)
	if a.state == nil || a.state.Link != model.Live || len(a.holes) > 0 {
		t.Errorf("state %+v, holes %v", a.state, a.holes)
	}
	for _, path := range []string{root, store.Dir, filepath.Join(store.Dir, friday.String())} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	path := filepath.Join(store.Dir, friday.String(), "0001.oflog")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", path, info.Mode(), err)
	}
	if h, err := headerOf(path); err != nil || h != (Header{Version: 1, Optflow: "test", Feed: "realtime", Date: "2026-11-27", Epoch: "abc", Rules: book.Rules}) {
		t.Errorf("%+v, %v", h, err)
	}
}

// A run after a crash has the accounts of the one before, and both are one day.
func TestARunGoesOnFromTheOneBefore(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	for range 10 {
		r.second()
	}
	r.end()
	rows := r.tape.Appended()
	next := record(t, optionsFor(root), open+60_000)
	if next.tape.Appended() != rows || next.book.DayVolume(next.id) != 30 {
		t.Fatalf("%d rows of %d, volume %d", next.tape.Appended(), rows, next.book.DayVolume(next.id))
	}
	next.volume = 30 + 7 // traded while nobody looked
	for range 10 {
		next.second()
	}
	next.end()
	day := dayOf(t, Store{filepath.Join(root, "realtime")})
	if len(day.Files) != 2 {
		t.Fatalf("%d files", len(day.Files))
	}
	a := playDay(t, day)
	a.sameBook(t, next)
	for acc := range a.book.Accounts {
		if acc.Past != 0 || acc.Day != 67 || acc.Exact != 60 {
			t.Errorf("%+v: what traded meanwhile is missing, and not the past", acc)
		}
	}
}

// Each hour, and where it is large, a new file begins, at which a reader can begin.
func TestFilesBegin(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	r.second()
	for range 31 {
		r.pass(60_000)
		r.settled()
	}
	r.second()
	r.settled()
	r.asks.Store(asksFile)
	r.second()
	r.second()
	r.end()
	day := dayOf(t, Store{filepath.Join(root, "realtime")})
	if len(day.Files) != 3 {
		t.Fatalf("%d files", len(day.Files))
	}
	playDay(t, day).sameBook(t, r)
	day.Files = day.Files[1:]
	a := playDay(t, day)
	if a.tape.Appended() == 0 || a.tape.Appended() >= r.tape.Appended() {
		t.Fatalf("%d rows from the second file on, %d in all", a.tape.Appended(), r.tape.Appended())
	}
}

// What begins another date stands in that date's folder, with what the book had
// come to before: its log alone makes the same book, and shows its own rows.
func TestDaysBegin(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), (friday+1).At(0, 0).UnixMilli()-3000)
	for range 6 {
		r.second()
	}
	r.end()
	days, err := Store{filepath.Join(root, "realtime")}.Days()
	if err != nil || len(days) != 2 || days[0].Date != friday || days[1].Date != friday+1 {
		t.Fatalf("%+v, %v", days, err)
	}
	a := playDay(t, days[1])
	a.sameBook(t, r)
	rows := make([]model.Row, 10)
	if a.tape.Publish(); a.tape.Read(new(tape.Cursor), rows) != 3 || model.TradingDate(rows[0].Start) != friday+1 {
		t.Fatalf("%d rows in all, the first of the second day is %+v", a.tape.Appended(), rows[0])
	}
	if a := playDay(t, days[0]); a.book.Date() != friday || a.tape.Appended() != 3 {
		t.Fatalf("the first day ends on %v, with %d rows", a.book.Date(), a.tape.Appended())
	}
}

// A book that goes on and is moved to another date before anything is written has
// what it came to in the first file of that date.
func TestADateBeginsWithAnOlderBook(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	r.second()
	r.end()
	to := tape.New(tape.Options{})
	b := book.New(to, book.Options{})
	first := New(optionsFor(root))
	if _, _, err := first.Recover(t.Context(), b, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	next := &run{Recorder: first, t: t, tape: to, book: b, now: r.now, volume: r.volume, id: r.id, ended: make(chan error, 1)}
	go func() { next.ended <- next.Run(t.Context()) }()
	next.Begin(b)
	next.tell(&book.Date{Date: friday + 1})
	next.second()
	next.end()
	days, err := Store{filepath.Join(root, "realtime")}.Days()
	if err != nil || len(days) != 2 || len(days[0].Files) != 1 {
		t.Fatalf("%+v, %v", days, err)
	}
	if a := playDay(t, days[1]); a.tape.Appended() != to.Appended() {
		t.Errorf("%d rows, and the book has %d", a.tape.Appended(), to.Appended())
	}
}

// Where the clock was wrong, a date's log goes on, and says what is not in it.
func TestBackAtADate(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	r.second()
	r.tell(&book.Date{Date: friday + 1})
	r.pass(2000)
	r.tell(&book.Rewind{Now: r.now, Date: friday})
	r.second()
	r.end()
	days, err := Store{filepath.Join(root, "realtime")}.Days()
	if err != nil || len(days) != 2 || len(days[0].Files) != 2 {
		t.Fatalf("%+v, %v", days, err)
	}
	a := playDay(t, days[0])
	if a.sameBook(t, r); len(a.holes) != 1 || a.holes[0].To-a.holes[0].From != 2000 {
		t.Errorf("%+v", a.holes)
	}
}

// Nothing waits for a disk that is slow: what it does not take is a hole.
func TestFault62SlowDisk(t *testing.T) {
	faults.Open(t, 62)
	root := t.TempDir()
	o := optionsFor(root)
	var stuck atomic.Bool
	stuck.Store(true)
	gone := make(chan struct{})
	o.Sim = func() bool { // asked for with each file
		if stuck.Load() {
			<-gone
		}
		return false
	}
	r := record(t, o, open)
	for range 2 * queued {
		r.second()
	}
	if !r.off {
		t.Fatal("more blocks than may wait are kept")
	}
	from := r.from
	stuck.Store(false)
	close(gone)
	r.settled()
	r.second()
	r.second()
	r.end()
	a := playDay(t, dayOf(t, Store{filepath.Join(root, "realtime")}))
	if len(a.holes) != 1 || a.holes[0].Why != whySlow || a.holes[0].From != from || a.holes[0].To <= from {
		t.Fatalf("%+v", a.holes)
	}
	if a.tape.Appended() < queued || a.tape.Appended() > queued+8 {
		t.Errorf("%d rows", a.tape.Appended())
	}
	for acc := range a.book.Accounts { // its day volume says what the hole took
		if acc.Day != r.volume || acc.Gaps+acc.Pending == 0 {
			t.Errorf("%+v, the feed had %d", acc, r.volume)
		}
	}
}

// A second copy records nothing until the first has ended.
func TestFault66TwoWriters(t *testing.T) {
	faults.Open(t, 66)
	root := t.TempDir()
	first := record(t, optionsFor(root), open)
	first.second()
	first.second()
	first.settled()
	second := record(t, optionsFor(root), open+3000)
	second.second()
	second.second()
	second.settled()
	if !strings.Contains(second.Trouble(), "another optflow") {
		t.Fatalf("trouble %q", second.Trouble())
	}
	first.second()
	first.end()
	if day := dayOf(t, Store{filepath.Join(root, "realtime")}); len(day.Files) != 1 {
		t.Fatalf("%d files", len(day.Files))
	}
	second.asks.Store(asksAgain) // as it tries after a while
	second.second()
	second.settled()
	if second.Trouble() != "" {
		t.Fatal(second.Trouble())
	}
	second.second()
	second.end()
	day := dayOf(t, Store{filepath.Join(root, "realtime")})
	if h, err := headerOf(day.Files[1].Path); err != nil || !h.Fresh {
		t.Errorf("%+v, %v: it does not go on from the last of the other", h, err)
	}
}

func TestFollowingARecorder(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	r.second()
	r.second()
	r.settled()
	at := r.Position()
	if at.Date != friday || at.Epoch != "abc" || at.Next == 0 {
		t.Fatalf("%+v", at)
	}
	f := r.Follow(at.Store, at.Date, at.Next)
	got := make(chan Block, 100)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	go func() {
		for {
			b, err := f.Next(ctx)
			if err != nil {
				close(got)
				return
			}
			got <- b
		}
	}()
	r.pass(1000)
	for range 4 { // four times a second while somebody follows
		b := <-got
		if b.First != at.Next || b.Hole != nil {
			t.Fatalf("op %d, want %d", b.First, at.Next)
		}
		at.Next += uint64(b.Ops)
	}
	r.asks.Store(asksFile)
	r.pass(250)
	b := <-got
	if b.Key || b.First != at.Next {
		t.Fatalf("%+v", b.Block)
	}
	if key := <-got; !key.Key || !key.Begins || key.First != at.Next+uint64(b.Ops) {
		t.Fatalf("%+v", key.Block)
	}
	cancel()
	for range got { // it belongs to one goroutine
	}
	f.Close()
	if r.followers.Load() != 0 {
		t.Error("it is followed yet")
	}
	r.end()
}
