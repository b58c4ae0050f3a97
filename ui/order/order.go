// Package order holds rows in the order of the screen: by a key, the last born
// first among equals. What goes in or out moves a few kilobytes, however many rows
// there are.
package order

import (
	"cmp"
	"slices"
)

// chunkSize bounds what one insertion moves: 16 bytes times this.
const chunkSize = 1024

// Rank is a row's place in an order: by key, the last born first among equals.
// Keys that are not known are set to +Inf by whoever makes them, so that they
// come last.
type Rank struct {
	Key  float64
	Born uint32
	ID   uint32 // the row
}

func (a Rank) Compare(b Rank) int {
	switch {
	case a.Key < b.Key:
		return -1
	case a.Key > b.Key:
		return 1
	case a.Born != b.Born:
		return cmp.Compare(b.Born, a.Born)
	}
	return cmp.Compare(b.ID, a.ID)
}

// Rows holds rows in the order of the screen, in chunks, so that inserting
// into 200,000 rows moves a few kilobytes. The zero order is empty.
type Rows struct {
	chunks [][]Rank
	n      int
	Built  int // how often all was replaced
}

// Build replaces the content. It takes over the slice and sorts it.
func (o *Rows) Build(rows []Rank) {
	if !slices.IsSortedFunc(rows, Rank.Compare) {
		rows = Sort(rows)
	}
	o.n = len(rows)
	o.Built++
	o.chunks = o.chunks[:0]
	for part := range slices.Chunk(rows, chunkSize/2) {
		chunk := make([]Rank, len(part), chunkSize)
		copy(chunk, part)
		o.chunks = append(o.chunks, chunk)
	}
}

// Len is how many rows there are.
func (o *Rows) Len() int { return o.n }

// chunkOf is the chunk that r is or would be in.
func (o *Rows) chunkOf(r Rank) int {
	i, _ := slices.BinarySearchFunc(o.chunks, r, func(c []Rank, r Rank) int { return c[len(c)-1].Compare(r) })
	return min(i, len(o.chunks)-1)
}

// Insert adds a row. It must not be there yet.
func (o *Rows) Insert(r Rank) {
	o.n++
	if len(o.chunks) == 0 {
		o.chunks = append(o.chunks, append(make([]Rank, 0, chunkSize), r))
		return
	}
	c := o.chunkOf(r)
	chunk := o.chunks[c]
	if len(chunk) == chunkSize {
		i, _ := slices.BinarySearchFunc(chunk, r, Rank.Compare)
		cut := cutAt(i)
		upper := append(make([]Rank, 0, chunkSize), chunk[cut:]...)
		o.chunks[c] = chunk[:cut]
		o.chunks = slices.Insert(o.chunks, c+1, upper)
		c = o.chunkOf(r)
		chunk = o.chunks[c]
	}
	i, _ := slices.BinarySearchFunc(chunk, r, Rank.Compare)
	o.chunks[c] = slices.Insert(chunk, i, r)
}

// cutAt is where a full chunk is divided for an insertion at i: in the middle,
// but near its end where rows come nearly in order, as they do by time, and
// the greater part would never be filled again.
func cutAt(i int) int {
	const near = chunkSize / 8
	switch {
	case i < near:
		return near
	case i > chunkSize-near:
		return chunkSize - near
	}
	return chunkSize / 2
}

// Remove takes a row out and reports whether it was there.
func (o *Rows) Remove(r Rank) bool {
	if o.n == 0 {
		return false
	}
	c := o.chunkOf(r)
	i, found := slices.BinarySearchFunc(o.chunks[c], r, Rank.Compare)
	if !found {
		return false
	}
	o.n--
	if o.chunks[c] = slices.Delete(o.chunks[c], i, i+1); len(o.chunks[c]) == 0 {
		o.chunks = slices.Delete(o.chunks, c, c+1)
	}
	return true
}

// Find is the position of a row, or where it would be.
func (o *Rows) Find(r Rank) (pos int, found bool) {
	if o.n == 0 {
		return 0, false
	}
	c := o.chunkOf(r)
	for _, chunk := range o.chunks[:c] {
		pos += len(chunk)
	}
	i, found := slices.BinarySearchFunc(o.chunks[c], r, Rank.Compare)
	return pos + i, found
}

// Read fills into from a position on and returns how many rows it read.
func (o *Rows) Read(pos int, into []Rank) int {
	n := 0
	for _, chunk := range o.chunks {
		if pos >= len(chunk) {
			pos -= len(chunk)
			continue
		}
		n += copy(into[n:], chunk[pos:])
		if pos = 0; n == len(into) {
			break
		}
	}
	return n
}

// At is the row at a position.
func (o *Rows) At(pos int) (Rank, bool) {
	var one [1]Rank
	if pos < 0 || o.Read(pos, one[:]) == 0 {
		return Rank{}, false
	}
	return one[0], true
}

// Walk goes over the rows from a position on, down or up the screen, until
// yield has had enough.
func (o *Rows) Walk(pos, by int, yield func(pos int, id uint32) bool) {
	var block [chunkSize]Rank
	for n := o.Len(); pos >= 0 && pos < n; {
		first, size := pos, min(len(block), n-pos)
		if by < 0 {
			first = max(pos-len(block)+1, 0)
			size = pos - first + 1
		}
		got := o.Read(first, block[:size])
		for i := range got {
			at := i
			if by < 0 {
				at = got - 1 - i
			}
			if !yield(first+at, block[at].ID) {
				return
			}
		}
		if got == 0 {
			return
		}
		if pos = first + got; by < 0 {
			pos = first - 1
		}
	}
}
