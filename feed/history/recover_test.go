package history

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"optflow/feed/faults"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// recordedWith is a day of two keys, some of whose blocks have other ops.
func recordedWith(t *testing.T, root string, other func(n int, ops []byte) []byte) (r *run, day Day) {
	t.Helper()
	r = record(t, optionsFor(root), open)
	for n := range 20 {
		if n == 12 {
			r.asks.Store(asksFile)
		}
		if n == 9 || n == 15 {
			c := &book.Contract{Symbol: "O:SPY261218P00600000", Traded: true}
			r.tell(c)
			r.tell(&book.Bar{Bar: model.Bar{
				Contract: c.ID, Span: model.Second, Start: r.now - r.now%1000, Volume: 5, DayVolume: int64(n-9)/6*20 + 5,
				Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1, DayVwap: 1, AvgSize: 1,
			}})
		}
		r.second()
	}
	r.end()
	store := Store{filepath.Join(root, "realtime")}
	h := Header{Version: daylog.Version, Date: friday.String(), Fresh: true}
	data, err := h.line()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	day = dayOf(t, store)
	for b, err := range day.Blocks(context.Background(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		ops := other(n, bytes.Clone(b.Unpacked))
		block := daylog.Block{First: b.First, Ops: b.Ops, Start: b.Start, Key: b.Key, Raw: len(ops), Stored: ops}
		data = block.Append(data)
		n++
	}
	for _, f := range day.Files {
		if err := os.Remove(f.Path); err != nil {
			t.Fatal(err)
		}
	}
	write(t, store, friday, "0001.oflog", data)
	return r, dayOf(t, store)
}

// What cannot be read of a block, and so of those behind it, is lost to the book.
func TestFault63OpsDamaged(t *testing.T) {
	faults.Open(t, 63)
	root := t.TempDir()
	recordedWith(t, root, func(n int, ops []byte) []byte {
		if n == 6 {
			return []byte{0x80}
		}
		return ops
	})
	next := record(t, optionsFor(root), open+20_000)
	next.tell(&book.Settle{})
	for acc := range next.book.Accounts {
		if acc.Past != 0 || acc.Gaps == 0 || acc.Exact+acc.Gaps != acc.Day || acc.Day != 60 && acc.Day != 25 {
			t.Errorf("%+v", acc)
		}
	}
	next.end()
}

// Ops of a later version are not passed over: the log goes on with a book that has
// what came before them.
func TestFault63NewerOps(t *testing.T) {
	faults.Open(t, 63)
	root := t.TempDir()
	before, _ := recordedWith(t, root, func(n int, ops []byte) []byte {
		if n == 6 {
			return []byte{60, 0}
		}
		return ops
	})
	to := tape.New(tape.Options{})
	r := &run{Recorder: New(optionsFor(root)), t: t, tape: to, book: book.New(to, book.Options{}), now: open + 60_000, ended: make(chan error, 1)}
	go func() { r.ended <- r.Run(t.Context()) }()
	until, _, err := r.Recover(t.Context(), r.book, func(int64, int64) {})
	if !errors.Is(err, daylog.ErrNewer) || until <= open || until > open+10_000 || to.Appended() == 0 || to.Appended() >= before.tape.Appended() {
		t.Fatalf("until %d, %d rows, %v", until-open, to.Appended(), err)
	}
	r.Begin(r.book)
	r.id, r.volume = before.id, before.volume
	for range 5 {
		r.second()
	}
	r.end()
	day := dayOf(t, Store{filepath.Join(root, "realtime")})
	if day, err = day.since(); err != nil || len(day.Files) != 1 {
		t.Fatalf("%+v, %v", day, err)
	}
	playDay(t, day).sameBook(t, r)
}
