package ui

import "optflow/model/burst"

// freeze stands still altogether: rows that come, change or go are not shown
// until thaw.
func (t *rowTable) freeze() {
	t.frozen, t.following, t.added = true, false, 0
	t.lost = make(map[uint32]bool)
	t.unseen = make(map[uint32]bool)
	for _, r := range t.visible { // what is on screen is kept as it is
		if r.ID&gapBit == 0 {
			t.keep(r.ID)
		}
	}
}

// thaw goes on; the list must be read anew.
func (t *rowTable) thaw() {
	if t.lost[t.selected] {
		t.selected = noRow
	}
	t.frozen, t.lost, t.unseen = false, nil, nil
	t.forget()
	t.following = t.list.followsNewest() && t.top+t.line == 0
}

// missed notes a change that the frozen picture does not show.
func (t *rowTable) missed(c burst.Change) {
	t.list.grow(c.ID)
	in := t.list.states[c.ID]&stateIn != 0
	switch {
	case c.Kind == burst.Went:
		if in {
			t.lost[c.ID] = true
		}
		delete(t.unseen, c.ID)
	case !in && !t.unseen[c.ID]:
		if state, _ := t.list.judge(c.ID); state&stateIn != 0 {
			t.unseen[c.ID] = true
			t.added++
		}
	}
}

// keep makes sure that a copy of a row is held, and returns it.
func (t *rowTable) keep(id uint32) *finished {
	f := t.lines[id]
	if f == nil {
		f = new(finished)
		t.lines[id] = f
	}
	if !f.fresh && !t.lost[id] {
		t.refresh(f, id)
	}
	return f
}
