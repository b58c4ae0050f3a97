package twin

import (
	"maps"
	"slices"

	"optflow/model"
	"optflow/model/image"
)

// Image writes the windows, or reads them into an empty index. Contracts are those
// below the given number.
func (t *Index) Image(m *image.Image, contracts int) {
	image.Int(m, &t.from)
	m.Bool(&t.full)
	minutes := slices.Sorted(maps.Keys(t.minutes))
	n := m.Len(len(minutes), 3)
	for i := range n {
		var minute int32
		x := &minuteIndex{}
		if !m.Reading() {
			minute, x = minutes[i], t.minutes[minutes[i]]
		}
		image.Int(m, &minute)
		x.image(m, model.ContractID(contracts))
		if m.Bad() {
			return
		}
		if m.Reading() {
			t.add(minute, x)
		}
	}
}

// add takes a minute that was read, later than all there are.
func (t *Index) add(minute int32, x *minuteIndex) {
	if t.minutes == nil {
		t.minutes = make(map[int32]*minuteIndex)
	}
	t.minutes[minute] = x
	if minute >= t.from {
		t.open += x.n
		return
	}
	t.kept += x.n
	t.found = append(t.found, minute)
}

// image is that of the chains: which members are in one, and in which order,
// matters, and not where they are held.
func (x *minuteIndex) image(m *image.Image, contracts model.ContractID) {
	keys := slices.Sorted(maps.Keys(x.heads))
	n := m.Len(len(keys), 3)
	if m.Reading() {
		x.heads = make(map[uint64]int32, n)
		keys = make([]uint64, n)
	}
	before := uint64(0)
	var chain []Member
	for i := range keys {
		key := keys[i] - before
		image.Int(m, &key)
		key += before
		before = key
		if chain = chain[:0]; !m.Reading() {
			for at := x.heads[key]; at != 0; at = x.members[at-1].next {
				chain = append(chain, x.members[at-1])
			}
		}
		image.List(m, &chain, 2, func(e *Member) {
			image.Int(m, &e.Seq)
			image.Int(m, &e.Contract)
			m.Check(e.Contract < contracts)
		})
		if m.Bad() {
			return
		}
		if m.Reading() {
			x.link(key, chain)
		}
	}
}

// link enters a chain that was read.
func (x *minuteIndex) link(key uint64, chain []Member) {
	for i := range chain {
		e := chain[i]
		e.next = 0
		if i+1 < len(chain) {
			e.next = int32(len(x.members) + 2)
		}
		if i == 0 {
			x.heads[key] = int32(len(x.members) + 1)
		}
		x.members = append(x.members, e)
	}
	x.n += len(chain)
}
