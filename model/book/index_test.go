package book

import (
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// Packing loses nothing that sums and duplicates need, whatever the order in
// which windows come and are packed.
func TestWindowsAgainstAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w windows
		want := make(map[int32]window)
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			start := rapid.Int32Range(0, 5000).Draw(t, "start") * int32(model.Second)
			switch rapid.IntRange(0, 9).Draw(t, "act") {
			case 0:
				w.pack(start)
			case 1:
				w.unpack()
			default:
				at, found := w.find(start)
				known, ok := want[start]
				if found != ok || found && (w.hot[at].size != known.size || w.hot[at].flags != known.flags) {
					t.Fatalf("at %d found %v, want %v %+v", start, found, ok, known)
				}
				if !found {
					x := window{start: start, size: rapid.Uint32().Draw(t, "size"), flags: uint8(rapid.IntRange(0, 7).Draw(t, "flags"))}
					want[start] = x
					w.insert(x)
				}
			}
			sum, count := w.sum, 0
			for i := range w.hot {
				if i > 0 && w.hot[i-1].start >= w.hot[i].start || w.count > 0 && w.hot[i].start <= w.last {
					t.Fatalf("out of order at %d", i)
				}
				if !w.hot[i].is(windowPast) {
					sum += int64(w.hot[i].size)
				}
				count++
			}
			truth := int64(0)
			for _, x := range want {
				if !x.is(windowPast) {
					truth += int64(x.size)
				}
			}
			if sum != truth || w.len() != len(want) || count+w.count != len(want) {
				t.Fatalf("%d windows hold %d, want %d and %d", w.len(), sum, len(want), truth)
			}
		}
	})
}

// An active contract's index stays small over a whole day, and a correction
// long after is still no second row.
func TestBookIndexStaysSmall(t *testing.T) {
	l := newLedgerTest(t)
	const seconds = 6 * 3600
	for i := range int64(seconds) {
		l.bar(i, 1, 1+i)
	}
	a := l.book.days.today().held(l.id)
	if n := len(a.windows.hot); n > 4096 {
		t.Errorf("%d windows are kept in full", n)
	}
	if n := len(a.windows.packed); n > 3*seconds {
		t.Errorf("%d bytes for %d packed windows", n, a.windows.count)
	}
	l.bar(100, 1, 101)
	if c := l.book.Counters(); c.Duplicates != 1 || c.Rows != seconds {
		t.Errorf("%+v", c)
	}
	l.bar(100, 3, seconds+2)
	if v := a.view(); v.Exact != seconds+2 || v.Gaps != 0 || !v.Whole() || v.Revised != 1 {
		t.Errorf("%+v", v)
	}
}
