package feed

import (
	"context"
	"math"
	"reflect"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// recorded is what a run's book was told, in blocks of 64 KiB.
type recorded struct {
	daylog.Encoder
	blocks []byte
	ops    uint64
}

func (*recorded) Recover(context.Context, *book.Book, func(done, total int64)) (int64, *model.State, error) {
	return 0, nil, nil
}
func (*recorded) Begin(*book.Book)   {}
func (*recorded) Telling(book.Input) {}
func (*recorded) Shown(*model.State) {}
func (*recorded) End()               {}
func (*recorded) Trouble() string    { return "" }

func (r *recorded) Told(in book.Input) {
	if r.Put(in); r.Len() > 64<<10 {
		r.cut()
	}
}

func (r *recorded) cut() {
	b := daylog.Block{First: r.ops, Ops: r.Ops(), Raw: r.Len(), Stored: r.Bytes()}
	r.blocks = b.Append(r.blocks)
	r.ops += uint64(b.Ops)
	r.Reset()
}

// playAgain feeds another book with what was written down of a run that has
// ended: it has the same rows, accounts, totals and counters.
func (d *disorder) playAgain() {
	t := d.t
	d.rig.end()
	d.log.cut()
	to := tape.New(tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 20})
	again := book.New(to, book.Options{Span: model.Second})
	var reader daylog.Decoder
	for left := d.log.blocks; len(left) > 0; {
		b, size, err := daylog.Next(left)
		if err != nil {
			t.Fatalf("%d bytes before the end: %v", len(left), err)
		}
		left = left[size:]
		ops, err := b.Unpacked()
		if err == nil {
			err = reader.Ops(ops, daylog.Reader{Input: again.Apply})
		}
		if err != nil {
			t.Fatalf("block at op %d: %v", b.First, err)
		}
	}
	first := d.tape
	if a, b := first.Appended(), to.Appended(); a != b {
		t.Fatalf("%d rows live, %d played again", a, b)
	}
	for n := first.Oldest(); n < first.Appended(); n++ {
		if a, b := first.Written(n), to.Written(n); !same(*a, *b) {
			t.Fatalf("row %d\nlive  %+v\nagain %+v", n, *a, *b)
		}
	}
	live := d.engine.book.Book
	if a, b := live.Counters(), again.Counters(); !same(a, b) {
		t.Errorf("counters\nlive  %+v\nagain %+v", a, b)
	}
	if a, b := allAccounts(live), allAccounts(again); !same(a, b) {
		t.Errorf("accounts\nlive  %+v\nagain %+v", a, b)
	}
	if a, b := live.Totals([]string{"SPY"}), again.Totals([]string{"SPY"}); !same(a, b) {
		t.Errorf("totals\nlive  %+v\nagain %+v", a, b)
	}
	t.Logf("%d inputs, %d rows, %d bytes: the same again", d.log.ops, first.Appended(), len(d.log.blocks))
}

func allAccounts(b *book.Book) (all []model.Account) {
	b.Accounts(func(a model.Account) bool {
		all = append(all, a)
		return true
	})
	return all
}

// same reports whether two values are equal to the bit, one NaN being as another.
func same(a, b any) bool { return sameValue(reflect.ValueOf(a), reflect.ValueOf(b)) }

func sameValue(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float64, reflect.Float32:
		return a.Float() == b.Float() || math.IsNaN(a.Float()) && math.IsNaN(b.Float())
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameValue(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameValue(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Pointer, reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || sameValue(a.Elem(), b.Elem()))
	}
	return a.Equal(b)
}
