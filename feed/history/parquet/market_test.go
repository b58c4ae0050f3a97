package parquet

import (
	"math"
	"math/rand/v2"

	"optflow/model"
)

// market makes up the rows of a day as alike as a day's are: few contracts have
// most of them, prices stand at ticks, what is known of a contract changes
// seldom. Numbers out of thin air would pack worse.
func market(r *rand.Rand, contracts []*model.Contract, n int) []line {
	type state struct {
		price, delta, iv float32
		oi, volume       uint32
		spot             float32
	}
	now := make([]state, len(contracts))
	for i := range now {
		now[i] = state{float32(20+r.IntN(900)) / 20, float32(r.IntN(2000)-1000) / 1000, 0.2 + float32(r.IntN(4000))/1e4, uint32(r.IntN(9000)), 0, float32(100+i%5*80) + 0.21}
	}
	lines := make([]line, n)
	for i := range lines {
		c := int(float64(len(contracts)) * math.Pow(r.Float64(), 3))
		s := &now[c]
		if r.IntN(8) == 0 {
			s.price = max(0.05, s.price+float32(r.IntN(3)-1)*0.05)
			s.delta, s.iv, s.spot = s.delta*0.999, s.iv*1.0003, s.spot+float32(r.IntN(21)-10)/100
		}
		l := &lines[i]
		l.Of, l.Row.Contract, l.Kind = contracts[c], contracts[c].ID, model.KindBurst
		l.Start, l.Span = 1795444200000+int64(i)*23_400_000/int64(n)/1000*1000, model.Second*model.Span(1+r.IntN(3))
		l.Size = uint32(1 + math.Pow(r.Float64(), 6)*900)
		s.volume += l.Size
		l.DayVolume, l.OpenInterest = s.volume, s.oi
		l.Open, l.High, l.Low, l.Close, l.Vwap = s.price, s.price, s.price, s.price, s.price
		if r.IntN(3) == 0 {
			l.High += 0.05
			l.Vwap += 0.05 * float32(r.IntN(1000)) / 1000
		}
		l.Premium, l.Prints = float64(l.Vwap)*float64(l.Size)*100, float32(1+int(l.Size)/10)
		l.Spot, l.IV, l.Delta, l.Bid, l.Ask, l.QuoteAge = s.spot, s.iv, s.delta, s.price-0.05, s.price, int32(r.IntN(20_000))
		l.Side, l.Certainty, l.Flags = model.Side(1+r.IntN(4)), model.Certainty(1+r.IntN(3)), model.FlagAlone
		l.Burst.Windows, l.FirstKnown, l.Rank = uint32(l.Span/model.Second), l.Start+int64(l.Span)+400, float32(math.Pow(r.Float64(), 3))
	}
	return lines
}
