package book

import (
	"encoding/binary"

	"optflow/model"
)

// packedMost is how many bytes packed windows may take in all accounts of a date,
// while the tape is full: three times what a busy day needs, or what a flood of all
// that may trade brings in six minutes.
const packedMost = 64 << 20

// halve forgets the older half of the packed windows. Their sums stay. Windows of
// the past are needed for as long as there are any, so an account with some keeps
// all.
func (a *account) halve() {
	if w := &a.windows; w.count > 1 && a.history == 0 {
		w.forget(w.count / 2)
	}
}

// forget lets the first n packed windows go.
func (w *windows) forget(n int) {
	data := w.packed
	for range n {
		gap, k := binary.Uvarint(data)
		value, m := binary.Uvarint(data[k:])
		data = data[k+m:]
		w.base += int32(gap) * int32(model.Second)
		size := int64(value >> windowBits)
		w.sum -= size
		w.goneSum += size
	}
	w.packed = append([]byte(nil), data...)
	w.count -= n
	w.gone += n
}

// forgot reports whether a start lies among windows that are forgotten: nobody can
// tell a window there that is new from one that is known.
func (w *windows) forgot(start int32) bool { return w.gone > 0 && start <= w.base }

// leftOut reports whether a bar is of a time whose windows are forgotten. It is
// counted then, and left out of the account: what it holds is in there or missing.
func (b *bars) leftOut(a *account, bar *model.Bar) bool {
	if !a.windows.forgot(int32(bar.Start - a.day.from)) {
		return false
	}
	b.beyond.Add(bar.Volume)
	return true
}
