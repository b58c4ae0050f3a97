package book

import (
	"encoding/binary"
	"slices"

	"optflow/model"
	"optflow/model/tape"
)

// hotMillis is how long windows stay in full in an account's index: bars are
// re-sent for up to 15 minutes. Older ones are packed to about 3 bytes each,
// enough to tell a duplicate and to correct the sums.
const hotMillis = 20 * int32(model.Minute)

// Window flags.
const (
	windowMinute   = 1 << iota // its span is Minute, else Second
	windowBackfill             // from REST, not from the stream
	windowPast                 // history: on the tape, not in the sums
	windowBits     = iota
)

// window is one bar of an account: what is needed to tell a duplicate from a
// correction, and to say where volume is missing.
type window struct {
	seq      uint64 // number of the latest version's row, or NoSeq
	start    int32  // ms after the day's midnight
	size     uint32 // contracts, latest version
	day      uint32 // day volume that the first version stated, or UnknownCount
	revision uint16
	flags    uint8
}

// is reports whether a flag is set.
func (w *window) is(flag uint8) bool { return w.flags&flag != 0 }

// end of the window in ms after midnight.
func (w *window) end() int32 {
	if w.is(windowMinute) {
		return w.start + int32(model.Minute)
	}
	return w.start + int32(model.Second)
}

// windows is a contract's index of the day's bars by start time. All packed
// ones start before all hot ones.
type windows struct {
	hot    []window
	packed []byte // uvarints: seconds since the window before, size and flags
	count  int    // windows in packed
	last   int32  // start of the last packed window
	sum    int64  // contracts in packed, without past

	base    int32 // start of the last window that is forgotten: packed goes on from there
	gone    int   // windows that are forgotten
	goneSum int64 // contracts in them
}

// find returns where in hot a start is or belongs. A start among the packed
// windows unpacks them.
func (w *windows) find(start int32) (at int, found bool) {
	if w.count > 0 && start <= w.last {
		w.unpack()
	}
	if n := len(w.hot); n == 0 || start > w.hot[n-1].start {
		return n, false
	}
	return w.place(start)
}

// place is where in hot a start is or belongs.
func (w *windows) place(start int32) (at int, found bool) {
	return slices.BinarySearchFunc(w.hot, start, func(x window, start int32) int { return int(x.start - start) })
}

// look returns a hot window, nil when there is none. It changes nothing: of a
// packed window the row is not known any more.
func (w *windows) look(start int32) *window {
	at, found := w.place(start)
	if !found {
		return nil
	}
	return &w.hot[at]
}

// insert adds a window whose start is not there yet.
func (w *windows) insert(x window) {
	at, _ := w.find(x.start)
	if at == len(w.hot) {
		if len(w.hot) == cap(w.hot) {
			w.pack(x.start - hotMillis)
		}
		w.hot = append(roomy(w.hot), x)
		return
	}
	w.hot = slices.Insert(roomy(w.hot), at, x)
}

// roomy is a list with room for another element. What is done with a full list
// depends on when it is full, which must not be the compiler's choice.
func roomy[T any](list []T) []T {
	n := len(list)
	if n < cap(list) {
		return list
	}
	return append(make([]T, 0, n+max(1, min(n, 128+n/4))), list...)
}

// pack moves the windows that start before a time to the packed ones.
func (w *windows) pack(before int32) {
	n, _ := w.place(before)
	w.packFirst(n)
}

// packFirst moves the first n hot windows to the packed ones.
func (w *windows) packFirst(n int) {
	for i := range n {
		x := &w.hot[i]
		w.packed = binary.AppendUvarint(w.packed, uint64(x.start-w.last)/uint64(model.Second))
		w.packed = binary.AppendUvarint(w.packed, uint64(x.size)<<windowBits|uint64(x.flags))
		w.last = x.start
		w.count++
		if !x.is(windowPast) {
			w.sum += int64(x.size)
		}
	}
	w.hot = append(w.hot[:0], w.hot[n:]...)
}

// unpack brings all windows back in full, without their rows.
func (w *windows) unpack() {
	all := make([]window, 0, w.count+len(w.hot)+1)
	start := w.base
	for data := w.packed; len(data) > 0; {
		gap, n := binary.Uvarint(data)
		value, m := binary.Uvarint(data[n:])
		data = data[n+m:]
		start += int32(gap) * int32(model.Second)
		all = append(all, window{
			seq: tape.NoSeq, start: start, size: uint32(value >> windowBits), day: model.UnknownCount, flags: uint8(value & (1<<windowBits - 1)),
		})
	}
	*w = windows{hot: append(all, w.hot...), last: w.base, base: w.base, gone: w.gone, goneSum: w.goneSum}
}

// lastEnd is the end of the last window of the stream that starts before a time,
// in ms after midnight, and false when there is none. A window that REST brought
// says nothing of the time before it.
func (w *windows) lastEnd(before int32) (int32, bool) {
	at, _ := w.place(before)
	for at--; at >= 0; at-- {
		if !w.hot[at].is(windowPast | windowBackfill) {
			return w.hot[at].end(), true
		}
	}
	if w.count+w.gone > 0 && w.last < before {
		return w.last + int32(model.Second), true
	}
	return 0, false
}

// nextStart is the start of the first window at or after a time, in ms after
// midnight, and false when there is none.
func (w *windows) nextStart(from int32) (int32, bool) {
	at, _ := w.place(from)
	for ; at < len(w.hot); at++ {
		if !w.hot[at].is(windowPast) {
			return w.hot[at].start, true
		}
	}
	return 0, false
}

// lastPast is the last window of the history, of which there must be one.
func (w *windows) lastPast() *window {
	for {
		for i := len(w.hot) - 1; i >= 0; i-- {
			if w.hot[i].is(windowPast) {
				return &w.hot[i]
			}
		}
		w.unpack()
	}
}

// len is how many windows there are.
func (w *windows) len() int { return w.gone + w.count + len(w.hot) }
