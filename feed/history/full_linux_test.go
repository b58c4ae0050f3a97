package history

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"optflow/feed/faults"
	"optflow/model"
)

// paused records until nothing can be written, has room made, and records on. It
// returns the day as it is read then.
func paused(t *testing.T, root string, o Options, full, free func()) (*run, *again) {
	t.Helper()
	fault := faults.Open(t, 62)
	r := record(t, o, open)
	r.retry = 20 * time.Millisecond
	for range 20 {
		r.second()
		r.settled()
	}
	full()
	began := time.Now()
	for range 400 { // until what room there was is taken
		r.second()
		r.settled()
	}
	if r.Trouble() != "history paused: disk full" || !r.off {
		t.Fatalf("trouble %q, off %v", r.Trouble(), r.off)
	}
	fault.Noticed(time.Since(began))
	held := r.tape.Appended()
	free()
	began = time.Now()
	await(t, func() bool { r.second(); r.settled(); return r.Trouble() == "" && !r.off })
	fault.Recovered(time.Since(began))
	for range 5 {
		r.second()
	}
	r.end()
	if r.tape.Appended() <= held {
		t.Error("the tape stood still")
	}
	day, err := Store{filepath.Join(root, "realtime")}.Day(friday)
	if err != nil || len(day.Files) < 2 {
		t.Fatalf("%d files, %v", len(day.Files), err)
	}
	a := playDay(t, day)
	if len(a.holes) == 0 || a.holes[0].Why != "disk full" || a.tape.Appended() < 25 {
		t.Fatalf("%d rows, holes %+v", a.tape.Appended(), a.holes)
	}
	for acc := range a.book.Accounts {
		if acc.Day != r.volume || acc.Past != 0 {
			t.Errorf("%+v, the feed had %d", acc, r.volume)
		}
	}
	return r, a
}

// A file that may not grow (RLIMIT_FSIZE), as with ulimit -f.
func TestFault62FileLimit(t *testing.T) {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limit := func(n uint64) {
		l := before
		l.Cur = n
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
	}
	defer func() { _ = unix.Setrlimit(unix.RLIMIT_FSIZE, &before) }()
	root := t.TempDir()
	paused(t, root, optionsFor(root), func() { limit(6 << 10) }, func() { limit(before.Cur) })
}

