package book

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
)

var carryTickers = []string{"SPY", "SPX", "QQQ", "BRK.B", "SPXW", "BRKB"}

// begunFrom is a book that is told what another one has come to.
func begunFrom(t interface{ Fatalf(string, ...any) }, run *told) *told {
	again := newTold()
	for symbol := range LogOf(run.Book).Contracts {
		again.Apply(&Contract{Symbol: symbol})
	}
	LogOf(run.Book).Key(again.Apply)
	in := Carry{Image: LogOf(run.Book).Carry(nil)}
	if again.Apply(&in); !in.Taken {
		t.Fatalf("not taken: %v", in.Err)
	}
	again.rows = append(again.rows, run.rows...)
	if image := LogOf(again.Book).Carry(nil); !bytes.Equal(image, in.Image) {
		t.Fatalf("begun from %d bytes it would carry %d others", len(in.Image), len(image))
	}
	return again
}

// equal fails unless two books have the same rows, accounts, totals and counters.
func (b *told) equal(t interface{ Fatalf(string, ...any) }, other *told) {
	if len(b.rows) != len(other.rows) {
		t.Fatalf("%d rows, and %d", len(b.rows), len(other.rows))
	}
	for i := range b.rows {
		if bits(&b.rows[i]) != bits(&other.rows[i]) {
			t.Fatalf("row %d is\n%+v, and\n%+v", i, b.rows[i], other.rows[i])
		}
	}
	all := func(b *told) string {
		return fmt.Sprintf("%+v\n%+v\n%+v\n%v", slices.Collect(b.Accounts), b.Totals(carryTickers), b.Counters(), b.Date())
	}
	if one, two := all(b), all(other); one != two {
		t.Fatalf("\n%s, and\n%s", one, two)
	}
}

// A book that begins at any time from what the run's has come to, and is told the
// rest, is the same as the one that went on, across midnight too.
func TestCarriedBookGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		steps := rapid.IntRange(10, 6000).Draw(t, "steps")
		start := model.MakeDate(2026, 11, 23).At(rapid.SampledFrom([]int{10, 23}).Draw(t, "hour"), 30).UnixMilli()
		splits := rapid.SliceOfN(rapid.IntRange(0, steps*2), 1, 3).Draw(t, "splits")

		run := newTold()
		var again []*told
		n := 0
		inputs(rand.New(rand.NewPCG(seed, 1)), start, steps, func(in Input) {
			date, moves := LogOf(run.Book).Moves(in)
			before := run.Date()
			if slices.Contains(splits, n) || moves && len(again) < 8 {
				again = append(again, begunFrom(t, run))
			}
			n++
			run.tell(in)
			for _, b := range again {
				b.tell(in)
			}
			if now := run.Date(); moves != (now != before) || moves && now != date {
				t.Fatalf("%T moves from %v to %v, said %v to %v", in, before, now, moves, date)
			}
		}, func() []GapRequest { return run.Wanted(5) })
		for _, b := range again {
			run.equal(t, b)
		}
	})
}

// What is carried over is left by a book that has been told something, and not
// taken by one of other rules.
func TestCarryIsLeft(t *testing.T) {
	run := newTold()
	run.Apply(&Contract{Symbol: "O:SPY261218C00600000"})
	run.Apply(&Bar{Bar: model.Bar{Contract: 0, Span: model.Second, Start: marketOpen, Volume: 5, DayVolume: 5}})
	in := Carry{Image: LogOf(run.Book).Carry(nil)}
	if run.Apply(&in); in.Taken || in.Err != nil {
		t.Errorf("%v, %v", in.Taken, in.Err)
	}
	in.Image[1] += 2
	if newTold().Apply(&in); in.Taken || in.Err != ErrOtherRules {
		t.Errorf("%v, %v", in.Taken, in.Err)
	}
	in.Image[1] -= 2
	if newTold().Apply(&in); in.Taken || in.Err == nil { // it does not have the contract
		t.Errorf("%v, %v", in.Taken, in.Err)
	}
}

// Whatever is carried over, reading it ends, and a book that took it can be told
// more and asked.
func TestDamagedCarry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		run := newTold()
		inputs(rand.New(rand.NewPCG(seed, 5)), marketOpen, 150, run.tell, func() []GapRequest { return run.Wanted(5) })
		image := LogOf(run.Book).Carry(nil)
		for range rapid.IntRange(1, 3).Draw(t, "bytes") {
			image[rapid.IntRange(2, len(image)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		b := New(tape.New(tape.Options{}), Options{})
		for symbol := range LogOf(run.Book).Contracts {
			b.Apply(&Contract{Symbol: symbol})
		}
		in := Carry{Image: image}
		if b.Apply(&in); !in.Taken {
			return
		}
		b.Totals(carryTickers)
		b.Counters()
		b.Accounts(func(model.Account) bool { return true })
		inputs(rand.New(rand.NewPCG(seed, 7)), marketOpen+100_000, 100, b.Apply, func() []GapRequest { return b.Wanted(5) })
	})
}
