package book

import (
	"cmp"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/tape"
)

// No lot that traded may stand in two rows, whatever their marks. A bar holds
// the lots of its window. A polled row or a gap holds others, which traded in
// its time: so no stretch of time may have more volume in such rows than it
// has lots that are in no bar.

// span of the market in which a row's volume traded.
type claim struct {
	from, to int64 // ms
	size     int64
	row      model.Row
}

// statementSlack is how far, in ms, the time of a row that was made of
// statements may be off: they lie behind their answers by as much.
const statementSlack = snapshotSlack

// checkLots holds the latest versions of all rows against the market's trades.
func checkLots(t failer, b *Book, m *market, placed bool) {
	t.Helper()
	for _, id := range m.ids {
		var lots []trade
		for _, lot := range m.trades {
			if lot.contract == id {
				lots = append(lots, lot)
			}
		}
		rows, claims := latestRows(b.tape, id), []claim(nil)
		for _, row := range rows {
			switch {
			case row.Kind == model.KindGap, !placed: // their time is a guess where late trades told of them
				claims = append(claims, claim{marketOpen, math.MaxInt64, int64(row.Size), row})
				continue
			case row.Source == model.SourceREST:
				claims = append(claims, claim{row.Start - statementSlack, row.End(), int64(row.Size), row})
				continue
			}
			if lots = without(lots, &row); lots == nil {
				t.Fatalf("contract %d: more in a bar than traded in its window: %+v", id, row)
			}
		}
		for _, x := range claims {
			for _, y := range claims {
				if y.to <= x.from {
					continue
				}
				claimed, free := int64(0), int64(0)
				for _, c := range claims {
					if c.from >= x.from && c.to <= y.to {
						claimed += c.size
					}
				}
				for _, lot := range lots {
					if lot.at <= y.to && lot.reported >= x.from {
						free += lot.size
					}
				}
				if claimed > free {
					for _, row := range rows {
						t.Logf("%d to %d: %d of kind %v from %v, past %v", row.Start-marketOpen, row.End()-marketOpen, row.Size, row.Kind, row.Source, row.Is(model.FlagPast))
					}
					for _, lot := range m.trades {
						if lot.contract == id {
							t.Logf("lot %d %d: %d", lot.at-marketOpen, lot.reported-marketOpen, lot.size)
						}
					}
					t.Fatalf("contract %d: %d in rows from %d to %d, where %d traded beside the bars: %+v", id, claimed, x.from-marketOpen, y.to-marketOpen, free, b.days.today().held(id).view())
				}
			}
		}
	}
}

// without takes the lots of a bar out, those reported first before others; it
// is nil when there are not as many. Never nil otherwise.
func without(lots []trade, bar *model.Row) []trade {
	left := int64(bar.Size)
	rest := make([]trade, 0, len(lots))
	slices.SortStableFunc(lots, func(x, y trade) int { return cmp.Compare(x.reported, y.reported) })
	for _, lot := range lots {
		if lot.inBar && lot.at >= bar.Start && lot.at < bar.End() {
			part := min(left, lot.size)
			left -= part
			lot.size -= part
		}
		if lot.size > 0 {
			rest = append(rest, lot)
		}
	}
	if left > 0 {
		return nil
	}
	return rest
}

// latestRows are the latest versions of a contract's rows that hold anything,
// by start.
func latestRows(tape *tape.Writer, id model.ContractID) []model.Row {
	latest := make(map[model.Identity]model.Row)
	tape.Publish()
	for seq := tape.First(); seq < tape.Next(); seq++ {
		if row, _ := tape.At(seq); row.Contract == id {
			latest[row.Identity()] = row
		}
	}
	var rows []model.Row
	for _, row := range latest {
		if row.Size > 0 {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(x, y model.Row) int { return cmp.Compare(x.Start, y.Start) })
	return rows
}
