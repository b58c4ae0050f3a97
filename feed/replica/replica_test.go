package replica

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
)

// monday is 23 Nov 2026 09:30 in New York, in ms.
var monday = time.Date(2026, 11, 23, 9, 30, 0, 0, model.NewYork).UnixMilli()

// feed is a book whose inputs are written down.
type feed struct {
	daylog.Encoder
	book  *book.Book
	tape  *tape.Writer
	first uint64
	id    model.ContractID
	day   int64
	now   int64
}

func newFeed() *feed {
	w := tape.New(tape.Options{})
	f := &feed{tape: w, book: book.New(w, book.Options{}), now: monday}
	f.Key(f.book)
	f.tell(&book.Date{Date: model.TradingDate(monday)})
	c := &book.Contract{Symbol: "O:NVDA261218C00180000", Traded: true}
	f.tell(c)
	f.id = c.ID
	return f
}

func (f *feed) tell(in book.Input) {
	f.book.Apply(in)
	f.Put(in)
}

// second is a second in which a lot trades.
func (f *feed) second() {
	f.now += 1000
	f.tell(&book.Tick{Now: f.now})
	f.day++
	f.tell(&book.Bar{Bar: model.Bar{
		Contract: f.id, Span: model.Second, Start: f.now - 1000, Volume: 1, DayVolume: f.day,
		Open: 2, High: 2.5, Low: 1.5, Close: 2, Vwap: 2, DayVwap: 2, AvgSize: 1,
	}})
	f.State(&model.State{Link: model.Live, Tickers: []string{"NVDA"}, Newest: f.now, Covers: math.NaN()})
	f.tape.Publish()
}

// block is what was told since the last one.
func (f *feed) block() (*daylog.Block, []byte) {
	ops := append([]byte(nil), f.Bytes()...)
	b := &daylog.Block{First: f.first, Ops: f.Ops(), Start: f.now, Key: f.first == 0, Raw: len(ops), Stored: ops}
	f.first += uint64(b.Ops)
	f.Reset()
	return b, ops
}

func (f *feed) seconds(n int) (*daylog.Block, []byte) {
	for range n {
		f.second()
	}
	return f.block()
}

// rowsOf are the rows that a reader finds, and how many it missed.
func rowsOf(t *tape.Tape) (rows []model.Row, missed uint64) {
	var cursor tape.Cursor
	batch := make([]model.Row, 1000)
	for {
		n := t.Read(&cursor, batch)
		if n == 0 {
			return rows, cursor.Trimmed
		}
		rows = append(rows, batch[:n]...)
	}
}

func TestItIsTheSameBook(t *testing.T) {
	f := newFeed()
	r := New(Options{})
	m := r.Market()
	seat := m.Seat()
	defer seat.Leave()
	for range 5 {
		if err := r.Block(f.seconds(60)); err != nil {
			t.Fatal(err)
		}
	}
	live, _ := rowsOf(&f.tape.Tape)
	again, _ := rowsOf(m.Rows())
	if len(live) != 300 || !same(live, again) {
		t.Errorf("%d rows live, %d again", len(live), len(again))
	}
	s := m.State()
	if s.Link != model.Live || len(s.Totals) != 1 || s.Totals[0].CallVolume != 300 || s.Counters.Rows != 300 {
		t.Errorf("state %+v", s)
	}
	accounts, err := seat.Observe(t.Context(), nil)
	want, _ := f.book.Account(f.id)
	if err != nil || len(accounts) != 1 || !same(accounts[0], want) {
		t.Errorf("accounts %+v, %v", accounts, err)
	}
	days, err := seat.Day(t.Context(), accounts[0].Contract)
	if err != nil || len(days) != 5 || days[0].Volume != 60 || days[4].DayVolume != 300 || days[0].Vwap != 2 {
		t.Errorf("the day %+v, %v", days, err)
	}
}

