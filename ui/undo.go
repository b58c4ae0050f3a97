package ui

import "optflow/ui/paint"

// undoMost is how many changes of the filter can be taken back.
const undoMost = 100

// undo holds the filters that were in force before, oldest first.
type undo struct{ texts []string }

// note keeps the filter that is about to be replaced.
func (u *undo) note(text string) {
	u.texts = append(u.texts, text)
	if len(u.texts) > undoMost {
		u.texts = u.texts[1:]
	}
}

// undoFilter brings the filter before the last change back.
func (m *Model) undoFilter() {
	u := &m.undo
	for n := len(u.texts); n > 0; n = len(u.texts) {
		text := u.texts[n-1]
		u.texts = u.texts[:n-1]
		f, err := m.parse(text)
		if err != nil { // it named a day that is over
			continue
		}
		m.useFilter(f)
		if text == "" {
			m.notices.answer(paint.Dim, "no filter, as before")
		}
		return
	}
	m.notices.answer(paint.Dim, "no change of the filter to undo")
}
