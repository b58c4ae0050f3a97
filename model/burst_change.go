package model

// BurstChangeKind says what became of a burst.
type BurstChangeKind uint8

// Kinds of changes.
const (
	burstNothing BurstChangeKind = iota // added and gone before anybody looked
	BurstAdded
	BurstGrew  // its contents changed, Over perhaps too
	BurstMoved // as BurstGrew, and it begins at another time than before
	BurstWent  // its contents can still be read until the next Drain
)

// BurstChange is what became of one burst since the last Drain.
type BurstChange struct {
	Was  int64 // the start by which the face knows it; for BurstAdded its first one
	ID   uint32
	Kind BurstChangeKind
}

// Drain returns what changed since the last Drain, at most one change a burst,
// in order of their first changes. The slice is valid until the next Drain. A
// face drains after each batch, or the changes pile up.
func (b *Bursts) Drain() []BurstChange {
	b.slots.give(b.departed)
	b.departed, b.gone = b.gone, b.departed[:0]
	out := b.changes[:0]
	for _, c := range b.changes {
		b.slots.at(c.ID).noted = 0
		if c.Kind != burstNothing {
			out = append(out, c)
		}
	}
	b.changes, b.drained = b.drained[:0], out
	return out
}

// note records a change of a burst, in one line with what is known of it.
func (b *Bursts) note(id uint32, kind BurstChangeKind, was int64) {
	e := b.slots.at(id)
	if e.noted == 0 {
		b.changes = append(b.changes, BurstChange{Was: was, ID: id, Kind: kind})
		e.noted = uint32(len(b.changes))
		return
	}
	c := &b.changes[e.noted-1]
	switch {
	case kind == BurstWent && c.Kind == BurstAdded:
		c.Kind = burstNothing
	case kind == BurstWent, kind == BurstMoved && c.Kind == BurstGrew:
		c.Kind = kind
	}
}
