package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"optflow/feed/history"
	"optflow/feed/massive/wiretest"
	"optflow/feed/relay"
	wire "optflow/feed/relay/socket"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	face "optflow/model/market"
	"optflow/model/tape"
)

// What packs blocks is made once, and must belong to no run.
func init() {
	b := daylog.Block{Raw: 1 << 10, Stored: make([]byte, 1<<10)}
	history.Pack(&b)
	if _, err := history.Unpack(&b, nil); err != nil || b.Codec != daylog.Zstd {
		panic("blocks cannot be packed")
	}
}

// publisher is a program that records what it is told and serves followers, and is
// killed and begun again.
type publisher struct {
	t      *testing.T
	random *rand.Rand
	root   string // of its files
	now    atomic.Int64

	epoch    int
	record   *history.Recorder
	accounts accounts
	desk     *relay.Desk
	told     int // inputs
	stop     func()
	written  []mark // lately
	unsaid   uint64 // how often the disk had not got what followers were sent
}

// mark is an op up to which the log was written when so many inputs were told.
type mark struct {
	op   uint64
	told int
}

// begin begins the program with what is on its disk, and serves over connections.
func (p *publisher) begin(frail *atomic.Bool) *callers {
	p.epoch++
	log, recorded := p.open()
	l := &callers{
		Pipes: wiretest.NewPipes(),
		frail: frail, random: rand.New(rand.NewPCG(p.random.Uint64(), 0)),
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := wire.Server{Day: log, Desk: p.desk, Log: slog.New(slog.DiscardHandler)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l) }()
	p.stop = sync.OnceFunc(func() {
		for _, conn := range l.made {
			_ = conn.Close() // nobody says goodbye
		}
		_ = l.Close()
		err := <-served
		cancel()
		if failed := recorded(); failed != nil || !errors.Is(err, net.ErrClosed) {
			p.t.Error(failed, err)
		}
	})
	p.t.Cleanup(p.stop)
	return l
}

// open begins to record behind what is on the disk, until end is called.
func (p *publisher) open() (log *relay.Log, end func() error) {
	record := history.New(history.Options{
		Root: p.root, Header: history.Header{Epoch: fmt.Sprint("epoch ", p.epoch), Rules: book.Rules},
		Feeds: []string{"sim"}, Named: func() string { return "sim" }, Now: p.now.Load,
	})
	to := tape.New(keepsAll)
	p.record, p.accounts = record, accounts{book.New(to, book.Options{}), record}
	p.desk = relay.NewDesk(face.Open{Tape: &to.Tape}, func() face.Seat { return nil })
	ctx, cancel := context.WithCancel(context.Background())
	if _, _, err := record.Recover(ctx, p.accounts.Book, func(int64, int64) {}); err != nil {
		p.t.Fatal(err)
	}
	record.Begin(p.accounts.Book)
	recorded := make(chan error, 1)
	go func() { recorded <- record.Run(ctx) }()
	end = func() error {
		cancel()
		return <-recorded
	}
	return &relay.Log{
		Hello: relay.NewHello("sim", "", 0, 0),
		Follow: func(date model.Date, from uint64) relay.Blocks {
			return record.Follow(record.Position().Store, date, from)
		},
		Position: func() (model.Date, uint64) {
			at := record.Position()
			return at.Date, at.Next
		},
		Trouble: record.Trouble, Now: p.now.Load,
	}, end
}

// tell tells an input, as an engine does.
func (p *publisher) tell(in book.Input) (ticked bool) {
	tick, ticked := in.(*book.Tick)
	if ticked {
		p.now.Store(tick.Now)
		p.record.Shown(&model.State{Link: model.Live, Tickers: []string{"SPY"}, Covers: model.Unknown})
	}
	p.accounts.Apply(in)
	p.told++
	return ticked
}

// note notes how far the log is written: where somebody follows, up to each tick.
func (p *publisher) note() {
	p.written = append(p.written, mark{p.record.Position().Next, p.told})
}

// kill ends it while it writes a block, the last one or one of a few before: then
// the disk had not yet got what followers were sent.
func (p *publisher) kill() {
	p.stop()
	at := p.record.Position()
	day, err := at.Store.Day(at.Date)
	if err != nil {
		p.t.Fatal(err)
	}
	path := day.Files[len(day.Files)-1].Path
	data, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	ends := map[uint64]int{} // where in the file the blocks end, by the op behind them
	size := 0
	for at := bytes.IndexByte(data, '\n') + 1; at < len(data); at += size {
		var b daylog.Block
		if b, size, err = daylog.Next(data[at:]); err != nil {
			p.t.Fatal(err)
		}
		ends[b.First+uint64(b.Ops)] = at + size
	}
	data = append(data, data[len(data)-size:]...) // the last one may have been followed by one of its like
	last := p.written[len(p.written)-1-p.random.IntN(3)]
	end, is := ends[last.op]
	if !is { // it is in the file before
		last = p.written[len(p.written)-1]
		end = ends[last.op]
	}
	_, next, err := daylog.Next(data[end:])
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, data[:end+1+p.random.IntN(next-1)], 0o600); err != nil {
		p.t.Fatal(err)
	}
	if p.told = last.told; last.op != at.Next {
		p.unsaid++
	}
}
