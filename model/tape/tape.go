// Package tape holds the rows as they were appended: one goroutine writes, any
// number reads.
package tape

import (
	"sync/atomic"
	"time"

	"optflow/model"
)

// ChunkRows is how many rows a chunk holds. At 96 bytes a row a chunk is 96 KiB:
// big enough that its bookkeeping vanishes, small enough that trimming by whole
// chunks stays close to the limits. It is whole pages of memory: one byte more
// and each would cost another 8 KiB.
const ChunkRows = 1024

// Defaults of Options.
const (
	defaultKeepMillis = int64(16 * time.Minute / time.Millisecond) // bars are re-sent for up to 15 minutes
	defaultKeepRows   = 64 * ChunkRows
	// 50 MB of rows, twice what the whole market's options make in 16 minutes: a
	// flood must not eat the machine.
	defaultMaxRows = 512 * ChunkRows
)

// NoSeq is the sequence number of a row that is not on the tape.
const NoSeq = ^uint64(0)

// Options say what a Tape keeps. Whole chunks of 1,024 rows are dropped,
// oldest first, once they are older than KeepMillis and more than KeepRows
// remain without them.
type Options struct {
	KeepMillis int64 // market time that is kept whatever the count; 0 means 16 minutes
	KeepRows   int   // rows that are kept whatever their age; 0 means 65,536
	MaxRows    int   // rows above which the oldest go even before KeepMillis; 0 means 524,288
}

// Tape is the append-only list of row versions: one goroutine writes, any
// number reads, and no reader ever delays the writer or another reader. Rows
// never change once published. What a reader missed because it was slow is
// counted in its Cursor.
type Tape struct {
	Contracts *model.Contracts // the registry that the rows' contract numbers refer to

	keep Options

	// The writer's alone.
	tail     *chunk
	ends     []int64 // ms: the largest row end in each chunk held
	appended uint64  // rows appended so far, published or not
	grown    uint64  // rows that the chunks have room for
	newest   int64   // ms: the largest row end so far

	// Shared. A reader loads next before list, so that the list it sees holds
	// every row below next that was not trimmed.
	next  atomic.Uint64
	list  atomic.Pointer[chunkList]
	state atomic.Pointer[model.State]
	wait  atomic.Pointer[chan struct{}] // nil unless somebody asked
}

// chunk is a block of rows; those below Tape.next are immutable.
type chunk [ChunkRows]model.Row

// chunkList is one immutable picture of which chunks are held. chunks[0]
// starts with row number first.
type chunkList struct {
	first  uint64
	chunks []*chunk
}

// New returns an empty tape with a registry of its own.
func New(o Options) *Tape {
	if o.KeepMillis <= 0 {
		o.KeepMillis = defaultKeepMillis
	}
	if o.KeepRows <= 0 {
		o.KeepRows = defaultKeepRows
	}
	if o.MaxRows <= 0 {
		o.MaxRows = defaultMaxRows
	}
	t := &Tape{Contracts: model.NewContracts(), keep: o}
	t.list.Store(&chunkList{})
	t.state.Store(&model.State{})
	return t
}

// Append adds a version and returns its sequence number. Readers see it after
// Publish. Only the writer may call it.
func (t *Tape) Append(row model.Row) (seq uint64) {
	*t.Slot() = row
	return t.Commit()
}

// Slot is where the next row is to be written, for a writer that composes it in
// place; Commit must follow.
func (t *Tape) Slot() *model.Row {
	at := t.appended % ChunkRows
	if t.appended == t.grown {
		t.grow()
		t.grown = t.appended + ChunkRows
	}
	return &t.tail[at]
}

// Appended is the sequence number of the next row to be appended.
func (t *Tape) Appended() uint64 { return t.appended }

// Commit appends the row in the slot.
func (t *Tape) Commit() (seq uint64) {
	seq = t.appended
	row := &t.tail[seq%ChunkRows]
	end := row.Start + int64(row.Span)
	if newest := &t.ends[len(t.ends)-1]; end > *newest {
		*newest = end
		t.newest = max(t.newest, end)
	}
	t.appended = seq + 1
	return seq
}

// grow adds an empty chunk and drops old ones. The list is copied, since
// readers may hold the one before; that is once in 1,024 rows.
func (t *Tape) grow() {
	old := t.list.Load()
	drop := t.droppable(old)
	kept := old.chunks[drop:]
	fresh := &chunkList{first: old.first + uint64(drop)*ChunkRows, chunks: make([]*chunk, len(kept)+1)}
	copy(fresh.chunks, kept)
	t.tail = new(chunk)
	t.ends = append(t.ends[:copy(t.ends, t.ends[drop:])], 0)
	fresh.chunks[len(kept)] = t.tail
	t.list.Store(fresh)
}

// droppable counts the chunks at the front that may go. Rows that were not
// published yet never go.
func (t *Tape) droppable(list *chunkList) int {
	rows := len(list.chunks) * ChunkRows
	published := t.next.Load()
	drop := 0
	for drop < len(list.chunks) {
		left := rows - (drop+1)*ChunkRows
		old := t.ends[drop] < t.newest-t.keep.KeepMillis && left >= t.keep.KeepRows
		over := rows-drop*ChunkRows > t.keep.MaxRows
		end := list.first + uint64(drop+1)*ChunkRows
		if !(old || over) || end > published {
			break
		}
		drop++
	}
	return drop
}

// Full reports whether rows are dropped for their number, not for their age.
func (t *Tape) Full() bool { return (len(t.list.Load().chunks)+1)*ChunkRows > t.keep.MaxRows }

// Written is the writer's own view of a row, published or not; nil when it was
// trimmed or never written.
func (t *Tape) Written(seq uint64) *model.Row {
	list := t.list.Load()
	if seq < list.first || seq >= t.appended {
		return nil
	}
	return &list.chunks[(seq-list.first)/ChunkRows][seq%ChunkRows]
}

// LastVersion searches the whole tape for the latest version of a row: slow,
// for what happens hardly ever. It is NoSeq and 0 when the tape has none.
func (t *Tape) LastVersion(id model.Identity) (seq uint64, revision uint16) {
	for seq = t.appended; seq > t.list.Load().first; seq-- {
		if row := t.Written(seq - 1); row.Identity() == id {
			return seq - 1, row.Revision
		}
	}
	return NoSeq, 0
}

// Publish shows all appended rows to readers. It costs one atomic store and
// allocates nothing. Only the writer may call it.
func (t *Tape) Publish() {
	if t.next.Load() == t.appended {
		return
	}
	t.next.Store(t.appended)
	t.wake()
}

// SetState publishes a state, which must not be changed afterwards. Only the
// writer may call it.
func (t *Tape) SetState(s *model.State) {
	t.state.Store(s)
	t.wake()
}

// wake closes the channel that readers wait on, if any. The store of what is
// new comes before the load here, and a reader stores its channel before it
// looks for news, so one of the two always sees the other.
func (t *Tape) wake() {
	if t.wait.Load() == nil {
		return
	}
	if c := t.wait.Swap(nil); c != nil {
		close(*c)
	}
}
