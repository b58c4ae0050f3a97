package page

// undoMost is how many changes of the filter can be taken back.
const undoMost = 100

// undo holds the filters that were in force before, oldest first.
type undo struct{ texts []string }

// Note keeps the filter that is about to be replaced.
func (u *undo) Note(text string) {
	u.texts = append(u.texts, text)
	if len(u.texts) > undoMost {
		u.texts = u.texts[1:]
	}
}
