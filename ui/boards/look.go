package boards

import (
	"cmp"
	"iter"
	"slices"

	"optflow/model"
	"optflow/model/board"
	"optflow/model/burst"
)

// Look is how one screen looks at a board: at a picture that stands still until the
// screen goes on to the next. It belongs to the screen's goroutine.
type Look struct {
	shared        *shared
	at, next      *published // what is looked at, and what comes then
	missed        uint64     // rows that were missed before it looked
	went, changed []burst.Change
}

// Take finds the newest picture, and what is to be done to come there: what went is
// read from the present one, which Advance leaves, and what changed from the next.
func (l *Look) Take() (went, changed []burst.Change) {
	l.next = l.shared.published.Load()
	l.went, l.changed = board.Changes(l.at.View, l.next.View, l.went[:0], l.changed[:0])
	return l.went, l.changed
}

// Advance goes on to what Take found.
func (l *Look) Advance() { l.at = l.next }

// Changed is closed once there is a newer picture than Take found, or another State
// of the market.
func (l *Look) Changed() <-chan struct{} { return l.next.changed }

// Behind reports whether rows are being read that were there before.
func (l *Look) Behind() bool { return l.at.behind }

// Missed is how many rows were dropped before they were read, since this screen
// looks.
func (l *Look) Missed() uint64 { return l.at.missed - l.missed }

// Leave looks no more.
func (l *Look) Leave() { l.shared.leave() }

// Get is the burst of a handle, nil for one that was never given out.
func (l *Look) Get(id uint32) *burst.Burst { return l.at.Get(id) }

// Each goes over the bursts of the given shelves in any order.
func (l *Look) Each(shelves burst.Shelf) iter.Seq2[uint32, *burst.Burst] { return l.at.Each(shelves) }

// Counts are the figures of the picture.
func (l *Look) Counts() burst.Counts { return l.at.Counts() }

// Since is the market time in ms from which bursts over the floor are all here.
func (l *Look) Since() int64 { return l.at.Since() }

// GapsOf appends the gap rows of a contract to into, as they came.
func (l *Look) GapsOf(id model.ContractID, into []model.Row) []model.Row {
	var gaps []*burst.Burst
	for _, b := range l.at.Each(burst.ShelfGaps) {
		if b.Contract == id && b.Size > 0 {
			gaps = append(gaps, b)
		}
	}
	slices.SortFunc(gaps, func(a, b *burst.Burst) int { return cmp.Compare(a.Born(), b.Born()) })
	for _, b := range gaps {
		into = append(into, b.Row)
	}
	return into
}

// Windows appends the windows of a burst to into, oldest first, each in its latest
// version: those that the burst has in the picture.
func (l *Look) Windows(id uint32, into []model.Row) ([]model.Row, bool) {
	before := len(into)
	is, same := l.same(id)
	if !same {
		return into, false
	}
	defer l.shared.mu.Unlock()
	into, known := l.shared.board.Windows(id, into)
	return into[:min(len(into), before+int(is.Windows))], known
}

// Twins appends the twins of a burst's windows to into.
func (l *Look) Twins(id uint32, into []burst.Twin) []burst.Twin {
	if _, same := l.same(id); !same {
		return into
	}
	defer l.shared.mu.Unlock()
	return l.shared.board.Twins(id, into)
}

// same locks the board where it still has a burst of the picture.
func (l *Look) same(id uint32) (*burst.Burst, bool) {
	is := l.at.Get(id)
	if is == nil || !is.Alive() {
		return nil, false
	}
	l.shared.mu.Lock()
	if now := l.shared.board.Get(id); now.Born() != is.Born() || !now.Alive() {
		l.shared.mu.Unlock()
		return nil, false
	}
	return is, true
}

// Remembered appends the windows of a contract that are still remembered to into,
// oldest first, each in its latest version.
func (l *Look) Remembered(id model.ContractID, into []model.Row) []model.Row {
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	return l.shared.board.Remembered(id, into)
}
