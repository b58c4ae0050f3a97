package daylog

import (
	"reflect"
	"testing"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// fill sets every field of a value to something of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.String:
		v.SetString(string(rune('a'+*n%26)) + "x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(float64(*n) / 128)
	case reflect.Uint8:
		v.SetUint(2)
	case reflect.Uint64:
		v.SetUint(uint64(*n))
	default:
		v.SetInt(int64(*n))
	}
}

func states(t *testing.T, e *Encoder, d *Decoder) (all []*model.State) {
	t.Helper()
	if err := d.Ops(e.Bytes(), Reader{State: func(s *model.State) { all = append(all, s) }}); err != nil {
		t.Fatal(err)
	}
	e.Reset()
	return all
}

// Every field of a state comes back, but for those that follow from the book or
// are said of who reads.
func TestStateComesBack(t *testing.T) {
	var want model.State
	n := 0
	fill(reflect.ValueOf(&want).Elem(), &n)
	var e Encoder
	var d Decoder
	e.State(&want)
	got := states(t, &e, &d)[0]

	want.Totals = nil
	want.Via, want.Lag, want.Read, want.Before = "", 0, 0, 0 // of who reads, or of this run
	c := &want.Counters
	c.Rows, c.Duplicates, c.Corrections, c.GapRows, c.Missing, c.LostGaps, c.LostVolume = 0, 0, 0, 0, 0, 0, 0
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("%+v, want\n%+v", *got, want)
	}
}

// What is unknown stays so; lists are written where they changed and at a key.
func TestStatesSayWhatChanged(t *testing.T) {
	var e Encoder
	var d Decoder
	long := make([]string, 500)
	for i := range long {
		long[i] = "NAME"
	}
	e.State(&model.State{Covers: model.Unknown, Known: long, Tickers: []string{"SPY"}, Notes: []string{"a\x1b[2Jb"}})
	first := e.Len()
	e.State(&model.State{Covers: 0, Known: long, Tickers: []string{"SPY"}})
	second := e.Len() - first
	all := states(t, &e, &d)
	if a := all[0]; a.Covers == a.Covers || len(a.Known) != 500 || a.Notes[0] != "a[2Jb" {
		t.Errorf("%+v", a)
	}
	if b := all[1]; b.Covers != 0 || len(b.Known) != 500 || len(b.Notes) != 0 || b.Tickers[0] != "SPY" || second > 100 {
		t.Errorf("%+v, %d bytes", b, second)
	}

	// Who begins at a key has the lists as well, and who went on keeps none of before.
	e.Key(book.New(tape.New(tape.Options{}), book.Options{}))
	e.State(&model.State{Known: long})
	if c := states(t, &e, &d)[0]; len(c.Known) != 500 || len(c.Tickers) != 0 {
		t.Errorf("%+v", c)
	}
}

// A state without what follows from the book is whole once the reader's has been
// asked: what was left out before it came to the book is in neither twice.
func TestFill(t *testing.T) {
	b := book.New(tape.New(tape.Options{}), book.Options{})
	c := book.Contract{Symbol: "O:SPY261218C00600000"}
	b.Apply(&c)
	bar := book.Bar{Bar: model.Bar{Contract: c.ID, Span: model.Second, Start: 1_795_448_486_000, Volume: 7, DayVolume: 7, Open: 2, High: 2, Low: 2, Close: 2, Vwap: 2}}
	b.Apply(&bar)
	b.Apply(&bar)
	s := model.State{Tickers: []string{"SPY"}, Counters: model.Counters{Beyond: model.Beyond{Bars: 3, Lots: 9}}}
	Fill(&s, b)
	if s.Totals[0].CallVolume != 7 || s.Counters.Rows != 1 || s.Counters.Duplicates != 1 || s.Counters.Beyond.Lots != 9 {
		t.Errorf("%+v", s)
	}
}

func TestHoleComesBack(t *testing.T) {
	var e Encoder
	want := Hole{From: 5, To: 9, Why: "disk full"}
	e.Hole(want)
	var d Decoder
	var got Hole
	if err := d.Ops(e.Bytes(), Reader{Hole: func(h Hole) { got = h }}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if err := d.Ops(e.Bytes(), Reader{}); err != nil {
		t.Error(err)
	}
}
