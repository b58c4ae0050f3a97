package page

import (
	"optflow/model"
	"optflow/model/burst"
	"optflow/ui/rows"
)

// sought is the row that was selected before the rows began anew: by what it is,
// since its number is another one then. It is selected again once it is there.
type sought struct {
	symbol string // "" none is
	start  int64
}

// seek notes the selected row, where the tape stands still on one. One that is
// sought already stays so.
func (t *Tape) seek() {
	if t.Table.Following || !t.Table.Has || t.Table.Selected&rows.GapBit != 0 {
		return
	}
	if b := t.Pull.Bursts.Get(t.Table.Selected); b != nil {
		t.sought = sought{t.Contracts.At(b.Contract).Symbol, b.Start}
	}
}

// sight selects the row that is sought, if it is among those that came.
func (t *Tape) sight(changes []burst.Change) {
	if t.sought.symbol == "" {
		return
	}
	for _, c := range changes {
		b := t.Pull.Bursts.Get(c.ID)
		if c.Kind == burst.Went || b == nil || b.Row.Kind == model.KindGap || t.sought.start < b.Start || t.sought.start >= b.End() || t.Contracts.At(b.Contract).Symbol != t.sought.symbol {
			continue
		}
		if pos, is := t.List.Position(c.ID); is {
			t.Table.Hold(pos)
			t.sought = sought{}
		}
		return
	}
}
