// Package search finds the bursts of recorded days that a filter takes, as the
// screen would have shown them at the end of the day: each in its last version. It
// looks at a day's Parquet where there is one, else at its log, and the answer is
// the same.
package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"optflow/feed/history"
	"optflow/feed/history/parquet"
	"optflow/feed/history/rerun"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/burst"
	"optflow/model/daylog"
	"optflow/model/filter"
	"optflow/model/tape"
)

// Query is what is looked for.
type Query struct {
	Text       string       // the filter
	Env        filter.Env   // its lists and tabs; Now is the day's own
	Thresholds *model.Rules // floor and marks
	History    string       // the folder of all history
	// Keep makes the Parquet of a day that is over and has none, so that the next
	// search is quick. Version is optflow's, for the files.
	Keep    bool
	Version string
}

// Found is a burst.
type Found struct {
	Row model.Burst
	Of  *model.Contract
}

// Gaps are what a day knows to be missing.
type Gaps struct {
	Lots  uint64        // contracts in gaps that were not filled
	Holes []daylog.Hole // in the recording itself
	Older bool          // its book went by other rules than this program's
}

// Parse reads the filter as it is read on a date. The error is a *filter.Error
// where something in it is wrong, or cannot be told of days that are over.
func (q *Query) Parse(date model.Date) (*filter.Filter, error) {
	env := q.Env
	env.Rules = q.Thresholds
	env.Now = func() int64 { return date.At(12, 0).UnixMilli() }
	f, err := filter.Parse(q.Text, env)
	if err != nil {
		return nil, err
	}
	return f, f.Sense(q.Text, f.OfHistory)
}

// Day finds what there is of a day, oldest first, until yield is false or ctx
// ends.
func (q *Query) Day(ctx context.Context, day history.Day, progress func(done, total int64), yield func(Found) bool) (Gaps, error) {
	f, err := q.Parse(day.Date)
	if err != nil {
		return Gaps{}, err
	}
	file, about := parquet.Look(q.History, day)
	if file == nil && q.Keep && time.Now().UnixMilli() >= parquet.Settled(day.Date) {
		_, err := parquet.Make(ctx, parquet.Request{Day: day, History: q.History, Version: q.Version, Progress: progress})
		if ctx.Err() != nil {
			return Gaps{}, ctx.Err()
		}
		if err == nil { // else a disk is full, say: the log has it all the same
			file, about = parquet.Look(q.History, day)
		}
	}
	if file == nil {
		return q.log(ctx, day, progress, f, yield)
	}
	defer file.Close()
	return q.columns(ctx, file, &about, day.Date, f, yield)
}

// takes reports whether a burst is one that is looked for.
func (q *Query) takes(f *filter.Filter, row *model.Burst, c *model.Contract) bool {
	return row.Kind == model.KindBurst && row.Premium >= q.Thresholds.FloorOf(c.Underlying) && f.Match(row, c, 0) == model.True
}

// columns looks at the columns that the filter speaks of, and at the rows that
// they leave.
func (q *Query) columns(ctx context.Context, file *parquet.File, about *parquet.About, date model.Date, f *filter.Filter, yield func(Found) bool) (gaps Gaps, err error) {
	gaps.Holes, gaps.Older = about.Holes, about.Older
	err = file.Scan(ctx, conditions(f, date, q.Thresholds), func(r *parquet.Row) bool {
		return !q.takes(f, &r.Burst, r.Of) || yield(Found{r.Burst, r.Of})
	})
	if err != nil {
		return gaps, err
	}
	err = file.Scan(ctx, []parquet.Condition{{Column: "kind", In: []string{"gap"}}, parquet.AtLeast("size", 1)}, func(r *parquet.Row) bool {
		gaps.Lots += uint64(r.Size)
		return true
	})
	return gaps, err
}

// columnOf is where the fields of the filter stand as they are.
var columnOf = map[string]string{
	"ticker": "underlying", "type": "type", "prem": "premium", "size": "size", "vol": "day_volume", "oi": "open_interest", "prints": "prints", "exp": "expiry",
	"strike": "strike", "price": "vwap", "spot": "spot", "iv": "iv", "delta": "delta", "top": "top", "side": "side", "sure": "side_sure", "twin": "twin",
}

