package filter

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"optflow/model"
)

// tape is a million rows of 4,000 contracts, a tenth of them without spot.
func tape(b *testing.B) (*model.Registry, []model.Burst) {
	b.Helper()
	contracts := model.NewRegistry()
	for i := range 4_000 {
		symbol := fmt.Sprintf("O:%s26%02d18%c%08d", []string{"SPY", "QQQ", "NVDA", "SPXW"}[i%4], 12-i%2, "CP"[i/4%2], 1_000*(100+i/8))
		if _, err := contracts.Intern(symbol); err != nil {
			b.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]model.Burst, 1_000_000)
	for i := range rows {
		r, _ := sample(nil)
		r.Contract = model.ContractID(random.IntN(4_000))
		r.Premium = math.Exp(random.NormFloat64()*2 + 8)
		r.Size = uint32(1 + random.IntN(500))
		r.Side = model.Side(random.IntN(8))
		if random.IntN(10) == 0 {
			r.Spot = float32(math.NaN())
		}
		rows[i] = *r
	}
	return contracts, rows
}

// Goal: a million rows in 15 ms.
func BenchmarkMillionRows(b *testing.B) {
	contracts, rows := tape(b)
	for _, line := range []string{
		"prem>=25k", "nvda", "nvda,spy calls", "calls prem>=250k", "nvda calls prem>=250k side=ask", "otm>5% dte<=7",
		"prem>=1m or nvda otm", "unusual", "time>=10:30 age<5m",
	} {
		f, err := Parse(line, testEnv())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(line, func(b *testing.B) {
			at, shown := now(), 0
			for b.Loop() {
				for i := range rows {
					if f.Match(&rows[i], contracts.At(rows[i].Contract), at) == True {
						shown++
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
			if shown == 0 {
				b.Log("no row passes")
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("nvda,spy calls prem>=250k (side=ask or delta>0.4) exp<=18dec", testEnv()); err != nil {
			b.Fatal(err)
		}
	}
}
