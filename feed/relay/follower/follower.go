// Package follower follows a publisher's market, whichever way its words come: it
// has a replica told by the blocks, knows how far it is behind, and says so in the
// State. Who is behind is never Live.
package follower

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/feed/replica"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
)

const (
	// Mute is how long nothing may be heard of a publisher, which says each second
	// how far it is.
	Mute = 5 * time.Second
	// muteReading is the same while the day is read: faces are waited for, and as long
	// nothing is heard.
	muteReading = 20 * time.Second
	// lagShown and lagMost are how far behind one may be without a word, and still
	// be Live.
	lagShown = 2 * time.Second
	lagMost  = 10 * time.Second
	// publishedEvery is how often a publisher says how far it is.
	publishedEvery = time.Second
)

// ErrAnew says that what comes does not go on from what there is: the follower has
// to begin anew.
var ErrAnew = errors.New("the log does not go on from here")

// Follower is one. Hello, Block and Lost belong to one goroutine.
type Follower struct {
	replica *replica.Replica
	via     string // "process 4711"
	decoded []byte // of the last block

	mu     sync.Mutex
	at     mark // what comes next, as was said
	has    mark // what comes behind the last block that was applied
	hello  relay.Hello
	begun  bool // a block was applied
	from   uint64
	goal   uint64 // the op at which it has caught up
	before uint64 // rows that there were then
	catch  bool   // it has not
	head   relay.Position
	heard  time.Time // when anything was
	pace   pace
	tick   int64  // ms: market time of the last block
	lost   int64  // ms: from when on something is missing before the next one; 0 nothing
	broken string // why nothing comes, "" something does
}

// mark is a place in the day logs of a feed.
type mark struct {
	epoch string
	date  model.Date
	next  uint64
}

// New is one of the market of a feed that is reached via somebody. Its faces' asks
// are passed on to an asker; nil: nothing can be asked.
func New(via string, c *clock.Clock, asker replica.Asker, to tape.Options) *Follower {
	f := &Follower{via: via, catch: true}
	f.replica = replica.New(replica.Options{Clock: c, Learns: true, Asker: asker, Amend: f.amend, Tape: to})
	f.replica.Catch(true)
	f.replica.Show()
	return f
}

// Market is what the faces dock at.
func (f *Follower) Market() market.Market { return f.replica.Market() }

// Accounts are those of the day as they are now.
func (f *Follower) Accounts() []model.Account { return f.replica.Accounts(nil) }

// Give hands book and tape over to an engine that goes on with them, and says at
// which op they are. Nothing may be told the follower any more.
func (f *Follower) Give() (*tape.Writer, *book.Book) { return f.replica.Give() }

// Close ends what waits.
func (f *Follower) Close() { f.replica.Close() }

// Wants is where it goes on: behind the last block that it has, of whatever epoch
// and day the one is that was said to come next.
func (f *Follower) Wants() (epoch string, date model.Date, next uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.has.epoch, f.has.date, f.has.next
}

// Due is where the block stands that was said to come next.
func (f *Follower) Due() (date model.Date, next uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at.date, f.at.next
}

// Via says anew whose market it is, who is there now.
func (f *Follower) Via(whom string) {
	f.mu.Lock()
	f.via, f.broken = whom, ""
	if f.catch { // else it is as late as it was
		f.heard = time.Now()
	}
	f.mu.Unlock()
}

// Anew begins anew, with the blocks of a day from the first.
func (f *Follower) Anew() {
	f.mu.Lock()
	begun := f.begun
	f.at, f.has, f.begun, f.catch, f.goal, f.from, f.before, f.lost = mark{}, mark{}, false, true, 0, 0, 0, 0
	f.mu.Unlock()
	f.replica.Catch(true)
	if begun {
		f.replica.Renew()
	}
	f.replica.Show()
}

// Hello takes what the publisher says of the blocks to come.
func (f *Follower) Hello(h relay.Hello) error {
	f.mu.Lock()
	f.heard = time.Now()
	has, begun, lost := f.has, f.begun, int64(0)
	f.mu.Unlock()
	switch {
	case !begun: // from here on, whatever it is
	case h.Lost > 0 && h.Date == has.date && h.From >= has.next:
		lost = h.Lost
	case h.Fresh:
		f.Anew()
	case h.Date == has.date && h.From == has.next, h.Date > has.date && h.From == 0:
	default:
		return fmt.Errorf("%s, op %d after %s, op %d: %w", h.Date, h.From, has.date, has.next, ErrAnew)
	}
	f.mu.Lock()
	f.at, f.hello, f.lost = mark{h.Epoch, h.Date, h.From}, h, lost
	if !f.begun {
		f.from = h.From
	}
	f.mu.Unlock()
	return nil
}

// Block applies a block as it was sent. What is there already is passed over; after
// an ErrAnew, as after any other error, it has to begin anew.
func (f *Follower) Block(data []byte) error {
	b, size, err := daylog.Next(data)
	if err == nil && size != len(data) {
		err = daylog.ErrDamaged
	}
	if err != nil {
		return fmt.Errorf("reading a block: %w", err)
	}
	f.mu.Lock()
	next := f.at.next
	f.mu.Unlock()
	switch end := b.First + uint64(b.Ops); {
	case end <= next && b.Ops > 0:
		return nil // it was sent again
	case b.First != next:
		return fmt.Errorf("op %d after op %d: %w", b.First, next, ErrAnew)
	}
	ops, err := history.Unpack(&b, f.decoded)
	if err != nil {
		return fmt.Errorf("unpacking a block: %w", err)
	}
	if b.Codec != daylog.Plain {
		f.decoded = ops
	}
	return f.Apply(&b, ops)
}