// conditions are what the columns of a row must say for the filter to take it.
func conditions(f *filter.Filter, date model.Date, thresholds *model.Rules) (all []parquet.Condition) {
	floor := thresholds.Floor
	for _, dollars := range thresholds.Floors {
		floor = min(floor, dollars)
	}
	for _, n := range f.Needs() {
		c := parquet.Condition{Column: columnOf[n.Field], Min: n.Min, Max: n.Max, In: n.In}
		switch n.Field {
		case "dte":
			c.Column, c.Min, c.Max = "expiry", n.Min+float64(date), n.Max+float64(date)
		case "time":
			midnight := float64(date.At(12, 0).UnixMilli()) - 12*3_600_000
			c.Column, c.Min, c.Max = "start", n.Min+midnight, n.Max+midnight
		case "prem":
			c.Min, floor = max(c.Min, floor), math.Inf(-1)
		}
		all = append(all, c)
	}
	if !math.IsInf(floor, -1) { // gaps have no premium
		all = append(all, parquet.AtLeast("premium", floor))
	}
	return all
}

// mostBursts of a day are held that reach the floor.
const mostBursts = 4 << 20

// log goes through the log of a day.
func (q *Query) log(ctx context.Context, day history.Day, progress func(done, total int64), f *filter.Filter, yield func(Found) bool) (gaps Gaps, err error) {
	var (
		set    *burst.Set
		of     *model.Contracts
		rows   *tape.Tape
		cursor tape.Cursor
		batch  = make([]model.Row, tape.ChunkRows)
		found  []Found
	)
	settle := func() { // a program that began anew says nothing more of what was before
		if set == nil {
			return
		}
		for _, b := range set.Newest(burst.ShelfOver) {
			row := b.Burst
			if c := of.At(row.Contract); q.takes(f, &row, c) {
				found = append(found, Found{row, c})
			}
		}
		for _, b := range set.Newest(burst.ShelfGaps) {
			gaps.Lots += uint64(b.Size)
		}
	}
	face := rerun.Face{
		Begins: func(t *tape.Tape, _ *book.Book) {
			settle()
			rows, of, cursor = t, t.Contracts, tape.Cursor{}
			set = burst.New(of, burst.Options{Interval: burst.Interval10s, Rules: q.Thresholds, MaxRows: mostBursts, At: t.At})
		},
		Tick: func(int64) {
			for n := rows.Read(&cursor, batch); n > 0; n = rows.Read(&cursor, batch) {
				for i := range batch[:n] {
					set.Add(batch[i], cursor.Next-uint64(n-i))
				}
			}
			set.Drain()
		},
		Hole: func(h daylog.Hole) { gaps.Holes = append(gaps.Holes, h) },
		File: func(h *history.Header) { gaps.Older = gaps.Older || h.Rules != book.Rules },
	}
	if err := rerun.Day(ctx, day, progress, face); err != nil {
		return gaps, err
	}
	settle()
	slices.SortStableFunc(found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(a.Row.Start, b.Row.Start), cmp.Compare(a.Of.Symbol, b.Of.Symbol))
	})
	for _, one := range found {
		if !yield(one) {
			break
		}
	}
	return gaps, nil
}

// String says what of a day is missing, "" nothing.
func (g Gaps) String() string {
	var missing []string
	if g.Lots > 0 {
		missing = append(missing, fmt.Sprintf("%d contracts are missing in gaps", g.Lots))
	}
	for _, h := range g.Holes {
		missing = append(missing, fmt.Sprintf("nothing was recorded from %s to %s (%s)", clock(h.From), clock(h.To), h.Why))
	}
	if g.Older {
		missing = append(missing, "older rules: recorded by an optflow that reckoned otherwise")
	}
	return strings.Join(missing, "; ")
}

func clock(ms int64) string { return time.UnixMilli(ms).In(model.NewYork).Format(time.TimeOnly) }
