package ui

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"optflow/bench/cpu"
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/clock"
	"optflow/model/market"
	"optflow/model/tape"
	"optflow/ui/boards"
)

// party is a market that several screens of one process look at, as serve has it.
type party struct {
	tape   *tape.Writer
	market market.Market
	boards *boards.Boards
	budget *boards.Budget
	clock  *clock.Clock
	ids    []model.ContractID
	random *rand.Rand
	like   model.Row

	written atomic.Int64 // bytes to all terminals
	frames  atomic.Int64 // in so many writes
	screens sync.WaitGroup
}

// newParty has so many rows of a day behind it.
func newParty(tb testing.TB, rows int) *party {
	p := &party{tape: tape.New(tape.Options{}), clock: clock.New(), budget: boards.NewBudget(2), random: rand.New(rand.NewPCG(1, 2))}
	p.market = market.Open{Tape: &p.tape.Tape, Time: p.clock}
	p.boards = boards.New(p.market, 0)
	for i := range 4000 {
		ticker := []string{"SPY", "QQQ", "NVDA"}[i%3]
		c := model.Contract{Root: ticker, Underlying: ticker, Expiry: model.MakeDate(2026, 12, 18), Strike: int32(100+i) * 1000, Type: model.OptionType(i % 2), Shares: 100}
		id, err := p.tape.Registry.Intern(model.FormatContract(c))
		if err != nil {
			tb.Fatal(err)
		}
		p.ids = append(p.ids, id)
	}
	p.like = picture[0].tapeRow(tb, p.tape)
	p.clock.Set(fixtureNow, time.Now())
	p.tape.SetState(fixtureState())
	for i := range rows {
		p.trade(fixtureNow/1000*1000 - int64((rows-i)/60+1)*1000)
		if i%100_000 == 0 {
			p.tape.Publish()
		}
	}
	p.tape.Publish()
	return p
}

// trade appends a window; one in ten is over the floor.
func (p *party) trade(start int64) {
	row := p.like
	row.Contract = p.ids[int(float64(len(p.ids))*p.random.Float64()*p.random.Float64()*p.random.Float64())]
	row.Start, row.Size = start, uint32(1+p.random.IntN(30))
	if p.random.IntN(10) == 0 {
		row.Size *= 20
	}
	row.Premium, row.Side = float64(row.Size)*485, model.Side(p.random.IntN(8))
	p.tape.Append(row)
}

// enter opens a viewer's screen, which leaves with ctx.
func (p *party) enter(tb testing.TB, ctx context.Context) {
	sizes := make(chan Size, 1)
	sizes <- Size{120, 40}
	in, _ := io.Pipe()
	p.screens.Go(func() {
		v := Viewer{Name: "ann", Here: p.budget.Here}
		err := Run(ctx, Options{
			Market: p.market, Interval: burst.Interval10s, Tickers: fixtureState().Tickers, Viewer: &v, Budget: p.budget, Boards: p.boards,
			Env: []string{"TERM=xterm-256color"}, Sizes: sizes,
		}, in, p)
		if err != nil {
			tb.Error(err)
		}
		_ = in.Close()
	})
}

// Write counts what the terminals are sent.
func (p *party) Write(b []byte) (int, error) {
	p.written.Add(int64(len(b)))
	p.frames.Add(1)
	return len(b), nil
}

// run has 60 windows a second come, and the State four times, for a while.
func (p *party) run(span time.Duration) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for i, end := 0, time.Now().Add(span); time.Now().Before(end); i++ {
		<-tick.C
		for range 3 {
			p.trade(p.clock.Now() / 1000 * 1000)
		}
		p.tape.Publish()
		if i%5 == 0 {
			st := fixtureState()
			st.Newest, st.Received = p.clock.Now(), p.clock.Now()
			p.tape.SetState(st)
		}
	}
}

// heap is what is reachable, in bytes.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// figures are what viewers cost.
type figures struct {
	core       float64 // processors
	each       float64 // MB of a viewer
	bytes, fps float64 // of a viewer a second; fps as painted
}

// cost opens so many screens beside one that is there.
func (p *party) cost(tb testing.TB, viewers int, settle, span time.Duration) (f figures) {
	ctx, cancel := context.WithCancel(context.Background())
	defer p.screens.Wait()
	defer cancel()
	p.enter(tb, ctx)
	p.run(settle)
	before := heap()
	for range viewers {
		p.enter(tb, ctx)
	}
	p.run(settle)
	f.each = float64(heap()-before) / float64(viewers) / 1e6
	p.written.Store(0)
	p.frames.Store(0)
	used, began := cpu.Used(), time.Now()
	p.run(span)
	took := time.Since(began).Seconds()
	f.core = (cpu.Used() - used).Seconds() / took
	f.bytes = float64(p.written.Load()) / float64(viewers+1) / took
	f.fps = float64(p.frames.Load()) / float64(viewers+1) / took
	return f
}

// TestViewersCost measures what viewers cost, of 120x40, at 60 windows a second. It
// takes minutes and judges times, so it runs by `make bench-viewers` only.
func TestViewersCost(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("measures real time: make bench-viewers")
	}
	for _, c := range []struct {
		viewers, rows int
		fps           int // set; 0 as the budget has it
	}{{50, 55_000, 5}, {50, 55_000, 0}, {200, 55_000, 0}, {50, 400_000, 5}} {
		t.Run(fmt.Sprintf("%d viewers, %d rows, %d fps", c.viewers, c.rows, c.fps), func(t *testing.T) {
			p := newParty(t, c.rows)
			if c.fps > 0 { // as if so many more were here
				for p.budget.Pause() < time.Second/time.Duration(c.fps) {
					p.budget.Enter()
				}
			}
			f := p.cost(t, c.viewers, 5*time.Second, 10*time.Second)
			t.Logf("%.0f %% of a core, %.1f MB and %.0f B/s a viewer at %.1f frames a second", 100*f.core, f.each, f.bytes, f.fps)
			most := 1.0
			if c.fps > 0 {
				most = 0.4
			}
			if f.core > most && (c.fps > 0 || c.viewers == 200) {
				t.Errorf("%.2f of a core, want %.2f", f.core, most)
			}
			if f.each > 8 {
				t.Errorf("%.1f MB a viewer, want 8", f.each)
			}
			if f.bytes > 2000 && c.rows < 100_000 {
				t.Errorf("%.0f B/s a viewer, want 2,000", f.bytes)
			}
		})
	}
}

// A viewer holds its screen and the order of its rows, and no bursts.
func TestViewersMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("ten screens")
	}
	p := newParty(t, 60_000)
	if f := p.cost(t, 10, time.Second, 0); f.each > 6 {
		t.Errorf("%.1f MB a viewer, want 6", f.each)
	}
}
