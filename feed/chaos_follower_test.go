package feed

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/massive/wiretest"
	"optflow/feed/relay"
	"optflow/feed/relay/follower"
	wire "optflow/feed/relay/socket"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// parting is a run that has ended, told once more to a publisher, which writes it
// down and is followed. The connection breaks in the middle of a frame now and
// then, and each side is killed: the publisher goes on with what is on its disk,
// the follower begins again.
type parting struct {
	*publisher
	t      *testing.T
	run    *disorder
	inputs *inputs
	random *rand.Rand

	follower *follower.Follower
	calls    atomic.Pointer[callers] // to the publisher that lives
	frail    atomic.Bool             // connections break
	broken   atomic.Int64
	anew     uint64 // how often a follower began anew that lived
	leave    func() // ends the follower's connection

	been int // how many of its inputs the book was told, and what came of them
	to   *tape.Writer
	book *book.Book
}

const (
	// attended are the ticks before a kill in which nothing else happens.
	attended = 12
	// keptUp are the ticks after which a follower is let catch up.
	keptUp = 24
	// unbroken are at most the bytes after which a connection breaks.
	unbroken = 128 << 10
)

// followOn has a run that has ended followed: before each kill, and at the end, the
// follower has the rows, accounts, totals and counters that the run had there.
// Of the runs of every day some are followed, of those by hand all are.
func (d *disorder) followOn() {
	if os.Getenv("OPTFLOW_CHAOS_MINUTES") == "" && (d.seed%4 != 1 || raced && d.seed < 1000) {
		return
	}
	p := &parting{t: d.t, run: d, inputs: newInputs(d.t, d.log.blocks), random: d.random, to: tape.New(keepsAll)}
	p.publisher = &publisher{t: d.t, random: d.random, root: d.t.TempDir()}
	p.now.Store(p.inputs.first)
	p.book = book.New(p.to, book.Options{})
	p.calls.Store(p.begin(&p.frail))
	p.begun()
	kills := []func(){p.killPublisher, p.killFollower, p.killPublisher, p.killFollower}
	p.random.Shuffle(len(kills), func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	for i, kill := range kills {
		part := len(p.inputs.ticks) / len(kills)
		at := i*part + attended + p.random.IntN(part-attended)
		p.pass(p.inputs.ticks[at-attended])
		p.attend(p.inputs.ticks[at] + 1)
		p.inputs.each(p.been, p.told, func(_ int, in book.Input) { p.book.Apply(in) })
		p.been = p.told
		p.same(p.to, p.book)
		kill()
	}
	p.pass(p.inputs.ticks[len(p.inputs.ticks)-attended])
	p.attend(-1)
	p.record.End()
	synctest.Wait()
	p.same(d.tape, d.engine.book.Book)
	p.leave()
	p.anew += p.follower.Market().Generation()
	p.follower.Close()
	p.stop()
	if p.anew != p.unsaid {
		p.t.Errorf("followers began anew %d times, and what they had was lost %d times", p.anew, p.unsaid)
	}
	p.t.Logf("followed over %d epochs and %d broken connections, %d times begun anew", p.epoch, p.broken.Load(), p.anew)
}

// pass tells the publisher inputs of the run while connections break.
func (p *parting) pass(to int) {
	p.frail.Store(true)
	ticks := 0
	p.inputs.each(p.told, to, func(_ int, in book.Input) {
		if p.tell(in) {
			if ticks++; ticks%keptUp == 0 {
				time.Sleep(20 * time.Millisecond)
			}
		}
	})
}

// attend tells the publisher inputs of the run while its follower keeps up.
func (p *parting) attend(to int) {
	p.frail.Store(false)
	time.Sleep(time.Second)
	p.written = p.written[:0]
	p.inputs.each(p.told, to, func(_ int, in book.Input) {
		if p.tell(in) {
			synctest.Wait()
			p.note()
		}
	})
	synctest.Wait()
	if why := p.record.Trouble(); why != "" {
		p.t.Fatal(why)
	}
}

func (p *parting) killPublisher() {
	p.kill()
	p.calls.Store(p.begin(&p.frail))
}

func (p *parting) killFollower() {
	p.leave()
	p.anew += p.follower.Market().Generation()
	p.follower.Close()
	p.begun()
}

// begun begins a follower, which goes on where it was whenever its connection has
// ended.
func (p *parting) begun() {
	f := follower.New("process 4711", clock.New(), nil, keepsAll)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	p.follower = f
	p.leave = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	p.t.Cleanup(p.leave)
	go func() {
		defer close(ended)
		for ; ctx.Err() == nil; time.Sleep(time.Millisecond) {
			conn, err := p.calls.Load().dial()
			if err != nil {
				continue
			}
			ours := relay.NewHello("sim", "", 0, 0)
			ours.Epoch, ours.Date, ours.From = f.Wants()
			c, err := wire.Greet(conn, ours)
			if err == nil {
				err = c.Run(ctx, f)
			}
			if errors.Is(err, follower.ErrAnew) {
				f.Anew()
			}
			p.broken.Add(1)
		}
	}()
}

// same compares what a face finds at the follower with the run.
func (p *parting) same(live *tape.Writer, had *book.Book) {
	t, at := p.t, p.record.Position()
	t.Helper()
	if epoch, date, next := p.follower.Wants(); next != at.Next || date != at.Date || epoch != at.Epoch {
		t.Fatalf("the follower is at op %d of %v, %s, and the publisher at %d of %v, %s", next, date, epoch, at.Next, at.Date, at.Epoch)
	}
	p.follower.Lost("") // nothing is: it shows the present
	rows, s := p.follower.Market().Rows(), p.follower.Market().State()
	if a, b := live.Appended(), rows.Next(); a != b {
		t.Fatalf("%d rows live, %d followed, at input %d", a, b, p.told)
	}
	if rows.First() > 0 && p.run.log.moves == 0 {
		t.Fatalf("row %d is the first followed, at input %d", rows.First(), p.told)
	}
	for n := rows.First(); n < live.Appended(); n++ { // who began after midnight sees none of yesterday's
		a := live.Written(n)
		if b, _ := rows.At(n); *a != b && !same(*a, b) {
			t.Fatalf("row %d at input %d\nlive     %+v\nfollowed %+v", n, p.told, *a, b)
		}
	}
	if a, b := allAccounts(had), p.follower.Accounts(); !same(a, b) {
		t.Errorf("accounts at input %d\nlive     %+v\nfollowed %+v", p.told, a, b)
	}
	want := model.State{Tickers: s.Tickers}
	if daylog.Fill(&want, had); len(s.Totals) == 0 || !same(want.Totals, s.Totals) {
		t.Errorf("totals at input %d\nlive     %+v\nfollowed %+v", p.told, want.Totals, s.Totals)
	}
	if !same(want.Counters, s.Counters) {
		t.Errorf("counters at input %d\nlive     %+v\nfollowed %+v", p.told, want.Counters, s.Counters)
	}
	if s.Link != model.Live {
		t.Errorf("it has all and is %v: %s", s.Link, s.Reason)
	}
}

// callers is a listener whose connections break.
type callers struct {
	*wiretest.Pipes
	made   []net.Conn
	random *rand.Rand
	frail  *atomic.Bool
}

func (l *callers) dial() (net.Conn, error) {
	return l.Dial(context.Background(), "", "")
}

func (l *callers) Accept() (net.Conn, error) {
	conn, err := l.Pipes.Accept()
	if err == nil {
		l.made = append(l.made, conn)
		conn = &torn{Conn: conn, frail: l.frail, left: l.random.IntN(unbroken)}
	}
	return conn, err
}

// torn is a connection that breaks after so many bytes, wherever that is.
type torn struct {
	net.Conn
	frail *atomic.Bool
	left  int
}

func (c *torn) Write(data []byte) (int, error) {
	if c.frail.Load() && c.left < len(data) {
		n, _ := c.Conn.Write(data[:c.left])
		return n, errors.Join(net.ErrClosed, c.Conn.Close())
	}
	c.left = max(0, c.left-len(data))
	return c.Conn.Write(data)
}
