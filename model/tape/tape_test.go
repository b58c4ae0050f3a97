package tape

import (
	"sync"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/image"
)

func TestRowIsCompact(t *testing.T) {
	if size := unsafe.Sizeof(model.Row{}); size != 96 {
		t.Errorf("a row takes %d bytes, want 96: hundreds of thousands are held", size)
	}
}

// numbered is a row that says which one it is.
func numbered(n uint64) model.Row { return model.Row{Start: int64(n) * 10, Span: 1, Size: uint32(n)} }

func TestTapeShowsNothingBeforePublish(t *testing.T) {
	tape := New(Options{})
	var cur Cursor
	into := make([]model.Row, 4)
	seq := tape.Append(numbered(0))
	if n := tape.Read(&cur, into); n != 0 {
		t.Fatalf("read %d rows before they were published", n)
	}
	if _, ok := tape.At(seq); ok {
		t.Fatal("a row was visible before it was published")
	}
	tape.Publish()
	if n := tape.Read(&cur, into); n != 1 || into[0] != numbered(0) {
		t.Fatalf("read %d rows, %+v", n, into[0])
	}
	if row, ok := tape.At(seq); !ok || row != numbered(0) {
		t.Fatalf("At(%d) = %+v, %v", seq, row, ok)
	}
	if _, ok := tape.At(seq + 1); ok {
		t.Fatal("a row that was never written is there")
	}
}

func TestTapeStateIsNeverNil(t *testing.T) {
	tape := New(Options{})
	if tape.State() == nil {
		t.Fatal("no state at the start")
	}
	s := &model.State{Reason: "connection lost"}
	tape.SetState(s)
	if tape.State() != s {
		t.Fatal("the state set is not the state got")
	}
}

func TestTapeChanged(t *testing.T) {
	closed := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	tape := New(Options{})
	first := tape.Changed()
	if tape.Changed() != first {
		t.Error("two readers that ask between two changes get two channels")
	}
	tape.Publish()
	if closed(first) {
		t.Error("publishing nothing woke the readers")
	}
	tape.Append(numbered(0))
	if closed(first) {
		t.Error("an unpublished row woke the readers")
	}
	tape.Publish()
	if !closed(first) {
		t.Error("a published row did not wake the readers")
	}
	second := tape.Changed()
	if closed(second) {
		t.Error("the next channel is closed already")
	}
	tape.SetState(&model.State{})
	if !closed(second) {
		t.Error("a state did not wake the readers")
	}
}

// Whoever waits at a tape that is over wakes, and whoever comes later does not wait.
func TestTapeIsOver(t *testing.T) {
	w := New(Options{})
	before := w.Changed()
	w.Over()
	for _, changed := range []<-chan struct{}{before, w.Changed(), w.Changed()} {
		select {
		case <-changed:
		default:
			t.Error("it is still waited for")
		}
	}
}

func TestTapePublishAllocatesNothing(t *testing.T) {
	tape := New(Options{})
	allocs := testing.AllocsPerRun(500, func() { // fewer than a chunk
		tape.Append(numbered(1))
		tape.Publish()
	})
	if allocs != 0 {
		t.Errorf("append and publish allocate %v times", allocs)
	}
}

func TestTapeTrims(t *testing.T) {
	minutes := int64(60_000)
	tests := []struct {
		name    string
		options Options
		rows    int
		step    int64 // ms between rows
		first   uint64
	}{
		{"young rows stay whatever their number", Options{KeepMillis: 16 * minutes, KeepRows: ChunkRows}, 10 * ChunkRows, 1, 0},
		{"old rows stay while they are few", Options{KeepMillis: 1, KeepRows: 16 * ChunkRows}, 10 * ChunkRows, 1000, 0},
		{"old rows go when they are many", Options{KeepMillis: 1, KeepRows: 2 * ChunkRows}, 10 * ChunkRows, 1000, 7 * ChunkRows},
		{"a flood is capped", Options{KeepMillis: 16 * minutes, MaxRows: 3 * ChunkRows}, 10 * ChunkRows, 0, 6 * ChunkRows},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tape := New(tt.options)
			for i := range tt.rows {
				tape.Append(model.Row{Start: int64(i) * tt.step, Span: 1})
				tape.Publish()
			}
			if tape.First() != tt.first || tape.Next() != uint64(tt.rows) {
				t.Errorf("holds [%d, %d), want [%d, %d)", tape.First(), tape.Next(), tt.first, tt.rows)
			}
		})
	}
}

