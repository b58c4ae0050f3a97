package ui

import (
	"cmp"
	"slices"
)

// chunkSize bounds what one insertion moves: 16 bytes times this.
const chunkSize = 1024

// rank is a row's place in an order: by key, the last born first among equals.
// Keys that are not known are set to +Inf by whoever makes them, so that they
// come last.
type rank struct {
	key  float64
	born uint32
	id   uint32 // the row
}

func (a rank) compare(b rank) int {
	switch {
	case a.key < b.key:
		return -1
	case a.key > b.key:
		return 1
	case a.born != b.born:
		return cmp.Compare(b.born, a.born)
	}
	return cmp.Compare(b.id, a.id)
}

// order holds rows in the order of the screen, in chunks, so that inserting
// into 200,000 rows moves a few kilobytes. The zero order is empty.
type order struct {
	chunks [][]rank
	n      int
	built  int // how often all was replaced
}

// build replaces the content. It takes over the slice and sorts it.
func (o *order) build(rows []rank) {
	if !slices.IsSortedFunc(rows, rank.compare) {
		rows = sortRanks(rows)
	}
	o.n = len(rows)
	o.built++
	o.chunks = o.chunks[:0]
	for part := range slices.Chunk(rows, chunkSize/2) {
		chunk := make([]rank, len(part), chunkSize)
		copy(chunk, part)
		o.chunks = append(o.chunks, chunk)
	}
}

// len is how many rows there are.
func (o *order) len() int { return o.n }

// chunkOf is the chunk that r is or would be in.
func (o *order) chunkOf(r rank) int {
	i, _ := slices.BinarySearchFunc(o.chunks, r, func(c []rank, r rank) int { return c[len(c)-1].compare(r) })
	return min(i, len(o.chunks)-1)
}

// insert adds a row. It must not be there yet.
func (o *order) insert(r rank) {
	o.n++
	if len(o.chunks) == 0 {
		o.chunks = append(o.chunks, append(make([]rank, 0, chunkSize), r))
		return
	}
	c := o.chunkOf(r)
	chunk := o.chunks[c]
	if len(chunk) == chunkSize {
		i, _ := slices.BinarySearchFunc(chunk, r, rank.compare)
		cut := cutAt(i)
		upper := append(make([]rank, 0, chunkSize), chunk[cut:]...)
		o.chunks[c] = chunk[:cut]
		o.chunks = slices.Insert(o.chunks, c+1, upper)
		c = o.chunkOf(r)
		chunk = o.chunks[c]
	}
	i, _ := slices.BinarySearchFunc(chunk, r, rank.compare)
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

// remove takes a row out and reports whether it was there.
func (o *order) remove(r rank) bool {
	if o.n == 0 {
		return false
	}
	c := o.chunkOf(r)
	i, found := slices.BinarySearchFunc(o.chunks[c], r, rank.compare)
	if !found {
		return false
	}
	o.n--
	if o.chunks[c] = slices.Delete(o.chunks[c], i, i+1); len(o.chunks[c]) == 0 {
		o.chunks = slices.Delete(o.chunks, c, c+1)
	}
	return true
}

// find is the position of a row, or where it would be.
func (o *order) find(r rank) (pos int, found bool) {
	if o.n == 0 {
		return 0, false
	}
	c := o.chunkOf(r)
	for _, chunk := range o.chunks[:c] {
		pos += len(chunk)
	}
	i, found := slices.BinarySearchFunc(o.chunks[c], r, rank.compare)
	return pos + i, found
}

// read fills into from a position on and returns how many rows it read.
func (o *order) read(pos int, into []rank) int {
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

// at is the row at a position.
func (o *order) at(pos int) (rank, bool) {
	var one [1]rank
	if pos < 0 || o.read(pos, one[:]) == 0 {
		return rank{}, false
	}
	return one[0], true
}

// walk goes over the rows from a position on, down or up the screen, until
// yield has had enough.
func (o *order) walk(pos, by int, yield func(pos int, id uint32) bool) {
	var block [chunkSize]rank
	for n := o.len(); pos >= 0 && pos < n; {
		first, size := pos, min(len(block), n-pos)
		if by < 0 {
			first = max(pos-len(block)+1, 0)
			size = pos - first + 1
		}
		got := o.read(first, block[:size])
		for i := range got {
			at := i
			if by < 0 {
				at = got - 1 - i
			}
			if !yield(first+at, block[at].id) {
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
