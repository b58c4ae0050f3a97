package rows

import "optflow/model/burst"

// Freeze stands still altogether: rows that come, change or go are not shown
// until thaw.
func (t *Table) Freeze() {
	t.Frozen, t.Following, t.Added = true, false, 0
	t.lost = make(map[uint32]bool)
	t.unseen = make(map[uint32]bool)
	for _, r := range t.Visible { // what is on screen is kept as it is
		if r.ID&GapBit == 0 {
			t.keep(r.ID)
		}
	}
}

// Thaw goes on; the list must be read anew.
func (t *Table) Thaw() {
	if t.lost[t.Selected] {
		t.Selected = noRow
	}
	for id := range t.lost {
		t.list.births[id] = 0 // another row may have its handle by now
	}
	t.Frozen, t.lost, t.unseen = false, nil, nil
	t.Forget()
	t.Following = t.list.FollowsNewest() && t.Top+t.Line == 0 && !t.read
}

// Missed notes a change that the frozen picture does not show.
func (t *Table) Missed(c burst.Change) {
	b := t.list.Bursts.Get(c.ID)
	t.list.meet(c.ID, b)
	in := t.list.states[c.ID]&stateIn != 0
	switch {
	case c.Kind == burst.Went:
		if in {
			t.lost[c.ID] = true
		}
		delete(t.unseen, c.ID)
	case !in && !t.unseen[c.ID]:
		if state, _ := t.list.Judge(c.ID, b); state&stateIn != 0 {
			t.unseen[c.ID] = true
			t.Added++
		}
	}
}

// keep makes sure that a copy of a row is held, and returns it.
func (t *Table) keep(id uint32) *finished {
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
