package history

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

var update = flag.Bool("update", false, "record testdata anew; a file of an earlier version is never")

// oldFile was recorded by version 1 and is read for ever: it is never written anew.
const oldFile = "testdata/v1.oflog"

func TestFilesOfVersion1(t *testing.T) {
	if *update {
		if _, err := os.Stat(oldFile); err != nil {
			makeOldFile(t)
		}
	}
	data, err := os.ReadFile(oldFile)
	if err != nil {
		t.Fatal(err)
	}
	store := Store{filepath.Join(t.TempDir(), "realtime")}
	write(t, store, friday, "0001.oflog", data)
	day := dayOf(t, store)
	if h, err := headerOf(day.Files[0].Path); err != nil || h.Version != 1 || h.Date != "2026-11-27" {
		t.Fatalf("%+v, %v", h, err)
	}
	a := playDay(t, day)
	if a.tape.Appended() != 26 || len(a.holes) != 1 || a.holes[0].Why != "disk full" || a.state == nil || a.state.Link != model.Live {
		t.Fatalf("%d rows, holes %+v, state %+v", a.tape.Appended(), a.holes, a.state)
	}
	for acc := range a.book.Accounts {
		if acc.Day != 82 || acc.Past != 0 || acc.Exact != 75 {
			t.Errorf("%+v", acc)
		}
	}
}

// makeOldFile records some seconds with an outage and a hole.
func makeOldFile(t *testing.T) {
	root := t.TempDir()
	r := record(t, optionsFor(root), open)
	for range 15 {
		r.second()
	}
	r.tell(&book.Lost{From: r.now, To: r.now + 9000, Reason: model.GapPaused})
	r.volume += 7
	r.now += 9000
	for range 10 {
		r.second()
	}
	r.pass(70_000)
	putHole(&r.enc, daylog.Hole{From: r.now - 1000, To: r.now, Why: "disk full"})
	r.end()
	day := dayOf(t, Store{filepath.Join(root, "realtime")})
	data, err := os.ReadFile(day.Files[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(oldFile, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