func TestTapeNeverTrimsUnpublishedRows(t *testing.T) {
	tape := New(Options{KeepMillis: 1, KeepRows: ChunkRows, MaxRows: ChunkRows})
	for i := range uint64(8 * ChunkRows) {
		tape.Append(numbered(i))
	}
	tape.Publish()
	var cur Cursor
	into := make([]model.Row, 8*ChunkRows)
	if n := tape.Read(&cur, into); n != len(into) || cur.Trimmed != 0 {
		t.Errorf("read %d rows and missed %d of %d rows that were published at once", n, cur.Trimmed, len(into))
	}
}

// What the writer goes by follows from the rows alone: a book that is told the
// same again makes the same of it, however often faces were shown something.
func TestTrimmingFollowsFromTheRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keep := rapid.IntRange(1, 4*ChunkRows).Draw(t, "keep")
		most := rapid.IntRange(ChunkRows, 8*ChunkRows).Draw(t, "most")
		shown, never := New(Options{KeepMillis: 1, KeepRows: keep, MaxRows: most}), New(Options{KeepMillis: 1, KeepRows: keep, MaxRows: most})
		n := uint64(0)
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			for range rapid.IntRange(0, 2*ChunkRows).Draw(t, "rows") {
				shown.Append(numbered(n))
				never.Append(numbered(n))
				n++
			}
			if shown.Oldest() != never.Oldest() || shown.Full() != never.Full() {
				t.Fatalf("after %d rows the oldest is %d, full %v; unpublished %d, %v", n, shown.Oldest(), shown.Full(), never.Oldest(), never.Full())
			}
			for _, w := range []*Writer{shown, never} {
				if oldest := w.Oldest(); oldest > 0 && w.Written(oldest-1) != nil || oldest < n && *w.Written(oldest) != numbered(oldest) {
					t.Fatalf("after %d rows the writer does not go by row %d on", n, oldest)
				}
			}
			shown.Publish()
		}
		if never.First() != 0 {
			t.Fatalf("rows up to %d went before anybody could read them", never.First())
		}
	})
}

// Every reader sees exactly the rows appended, in order, or counts those that
// it missed.
func TestTapeReadersSeeEveryRowOrCountIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tape := New(Options{KeepMillis: 1, KeepRows: rapid.IntRange(1, 4*ChunkRows).Draw(t, "keep")})
		cursors := make([]Cursor, 3)
		read := make([]uint64, len(cursors))
		into := make([]model.Row, 3*ChunkRows)
		appended, published := uint64(0), uint64(0)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			for range rapid.IntRange(0, 1500).Draw(t, "rows") {
				if seq := tape.Append(numbered(appended)); seq != appended {
					t.Fatalf("row %d got number %d", appended, seq)
				}
				appended++
			}
			if rapid.Bool().Draw(t, "publish") {
				tape.Publish()
				published = appended
			}
			r := rapid.IntRange(0, len(cursors)-1).Draw(t, "reader")
			cur := &cursors[r]
			n := tape.Read(cur, into[:rapid.IntRange(0, len(into)).Draw(t, "window")])
			for i, row := range into[:n] {
				if want := cur.Next - uint64(n) + uint64(i); row != numbered(want) {
					t.Fatalf("row %d is %+v", want, row)
				}
			}
			read[r] += uint64(n)
			if read[r]+cur.Trimmed != cur.Next || cur.Next > published {
				t.Fatalf("read %d, trimmed %d, next %d, published %d", read[r], cur.Trimmed, cur.Next, published)
			}
		}
		tape.Publish()
		for r := range cursors {
			for n := 1; n > 0; {
				n = tape.Read(&cursors[r], into)
				read[r] += uint64(n)
			}
			if read[r]+cursors[r].Trimmed != appended {
				t.Fatalf("reader %d ended with %d rows and %d trimmed of %d", r, read[r], cursors[r].Trimmed, appended)
			}
		}
	})
}

// For the race detector: one writer, readers that wait for news and readers
// that look rows up.
func TestTapeConcurrentReaders(t *testing.T) {
	const rows = 40_000
	tape := New(Options{KeepMillis: 1, KeepRows: 2 * ChunkRows})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			var cur Cursor
			var read uint64
			into := make([]model.Row, 300)
			for cur.Next < rows {
				changed := tape.Changed()
				n := tape.Read(&cur, into)
				for i, row := range into[:n] {
					if want := cur.Next - uint64(n) + uint64(i); row.Size != uint32(want) {
						t.Errorf("row %d says %d", want, row.Size)
						return
					}
				}
				read += uint64(n)
				if n == 0 {
					<-changed
				}
			}
			if read+cur.Trimmed != rows {
				t.Errorf("read %d and missed %d of %d", read, cur.Trimmed, rows)
			}
		})
	}
	readers.Go(func() {
		for tape.Next() < rows {
			first, changed := tape.First(), tape.Changed()
			if row, ok := tape.At(first); ok && row.Size != uint32(first) {
				t.Errorf("row %d says %d", first, row.Size)
				return
			}
			if tape.State().Received > int64(rows) {
				t.Error("a state from the future")
				return
			}
			if tape.Next() < rows {
				<-changed
			}
		}
	})
	for i := range uint64(rows) {
		tape.Append(numbered(i))
		if i%7 == 0 {
			tape.Publish()
		}
		if i%1000 == 0 {
			tape.SetState(&model.State{Received: int64(i)})
		}
	}
	tape.Publish()
	readers.Wait()
}

