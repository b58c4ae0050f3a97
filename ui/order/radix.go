package order

import (
	"math"
	"slices"
)

// radixLeast is how many rows are worth a radix sort.
const radixLeast = 2048

// Sort sorts rows by rank and returns them, perhaps in another slice. A
// comparison sort of 200,000 rows takes longer than a key press may.
func Sort(rows []Rank) []Rank {
	if len(rows) < radixLeast {
		slices.SortFunc(rows, Rank.Compare)
		return rows
	}
	const bits, passes = 11, 6
	var counts [passes][1 << bits]uint32
	for i := range rows {
		k := sortable(rows[i].Key)
		for p := range passes {
			counts[p][k>>(p*bits)&(1<<bits-1)]++
		}
	}
	from, to := rows, make([]Rank, len(rows))
	for p := range passes {
		c := &counts[p]
		if c[sortable(from[0].Key)>>(p*bits)&(1<<bits-1)] == uint32(len(rows)) {
			continue // all alike here
		}
		sum := uint32(0)
		for d := range c {
			c[d], sum = sum, sum+c[d]
		}
		for i := range from {
			d := sortable(from[i].Key) >> (p * bits) & (1<<bits - 1)
			to[c[d]] = from[i]
			c[d]++
		}
		from, to = to, from
	}
	ties(from)
	return from
}

// sortable turns a float into bits that sort as it does.
func sortable(v float64) uint64 {
	b := math.Float64bits(v + 0) // -0 and 0 are one
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// ties puts rows of equal keys in order; they mostly are already.
func ties(rows []Rank) {
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && rows[j].Key == rows[i].Key {
			j++
		}
		if j-i > 1 && !slices.IsSortedFunc(rows[i:j], Rank.Compare) {
			slices.SortFunc(rows[i:j], Rank.Compare)
		}
		i = j
	}
}