// Apply applies a block that goes on from what there is, with its ops unpacked.
func (f *Follower) Apply(b *daylog.Block, ops []byte) error {
	f.mu.Lock()
	lost := f.lost
	f.lost = 0
	f.mu.Unlock()
	if lost > 0 { // its book is told so, as that of whoever reads the files
		var e daylog.Encoder
		e.Put(&book.Lost{From: lost, To: max(lost, b.Start), Reason: model.GapLost, Clock: true})
		ops = append(e.Bytes(), ops...)
	}
	if err := f.replica.Block(b, ops); err != nil {
		if errors.Is(err, daylog.ErrNewer) {
			err = errors.Join(f.newer(), err)
		}
		return fmt.Errorf("applying the block of op %d: %w", b.First, err)
	}
	f.mu.Lock()
	f.begun, f.at.next, f.tick = true, b.First+uint64(b.Ops), b.Start
	f.has = f.at
	f.heard, f.broken = time.Now(), ""
	f.mu.Unlock()
	f.caught()
	return nil
}

// newer is why it cannot be followed any more.
func (f *Follower) newer() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hello.Newer()
}

// Until is the market time in ms up to which the publisher had brought something,
// and the last state that it showed; 0 where there is nothing.
func (f *Follower) Until() (until int64, last *model.State) {
	f.mu.Lock()
	until = max(f.tick, f.head.Tick)
	if !f.begun {
		until = 0
	}
	f.mu.Unlock()
	if last = f.replica.Said(); last != nil && until > 0 {
		until -= last.Plan.Delayed
	}
	return until, last
}

// Position takes how far the publisher is.
func (f *Follower) Position(p relay.Position) {
	f.mu.Lock()
	f.heard, f.head, f.broken = time.Now(), p, ""
	f.pace.said(p.Tick, f.heard)
	if f.catch && f.goal == 0 {
		f.goal = max(p.Op, 1)
	}
	f.mu.Unlock()
	f.caught()
}

// caught has the replica no more wait for faces once all that there was at the
// beginning is applied.
func (f *Follower) caught() {
	f.mu.Lock()
	caught := f.catch && f.goal > 0 && f.at.next >= f.goal
	if caught {
		f.catch, f.before = false, f.Market().Rows().Next()
	}
	f.mu.Unlock()
	if caught {
		f.replica.Catch(false)
	}
}

// Caught says whether it has all that the publisher had when it began.
func (f *Follower) Caught() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.catch
}

// Lost says why nothing comes.
func (f *Follower) Lost(why string) {
	f.mu.Lock()
	f.broken = why
	f.mu.Unlock()
	f.replica.Show()
}

// Look shows what is a matter of time alone: that nothing comes. It is to be called
// each second, and says whether nothing was heard for too long.
func (f *Follower) Look() (mute bool) {
	f.mu.Lock()
	now := f.standing()
	mute = f.mute()
	f.mu.Unlock()
	if s := f.Market().State(); (s.Link == model.Behind) != now.behind || now.behind || s.Lag != now.lag.Milliseconds() {
		f.replica.Show()
	}
	return mute
}

// amend has a state say whose it is, and that it is not the present one where it is
// not.
func (f *Follower) amend(s *model.State) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.standing()
	s.Via, s.Lag, s.Before = f.via, now.lag.Milliseconds(), f.before
	if f.catch { // whatever comes until it has all is of the past
		s.Before = tape.NoSeq
	}
	if now.behind {
		s.Link, s.Reason, s.Read = model.Behind, now.why, now.read
		s.Besides, s.RetryAt, s.PollEvery = "", 0, 0
	}
}

// standing is how what is shown stands to the present.
type standing struct {
	behind bool   // it is not the present
	why    string // in words; "" only late
	read   int    // percent of the day
	lag    time.Duration
}

const reading = "reading the day"

// mute reports whether nothing was heard for too long. The caller holds mu.
func (f *Follower) mute() bool {
	most := Mute
	if f.catch {
		most = muteReading
	}
	return !f.heard.IsZero() && time.Since(f.heard) > most
}

// standing is that now. The caller holds mu.
func (f *Follower) standing() standing {
	switch {
	case f.broken != "":
		return standing{behind: true, why: f.broken}
	case f.mute():
		return standing{behind: true, why: f.via + " does not answer"}
	case f.catch && f.goal > f.from:
		read := int(100 * (f.at.next - min(f.from, f.at.next)) / (f.goal - f.from))
		return standing{behind: true, why: reading, read: max(1, read)}
	case f.catch:
		return standing{behind: true, why: reading, read: 1}
	}
	lag := max(0, time.Since(f.heard)-2*publishedEvery)
	if f.at.next < f.head.Op || f.pace.known() { // what is not written there is late as well: a block is cut at every tick
		lag += f.pace.wall(f.head.Tick - f.tick)
	}
	if lag < lagShown {
		lag = 0
	}
	return standing{behind: lag > lagMost, lag: lag}
}

// pace is how many market milliseconds pass at the publisher in one of ours: not
// one where a simulated market runs faster.
type pace struct {
	first, last int64
	since, at   time.Time
}

// said takes what the publisher says of its time.
func (p *pace) said(tick int64, now time.Time) {
	if p.since.IsZero() || tick < p.last || tick-p.last > 600_000 {
		p.first, p.since = tick, now
	}
	p.last, p.at = tick, now
}

// known reports whether it was heard for long enough to tell.
func (p *pace) known() bool { return p.at.Sub(p.since) > 3*time.Second }

// wall is how long so many market milliseconds are by the clock on the wall.
func (p *pace) wall(market int64) time.Duration {
	rate := 1.0
	if p.known() {
		rate = max(1, float64(p.last-p.first)/float64(p.at.Sub(p.since).Milliseconds()))
	}
	return time.Duration(float64(max(0, market))/rate) * time.Millisecond
}
