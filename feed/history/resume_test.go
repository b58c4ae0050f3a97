package history

import (
	"context"
	"path/filepath"
	"testing"

	"optflow/model/book"
	"optflow/model/daylog"
)

// Where the first block of a date is dropped, the next one has what the book had
// come to; where it waits yet, that is awaited.
func TestADateBeginsBehindAHole(t *testing.T) {
	for name, slow := range map[string]bool{"dropped": false, "waits": true} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			o := optionsFor(root)
			entered, gone := make(chan struct{}, 1), make(chan struct{})
			files := 0
			o.Sim = func() bool { // asked for with each file
				if files++; files == 2 {
					entered <- struct{}{}
					<-gone
				}
				return false
			}
			r := record(t, o, (friday+1).At(0, 0).UnixMilli()-3000)
			for range 2 {
				r.second()
			}
			r.tell(&book.Date{Date: friday + 1})
			r.settled()
			taken := []*buffer{}
			for range queued {
				if !slow {
					taken = append(taken, <-r.free)
				}
			}
			for r.key {
				r.second()
			}
			if slow { // the first block waits for its file
				<-entered
				r.pause(r.start)
			}
			if r.second(); !r.off {
				t.Error("it goes on before it is known what is written")
			}
			close(gone)
			for _, b := range taken {
				r.free <- b
			}
			r.settled()
			for range 3 {
				r.second()
			}
			r.end()
			days, err := Store{filepath.Join(root, "realtime")}.Days()
			if err != nil || len(days) != 2 {
				t.Fatalf("%+v, %v", days, err)
			}
			a := playDay(t, days[1])
			if len(a.holes) != 1 || a.holes[0].Why != whySlow || a.book.DayVolume(r.id) != r.book.DayVolume(r.id) {
				t.Errorf("holes %+v, volume %d of %d", a.holes, a.book.DayVolume(r.id), r.book.DayVolume(r.id))
			}
			lost := 0
			for b, err := range days[1].Blocks(context.Background(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				var d daylog.Decoder
				_ = d.Ops(b.Unpacked, daylog.Reader{Input: func(in book.Input) {
					if _, is := in.(*book.Lost); is {
						lost++
					}
				}})
			}
			if slow && lost != 1 {
				t.Errorf("the book is told of %d holes", lost)
			}
			if !slow {
				a.sameBook(t, r)
			}
		})
	}
}
