// Package parquet derives from a recorded day files for research and search, in
// the form that DuckDB, pandas and others read: every window of trades, every
// burst, and sums by minute (docs/history.md). A file is there whole or not at
// all.
package parquet

import (
	"path/filepath"

	"optflow/model"
)

// The files of a day. Minutes are kept for ever, the others as long as the day.
const (
	Windows = "windows.parquet"
	Bursts  = "bursts.parquet"
	Minutes = "minutes.parquet"
)

// Dir is the folder of a day's files, below the folder of all history. Its name
// says feed and date in the way that DuckDB's hive_partitioning reads.
func Dir(history, feed string, date model.Date) string {
	return filepath.Join(Root(history, feed), "date="+date.String())
}

// Root is the folder of all days of a feed.
func Root(history, feed string) string {
	return filepath.Join(history, "parquet", "feed="+feed)
}

// Row is a line of a day's windows or bursts.
type Row struct {
	model.Burst
	Of         *model.Contract
	FirstKnown int64 // ms, market time: when the first version of it was there; 0 unknown, as for windows
}

// temporary begins the names of files that are not whole.
const temporary = ".new-"
