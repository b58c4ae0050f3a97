package player

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/history"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
)

var (
	monday = model.MakeDate(2026, 11, 23)
	open   = time.Date(2026, 11, 23, 9, 30, 0, 0, model.NewYork).UnixMilli()
)

// recorder is a book whose inputs are written down, two ticks a second.
type recorder struct {
	t    testing.TB
	log  daylog.Encoder
	book *book.Book
	tape *tape.Writer
	file []byte
	ops  uint64
	ids  []model.ContractID
	day  int64
	now  int64

	key   bool  // the block is one
	start int64 // of the block
	dir   string
	files int
	// Of each tick, what was on the tape and in the accounts just before it.
	at map[int64]moment
}

type moment struct {
	rows    uint64
	account model.Account
}

func record(t testing.TB) *recorder {
	w := tape.New(tape.Options{})
	r := &recorder{t: t, tape: w, book: book.New(w, book.Options{}), now: open, dir: t.TempDir(), at: map[int64]moment{}}
	r.begin(true)
	r.tell(&book.Date{Date: monday})
	for _, symbol := range []string{"O:NVDA261218C00180000", "O:SPY261218P00650000"} {
		c := &book.Contract{Symbol: symbol, Traded: true}
		r.tell(c)
		r.ids = append(r.ids, c.ID)
	}
	r.state()
	return r
}

// begin begins another file.
func (r *recorder) begin(fresh bool) {
	r.files++
	line, err := json.Marshal(history.Header{Version: 1, Feed: "sim", Date: monday.String(), Sim: true, Fresh: fresh})
	if err != nil {
		r.t.Fatal(err)
	}
	r.file = append(line, '\n')
	r.key, r.start = true, r.now
	r.log.Key(r.book)
}

func (r *recorder) tell(in book.Input) {
	r.book.Apply(in)
	r.log.Put(in)
}

func (r *recorder) state() {
	r.log.State(&model.State{Link: model.Live, Tickers: []string{"NVDA", "SPY"}, Newest: r.now, Sim: true, Covers: math.NaN()})
}

// cut ends a block.
func (r *recorder) cut() {
	b := daylog.Block{First: r.ops, Ops: r.log.Ops(), Start: r.start, Key: r.key, Raw: r.log.Len(), Stored: r.log.Bytes()}
	r.file = b.Append(r.file)
	r.ops += uint64(b.Ops)
	r.log.Reset()
	r.key, r.start = false, r.now
}

// seconds are some in which each contract trades.
func (r *recorder) seconds(n int) {
	for range n {
		for half := range 2 {
			r.now += 500
			r.tape.Publish()
			a, _ := r.book.Account(r.ids[0])
			r.at[r.now] = moment{r.tape.Next(), a}
			r.tell(&book.Tick{Now: r.now})
			if half == 0 {
				continue
			}
			r.day++
			for _, id := range r.ids {
				r.tell(&book.Bar{Bar: model.Bar{
					Contract: id, Span: model.Second, Start: r.now - 1000, Volume: 3, DayVolume: 3 * r.day,
					Open: 2, High: 2.5, Low: 1.5, Close: 2, Vwap: 2, DayVwap: 2, AvgSize: 1,
				}})
			}
			r.state()
		}
		r.cut()
	}
}

// end writes the file.
func (r *recorder) end() {
	if r.log.Ops() > 0 {
		r.cut()
	}
	dir := filepath.Join(r.dir, "sim", monday.String())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.oflog", r.files)), r.file, 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// play opens what was recorded.
func (r *recorder) play(o Options) *Player {
	r.end()
	day, err := history.Store{Dir: filepath.Join(r.dir, "sim")}.Day(monday)
	if err != nil {
		r.t.Fatal(err)
	}
	o.Day = day
	if o.Reach, err = day.Reach(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return New(o)
}

// running plays in a bubble of its own time until the test is over.
func running(t *testing.T, p *Player, f func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	f()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// shows checks that all that is shown is what was there just before a tick.
func (r *recorder) shows(p *Player, at int64) {
	r.t.Helper()
	m, want := p.Market(), r.at[at]
	if now := m.Clock().Now(); now != at {
		r.t.Errorf("the clock says %d s, not %d", (now-open)/1000, (at-open)/1000)
	}
	if rows := m.Rows().Next(); rows != want.rows {
		r.t.Errorf("at %d s: %d rows, live there were %d", (at-open)/1000, rows, want.rows)
	}
	accounts := p.replica.Accounts(nil, 0)
	if len(accounts) == 0 && want.account.Day == 0 {
		return
	}
	if len(accounts) != 1 || !reflect.DeepEqual(fmt.Sprint(accounts[0]), fmt.Sprint(want.account)) {
		r.t.Errorf("at %d s: %+v, live %+v", (at-open)/1000, accounts, want.account)
	}
}

// An invented market is marked before its first row.
func TestSimFromTheStart(t *testing.T) {
	r := record(t)
	r.seconds(1)
	if !r.play(Options{}).Market().State().Sim {
		t.Error("a recording of the simulated market is not marked at the start")
	}
}

func TestItPlaysAtAnyRate(t *testing.T) {
	for _, rate := range []float64{0.25, 1, 10, 600} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			r := record(t)
			r.seconds(600)
			synctest.Test(t, func(t *testing.T) {
				r.t = t
				p := r.play(Options{Rate: rate})
				running(t, p, func() {
					for range 4 {
						time.Sleep(200 * time.Millisecond)
						p.Pause(true)
						synctest.Wait()
						at := p.Playing().At
						r.shows(p, at)
						time.Sleep(time.Hour)
						r.shows(p, at)
						p.Pause(false)
					}
					synctest.Wait()
					at := float64(p.Playing().At - open)
					if want := 800 * rate; math.Abs(at-want) > 4*1000+20*rate {
						t.Errorf("after 0.8 s it is at %v ms, not %v", at, want)
					}
				})
			})
		})
	}
}

