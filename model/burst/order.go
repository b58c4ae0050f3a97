package burst

import (
	"slices"
	"sort"
)

// order keeps handles in the order of start, then of arrival, in blocks: an
// insertion near the end is cheap, one anywhere moves at most one block.
type order struct {
	slots  *slots
	blocks [][]uint32 // none is empty
	count  int
}

const orderBlock = 512

func (t *order) before(a, b uint32) bool {
	x, y := t.slots.at(a), t.slots.at(b)
	return x.Start < y.Start || x.Start == y.Start && x.born < y.born
}

// block is the last one that does not begin after id, or the first.
func (t *order) block(id uint32) int {
	last := len(t.blocks) - 1
	if last < 0 || !t.before(id, t.blocks[last][0]) {
		return last
	}
	return max(0, sort.Search(last, func(k int) bool { return t.before(id, t.blocks[k][0]) })-1)
}

// search is the place of id in a block.
func (t *order) search(block []uint32, id uint32) int {
	if n := len(block); n > 0 && t.before(block[n-1], id) {
		return n
	}
	return sort.Search(len(block), func(i int) bool { return !t.before(block[i], id) })
}

func (t *order) insert(id uint32) {
	t.count++
	k := t.block(id)
	if k < 0 {
		t.blocks = append(t.blocks, append(make([]uint32, 0, orderBlock), id))
		return
	}
	block := t.blocks[k]
	i := t.search(block, id)
	if len(block) < orderBlock {
		t.blocks[k] = slices.Insert(block, i, id)
		return
	}
	// A full block is split; at its end everything stays, for most come there.
	at := orderBlock / 2
	if i == len(block) {
		at = i
	}
	right := append(make([]uint32, 0, orderBlock), block[at:]...)
	t.blocks[k] = block[:at]
	if i < at {
		t.blocks[k] = slices.Insert(t.blocks[k], i, id)
	} else {
		right = slices.Insert(right, i-at, id)
	}
	t.blocks = slices.Insert(t.blocks, k+1, right)
}

// remove takes id out; its start must be what it was at insertion.
func (t *order) remove(id uint32) {
	k := t.block(id)
	i := t.search(t.blocks[k], id)
	t.count--
	if len(t.blocks[k]) == 1 {
		t.blocks = slices.Delete(t.blocks, k, k+1)
		return
	}
	t.blocks[k] = slices.Delete(t.blocks[k], i, i+1)
}

// oldest is the first of all; there must be one.
func (t *order) oldest() uint32 { return t.blocks[0][0] }

// place is a position in an order, going to older ones.
type place struct {
	t    *order
	k, i int
}

func (t *order) newest() place {
	k := len(t.blocks) - 1
	if k < 0 {
		return place{t, -1, 0}
	}
	return place{t, k, len(t.blocks[k]) - 1}
}

func (p *place) done() bool { return p.k < 0 }
func (p *place) id() uint32 { return p.t.blocks[p.k][p.i] }

func (p *place) older() {
	if p.i--; p.i < 0 {
		if p.k--; p.k >= 0 {
			p.i = len(p.t.blocks[p.k]) - 1
		}
	}
}
