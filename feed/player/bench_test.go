package player

import (
	"context"
	"fmt"
	"testing"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// BenchmarkSeek goes to the end of a day of a million rows from its beginning,
// with a face that reads along.
func BenchmarkSeek(b *testing.B) {
	const rows = 1_000_000
	r := record(b)
	for len(r.ids) < 50 { // that trade each second
		c := &book.Contract{Symbol: fmt.Sprintf("O:SPY261218C%05d000", 100+len(r.ids)), Traded: true}
		r.tell(c)
		r.ids = append(r.ids, c.ID)
	}
	for r.tape.Appended() < rows {
		r.seconds(1000)
	}
	o := r.play(Options{Paused: true}).o
	for b.Loop() {
		p := New(o)
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		m := p.Market()
		seat := m.Seat()
		seat.Read(0, 0)
		p.SeekTo(p.o.Reach.To)
		var cursor tape.Cursor
		batch := make([]model.Row, 1000)
		for n := p.Playing(); n.Target != 0 && !n.Ended; n = p.Playing() {
			for m.Rows().Read(&cursor, batch) > 0 {
				seat.Read(0, cursor.Next)
			}
			time.Sleep(time.Millisecond)
		}
		cancel()
		if err := <-ended; err != nil || cursor.Trimmed > 0 {
			b.Fatal(err, cursor.Trimmed)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(r.tape.Appended()), "ns/row")
	b.ReportMetric(float64(r.tape.Appended()), "rows")
}
