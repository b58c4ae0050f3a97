package feed

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// keyEvery is after how many inputs the log of a run has another key.
const keyEvery = 4000

// recorded is what a run's book was told, in blocks of 64 KiB, with keys at which
// what the book has come to is carried over.
type recorded struct {
	daylog.Encoder
	book   *book.Book
	blocks []byte
	ops    uint64
	key    bool  // the block that is open is one
	keys   []int // where they begin in blocks
	moves  int   // how many of them are there because the date moved
	told   int
}

func (*recorded) Recover(context.Context, *book.Book, func(done, total int64)) (int64, *model.State, error) {
	return 0, nil, nil
}
func (*recorded) Shown(*model.State) {}
func (*recorded) End()               {}
func (*recorded) Trouble() string    { return "" }

func (r *recorded) Begin(b *book.Book) {
	r.book = b
	r.begin()
}

func (r *recorded) Telling(in book.Input) {
	_, moves := book.LogOf(r.book).Moves(in)
	if r.told++; moves || r.told%keyEvery == 0 {
		r.cut()
		r.begin()
	}
	if moves && r.book.Date() != 0 {
		r.moves++
	}
}

func (r *recorded) begin() {
	r.key = true
	r.keys = append(r.keys, len(r.blocks))
	r.Key(r.book)
	r.Carry(r.book)
}

func (r *recorded) Told(in book.Input) {
	if r.Put(in); r.Len() > 64<<10 {
		r.cut()
	}
}

func (r *recorded) cut() {
	b := daylog.Block{First: r.ops, Ops: r.Ops(), Key: r.key, Raw: r.Len(), Stored: r.Bytes()}
	r.blocks = b.Append(r.blocks)
	r.ops += uint64(b.Ops)
	r.key = false
	r.Reset()
}

// playAgain feeds other books with what was written down of a run that has ended,
// from its beginning, from a key in the middle and from the last one: they have
// the same rows, accounts, totals and counters.
func (d *disorder) playAgain() {
	d.rig.end()
	d.log.cut()
	keys := d.log.keys
	for i := range keys {
		if i == 0 || i == len(keys)/2 || i == len(keys)-1 {
			d.playFrom(keys[i])
		}
	}
	d.playOn()
	d.followOn()
	d.t.Logf("%d inputs, %d rows, %d bytes, %d keys, of which %d where the date moved: the same again", d.log.told, d.tape.Appended(), len(d.log.blocks), len(keys), d.log.moves)
}

func (d *disorder) playFrom(at int) {
	t := d.t
	to := tape.New(keepsAll)
	again := book.New(to, book.Options{})
	var reader daylog.Decoder
	for left := d.log.blocks[at:]; len(left) > 0; {
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
}

// The same across midnight, where a day's log begins with what was carried over.
func TestChaosAcrossMidnight(t *testing.T) {
	for _, seed := range tried(nil, 0, 1, 2, 3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			chaosAcrossMidnight(t, seed)
		})
	}
}

func chaosAcrossMidnight(t *testing.T, seed uint64) (log []byte) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(model.MakeDate(2000, time.January, 3).At(23, 50)))
		d := newDisorder(t, seed, false)
		for range 12 {
			time.Sleep(2 * time.Minute)
			d.tell(d.happen())
			time.Sleep(time.Minute)
			d.heal()
		}
		if d.playAgain(); d.log.moves == 0 || d.log.book.Date() != model.MakeDate(2000, time.January, 4) {
			t.Errorf("the date moved %d times, to %v", d.log.moves, d.log.book.Date())
		}
		log = d.log.blocks
	})
	return log
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