// A disk that is full, where one can be mounted.
func TestFault62DiskFull(t *testing.T) {
	root := t.TempDir()
	if err := unix.Mount("tmpfs", root, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	defer func() {
		if err := unix.Unmount(root, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	filler := filepath.Join(root, "filler")
	paused(t, root, optionsFor(root), func() {
		if err := os.WriteFile(filler, make([]byte, 1<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
			t.Fatal(err)
		}
	}, func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	})
}

// Too little that is free, and nothing that may go.
func TestFault62LittleFree(t *testing.T) {
	root := t.TempDir()
	o := optionsFor(root)
	o.Keep.Free = 1 << 60
	r := record(t, o, open)
	for range 3 {
		r.second()
		r.settled()
	}
	if r.Trouble() != "history paused: disk full" {
		t.Fatalf("trouble %q", r.Trouble())
	}
	r.end()
	if days, err := (Store{filepath.Join(root, "realtime")}).Days(); err != nil || len(days) > 0 {
		t.Fatal(days, err)
	}
}

// The oldest days go where there are more than the limits say, and never one that
// is written.
func TestFault62OldestDaysGo(t *testing.T) {
	faults.Open(t, 62)
	root := t.TempDir()
	store := Store{filepath.Join(root, "realtime")}
	for n := range model.Date(6) {
		write(t, store, friday-6+n, "0001.oflog", fileBytes(t, Header{}, 0, 40))
		write(t, Store{filepath.Join(root, "delayed")}, friday-6+n, "0001.oflog", fileBytes(t, Header{}, 0, 40))
	}
	derived := filepath.Join(root, parquetDir, "feed=realtime", "date="+(friday-6).String())
	for _, name := range []string{"windows.parquet", keptForEver} {
		if err := os.MkdirAll(derived, folderOf); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(derived, name), make([]byte, 1000), fileOf); err != nil {
			t.Fatal(err)
		}
	}
	o := optionsFor(root)
	o.Keep = Keep{Sessions: 4}
	r := record(t, o, open)
	r.second()
	r.second()
	r.settled()
	dates := func(feed string) (list string) {
		days, err := Store{filepath.Join(root, feed)}.Days()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			list += " " + d.Date.String()[8:]
		}
		return strings.TrimSpace(list)
	}
	if r, d := dates("realtime"), dates("delayed"); r != "23 24 25 26 27" || d != "23 24 25 26" {
		t.Fatalf("realtime %s, delayed %s", r, d) // today was not there yet
	}
	entries, err := os.ReadDir(derived)
	if err != nil || len(entries) != 1 || entries[0].Name() != keptForEver {
		t.Errorf("of what was derived %v stay, %v", entries, err)
	}
	size, err := sizeOf(root)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := Prune(root, Keep{Size: size - 1})
	if err != nil || len(gone) != 1 || gone[0].Date != friday-4 {
		t.Fatalf("%+v, %v", gone, err)
	}
	if gone, err = Prune(root, Keep{Size: 1}); !errors.Is(err, errFull) || len(gone) != 7 || dates("realtime") != "27" {
		t.Fatalf("%d gone, %v, left %s", len(gone), err, dates("realtime"))
	}
	r.end()
	if gone, err = Prune(root, Keep{Sessions: 1, Size: 1001}, (friday+3).At(8, 0).UnixMilli()); !errors.Is(err, errFull) || len(gone) > 0 {
		t.Fatalf("%+v, %v: before the open the last session is shown", gone, err)
	}
	if gone, err = Prune(root, Keep{Size: 1001}, (friday+3).At(10, 0).UnixMilli()); err != nil || len(gone) != 1 || dates("realtime") != "" {
		t.Fatalf("%+v, %v", gone, err)
	}
}

// A start with too little room recovers today, and deletes what is older.
func TestFault62NeverToday(t *testing.T) {
	faults.Open(t, 62)
	root := t.TempDir()
	write(t, Store{filepath.Join(root, "realtime")}, friday-2, "0001.oflog", fileBytes(t, Header{}, 0, 40))
	first := record(t, optionsFor(root), open)
	for range 5 {
		first.second()
	}
	first.end()
	o := optionsFor(root)
	o.Keep.Size = 1
	next := record(t, o, open+60_000)
	next.second()
	next.second()
	next.settled()
	if next.Trouble() != "history paused: disk full" {
		t.Errorf("trouble %q", next.Trouble())
	}
	next.end()
	day := dayOf(t, Store{filepath.Join(root, "realtime")})
	if a := playDay(t, day); day.Date != friday || a.tape.Appended() != first.tape.Appended() {
		t.Errorf("%v has %d rows, recorded %d", day.Date, a.tape.Appended(), first.tape.Appended())
	}
}

// A day whose lock cannot be tried stays; one that has none, and no room for it, goes.
func TestFault62WhoWritesIsNotKnown(t *testing.T) {
	faults.Open(t, 62)
	root := t.TempDir()
	store := Store{filepath.Join(root, "realtime")}
	write(t, store, friday-1, "0001.oflog", fileBytes(t, Header{}, 0, 40))
	if err := os.Symlink(lockName, filepath.Join(store.Dir, (friday-1).String(), lockName)); err != nil {
		t.Fatal(err)
	}
	gone, err := Prune(root, Keep{Size: 1})
	if day := dayOf(t, store); !errors.Is(err, unix.ELOOP) || len(gone) > 0 || len(day.Files) != 1 {
		t.Fatalf("%+v, %v, %+v", gone, err, day)
	}
	root = t.TempDir()
	if err := unix.Mount("tmpfs", root, "tmpfs", 0, "size=256k,nr_inodes=5"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	defer func() {
		if err := unix.Unmount(root, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	write(t, Store{filepath.Join(root, "realtime")}, friday-1, "0001.oflog", fileBytes(t, Header{}, 0, 40))
	for n := range 3 {
		if err := os.WriteFile(filepath.Join(root, string(rune('a'+n))), nil, fileOf); errors.Is(err, unix.ENOSPC) {
			break
		}
	}
	if gone, err = Prune(root, Keep{Size: 1}); err != nil || len(gone) != 1 {
		t.Fatalf("%+v, %v", gone, err)
	}
}
