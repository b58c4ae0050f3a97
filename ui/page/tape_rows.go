package page

import (
	"optflow/model"
	"optflow/model/burst"
)

// TakeRows takes over what is new on the tape, and reports whether anything in
// view may have changed.
func (t *Tape) TakeRows() (seen bool) {
	went, changed := t.Pull.take()
	t.news = t.news[:0]
	again := t.apply(went)
	begun := t.Pull.advance()
	again = t.apply(changed) || again
	if begun { // they were there before
		t.news = t.news[:0]
	}
	if seen = len(went)+len(changed) > 0; seen && !t.Table.Frozen {
		t.settle(again)
		t.sight(changed)
	}
	if t.Pins.find() {
		t.Pins.Reread()
		seen = true
	}
	t.Tabs.live = !t.Pull.Behind
	return seen
}

// apply brings list and table up to date with the bursts, but for what settle does,
// and reports whether pinned ones are to be read again.
func (t *Tape) apply(changes []burst.Change) (again bool) {
	for _, c := range changes {
		t.Tabs.take(c)
	}
	if t.Table.Frozen {
		for _, c := range changes {
			t.Table.Missed(c)
		}
		return false
	}
	for _, c := range changes {
		b := t.Pull.Bursts.Get(c.ID)
		if c.Kind == burst.Went {
			again = again || t.Pins.went(b.Contract, c.Was)
		} else {
			t.Pins.changed(b)
		}
		switch {
		case b.Row.Kind == model.KindGap:
			if c.Kind == burst.Went {
				t.List.DropGap(c.ID)
			} else {
				t.List.Gap(c.ID)
			}
		case c.Kind == burst.Went:
			t.List.Drop(c.ID)
			t.Table.Gone(c.ID)
		default:
			t.Table.Changed(c.ID)
			if t.List.Change(c.ID) {
				t.news = append(t.news, c.ID)
			}
		}
	}
	return again
}

// settle puts everything in its place once all changes are applied.
func (t *Tape) settle(again bool) {
	if again {
		t.Pins.Reread()
	}
	for _, id := range t.news {
		t.Table.Came(id)
	}
	if !t.Quiet {
		t.Table.Arrivals.Note(t.news, t.Wall())
	}
	t.List.Settle()
	t.Table.Settle()
}
