package rerun

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"testing"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

var monday = model.MakeDate(2026, 11, 23)

// rows are those of a tape that a cursor has not seen, as text: NaN equals NaN.
func rows(t *tape.Tape, cursor *tape.Cursor) (all []string) {
	batch := make([]model.Row, 100)
	for n := t.Read(cursor, batch); n > 0; n = t.Read(cursor, batch) {
		for i := range batch[:n] {
			all = append(all, fmt.Sprintf("%+v", batch[i]))
		}
	}
	return all
}

// The rows of a rerun are those of the run, at their ticks.
func TestRerunIsTheRun(t *testing.T) {
	d := historytest.New(t, monday, 1)
	var want []string
	var cursor tape.Cursor
	for range 120 {
		d.Seconds(1)
		d.Tape.Publish()
		want = append(want, fmt.Sprint(d.Now, rows(&d.Tape.Tape, &cursor)))
	}
	d.Hole(d.Now, d.Now+1, "disk full")
	day := d.Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{})
	var got []string
	var of *tape.Tape
	var seen tape.Cursor
	begun, states, inputs, told := 0, 0, 0, int64(-1)
	var holes []daylog.Hole
	var pending []string
	err := Day(context.Background(), day, func(done, total int64) { told = total - done }, Face{
		Begins: func(tp *tape.Tape, b *book.Book) { of = tp; begun++ },
		Input:  func(book.Input) { inputs++ },
		State:  func(*model.State) { states++ },
		Hole:   func(h daylog.Hole) { holes = append(holes, h) },
		Tick: func(now int64) {
			if pending = append(pending, rows(of, &seen)...); now%1000 == 0 && len(got) < len(want) {
				got = append(got, fmt.Sprint(now, pending))
				pending = nil
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d seconds, want %d\n%.400v\n%.400v", len(got), len(want), got, want)
	}
	if begun != 1 || states != 121 || inputs < 500 || told != 0 || len(holes) != 1 || holes[0].Why != "disk full" {
		t.Errorf("%d begun, %d states, %d inputs, %d bytes left, %v", begun, states, inputs, told, holes)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err = Day(ctx, day, nil, Face{Tick: func(int64) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if math.Signbit(float64(told)) {
		t.Error("nobody was told how far it is")
	}
}
