package twin

import (
	"testing"

	"optflow/model"
)

const minute = int64(model.Minute)

// Of one second and size no more are kept than an order has legs. What is beyond
// has no answer, and does not become somebody's only twin either.
func TestChainsHaveAnEnd(t *testing.T) {
	var x Index
	for id := range model.ContractID(5000) {
		want := int(id) + 1
		if want > chainMost {
			want = 0
		}
		if got := x.Put(0, Size, id, uint64(id)); got != want {
			t.Fatalf("window %d is one of %d, want %d", id, got, want)
		}
	}
	if got := x.Put(0, Size, 7, 9999); got != chainMost {
		t.Errorf("a version of one that is there: one of %d", got)
	}
	if got := x.Put(0, Size+1, 4000, 1); got != 1 {
		t.Errorf("another size: one of %d", got)
	}
	if left, was := x.Take(0, Size, 4000); was || left != chainMost {
		t.Errorf("one beyond was there: %v, %d left", was, left)
	}
	if left, was := x.Take(0, Size, 7); !was || left != chainMost-1 || x.open != chainMost {
		t.Errorf("%d left, %v, %d open", left, was, x.open)
	}
	if got := x.Put(0, Size, 4000, 1); got != chainMost {
		t.Errorf("there is room again, and it is one of %d", got)
	}
}

func bound(all []*Index) {
	open := 0
	for _, x := range all {
		open += x.Open()
	}
	for _, x := range all {
		x.Bound(open)
	}
}

// All indexes together take so many windows, until time makes room.
func TestIndexesAreBoundedTogether(t *testing.T) {
	all := []*Index{{}, {}}
	for i := range openMost {
		x := all[i%2]
		if i%1000 == 0 {
			bound(all)
		}
		if x.Put(int64(i%60)*1000, uint32(Size+i), 1, 1) != 1 {
			t.Fatalf("window %d has no room", i)
		}
	}
	bound(all)
	if got := all[1].Put(minute, Size, 1, 1); got != 0 {
		t.Errorf("one too many is one of %d", got)
	}
	if got := all[0].Put(0, Size, 1, 2); got != 1 {
		t.Errorf("a version of one that is there is one of %d", got)
	}
	all[0].Expire(1)
	bound(all)
	if got := all[1].Put(minute, Size, 1, 1); got != 1 || all[0].open != 0 {
		t.Errorf("after a time it is one of %d, %d open", got, all[0].open)
	}
}
