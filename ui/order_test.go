package ui

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestOrderIsASortedSlice holds the chunked order against a plain slice.
func TestOrderIsASortedSlice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var o order
		var plain []rank
		for i := range rapid.IntRange(0, 3*chunkSize).Draw(rt, "rows") {
			plain = append(plain, rank{float64(i * 7919 % 977), uint32(i % 3), uint32(i)})
		}
		o.build(slices.Clone(plain))
		slices.SortFunc(plain, rank.compare)
		next := uint32(1 << 20)
		for range rapid.IntRange(0, 200).Draw(rt, "steps") {
			if len(plain) > 0 && rapid.Bool().Draw(rt, "remove") {
				i := rapid.IntRange(0, len(plain)-1).Draw(rt, "which")
				if !o.remove(plain[i]) {
					rt.Fatalf("%v is not there", plain[i])
				}
				plain = slices.Delete(plain, i, i+1)
				continue
			}
			key := rapid.SampledFrom([]float64{-1, 0, 5, 500, math.Inf(1)}).Draw(rt, "key")
			r := rank{key, uint32(rapid.IntRange(0, 3).Draw(rt, "born")), next}
			next++
			o.insert(r)
			i, _ := slices.BinarySearchFunc(plain, r, rank.compare)
			plain = slices.Insert(plain, i, r)
		}
		if o.len() != len(plain) {
			rt.Fatalf("%d rows, want %d", o.len(), len(plain))
		}
		got := make([]rank, len(plain)+5)
		if n := o.read(0, got); !slices.Equal(got[:n], plain) {
			rt.Fatal("the order differs from the sorted slice")
		}
		for _, i := range []int{0, len(plain) / 2, len(plain) - 1} {
			if i < 0 || i >= len(plain) {
				continue
			}
			if pos, ok := o.find(plain[i]); !ok || pos != i {
				rt.Fatalf("row %d found at %d (%v)", i, pos, ok)
			}
			if r, ok := o.at(i); !ok || r != plain[i] {
				rt.Fatalf("at %d is %v", i, r)
			}
		}
	})
}

func TestOrderEmpty(t *testing.T) {
	var o order
	if _, ok := o.at(0); ok || o.remove(rank{}) || o.read(0, make([]rank, 3)) != 0 {
		t.Fatal("an empty order holds something")
	}
}

// fullOrder has n rows.
func fullOrder(n int) *order {
	rows := make([]rank, n)
	for i := range rows {
		rows[i] = rank{float64(uint32(i) * 2654435761), 0, uint32(i)}
	}
	o := new(order)
	o.build(rows)
	return o
}

// BenchmarkInsertSorted is one row more in a sorted view of 200,000.
func BenchmarkInsertSorted(b *testing.B) {
	o := fullOrder(200_000)
	i := uint32(1 << 21)
	for b.Loop() {
		r := rank{float64(i * 2654435761), 0, i}
		o.insert(r)
		o.remove(r)
		i++
	}
}

// Rows that come by time, nearly in order, fill their chunks.
func TestOrderStaysDense(t *testing.T) {
	const rows = 50_000
	for name, sign := range map[string]float64{"rising": 1, "falling": -1} {
		var o order
		for i := range rows {
			o.insert(rank{sign * float64(i-i*7919%50), uint32(i), uint32(i)})
		}
		if full := o.len() * 100 / (len(o.chunks) * chunkSize); o.len() != rows || full < 75 {
			t.Errorf("%s: %d rows in %d chunks, %d %% full", name, o.len(), len(o.chunks), full)
		}
	}
}

// TestWalk holds the blockwise walk against one position at a time.
func TestWalk(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var o order
		n := rapid.IntRange(0, 3*chunkSize).Draw(rt, "rows")
		rows := make([]rank, n)
		for i := range rows {
			rows[i] = rank{key: float64(i), born: 0, id: uint32(i)}
		}
		o.build(rows)
		by := rapid.SampledFrom([]int{1, -1}).Draw(rt, "by")
		pos := rapid.IntRange(-1, n).Draw(rt, "from")
		most := rapid.IntRange(1, n+1).Draw(rt, "most")
		want := pos
		seen := 0
		o.walk(pos, by, func(p int, id uint32) bool {
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
