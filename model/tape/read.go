package tape

import "optflow/model"

// Cursor is a reader's place in a Tape. The zero Cursor reads from the first
// row ever appended.
type Cursor struct {
	Next    uint64 // sequence number of the next row to read
	Trimmed uint64 // rows that were dropped before this reader came to them
}

// Read copies published rows from the cursor on into the slice, advances the
// cursor and returns how many it copied. Rows that were trimmed before they
// were read are skipped and counted in cur.Trimmed; the first row copied has
// number cur.Next - n.
func (t *Tape) Read(cur *Cursor, into []model.Row) (n int) {
	next := t.next.Load()
	list := t.list.Load()
	if begin := list.begin(); cur.Next < begin {
		cur.Trimmed += begin - max(cur.Next, list.origin)
		cur.Next = begin
	}
	for n < len(into) && cur.Next < next {
		at := cur.Next % ChunkRows
		end := min(ChunkRows, at+next-cur.Next)
		chunk := list.chunks[(cur.Next-list.first)/ChunkRows]
		copied := copy(into[n:], chunk[at:end])
		n += copied
		cur.Next += uint64(copied)
	}
	return n
}

// At returns the row of a sequence number, and false when it is not published
// yet or was trimmed.
func (t *Tape) At(seq uint64) (model.Row, bool) {
	next := t.next.Load()
	list := t.list.Load()
	if seq < list.begin() || seq >= next {
		return model.Row{}, false
	}
	return list.chunks[(seq-list.first)/ChunkRows][seq%ChunkRows], true
}

// First is the sequence number of the oldest row that is still held.
func (t *Tape) First() uint64 { return t.list.Load().begin() }

// Next is the sequence number that the next row to be published will have:
// how many were published so far.
func (t *Tape) Next() uint64 { return t.next.Load() }

// State is the last state set, never nil.
func (t *Tape) State() *model.State { return t.state.Load() }

// Changed returns a channel that is closed at the next Publish of new rows or
// SetState, or once the tape is Over. Take it before looking for news, so that
// nothing is missed.
func (t *Tape) Changed() <-chan struct{} {
	fresh := make(chan struct{})
	for {
		if c := t.wait.Load(); c != nil {
			return *c
		}
		if t.wait.CompareAndSwap(nil, &fresh) {
			if t.over.Load() {
				t.wake()
			}
			return fresh
		}
	}
}
