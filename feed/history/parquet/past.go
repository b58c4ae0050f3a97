package parquet

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	pq "github.com/parquet-go/parquet-go"

	"optflow/model"
	"optflow/model/memory"
)

// dates are those of which a feed has a folder of files, newest first, before one.
func dates(root, feed string, before model.Date) (all []model.Date, err error) {
	entries, err := os.ReadDir(Root(root, feed))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		name, is := strings.CutPrefix(e.Name(), "date=")
		if d, err := model.ParseDate(name); is && err == nil && d < before {
			all = append(all, d)
		}
	}
	slices.Reverse(all)
	return all, nil
}

// AddVolumes adds the recorded sessions of a feed before a date to volumes by
// ticker: the newest ones, until that many dates are in them.
func AddVolumes(ctx context.Context, root, feed string, before model.Date, to *model.RecordedVolumes) error {
	all, err := dates(root, feed, before)
	for _, d := range all {
		if to.Full() || ctx.Err() != nil {
			break
		}
		if to.Has(d) {
			continue
		}
		path := filepath.Join(Dir(root, feed, d), Minutes)
		bad := eachMinute(path, func(r *minuteRow) {
			if r.day >= 0 {
				to.Add(d, r.underlying, r.minute+minute, r.day)
			}
		})
		if bad != nil && !errors.Is(bad, fs.ErrNotExist) {
			err = errors.Join(err, bad) // the others count all the same
		}
	}
	return errors.Join(err, ctx.Err())
}

// eachMinute reads a file of minutes.
func eachMinute(path string, yield func(*minuteRow)) (err error) {
	defer damaged(&err)
	f, err := open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, group := range f.RowGroups() {
		rows := make([]minuteRow, group.NumRows())
		for _, c := range minuteColumns {
			leaf, found := f.Schema().Lookup(c.name)
			if !found {
				return errDamaged
			}
			if err := fill(rows, c.take, group.ColumnChunks()[leaf.ColumnIndex]); err != nil {
				return err
			}
		}
		for i := range rows {
			yield(&rows[i])
		}
	}
	return nil
}

// fill reads a column of rows.
func fill[T any](rows []T, take func(*T, pq.Value), chunk pq.ColumnChunk) error {
	pages := chunk.Pages()
	defer func() { _ = pages.Close() }()
	for len(rows) > 0 {
		page, err := pages.ReadPage()
		if err != nil {
			return err
		}
		at, levels, value := valuesOf(page), page.DefinitionLevels(), 0
		for i := range min(int(page.NumRows()), len(rows)) {
			if len(levels) > 0 && levels[i] == 0 {
				take(&rows[i], null)
				continue
			}
			take(&rows[i], at(value))
			value++
		}
		rows = rows[min(int(page.NumRows()), len(rows)):]
		pq.Release(page)
	}
	return nil
}

// interestDates is how many recorded days are looked through for a contract that
// traded seldom.
const interestDates = 5

// Interests are the latest ones before a date of those contracts that traded on
// one of the last recorded days.
func Interests(ctx context.Context, root, feed string, before model.Date, contracts []string) (map[string]memory.Interest, error) {
	found := make(map[string]memory.Interest)
	all, err := dates(root, feed, before)
	for _, d := range all[:min(len(all), interestDates)] {
		left := slices.DeleteFunc(slices.Clone(contracts), func(symbol string) bool { return found[symbol].Date != 0 })
		if len(left) == 0 {
			break
		}
		asked := []Condition{{Column: "contract", In: left}, AtLeast("open_interest", 0)}
		bad := Scan(ctx, filepath.Join(Dir(root, feed, d), Bursts), asked, func(r *Row) bool {
			found[r.Of.Symbol] = memory.Interest{Date: d, Lots: r.OpenInterest}
			return true
		})
		if bad != nil && !errors.Is(bad, fs.ErrNotExist) {
			err = errors.Join(err, bad)
		}
	}
	return found, err
}