func BenchmarkTapeAppend(b *testing.B) {
	tape := New(Options{KeepMillis: 1})
	b.ReportAllocs()
	for i := range b.N {
		tape.Append(model.Row{Start: int64(i)})
	}
}

func BenchmarkTapePublish(b *testing.B) {
	tape := New(Options{KeepMillis: 1})
	b.ReportAllocs()
	for i := range b.N {
		tape.Append(model.Row{Start: int64(i)})
		tape.Publish()
	}
}

func BenchmarkTapeRead(b *testing.B) {
	tape := New(Options{})
	for i := range uint64(100_000) {
		tape.Append(numbered(i))
	}
	tape.Publish()
	into := make([]model.Row, 1000)
	var cur Cursor
	for i := 0; i < b.N; i += len(into) {
		if tape.Read(&cur, into) == 0 {
			cur = Cursor{}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/row")
}

// TestHeldRowsStay: what readers still want is not dropped, what the writer goes by
// is the same.
func TestHeldRowsStay(t *testing.T) {
	held, free := New(Options{KeepMillis: 1, KeepRows: 1}), New(Options{KeepMillis: 1, KeepRows: 1})
	held.Hold(ChunkRows + 5)
	for n := range 8 * ChunkRows {
		for _, w := range []*Writer{held, free} {
			w.Append(model.Row{Start: int64(n) * 1000})
			w.Publish()
		}
		if held.Oldest() != free.Oldest() {
			t.Fatalf("after %d rows the writer goes by %d, held by %d", n+1, free.Oldest(), held.Oldest())
		}
	}
	if free.First() <= 2*ChunkRows || held.First() != ChunkRows {
		t.Fatalf("the first rows are %d, and held %d", free.First(), held.First())
	}
	held.Hold(NoSeq)
	for n := range ChunkRows {
		held.Append(model.Row{Start: int64(8*ChunkRows+n) * 1000})
		free.Append(model.Row{Start: int64(8*ChunkRows+n) * 1000})
		held.Publish()
		free.Publish()
	}
	if held.First() != free.First() {
		t.Errorf("let go, the first row is %d, not %d", held.First(), free.First())
	}
}

// A tape that goes on where another one was refers to its rows, and shows none.
func TestTapeGoesOn(t *testing.T) {
	first := New(Options{KeepRows: ChunkRows, KeepMillis: 1})
	if _, err := first.Registry.Intern("O:SPY261218C00600000"); err != nil {
		t.Fatal(err)
	}
	put := func(w *Writer, n int64) { w.Append(model.Row{Start: n * 1000, Span: model.Second, Size: uint32(n)}) }
	for n := range int64(5*ChunkRows + 7) {
		put(first, n)
	}
	first.Publish()
	again := New(Options{KeepRows: ChunkRows, KeepMillis: 1})
	if _, err := again.Registry.Intern("O:SPY261218C00600000"); err != nil {
		t.Fatal(err)
	}
	m := image.New(nil)
	first.Image(m)
	r := image.Read(m.Bytes())
	if again.Image(r); r.Bad() || r.Left() > 0 {
		t.Fatal("not read")
	}
	var cur Cursor
	rows := make([]model.Row, 10*ChunkRows)
	for n := range int64(4 * ChunkRows) {
		put(first, 6000+n)
		put(again, 6000+n)
		again.Publish()
		first.Publish()
		if a, b := first.Written(first.Oldest()), again.Written(again.Oldest()); first.Oldest() != again.Oldest() || *a != *b {
			t.Fatalf("row %d: %d and %d", n, first.Oldest(), again.Oldest())
		}
		if n == 0 {
			if got := again.Read(&cur, rows); got != 1 || cur.Trimmed != 0 || rows[0].Size != 6000 || again.First() != again.Appended()-1 {
				t.Fatalf("%d rows are shown, %+v", got, cur)
			}
			if _, shown := again.At(again.First() - 1); shown {
				t.Fatal("a row of before is shown")
			}
		}
	}
	if n := again.Read(&cur, rows); uint64(n)+cur.Trimmed != 4*ChunkRows-1 || cur.Next != again.Next() {
		t.Fatalf("%d rows, %+v", n, cur)
	}
}
