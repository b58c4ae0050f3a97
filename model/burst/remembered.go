package burst

import "optflow/model"

// Remembered appends the windows of a contract that are still remembered to
// into, oldest first, each in its latest version.
func (b *Set) Remembered(id model.ContractID, into []model.Row) []model.Row {
	if int(id) >= len(b.strands) || b.strands[id] == nil {
		return into
	}
	for i := range b.strands[id].windows {
		if row, ok := b.row(&b.strands[id].windows[i]); ok {
			into = append(into, row)
		}
	}
	return into
}

// GapsOf appends the gap rows of a contract that are held to into.
func (b *Set) GapsOf(id model.ContractID, into []model.Row) []model.Row {
	for _, h := range b.gapsOf[id] {
		if e := b.slots.at(h); e.alive && e.Row.Size > 0 {
			into = append(into, e.Row)
		}
	}
	return into
}