func TestSeek(t *testing.T) {
	r := record(t)
	r.seconds(600)
	synctest.Test(t, func(t *testing.T) {
		r.t = t
		p := r.play(Options{Paused: true})
		running(t, p, func() {
			for _, to := range []int64{300, 10, 11, 599, 0, 450} {
				at := open + to*1000
				p.SeekTo(at)
				synctest.Wait()
				r.shows(p, max(at, open+500))
				if n := p.Playing(); n.Target != 0 || !n.Paused || n.Ended {
					t.Errorf("%+v", n)
				}
			}
			generation := p.Market().Generation()
			if generation != 2 {
				t.Errorf("begun anew %d times, not for each way back", generation)
			}
			p.Play(2)
			p.Pause(false)
			time.Sleep(5100 * time.Millisecond)
			p.Pause(true)
			synctest.Wait()
			r.shows(p, open+460_500)
		})
	})
}

func TestAtTheEndItStands(t *testing.T) {
	r := record(t)
	r.seconds(60)
	synctest.Test(t, func(t *testing.T) {
		r.t = t
		p := r.play(Options{Rate: market.Unpaced})
		running(t, p, func() {
			time.Sleep(time.Hour)
			n := p.Playing()
			if !n.Ended || n.At != r.now || p.Market().Rows().Next() != 120 {
				t.Errorf("%+v, %d rows", n, p.Market().Rows().Next())
			}
			p.SeekTo(n.To + 1e6)
			synctest.Wait()
			if n := p.Playing(); !n.Ended || n.Target != 0 {
				t.Errorf("%+v", n)
			}
			p.Pause(true)
			p.SeekTo(open + 30_000)
			synctest.Wait()
			r.shows(p, open+30_000)
		})
	})
}

func TestFromAndTo(t *testing.T) {
	r := record(t)
	r.seconds(60)
	synctest.Test(t, func(t *testing.T) {
		r.t = t
		p := r.play(Options{From: open + 20_000, To: open + 40_000, Rate: 2, Leaves: true})
		p.Market().Seat().Read(0, 0)
		began := time.Now()
		if err := p.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("20 s at twice the pace took %v", took)
		}
		if at := p.Playing().At; at != open+40_000 {
			t.Errorf("it stands at %d", at-open)
		}
	})
}

// TestHoles: of a time of which nothing is recorded nobody has to wait, and it is
// said. Files of a program that crashed follow each other.
func TestHoles(t *testing.T) {
	r := record(t)
	r.seconds(30)
	r.end()
	from := r.now
	r.now += 40 * 60_000
	r.begin(false)
	r.log.Hole(daylog.Hole{From: from, To: r.now, Why: "disk full"})
	r.tell(&book.Lost{From: from, To: r.now, Reason: model.GapLost})
	r.seconds(30)
	synctest.Test(t, func(t *testing.T) {
		r.t = t
		p := r.play(Options{})
		running(t, p, func() {
			time.Sleep(40 * time.Second)
			n := p.Playing()
			if at := n.At - from; at < 40*60_000 || at > 41*60_000 {
				t.Errorf("after 40 s it is %d s behind the hole", at/1000)
			}
			if want := (market.Hole{From: from, To: from + 40*60_000, Why: "disk full"}); n.Holes != 1 || n.Hole != want {
				t.Errorf("%+v", n)
			}
			p.Pause(true)
			synctest.Wait()
			r.shows(p, p.Playing().At)
		})
	})
}

func TestAFreshBookBeginsAnew(t *testing.T) {
	r := record(t)
	r.seconds(30)
	r.end()
	second := record(t)
	second.dir, second.files, second.ops, second.now = r.dir, 1, r.ops, r.now+60_000
	second.begin(true)
	second.seconds(10)
	synctest.Test(t, func(t *testing.T) {
		second.t = t
		p := second.play(Options{Rate: market.Unpaced})
		running(t, p, func() {
			synctest.Wait()
			if m := p.Market(); m.Generation() != 1 || m.Rows().Next() != second.tape.Appended() {
				t.Errorf("generation %d, %d rows", m.Generation(), m.Rows().Next())
			}
		})
	})
}
