package order

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestOrderIsASortedSlice holds the chunked order against a plain slice.
func TestOrderIsASortedSlice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var o Rows
		var plain []Rank
		for i := range rapid.IntRange(0, 3*chunkSize).Draw(rt, "rows") {
			plain = append(plain, Rank{float64(i * 7919 % 977), uint32(i % 3), uint32(i)})
		}
		o.Build(slices.Clone(plain))
		slices.SortFunc(plain, Rank.Compare)
		next := uint32(1 << 20)
		for range rapid.IntRange(0, 200).Draw(rt, "steps") {
			if len(plain) > 0 && rapid.Bool().Draw(rt, "remove") {
				i := rapid.IntRange(0, len(plain)-1).Draw(rt, "which")
				if !o.Remove(plain[i]) {
					rt.Fatalf("%v is not there", plain[i])
				}
				plain = slices.Delete(plain, i, i+1)
				continue
			}
			key := rapid.SampledFrom([]float64{-1, 0, 5, 500, math.Inf(1)}).Draw(rt, "key")
			r := Rank{key, uint32(rapid.IntRange(0, 3).Draw(rt, "born")), next}
			next++
			o.Insert(r)
			i, _ := slices.BinarySearchFunc(plain, r, Rank.Compare)
			plain = slices.Insert(plain, i, r)
		}
		if o.Len() != len(plain) {
			rt.Fatalf("%d rows, want %d", o.Len(), len(plain))
		}
		got := make([]Rank, len(plain)+5)
		if n := o.Read(0, got); !slices.Equal(got[:n], plain) {
			rt.Fatal("the order differs from the sorted slice")
		}
		for _, i := range []int{0, len(plain) / 2, len(plain) - 1} {
			if i < 0 || i >= len(plain) {
				continue
			}
			if pos, ok := o.Find(plain[i]); !ok || pos != i {
				rt.Fatalf("row %d found at %d (%v)", i, pos, ok)
			}
			if r, ok := o.At(i); !ok || r != plain[i] {
				rt.Fatalf("at %d is %v", i, r)
			}
		}
	})
}

func TestOrderEmpty(t *testing.T) {
	var o Rows
	if _, ok := o.At(0); ok || o.Remove(Rank{}) || o.Read(0, make([]Rank, 3)) != 0 {
		t.Fatal("an empty order holds something")
	}
}

// fullOrder has n rows.
func fullOrder(n int) *Rows {
	rows := make([]Rank, n)
	for i := range rows {
		rows[i] = Rank{float64(uint32(i) * 2654435761), 0, uint32(i)}
	}
	o := new(Rows)
	o.Build(rows)
	return o
}

// BenchmarkInsertSorted is one row more in a sorted view of 200,000.
func BenchmarkInsertSorted(b *testing.B) {
	o := fullOrder(200_000)
	i := uint32(1 << 21)
	for b.Loop() {
		r := Rank{float64(i * 2654435761), 0, i}
		o.Insert(r)
		o.Remove(r)
		i++
	}
}

// Rows that come by time, nearly in order, fill their chunks.
func TestOrderStaysDense(t *testing.T) {
	const rows = 50_000
	for name, sign := range map[string]float64{"rising": 1, "falling": -1} {
		var o Rows
		for i := range rows {
			o.Insert(Rank{sign * float64(i-i*7919%50), uint32(i), uint32(i)})
		}
		if full := o.Len() * 100 / (len(o.chunks) * chunkSize); o.Len() != rows || full < 75 {
			t.Errorf("%s: %d rows in %d chunks, %d %% full", name, o.Len(), len(o.chunks), full)
		}
	}
}

// TestWalk holds the blockwise walk against one position at a time.
func TestWalk(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var o Rows
		n := rapid.IntRange(0, 3*chunkSize).Draw(rt, "rows")
		rows := make([]Rank, n)
		for i := range rows {
			rows[i] = Rank{Key: float64(i), Born: 0, ID: uint32(i)}
		}
		o.Build(rows)
		by := rapid.SampledFrom([]int{1, -1}).Draw(rt, "by")
		pos := rapid.IntRange(-1, n).Draw(rt, "from")
		most := rapid.IntRange(1, n+1).Draw(rt, "most")
		want := pos
		seen := 0
		o.Walk(pos, by, func(p int, id uint32) bool {
			if p != want || id != uint32(p) {
				rt.Fatalf("position %d row %d, want %d", p, id, want)
			}
			want += by
			seen++
			return seen < most
		})
		left := 0
		if pos >= 0 && pos < n {
			left = n - pos
			if by < 0 {
				left = pos + 1
			}
		}
		if seen != min(left, most) {
			rt.Fatalf("walked %d rows, want %d", seen, min(left, most))
		}
	})
}
