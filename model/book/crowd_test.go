package book

import (
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
)

// Whatever is packed because a full tape lost its rows, in whatever order the
// bars came: the accounts stay right to the lot, and what is held in full is in
// proportion to the tape.
func TestFullTapeThinsTheAccounts(t *testing.T) {
	const most = 4 * tape.ChunkRows
	rapid.Check(t, func(rt *rapid.T) {
		tape := tape.New(tape.Options{MaxRows: most})
		b := New(tape, Options{})
		var ids []model.ContractID
		for _, s := range []string{"O:SPY261218C00500000", "O:SPY261218P00500000", "O:SPY261218C00510000"} {
			id, err := tape.Registry.Intern(s)
			if err != nil {
				rt.Fatal(err)
			}
			ids = append(ids, id)
		}
		from := model.MakeDate(2026, 12, 1).At(10, 0).UnixMilli()
		backwards, again := rapid.Bool().Draw(rt, "backwards"), rapid.IntRange(1, 50).Draw(rt, "again")
		volume := map[model.ContractID]int64{}
		bars := 6 * most
		for i := range bars {
			at := int64(i / len(ids) % 10_000)
			if backwards {
				at = 10_000 - at
			}
			bar := model.Bar{Contract: ids[i%len(ids)], Span: model.Second, Start: from + at*1000, Volume: 2, DayVolume: -1, Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1}
			b.Apply(&Bar{Bar: bar})
			if i < 10_000*len(ids) {
				volume[bar.Contract] += 2
			}
			if i%again == 0 { // duplicates of what may be packed
				b.Apply(&Bar{Bar: bar})
			}
			if i%100 == 0 {
				tape.Publish()
				b.Apply(&Tick{Now: from + 10_000_000})
			}
		}
		for range 2 * crowdTurns {
			b.Apply(&Tick{Now: from + 10_000_000})
		}
		hot := 0
		for _, id := range ids {
			a, ok := b.Account(id)
			if !ok || !a.Whole() || a.Exact != volume[id] {
				rt.Fatalf("%+v, traded %d", a, volume[id])
			}
			hot += cap(b.days.today().held(id).windows.hot)
		}
		if hot > 2*most {
			rt.Fatalf("%d windows are held in full, with room for %d rows", hot, most)
		}
	})
}
