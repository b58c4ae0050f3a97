package model

// TapeOptions say what a Tape keeps.
type TapeOptions struct {
	KeepMillis int64 // market time that is always kept; 0 means 16 minutes
	KeepRows   int   // rows kept whatever their age; 0 means 65,536
}

// Cursor is a reader's place in a Tape. The zero Cursor reads from the first
// row ever appended.
type Cursor struct {
	Next    uint64 // sequence number of the next row to read
	Trimmed uint64 // rows that were dropped before this reader came to them
}

// Tape is the append-only list of row versions.
type Tape struct {
	Contracts *Contracts // the registry that rows' contract numbers refer to
}

// NewTape returns an empty tape with a registry of its own.
func NewTape(o TapeOptions) *Tape { return &Tape{Contracts: NewContracts()} }

// Append adds a version; readers see it after Publish. Writer only.
func (t *Tape) Append(row Row) (seq uint64) { return 0 }

// Publish shows all appended rows to readers. Writer only.
func (t *Tape) Publish() {}

// SetState publishes a state, which must not change afterwards. Writer only.
func (t *Tape) SetState(s *State) {}

// State is the last state set, never nil.
func (t *Tape) State() *State { return &State{} }

// At returns the row of a sequence number, and false when it is not published
// yet or trimmed.
func (t *Tape) At(seq uint64) (Row, bool) { return Row{}, false }

// Read fills into from the cursor on, advances it and returns how many rows it
// read.
func (t *Tape) Read(cur *Cursor, into []Row) int { return 0 }

// First is the sequence number of the oldest row still held.
func (t *Tape) First() uint64 { return 0 }

// Next is the sequence number that the next published row will have.
func (t *Tape) Next() uint64 { return 0 }

// Changed returns a channel that is closed at the next Publish of new rows or
// SetState. Take it before looking for news, so that none is missed.
func (t *Tape) Changed() <-chan struct{} { return nil }
