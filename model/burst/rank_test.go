package burst

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// The share that a standing tells is that of a sorted list, with what is at most
// 1/64 less counted as equal; it is never less than the true one.
func TestStandingAgainstAList(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var s standing
		var list []float64
		draw := func() float64 {
			return math.Exp(rapid.Float64Range(-2, 30).Draw(rt, "log"))
		}
		base := rapid.IntRange(0, 250).Draw(rt, "seen")
		rng := rand.New(rand.NewPCG(uint64(base), 1))
		for range base {
			v := math.Exp(rng.NormFloat64()*3 + 8)
			s.add(v)
			list = append(list, v)
		}
		for range rapid.IntRange(0, 40).Draw(rt, "steps") {
			if len(list) > 0 && rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
				i := rapid.IntRange(0, len(list)-1).Draw(rt, "which")
				s.remove(list[i])
				list[i] = list[len(list)-1]
				list = list[:len(list)-1]
			} else {
				v := draw()
				s.add(v)
				list = append(list, v)
			}
		}
		v := draw()
		if len(list) > 0 && rapid.Bool().Draw(rt, "one of them") {
			v = list[rapid.IntRange(0, len(list)-1).Draw(rt, "which")]
		}
		got := float64(s.share(v))
		if len(list) < RankFrom {
			if got != 0 {
				rt.Fatalf("share %v of %d", got, len(list))
			}
			return
		}
		atLeast := func(bound float64) float64 {
			n := 0
			for _, x := range list {
				if x >= bound {
					n++
				}
			}
			return float64(n) / float64(len(list))
		}
		if v < 1 {
			v = 1 // the lowest class
		}
		if low, high := atLeast(v), atLeast(v/(1+1.0/64)); got < low-1e-6 || got > high+1e-6 && v > 2 && v < 1<<35 {
			rt.Fatalf("share %v of %v among %d, want %v to %v", got, v, len(list), low, high)
		}
	})
}

// rankTest makes bursts of one window each, far enough apart, of NVDA or of SPY.
func rankTest(t *testing.T) (b *burstTest, burst func(contract model.ContractID, premium float64) uint32) {
	b = newBurstTest(t, Options{Interval: IntervalOff}, false)
	at := 0.0
	return b, func(contract model.ContractID, premium float64) uint32 {
		at += 0.1
		r := bar(contract, math.Floor(at), 1, float32(premium/100))
		r.Start += int64(len(b.log)) // identities differ
		r.Premium = premium
		b.add(r)
		for id, e := range b.Newest(ShelfOver | ShelfUnder) {
			if e.Row.Start == r.Start && e.Row.Contract == contract {
				return id
			}
		}
		t.Fatal("no burst")
		return 0
	}
}

func TestBurstRanks(t *testing.T) {
	b, burst := rankTest(t)
	first := burst(0, 1e6)
	for i := range RankFrom - 2 {
		burst(0, float64(100+i*10))
	}
	burst(1, 5e6) // of another underlying
	b.Drain()
	if top := b.Get(first).Top(); top == top {
		t.Fatalf("rank %v of %d", top, RankFrom-1)
	}
	last := burst(3, 1e5) // another contract of the same underlying: the 200th
	if got, want := b.Get(last).Top(), 2.0/RankFrom; math.Abs(got-want) > 1e-6 {
		t.Errorf("the 200th has %v, want %v", got, want)
	}
	if got, want := b.Get(first).Top(), 1.0/RankFrom; math.Abs(got-want) > 1e-6 {
		t.Errorf("the one that waited has %v, want %v", got, want)
	}
	told := 0
	for _, c := range b.Drain() {
		if c.Kind == Grew {
			told++
		}
	}
	if told != RankFrom-1 {
		t.Errorf("%d of those that waited are told", told)
	}
	before := b.Get(first).Top()
	burst(0, 2e6)
	if got := b.Get(first).Top(); got != before {
		t.Errorf("a rank went from %v to %v by somebody else's doing", before, got)
	}
	b.add(with(b.Get(first).Row, func(r *model.Row) { r.Premium, r.Replaces, r.Kind, r.Flags = 10, 1, model.KindBar, 0 }))
	if got := b.Get(first).Top(); got != 1 {
		t.Errorf("the least of all has %v", got)
	}
}

// Bursts in their last day of trading are among themselves.
func TestZeroDTERanksApart(t *testing.T) {
	b, burst := rankTest(t)
	today, err := b.contracts.Intern("O:NVDA261123C00180000")
	if err != nil {
		t.Fatal(err)
	}
	var id uint32
	for range RankFrom {
		id = burst(0, 100)
	}
	if top := b.Get(burst(today, 1e6)).Top(); top == top {
		t.Errorf("rank %v, the first of its kind", top)
	}
	if top := b.Get(id).Top(); top != 1 {
		t.Errorf("rank %v among equals", top)
	}
}

// Ranks of bursts that grow, merge and are corrected are those of a count over
// all bursts there are.
func TestBurstRanksAgainstACount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBurstTest(t, Options{Interval: Interval10s}, false)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		seen := map[model.Identity]uint32{}
		for range 900 {
			r := bar(model.ContractID(rng.IntN(2)*3), float64(rng.IntN(3000)), uint32(rng.IntN(300)), 1+float32(rng.IntN(100)))
			if _, known := seen[r.Identity()]; known {
				r.Replaces = 1
			}
			seen[r.Identity()] = 1
			b.Drain()
			b.add(r)
			if err := ranksAgree(b, r.Contract); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// ranksAgree counts anew for every burst that the last window changed.
func ranksAgree(b *burstTest, contract model.ContractID) error {
	changed := b.Drain()
	n := b.Counts().Seen
	for _, c := range changed {
		e := b.Get(c.ID)
		if c.Kind == Went || e.Row.Contract != contract { // the others may have got a twin
			continue
		}
		top := e.Top()
		if n < RankFrom+2 { // a merge may have been the one that went below
			if n < RankFrom-2 && top == top {
				return fmt.Errorf("rank %v of %d", top, n)
			}
			continue
		}
		more, equal := 0, 0
		for _, o := range b.Newest(ShelfOver | ShelfUnder) {
			switch x, y := classOf(o.Row.Premium), classOf(e.Row.Premium); {
			case x > y:
				more++
			case x == y:
				equal++
			}
		}
		// In a change that touches several bursts the first is ranked before the
		// others are there, so a burst or two more or less.
		slack := (float64(len(changed)+2) + 1e-3) / float64(n) // ranks are kept as float32
		if want := float64(more+equal) / float64(n); math.Abs(top-want) > slack {
			return fmt.Errorf("rank %v of %d, want %v", top, n, want)
		}
	}
	return nil
}
