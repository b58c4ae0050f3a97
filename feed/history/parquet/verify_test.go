package parquet

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A day is what was recorded: its blocks are whole, and it comes to the rows of its
// files. What is damaged or differs is said, and what other rules made is no fault.
func TestVerify(t *testing.T) {
	root := t.TempDir()
	day := recorded(t, root, 600)
	verify := func() Verified {
		t.Helper()
		far := int64(0)
		v, err := Verify(context.Background(), Request{Day: day, History: root, Progress: func(done, total int64) {
			if done < far || done > total {
				t.Errorf("%d of %d done, %d before", done, total, far)
			}
			far = done
		}})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := verify(); v.Stands || !v.Fine() || v.Blocks == 0 || v.Ops == 0 {
		t.Errorf("without files: %+v", v)
	}
	if _, err := Make(context.Background(), Request{Day: day, History: root}); err != nil {
		t.Fatal(err)
	}
	if v := verify(); !v.Stands || !v.Fine() || v.Rows < 500 || len(v.Differs) > 0 {
		t.Errorf("%+v", v)
	}

	// The bursts of another day stand in their place, made of as much, they say.
	path := filepath.Join(Dir(root, day.Feed, day.Date), Bursts)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	wrong := recorded(t, other, 300)
	wrong.Size = day.Size
	if _, err := Derive(context.Background(), Request{Day: wrong, History: other}); err != nil {
		t.Fatal(err)
	}
	changed, err := os.ReadFile(filepath.Join(Dir(other, day.Feed, day.Date), Bursts))
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(path, changed)
	if v := verify(); !v.Stands || v.Fine() || len(v.Differs) != 1 || v.Earlier {
		t.Errorf("%+v", v)
	}
	write(path, whole)

	log, err := os.ReadFile(day.Files[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	log[len(log)/2] ^= 1
	write(day.Files[0].Path, log)
	if v := verify(); v.Fine() || len(v.Damaged) == 0 {
		t.Errorf("%+v", v)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, Request{Day: day, History: root}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if v := (Verified{Older: true, Differs: []string{"a row"}}); !v.Fine() {
		t.Error("other rules are a fault")
	}
}
