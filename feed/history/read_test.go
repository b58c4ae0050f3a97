package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optflow/feed/faults"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

var friday = model.MakeDate(2026, 11, 27)

// fileBytes is a file of blocks of one tick each, the first of them a key, from an
// op on.
func fileBytes(t testing.TB, h Header, from uint64, blocks int) []byte {
	t.Helper()
	if h.Version == 0 {
		h.Version = daylog.Version
	}
	data, err := h.line()
	if err != nil {
		t.Fatal(err)
	}
	for i := range blocks {
		data = tickBlock(from+uint64(i), i == 0).Append(data)
	}
	return data
}

// tickBlock is a block of one op, which is a tick at its number.
func tickBlock(op uint64, key bool) *daylog.Block {
	var e daylog.Encoder
	e.Put(&book.Tick{Now: int64(op) + 1})
	return &daylog.Block{First: op, Ops: 1, Start: int64(op) + 1, Key: key, Raw: e.Len(), Stored: bytes.Clone(e.Bytes())}
}

func write(t testing.TB, store Store, date model.Date, name string, data []byte) {
	t.Helper()
	dir := filepath.Join(store.Dir, date.String())
	if err := os.MkdirAll(dir, folderOf); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, fileOf); err != nil {
		t.Fatal(err)
	}
}

// told is what a day says: its ticks, and "hole" where one is.
func told(t testing.TB, day Day) (said []string, err error) {
	t.Helper()
	var d daylog.Decoder
	for b, failed := range day.Blocks(context.Background(), nil) {
		if failed != nil {
			return said, failed
		}
		if err := d.Ops(b.Unpacked, daylog.Reader{
			Input: func(in book.Input) {
				switch in := in.(type) {
				case *book.Tick:
					said = append(said, fmt.Sprint(in.Now))
				case *book.Lost:
					if said[len(said)-1] != fmt.Sprintf("hole %d-%d %s", in.From, in.To, b.Hole.Why) {
						t.Fatalf("lost %d-%d after %q", in.From, in.To, said)
					}
				}
			},
			Hole: func(h daylog.Hole) { said = append(said, fmt.Sprintf("hole %d-%d %s", h.From, h.To, h.Why)) },
		}); err != nil {
			t.Fatal(err)
		}
	}
	return said, nil
}

func dayOf(t testing.TB, store Store) Day {
	t.Helper()
	days, err := store.Days()
	if err != nil || len(days) != 1 {
		t.Fatalf("%d days, %v", len(days), err)
	}
	return days[0]
}

func TestDaysAreReadInOrder(t *testing.T) {
	store := Store{filepath.Join(t.TempDir(), "realtime")}
	if days, err := store.Days(); err != nil || len(days) != 0 {
		t.Fatal("without a folder there are", days, err)
	}
	write(t, store, friday, "10000.oflog", fileBytes(t, Header{}, 3, 1))
	write(t, store, friday, "0002.oflog", fileBytes(t, Header{}, 2, 1))
	write(t, store, friday, "0001.oflog", fileBytes(t, Header{}, 0, 2))
	write(t, store, friday, "notes.txt", []byte("not ours"))
	write(t, store, friday-1, "0001.oflog", fileBytes(t, Header{}, 0, 1))
	write(t, Store{filepath.Join(store.Dir, "..", "parquet")}, friday, "x", nil)
	days, err := store.Days()
	if err != nil || len(days) != 2 || days[0].Date != friday-1 || days[1].Date != friday || days[1].Feed != "realtime" {
		t.Fatalf("%+v, %v", days, err)
	}
	if said, err := told(t, days[1]); err != nil || strings.Join(said, " ") != "1 2 3 4" {
		t.Fatal(said, err)
	}
	if stores, err := Stores(filepath.Dir(store.Dir)); err != nil || len(stores) != 1 || stores[0] != store {
		t.Fatal(stores, err)
	}
}

// A file that ends anywhere is read up to its last whole block, and says no hole:
// what was never written is said by whoever goes on.
func TestFault63EveryTruncation(t *testing.T) {
	faults.Open(t, 63)
	whole := fileBytes(t, Header{Optflow: "x"}, 0, 4)
	first := bytes.IndexByte(whole, '\n') + 1
	size := (len(whole) - first) / 4
	for n := range len(whole) + 1 {
		store := Store{t.TempDir()}
		write(t, store, friday, "0001.oflog", whole[:n])
		want := []string{"1", "2", "3", "4"}[:max(0, n-first)/size]
		if n > 0 && n < first {
			want = []string{"hole 0-0 damaged"} // no first line, but something
		}
		if said, err := told(t, dayOf(t, store)); err != nil || strings.Join(said, " ") != strings.Join(want, " ") {
			t.Fatalf("%d bytes: %q, %v, want %q", n, said, err, want)
		}
	}
}

// Whatever byte is wrong, reading goes on at the next key, says a hole, and tells
// nothing twice or out of order.
func TestFault63EveryByteDamaged(t *testing.T) {
	faults.Open(t, 63)
	whole := fileBytes(t, Header{}, 0, 3)
	first := bytes.IndexByte(whole, '\n') + 1
	for n := first; n < len(whole); n++ {
		store := Store{t.TempDir()}
		bad := bytes.Clone(whole)
		bad[n] ^= 0x55
		write(t, store, friday, "0001.oflog", bad)
		write(t, store, friday, "0002.oflog", fileBytes(t, Header{}, 3, 2))
		said, err := told(t, dayOf(t, store))
		text := strings.Join(said, " ")
		if err != nil || !strings.HasSuffix(text, " 4 5") || strings.Count(text, "hole") != 1 {
			t.Fatalf("byte %d: %q, %v", n, text, err)
		}
	}
}

