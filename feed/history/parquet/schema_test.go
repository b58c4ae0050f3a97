package parquet

import (
	"fmt"
	"os"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

// What others count on: names, order, types, and what may be NULL.
const windowSchema = `
start required INT64 TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)
span_ms required INT32 INT(32,true)
kind required BYTE_ARRAY STRING
revision required INT32 INT(32,true)
contract required BYTE_ARRAY STRING
underlying required BYTE_ARRAY STRING
expiry required INT32 DATE
type required BYTE_ARRAY STRING
strike required DOUBLE
open optional FLOAT
high optional FLOAT
low optional FLOAT
close optional FLOAT
vwap optional FLOAT
size required INT64 INT(64,true)
premium optional DOUBLE
prints optional FLOAT
day_volume optional INT64 INT(64,true)
spot optional FLOAT
open_interest optional INT64 INT(64,true)
iv optional FLOAT
delta optional FLOAT
bid optional FLOAT
ask optional FLOAT
quote_age_ms optional INT32 INT(32,true)
side optional BYTE_ARRAY STRING
side_sure optional BOOLEAN
source required BYTE_ARRAY STRING
reason optional BYTE_ARRAY STRING
past required BOOLEAN
delayed required BOOLEAN
sim required BOOLEAN
`

const burstSchema = `
windows required INT32 INT(32,true)
top optional FLOAT
twin optional BOOLEAN
first_known optional INT64 TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)
`

const moreSchema = `
approximate required BOOLEAN
spot_late required BOOLEAN
side_fair optional BOOLEAN
adjusted required BOOLEAN
multiplier required INT32 INT(32,true)
deliverable optional DOUBLE
`

func TestSchema(t *testing.T) {
	for bursts, want := range map[bool]string{false: windowSchema + moreSchema, true: windowSchema + burstSchema + moreSchema} {
		path, _ := written(t, 10, bursts)
		if want = strings.ReplaceAll(want[1:], "\n\n", "\n"); want != listed(t, path) {
			t.Errorf("bursts %v: the columns are\n%s\nwant\n%s", bursts, listed(t, path), want)
		}
	}
}

// listed are the columns of a file.
func listed(t *testing.T, path string) string {
	t.Helper()
	f := whole(t, path)
	var b strings.Builder
	for _, c := range f.Root().Columns() {
		repetition := "required"
		if c.Optional() {
			repetition = "optional"
		}
		fmt.Fprintf(&b, "%s %s %s", c.Name(), repetition, c.Type().Kind())
		if logical := c.Type().LogicalType(); logical != nil {
			fmt.Fprintf(&b, " %s", logical)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func whole(t *testing.T, path string) *pq.File {
	t.Helper()
	on, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = on.Close() })
	info, err := on.Stat()
	if err != nil {
		t.Fatal(err)
	}
	f, err := pq.OpenFile(on, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Packing, groups and statistics are as documented.
func TestLayout(t *testing.T) {
	path, _ := written(t, groupRows+100, true)
	f := whole(t, path)
	if n := len(f.RowGroups()); n != 2 || f.RowGroups()[0].NumRows() != groupRows {
		t.Errorf("%d row groups, the first of %d rows", n, f.RowGroups()[0].NumRows())
	}
	for _, g := range f.Metadata().RowGroups {
		for _, c := range g.Columns {
			if c.MetaData.Codec.String() != "ZSTD" {
				t.Errorf("%v is packed by %v", c.MetaData.PathInSchema, c.MetaData.Codec)
			}
		}
	}
	for i, c := range f.RowGroups()[0].ColumnChunks() {
		if _, _, ok := c.(*pq.FileColumnChunk).Bounds(); !ok {
			t.Errorf("column %d has no least and greatest value", i)
		}
		if index, err := c.ColumnIndex(); err != nil || index.NumPages() != groupRows/pageRows {
			t.Errorf("column %d: its pages are not indexed: %v", i, err)
		}
	}
}
