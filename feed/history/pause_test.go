package history

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/model/daylog"
)

// warm makes what packs blocks, so that it belongs to no bubble.
func warm(t *testing.T) {
	t.Helper()
	b := daylog.Block{Stored: make([]byte, 100)}
	Pack(&b)
	if _, err := Unpack(&b, nil); err != nil {
		t.Fatal(err)
	}
}

// Recording goes on by itself, whatever it was that failed.
func TestFault62GoesOn(t *testing.T) {
	warm(t)
	for name, c := range map[string]struct {
		fail  func(r *run, filler string) error
		after time.Duration
		mend  func(filler string) error
	}{
		"sync": {func(r *run, _ string) error { return r.disk.file.Close() }, syncEvery, func(string) error { return nil }},
		"tidy": {func(_ *run, filler string) error {
			if err := os.WriteFile(filler, nil, fileOf); err != nil {
				return err
			}
			return os.Truncate(filler, 1<<30)
		}, tidyEvery, os.Remove},
	} {
		t.Run(name, func(t *testing.T) {
			faults.Open(t, 62)
			synctest.Test(t, func(t *testing.T) {
				root := t.TempDir()
				filler := filepath.Join(root, "filler")
				o := optionsFor(root)
				o.Keep.Size = 1 << 29
				r := record(t, o, open)
				r.second()
				r.second()
				synctest.Wait()
				if err := c.fail(r, filler); err != nil {
					t.Fatal(err)
				}
				time.Sleep(c.after + time.Millisecond)
				synctest.Wait()
				if r.second(); r.Trouble() == "" || !r.off {
					t.Fatalf("trouble %q, off %v", r.Trouble(), r.off)
				}
				time.Sleep(tryEvery)
				if err := c.mend(filler); err != nil {
					t.Fatal(err)
				}
				for range 2 {
					time.Sleep(tryEvery)
					r.second()
					synctest.Wait()
				}
				if r.Trouble() != "" || r.off {
					t.Errorf("trouble %q, off %v", r.Trouble(), r.off)
				}
				r.second()
				r.end()
				if a := playDay(t, dayOf(t, Store{filepath.Join(root, "realtime")})); len(a.holes) != 1 || a.book.DayVolume(0) != r.volume {
					t.Errorf("holes %+v, volume %d of %d", a.holes, a.book.DayVolume(0), r.volume)
				}
			})
		})
	}
}

// What a book handed over is written, though it does not end and the disk takes
// longer than the end may.
func TestTheEndWritesWhatIsHandedOver(t *testing.T) {
	warm(t)
	for range 8 { // of two things that may happen next either may
		synctest.Test(t, func(t *testing.T) {
			root := t.TempDir()
			o := optionsFor(root)
			o.Sim = func() bool { // asked for with each file
				time.Sleep(endMost + time.Second)
				return false
			}
			r := record(t, o, open)
			synctest.Wait()
			r.cancel()
			synctest.Wait()
			for range 4 {
				r.second()
			}
			if err := <-r.ended; err != nil {
				t.Fatal(err)
			}
			playDay(t, dayOf(t, Store{filepath.Join(root, "realtime")})).sameBook(t, r)
		})
	}
}
