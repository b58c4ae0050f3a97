package daylog

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"optflow/model"
	"optflow/model/book"
)

// spell is a value with its NaNs spelt out, so that they are equal.
func spell(v any) string { return fmt.Sprintf("%+v", v) }

// seconds are bars as a busy second of a market has them, vwaps of four decimals.
func seconds(n int) []book.Bar {
	rng := rand.New(rand.NewPCG(1, 2))
	all := make([]book.Bar, n)
	for i := range all {
		cents := float64(10 + rng.IntN(2000))
		price := func() float64 { return (cents + float64(rng.IntN(5))) / 100 }
		volume := 1 + rng.Int64N(60)
		all[i].Bar = model.Bar{
			Contract: model.ContractID(rng.IntN(4000)), Span: model.Second, Start: 1_795_448_486_000 + int64(i/400)*1000, Volume: volume,
			DayVolume: volume + rng.Int64N(20_000), Open: price(), High: price(), Low: price(), Close: price(),
			Vwap: (cents*100 + float64(rng.IntN(400))) / 10_000, DayVwap: (cents*100 + float64(rng.IntN(9000))) / 10_000, AvgSize: float64(1 + rng.IntN(9)),
		}
	}
	return all
}

func BenchmarkPutBar(b *testing.B) {
	all := seconds(8192)
	var e Encoder
	bytes, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		e.Put(&all[i%len(all)])
		if i++; e.Len() > 64<<10 {
			bytes += e.Len()
			e.Reset()
		}
	}
	b.ReportMetric(float64(bytes+e.Len())/float64(i), "B/bar")
}

func BenchmarkReadBar(b *testing.B) {
	var e Encoder
	e.Put(&book.Contract{Symbol: "O:SPY261218C00600000", ID: 3999})
	all := seconds(8192)
	for i := range all {
		all[i].Contract = 3999
		e.Put(&all[i])
	}
	var d Decoder
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%len(all) != 0 {
			continue
		}
		if err := d.Ops(e.Bytes(), Reader{Input: func(in book.Input) {
			if c, is := in.(*book.Contract); is {
				c.ID = 1
			}
		}}); err != nil {
			b.Fatal(err)
		}
	}
}
