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
	// 38 MB of rows, half as much again as the whole market makes in 16 minutes: a
	// flood must not eat the machine.
	defaultMaxRows = 384 * ChunkRows
)

// NoSeq is the sequence number of a row that is not on the tape.
const NoSeq = ^uint64(0)

// Options say what a Tape keeps. Whole chunks of 1,024 rows are dropped,
// oldest first, once they are older than KeepMillis and more than KeepRows
// remain without them.
type Options struct {
	KeepMillis int64 // market time that is kept whatever the count; 0 means 16 minutes
	KeepRows   int   // rows that are kept whatever their age; 0 means 65,536
	MaxRows    int   // rows above which the oldest go even before KeepMillis; 0 means 393,216
}

// Tape is the append-only list of row versions: one goroutine writes, through
// the Writer, any number reads, and no reader ever delays the writer or another
// reader. Rows never change once published. What a reader missed because it was
// slow is counted in its Cursor.
type Tape struct {
	Contracts *model.Contracts // the registry that the rows' contract numbers refer to

	// A reader loads next before list, so that the list it sees holds every row
	// below next that was not trimmed.
	next  atomic.Uint64
	list  atomic.Pointer[chunkList]
	state atomic.Pointer[model.State]
	wait  atomic.Pointer[chan struct{}] // nil unless somebody asked
	over  atomic.Bool                   // the market goes on with another tape
}

// chunk is a block of rows; those below Tape.next are immutable.
type chunk [ChunkRows]model.Row

// chunkList is one immutable picture of which chunks are held. chunks[0]
// starts with row number first.
type chunkList struct {
	first  uint64
	origin uint64 // rows before it are the writer's alone, see Writer.Image
	chunks []*chunk
}

// begin is the first row that readers see.
func (l *chunkList) begin() uint64 { return max(l.first, l.origin) }

// Over says that the market goes on with another tape: whoever waits here, or comes
// to wait, is woken at once. Any goroutine may call it, once the market has the other.
func (t *Tape) Over() {
	t.over.Store(true)
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
