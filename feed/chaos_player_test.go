package feed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing/synctest"

	"optflow/feed/history"
	"optflow/feed/player"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	face "optflow/model/market"
	"optflow/model/tape"
)

// keepsAll is a tape from which nothing goes.
var keepsAll = tape.Options{KeepMillis: 24 * 3600_000, KeepRows: 1 << 20}

// playOn plays a run that has ended from a file, to its end, and once more after
// going back into its middle: the rows and accounts that a face finds are those
// of the run.
func (d *disorder) playOn() {
	t := d.t
	day := history.Day{Feed: "sim", Date: model.MakeDate(2000, 1, 3), Dir: t.TempDir()}
	data := fmt.Appendf(nil, "{\"v\":%d,\"feed\":\"sim\",\"date\":%q,\"sim\":true,\"fresh\":true}\n", daylog.Version, day.Date)
	file := history.File{Path: filepath.Join(day.Dir, "0001.oflog"), Size: int64(len(data) + len(d.log.blocks))}
	if err := os.WriteFile(file.Path, append(data, d.log.blocks...), 0o600); err != nil {
		t.Fatal(err)
	}
	day.Files, day.Size = []history.File{file}, file.Size
	p := player.New(player.Options{Day: day, Reach: d.reach(), Rate: face.Unpaced, Tape: keepsAll})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for _, back := range []bool{false, true} {
		if back {
			n := p.Playing()
			p.SeekTo(n.From + (n.To-n.From)/2)
		}
		synctest.Wait()
		if n := p.Playing(); !n.Ended {
			t.Fatalf("it stands at %+v", n)
		}
		d.sameAt(p.Market(), p.Accounts())
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// reach is from when to when it ticked.
func (d *disorder) reach() (r history.Reach) {
	var reader daylog.Decoder
	for left := d.log.blocks; len(left) > 0; {
		b, size, err := daylog.Next(left)
		if err != nil {
			d.t.Fatal(err)
		}
		left = left[size:]
		_ = reader.Ops(b.Stored, daylog.Reader{Input: func(in book.Input) {
			if tick, is := in.(*book.Tick); is {
				if r.From == 0 {
					r.From = tick.Now
				}
				r.To = max(r.To, tick.Now)
			}
		}})
	}
	return r
}

// sameAt compares what a face finds at a market with the run.
func (d *disorder) sameAt(m face.Market, accounts []model.Account) {
	t, live, rows := d.t, d.tape, m.Rows()
	if a, b := live.Appended(), rows.Next(); a != b {
		t.Fatalf("%d rows live, %d played", a, b)
	}
	for n := live.Oldest(); n < live.Appended(); n++ {
		played, _ := rows.At(n)
		if a := live.Written(n); !same(*a, played) {
			t.Fatalf("row %d\nlive   %+v\nplayed %+v", n, *a, played)
		}
	}
	if a := allAccounts(d.engine.book.Book); !same(a, accounts) {
		t.Errorf("accounts\nlive   %+v\nplayed %+v", a, accounts)
	}
}