func TestKeyAfterDamageInAFile(t *testing.T) {
	store := Store{t.TempDir()}
	data := fileBytes(t, Header{}, 0, 2)
	bad := len(data)
	data = tickBlock(2, false).Append(data)
	data = tickBlock(3, false).Append(data)
	data = tickBlock(4, true).Append(data)
	data[bad+7] = 0x01 // more bytes stored than the file has
	write(t, store, friday, "0001.oflog", data)
	said, err := told(t, dayOf(t, store))
	if want := "1 2 hole 2-5 damaged 5"; err != nil || strings.Join(said, " ") != want {
		t.Fatalf("%q, %v, want %q", said, err, want)
	}
}

// A block that is in no file is a hole as well, and one at the end is said.
func TestMissingBlocks(t *testing.T) {
	store := Store{t.TempDir()}
	write(t, store, friday, "0001.oflog", fileBytes(t, Header{}, 0, 2))
	write(t, store, friday, "0003.oflog", fileBytes(t, Header{}, 7, 1))
	if said, err := told(t, dayOf(t, store)); err != nil || strings.Join(said, " ") != "1 2 hole 2-8 missing 8" {
		t.Fatal(said, err)
	}
	write(t, store, friday, "0003.oflog", []byte("{nonsense"))
	if said, err := told(t, dayOf(t, store)); err != nil || strings.Join(said, " ") != "1 2 hole 2-2 damaged" {
		t.Fatal(said, err)
	}
}

func TestFault63NewerVersion(t *testing.T) {
	faults.Open(t, 63)
	store := Store{t.TempDir()}
	write(t, store, friday, "0001.oflog", fileBytes(t, Header{Version: daylog.Version + 1}, 0, 2))
	_, err := told(t, dayOf(t, store))
	if !errors.Is(err, daylog.ErrNewer) || !strings.Contains(err.Error(), "version 2") {
		t.Fatal(err)
	}
}

func TestReadingCanBeCancelledAndSaysHowFarItIs(t *testing.T) {
	store := Store{t.TempDir()}
	write(t, store, friday, "0001.oflog", fileBytes(t, Header{}, 0, 5))
	write(t, store, friday, "0002.oflog", fileBytes(t, Header{}, 5, 5))
	day := dayOf(t, store)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n, last := 0, int64(0)
	var err error
	for _, err = range day.Blocks(ctx, func(done, total int64) {
		if total != day.Size || done <= last {
			t.Errorf("%d of %d bytes after %d", done, total, last)
		}
		last = done
	}) {
		if n++; n == 10 && last != day.Size {
			t.Errorf("%d of %d bytes in the end", last, day.Size)
		}
		if n == 7 {
			cancel()
		}
	}
	if !errors.Is(err, context.Canceled) || n != 8 {
		t.Fatal(n, err)
	}
}

func TestPackedBlocks(t *testing.T) {
	ops := []byte(strings.Repeat("the same again ", 500))
	b := daylog.Block{Raw: len(ops), Stored: ops}
	Pack(&b)
	if b.Codec != daylog.Zstd || len(b.Stored) > 100 {
		t.Fatalf("codec %d, %d bytes", b.Codec, len(b.Stored))
	}
	if got, err := Unpack(&b, nil); err != nil || !bytes.Equal(got, ops) {
		t.Fatal(err)
	}
	wrong := b
	wrong.Raw++
	if _, err := Unpack(&wrong, nil); !errors.Is(err, daylog.ErrDamaged) {
		t.Fatal(err)
	}
	wrong = b
	wrong.Stored = wrong.Stored[:len(wrong.Stored)-1]
	if _, err := Unpack(&wrong, nil); !errors.Is(err, daylog.ErrDamaged) {
		t.Fatal(err)
	}
	small := daylog.Block{Raw: 2, Stored: []byte("ab")}
	if Pack(&small); small.Codec != daylog.Plain {
		t.Fatal("two bytes were packed")
	}
}

func TestFollowingReadsWhatIsAppended(t *testing.T) {
	store := Store{t.TempDir()}
	data := fileBytes(t, Header{Date: friday.String()}, 0, 4)
	write(t, store, friday, "0001.oflog", data[:len(data)-5])
	f := store.Follow(friday, 1)
	defer f.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	next := func(want uint64) {
		t.Helper()
		if b, err := f.Next(ctx); err != nil || b.First != want || b.Hole != nil {
			t.Fatalf("op %d, %v, want %d", b.First, err, want)
		}
	}
	next(1)
	next(2)
	if _, err := f.look(); err == nil {
		t.Fatal("half a block was read")
	}
	write(t, store, friday, "0001.oflog", tickBlock(4, false).Append(data))
	write(t, store, friday, "0002.oflog", fileBytes(t, Header{Date: friday.String()}, 5, 1))
	write(t, store, friday+3, "0001.oflog", fileBytes(t, Header{Date: (friday + 3).String()}, 0, 1))
	next(3)
	next(4)
	next(5)
	next(0)
	cancel()
	if _, err := f.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}
