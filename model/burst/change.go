package burst

// ChangeKind says what became of a burst.
type ChangeKind uint8

// Kinds of changes.
const (
	nothing ChangeKind = iota // added and gone before anybody looked
	Added
	Grew  // its contents changed, Over perhaps too
	Moved // as Grew, and it begins at another time than before
	Went  // its contents can still be read until the next Drain
)

// Change is what became of one burst since the last Drain.
type Change struct {
	Was  int64 // the start by which the face knows it; for Added its first one
	ID   uint32
	Kind ChangeKind
}

// Drain returns what changed since the last Drain, at most one change a burst,
// in order of their first changes. The slice is valid until the next Drain. A
// face drains after each batch, or the changes pile up.
func (b *shelves) Drain() []Change {
	b.slots.give(b.departed)
	b.departed, b.gone = b.gone, b.departed[:0]
	out := b.changes[:0]
	for _, c := range b.changes {
		b.slots.at(c.ID).noted = 0
		if c.Kind != nothing {
			out = append(out, c)
		}
	}
	b.changes, b.drained = b.drained[:0], out
	return out
}

// note records a change of a burst, in one line with what is known of it.
func (b *shelves) note(id uint32, kind ChangeKind, was int64) {
	e := b.slots.at(id)
	if e.noted == 0 {
		b.changes = append(b.changes, Change{Was: was, ID: id, Kind: kind})
		e.noted = uint32(len(b.changes))
		return
	}
	c := &b.changes[e.noted-1]
	switch {
	case kind == Went && c.Kind == Added:
		c.Kind = nothing
	case kind == Went, kind == Moved && c.Kind == Grew:
		c.Kind = kind
	}
}
