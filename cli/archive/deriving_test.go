package archive

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"reflect"
	"testing"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/feed/history/parquet"
	"optflow/model"
)

var monday = model.MakeDate(2026, 11, 23)

// Days get their files once they are over, each once, whatever becomes of the
// others.
func TestDaysThatAreOver(t *testing.T) {
	root := t.TempDir()
	for _, date := range []model.Date{monday - 3, monday, monday + 1} {
		d := historytest.New(t, date, 1)
		d.Seconds(60)
		d.Save(history.Store{Dir: filepath.Join(root, "realtime")}, history.Header{})
	}
	var made []model.Date
	fails := errors.New("disk full")
	d := deriving{
		Options: Options{Root: root, Feeds: []string{"realtime", "delayed"}, All: true, Log: slog.New(slog.DiscardHandler)}, failed: map[string]struct{}{},
		make: func(ctx context.Context, day history.Day) error {
			if made = append(made, day.Date); day.Date == monday-3 {
				return fails
			}
			_, err := parquet.Make(ctx, parquet.Request{Day: day, History: root})
			return err
		},
	}
	for _, step := range []struct {
		what string
		now  int64
		want []model.Date
	}{
		{"in Monday's session", monday.At(11, 0).UnixMilli(), []model.Date{monday - 3}},
		{"a minute later", monday.At(11, 1).UnixMilli(), nil},
		{"as it closes: rows may still change", monday.At(16, 16).UnixMilli(), nil},
		{"once it has settled", monday.At(16, 36).UnixMilli(), []model.Date{monday}},
		{"in the evening", monday.At(20, 0).UnixMilli(), nil},
		{"in Tuesday's session", (monday + 1).At(11, 0).UnixMilli(), nil},
		{"on Wednesday", (monday + 2).At(9, 0).UnixMilli(), []model.Date{monday + 1}},
	} {
		made = nil
		if d.look(context.Background(), step.now); !reflect.DeepEqual(made, step.want) {
			t.Errorf("%s: %v, want %v", step.what, made, step.want)
		}
	}
}

// What another process of the program says of a failure is passed on.
func TestExportFails(t *testing.T) {
	err := export(context.Background(), &Options{Self: filepath.Join(t.TempDir(), "gone"), Root: t.TempDir()}, history.Day{Date: monday, Feed: "realtime"})
	if err == nil {
		t.Error("a program that is not there has written files")
	}
}
