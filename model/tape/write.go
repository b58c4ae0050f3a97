package tape

import (
	"cmp"
	"slices"

	"optflow/model"
)

// Writer is the one way to change a Tape. It belongs to one goroutine; faces are
// given its Tape.
type Writer struct {
	Tape
	Registry *model.Registry // of the Tape's contracts

	keep     Options
	tail     *chunk
	ends     []int64 // ms: the largest row end in each chunk held
	appended uint64  // rows appended so far, published or not
	grown    uint64  // rows that the chunks have room for
	oldest   uint64  // the first row that the writer still goes by
	held     uint64  // the first that readers want, see Hold
	newest   int64   // ms: the largest row end so far
}

// New returns the writer of an empty tape with a registry of its own.
func New(o Options) *Writer {
	o.KeepMillis = cmp.Or(o.KeepMillis, defaultKeepMillis)
	o.KeepRows = cmp.Or(o.KeepRows, defaultKeepRows)
	o.MaxRows = cmp.Or(o.MaxRows, defaultMaxRows)
	w := &Writer{Registry: model.NewRegistry(), keep: o, held: NoSeq}
	w.Contracts = &w.Registry.Contracts
	w.list.Store(&chunkList{})
	w.state.Store(&model.State{})
	return w
}

// Append adds a version and returns its sequence number. Readers see it after
// Publish.
func (w *Writer) Append(row model.Row) (seq uint64) {
	*w.Slot() = row
	return w.Commit()
}

// Slot is where the next row is to be written, for a writer that composes it in
// place; Commit must follow.
func (w *Writer) Slot() *model.Row {
	at := w.appended % ChunkRows
	if w.appended == w.grown {
		w.grow()
	}
	return &w.tail[at]
}

// Commit appends the row in the slot.
func (w *Writer) Commit() (seq uint64) {
	seq = w.appended
	row := &w.tail[seq%ChunkRows]
	end := row.Start + int64(row.Span)
	if newest := &w.ends[len(w.ends)-1]; end > *newest {
		*newest = end
		w.newest = max(w.newest, end)
	}
	w.appended = seq + 1
	return seq
}

// grow adds an empty chunk and drops old ones. The list is copied, since
// readers may hold the one before; that is once in 1,024 rows.
func (w *Writer) grow() {
	old := w.list.Load()
	w.forget(old)
	// Rows that were not published yet are held until readers could see them.
	drop := int((min(w.oldest, w.next.Load(), max(w.held, old.first)) - old.first) / ChunkRows)
	kept := old.chunks[drop:]
	w.tail = new(chunk)
	w.ends = append(slices.Delete(w.ends, 0, drop), 0)
	w.list.Store(&chunkList{first: old.first + uint64(drop)*ChunkRows, origin: old.origin, chunks: slices.Concat(kept, []*chunk{w.tail})})
	w.grown = w.appended + ChunkRows
}

// forget moves on to the first row that the writer goes by from now on. It
// follows from the rows appended, whenever they were published: what a later row
// says of an earlier one must not depend on that.
func (w *Writer) forget(held *chunkList) {
	for w.oldest < w.appended {
		rows := int(w.appended - w.oldest)
		end := w.ends[(w.oldest-held.first)/ChunkRows]
		old := end < w.newest-w.keep.KeepMillis && rows-ChunkRows >= w.keep.KeepRows
		if !old && rows <= w.keep.MaxRows {
			return
		}
		w.oldest += ChunkRows
	}
}

// Hold keeps the rows from a number on for readers, whatever the Options say, until
// it is told another one: NoSeq holds none. What the writer itself goes by is the
// same as without.
func (w *Writer) Hold(from uint64) { w.held = from }

// Full reports whether rows are dropped for their number, not for their age.
func (w *Writer) Full() bool { return int(w.grown-w.oldest)+ChunkRows > w.keep.MaxRows }

// Oldest is the first row that Written still knows. It follows from the rows
// appended alone; readers may see earlier ones for a while.
func (w *Writer) Oldest() uint64 { return w.oldest }

// Appended is the sequence number of the next row to be appended.
func (w *Writer) Appended() uint64 { return w.appended }

// Written is the writer's own view of a row, published or not; nil when it was
// trimmed or never written.
func (w *Writer) Written(seq uint64) *model.Row {
	if seq < w.oldest || seq >= w.appended {
		return nil
	}
	list := w.list.Load()
	return &list.chunks[(seq-list.first)/ChunkRows][seq%ChunkRows]
}

// LastVersion searches the whole tape for the latest version of a row: slow,
// for what happens hardly ever. It is NoSeq and 0 when the tape has none.
func (w *Writer) LastVersion(id model.Identity) (seq uint64, revision uint16) {
	for seq = w.appended; seq > w.oldest; seq-- {
		if row := w.Written(seq - 1); row.Identity() == id {
			return seq - 1, row.Revision
		}
	}
	return NoSeq, 0
}

// Publish shows all appended rows to readers. It costs one atomic store and
// allocates nothing.
func (w *Writer) Publish() {
	if w.next.Load() == w.appended {
		return
	}
	w.next.Store(w.appended)
	w.wake()
}

// SetState publishes a state, which must not be changed afterwards.
func (w *Writer) SetState(s *model.State) {
	w.state.Store(s)
	w.wake()
}
