package lens

// undoMost is how many changes of the filter can be taken back.
const undoMost = 100

// Undo holds the filters that were in force before, oldest first: those of the
// line and those of the tab that it stands in.
type Undo struct{ before []replaced }

// replaced is a filter that was.
type replaced struct {
	of   *Lens
	text string
}

// Note keeps the filter that is about to be replaced.
func (l *Lens) Note(text string) {
	u := l.Undo
	u.before = append(u.before, replaced{l, text})
	if len(u.before) > undoMost {
		u.before = u.before[1:]
	}
}

// last is what the next undo brings back; nil nothing.
func (u *Undo) last() *replaced {
	if n := len(u.before); n > 0 {
		return &u.before[n-1]
	}
	return nil
}