func TestARecordingSaysWhyNot(t *testing.T) {
	f := newFeed()
	r := New(Options{})
	if err := r.Block(f.seconds(1)); err != nil {
		t.Fatal(err)
	}
	seat := r.Market().Seat()
	if err := seat.Lookup(t.Context(), "nvda"); err != nil {
		t.Error(err)
	}
	if err := seat.Lookup(t.Context(), "TSLA"); err == nil || err.Error() != "TSLA is not in this recording: it has NVDA" {
		t.Error(err)
	}
	if _, err := seat.Snapshots(t.Context(), []string{"O:NVDA261218C00180000"}); !errors.Is(err, ErrRecorded) {
		t.Error(err)
	}
}

func TestRenewedItBeginsAnew(t *testing.T) {
	f := newFeed()
	block, ops := f.seconds(10)
	r := New(Options{})
	m := r.Market()
	old := m.Rows()
	if err := r.Block(block, ops); err != nil {
		t.Fatal(err)
	}
	changed := old.Changed()
	r.Renew()
	select {
	case <-changed:
	default:
		t.Error("nobody who waits at the old rows is woken")
	}
	if m.Generation() != 1 || m.Rows() == old || m.Rows().Next() != 0 || m.State().Link != model.Live {
		t.Errorf("generation %d, %d rows, %+v", m.Generation(), m.Rows().Next(), m.State())
	}
	if err := r.Block(block, ops); err != nil {
		t.Fatal(err)
	}
	if n := m.Rows().Next(); n != 10 {
		t.Errorf("%d rows", n)
	}
}

// TestItWaitsForFacesWhileItCatchesUp: a face that reads slowly misses nothing,
// one that reads nothing is not waited for for ever.
func TestItWaitsForFacesWhileItCatchesUp(t *testing.T) {
	const blocks, seconds = 25, 1_000
	for name, reads := range map[string]bool{"slow": true, "stuck": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFeed()
				r := New(Options{Tape: tape.Options{KeepMillis: 1, KeepRows: 1}})
				r.ahead = 10_000
				r.Catch(true)
				m := r.Market()
				seat := m.Seat()
				seat.Read(0, 0)
				ctx, cancel := context.WithCancel(t.Context())
				read := make(chan tape.Cursor)
				go func() {
					var cursor tape.Cursor
					batch := make([]model.Row, 1000)
					for ctx.Err() == nil || m.Rows().Read(&cursor, batch) > 0 {
						if reads && m.Rows().Read(&cursor, batch) > 0 {
							seat.Read(0, cursor.Next)
						}
						time.Sleep(time.Millisecond)
					}
					read <- cursor
				}()
				began := time.Now()
				for range blocks {
					if err := r.Block(f.seconds(seconds)); err != nil {
						t.Error(err)
					}
				}
				took := time.Since(began)
				r.Catch(false)
				for range 3 {
					if err := r.Block(f.seconds(seconds)); err != nil {
						t.Error(err)
					}
				}
				if m.Rows().First() == 0 && reads {
					t.Error("nothing was trimmed at all")
				}
				cancel()
				if cursor := <-read; reads && (cursor.Trimmed > 0 || cursor.Next != f.tape.Appended()) {
					t.Errorf("the face missed %d rows and read to %d", cursor.Trimmed, cursor.Next)
				}
				if !reads && (took < patience || took > 2*patience) {
					t.Errorf("waited %v for a face that reads nothing", took)
				}
			})
		})
	}
}

func TestPaceComesBeforeTicks(t *testing.T) {
	f := newFeed()
	stop := errors.New("enough")
	var m market.Market
	var told []int64
	r := New(Options{Pace: func(now int64) error {
		told = append(told, now)
		if rows := m.Rows().Next(); rows != uint64(len(told)-1) {
			t.Errorf("at tick %d %d rows are shown", len(told), rows)
		}
		if len(told) == 4 {
			return stop
		}
		return nil
	}})
	m = r.Market()
	if err := r.Block(f.seconds(10)); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if m.Rows().Next() != 3 || told[0] != monday+1000 {
		t.Errorf("%d rows, ticks %v", m.Rows().Next(), told)
	}
}

// same reports whether two values are equal, one NaN being as another.
func same(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	return equal(x, y)
}

func equal(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		return a.Float() == b.Float() || a.Float() != a.Float() && b.Float() != b.Float()
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}
