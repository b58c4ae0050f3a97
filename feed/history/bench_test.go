package history

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// Whatever stands in a file, reading it ends, and tells no block that is not whole.
func FuzzBlocks(f *testing.F) {
	whole := fileBytes(f, Header{Date: friday.String()}, 0, 3)
	f.Add(whole)
	f.Add(whole[:len(whole)-7])
	f.Add(append(bytes.Clone(whole), whole...))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "0001"+fileEnd)
		if err := os.WriteFile(path, data, fileOf); err != nil {
			t.Fatal(err)
		}
		day := Day{Dir: dir, Files: []File{{path, int64(len(data))}}, Size: int64(len(data))}
		next := uint64(0)
		for b, err := range day.Blocks(context.Background(), nil) {
			if err != nil {
				return
			}
			if b.Hole == nil && b.First > next {
				t.Fatalf("op %d after %d without a hole", b.First, next)
			}
			next = b.First + uint64(b.Ops)
		}
	})
}

// second of a market: bars of 400 contracts, vwaps of four decimals.
func busy(n int64) []book.Bar {
	bars := make([]book.Bar, 400)
	for i := range bars {
		cents := float64(50 + (i*37+int(n)*13)%900)
		bars[i].Bar = model.Bar{
			Contract: model.ContractID(i), Span: model.Second, Start: open + n*1000, Volume: 1 + (n+int64(i))%40, DayVolume: (n + 1) * 41,
			Open: cents / 100, High: (cents + 2) / 100, Low: (cents - 1) / 100, Close: (cents + 1) / 100, Vwap: (cents*100 + 37) / 10_000, DayVwap: (cents*100 + 3711) / 10_000, AvgSize: 3,
		}
	}
	return bars
}

// BenchmarkTold is what recording costs the engine, an event.
func BenchmarkTold(b *testing.B) {
	r := New(optionsFor(b.TempDir()))
	to := tape.New(tape.Options{})
	r.Begin(book.New(to, book.Options{}))
	bars := busy(1)
	var now int64 = open
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		in := &bars[i%len(bars)]
		r.Telling(in)
		r.Told(in)
		if i++; i%1000 == 0 {
			now += 250
			r.Told(&book.Tick{Now: now})
			for len(r.queue) > 0 { // as the writer does
				r.recycle(<-r.queue)
			}
		}
	}
}

// BenchmarkPack is what packing costs beside the engine, an event, and how many
// bytes one has on disk.
func BenchmarkPack(b *testing.B) {
	var e daylog.Encoder
	n, events, size := int64(0), 0, 0
	var packed []byte
	for b.Loop() {
		b.StopTimer()
		e.Reset()
		for e.Len() < blockBytes {
			bars := busy(n)
			for i := range bars {
				e.Put(&bars[i])
			}
			n++
			events += len(bars)
		}
		block := daylog.Block{Raw: e.Len(), Stored: e.Bytes()}
		b.StartTimer()
		packed = pack(&block, packed)
		size += len(block.Stored)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
	b.ReportMetric(float64(size)/float64(events), "B/event")
}

// BenchmarkRecover reads a million rows from a file and applies them.
func BenchmarkRecover(b *testing.B) {
	root := b.TempDir()
	o := optionsFor(root)
	r := record(b, o, open)
	for i := range 400 {
		r.tell(&book.Contract{Symbol: "O:SPY261218C00" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "000", Traded: true})
	}
	for n := range int64(2500) {
		bars := busy(n)
		for i := range bars {
			r.tell(&bars[i])
		}
		r.pass(1000)
		r.settled()
	}
	rows := r.tape.Appended()
	r.end()
	day, err := Store{filepath.Join(root, "realtime")}.Day(friday)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(day.Size)/float64(rows), "B/row")
	for b.Loop() {
		to := tape.New(tape.Options{})
		again := New(o)
		if _, _, err := again.Recover(context.Background(), book.New(to, book.Options{}), func(int64, int64) {}); err != nil {
			b.Fatal(err)
		}
		if to.Appended() != rows {
			b.Fatalf("%d rows of %d", to.Appended(), rows)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
	b.ReportMetric(float64(day.Size)/float64(rows), "B/row")
}
