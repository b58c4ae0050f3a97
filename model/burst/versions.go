package burst

import "optflow/model"

// versions are the latest ones of the windows that are remembered: on the tape, or
// as copies where that does not keep them for long enough.
type versions struct {
	at   func(seq uint64) (model.Row, bool) // see Options.At
	kept map[uint64]model.Row               // nil: at has them
	last uint64                             // number of the version read last
}

// seqOf is the whole number of a window's latest version: the newest of those
// read so far that ends like it.
func (v *versions) seqOf(w *window) uint64 { return v.last - uint64(uint32(v.last)-w.seq) }

// row reads a window's latest version back.
func (v *versions) row(w *window) (model.Row, bool) {
	seq := v.seqOf(w)
	if v.kept == nil {
		return v.at(seq)
	}
	row, ok := v.kept[seq]
	return row, ok
}

// keep makes a copy of a window's version, where that is needed.
func (v *versions) keep(seq uint64, row *model.Row) {
	if v.kept != nil {
		v.kept[seq] = *row
	}
}

// drop forgets a window's version.
func (v *versions) drop(w *window) {
	if v.kept != nil {
		delete(v.kept, v.seqOf(w))
	}
}
