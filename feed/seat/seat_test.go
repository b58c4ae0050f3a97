package seat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

// rig is a market that serves the union of its seats at once.
type rig struct {
	*tape.Writer
	mu    sync.Mutex
	seats []*chair
	asked []string // of the vendor
	slow  time.Duration
	err   error
	told  []string // window, auto, poll, retake, know
}

// chair is a seat at it.
type chair struct {
	market.Seat
	r       *rig
	aside   bool
	follows []string
	watch   []model.ContractID
}

func newRig(tickers ...string) *rig {
	r := &rig{Writer: tape.New(tape.Options{})}
	r.follow(tickers)
	return r
}

// follow publishes a State of some tickers.
func (r *rig) follow(tickers []string) {
	s := &model.State{Tickers: tickers, Known: []string{"AMD", "QQQ", "SPX", "SPY", "TSLA"}}
	for _, t := range tickers {
		s.Totals = append(s.Totals, model.Totals{Underlying: t})
	}
	r.SetState(s)
}

func (r *rig) market() market.Market {
	return market.Open{Tape: &r.Tape, Sit: func() market.Seat {
		c := &chair{r: r}
		defer r.lock()()
		r.seats = append(r.seats, c)
		return c
	}}
}

// taken is how many seats are.
func (r *rig) taken() int {
	defer r.lock()()
	return len(r.seats)
}

// lock locks the rig; what it returns unlocks it.
func (r *rig) lock() func() {
	r.mu.Lock()
	return r.mu.Unlock
}

// wanted is what the seats want together.
func (r *rig) wanted() (tickers []string) {
	defer r.lock()()
	for _, c := range r.seats {
		tickers = append(tickers, c.follows...)
	}
	slices.Sort(tickers)
	return slices.Compact(tickers)
}

func (c *chair) does(f func()) {
	defer c.r.lock()()
	f()
}

func (c *chair) tell(what ...string)          { c.does(func() { c.r.told = append(c.r.told, what...) }) }
func (c *chair) Aside()                       { c.does(func() { c.aside = true }) }
func (c *chair) Follow(tickers []string)      { c.does(func() { c.follows = tickers }) }
func (c *chair) Watch(ids []model.ContractID) { c.does(func() { c.watch = ids }) }
func (c *chair) Window(model.Span)            { c.tell("window") }
func (c *chair) AutoRefresh(bool)             { c.tell("auto") }
func (c *chair) PollNow()                     { c.tell("poll") }
func (c *chair) Retake()                      { c.tell("retake") }
func (c *chair) Know(symbols []string)        { c.tell(symbols...) }

func (c *chair) Leave() {
	c.does(func() { c.r.seats = slices.DeleteFunc(c.r.seats, func(o *chair) bool { return o == c }) })
}

func (c *chair) ask(format string, a ...any) error {
	unlock := c.r.lock()
	c.r.asked = append(c.r.asked, fmt.Sprintf(format, a...))
	slow, err := c.r.slow, c.r.err
	unlock()
	time.Sleep(slow)
	return err
}

func (c *chair) Lookup(_ context.Context, s string) error { return c.ask("lookup %s", s) }

func (c *chair) Day(_ context.Context, id model.ContractID) ([]model.Bar, error) {
	return []model.Bar{{Contract: id}}, c.ask("day %d", id)
}

func (c *chair) Observe(_ context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	return append(into[:0], model.Account{Contract: 7}), c.ask("observe %v", only)
}

func (c *chair) Snapshots(context.Context, []string) ([]model.Snapshot, error) {
	return nil, c.ask("snapshots")
}

// A face has tickers, totals and names of its own among those of all.
func TestEachFaceHasItsOwn(t *testing.T) {
	r := newRig("NVDA", "QQQ", "SPX", "SPY")
	h := New(r.market())
	defer h.Close()
	own := func(p *Place) (tickers []string) {
		st := p.State()
		for i, total := range st.Totals {
			if total.Underlying != st.Tickers[i] {
				t.Errorf("totals of %s beside %s", total.Underlying, st.Tickers[i])
			}
		}
		return st.Tickers
	}
	ann, bob, owner := h.Take(Viewer), h.Take(Operator, "SPY"), h.Take(Owner, "NVDA", "QQQ", "SPX", "SPY")
	if got := own(ann); len(got) != 4 {
		t.Errorf("who chose nothing has %v", got)
	}
	if owner.State() != r.State() {
		t.Error("a face that has all has a copy of the State")
	}
	if first := ann.State(); ann.State() != first {
		t.Error("a State that did not change is another one")
	}
	ann.Follow([]string{"I:SPX", "AMD", "SPY"})
	if got := own(ann); !slices.Equal(got, []string{"SPX", "SPY"}) {
		t.Errorf("a viewer that chose among them has %v", got)
	}
	if got := own(bob); !slices.Equal(got, []string{"SPY"}) {
		t.Errorf("an operator begins with %v", got)
	}
	if got := r.wanted(); got != nil {
		t.Errorf("choosing among what is followed wants %v of the market", got)
	}
	if got := ann.State().Known; len(got) != 4 {
		t.Errorf("a viewer may choose among %v", got)
	}
	if got := bob.State().Known; len(got) != 5 {
		t.Errorf("an operator may choose among %v", got)
	}
	bob.Follow([]string{"TSLA"})
	if got := r.wanted(); !slices.Equal(got, []string{"TSLA"}) || len(own(bob)) != 0 {
		t.Errorf("an operator wants %v, and has %v before that is there", got, own(bob))
	}
	r.follow([]string{"TSLA"})
	if got := own(bob); !slices.Equal(got, []string{"TSLA"}) {
		t.Errorf("an operator has %v", got)
	}
	if got := own(ann); !slices.Equal(got, []string{"TSLA"}) {
		t.Errorf("a viewer of whose tickers none is followed any more has %v", got)
	}
	if diff := cmp.Diff([]string{"TSLA"}, r.State().Tickers); diff != "" {
		t.Errorf("the market's State was changed: %s", diff)
	}
	ann.Leave()
	bob.Leave()
	owner.Leave()
	if n := r.taken(); n != 1 {
		t.Errorf("%d seats are left, beside the hall's", n-1)
	}
}

// What is not a face's right is not done, whatever its screen lets through.
func TestRights(t *testing.T) {
	symbols := []string{"O:SPY261218C00600000", "O:TSLA261218C00400000", "O:nonsense"}
	for range 20 {
		symbols = append(symbols, "O:SPY261218C00600000")
	}
	for may, want := range map[Rights]int{Viewer: 0, Operator: 4, Owner: 4} {
		r := newRig("SPY")
		p := New(r.market()).Take(may)
		p.Window(model.Minute)
		p.AutoRefresh(false)
		p.PollNow()
		p.Retake()
		if len(r.told) != want {
			t.Errorf("rights %d: %v", may, r.told)
		}
		r.told = nil
		p.Know(symbols)
		if may == Viewer && (len(r.told) != knowMost || slices.Contains(r.told, symbols[1])) {
			t.Errorf("a viewer has %v numbered", r.told)
		}
		if may == Viewer {
			for n := range 2 * knowInAll {
				p.Know([]string{fmt.Sprintf("O:SPY261218C%08d", 1000*(n+1))})
			}
			if p.Know(symbols); len(r.told) != knowInAll+2*knowMost {
				t.Errorf("viewers have %d numbered", len(r.told)-2*knowMost)
			}
		}
		_, err := p.Snapshots(t.Context(), nil)
		if (err == nil) != (may == Owner) {
			t.Errorf("rights %d: snapshots: %v", may, err)
		}
	}
}

// A seat whose face is not heard of is given up, and taken again as it was.
func TestLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig("SPY")
		h := New(r.market())
		bob, owner := h.Take(Operator), h.Take(Owner)
		bob.Follow([]string{"TSLA"})
		bob.Watch([]model.ContractID{3})
		for range 100 { // each second a frame
			time.Sleep(time.Second)
			bob.State()
		}
		if got := r.wanted(); !slices.Equal(got, []string{"TSLA"}) {
			t.Fatalf("who is heard of wants %v", got)
		}
		time.Sleep(Lease - time.Second)
		if r.wanted() == nil {
			t.Error("it is given up early")
		}
		time.Sleep(Lease)
		if got := r.wanted(); got != nil || r.taken() != 2 {
			t.Errorf("who is not heard of wants %v, at %d seats", got, r.taken())
		}
		bob.State()
		unlock := r.lock()
		again := *r.seats[len(r.seats)-1]
		unlock()
		if !again.aside || !slices.Equal(again.follows, []string{"TSLA"}) || !slices.Equal(again.watch, []model.ContractID{3}) {
			t.Errorf("heard of again it wants %+v", again)
		}
		time.Sleep(2 * Lease)
		if r.wanted() != nil || r.taken() != 2 {
			t.Errorf("the second lease does not end: %d seats", r.taken())
		}
		bob.Leave()
		bob.State()
		owner.Leave()
		h.Close()
		if n := r.taken(); n != 0 {
			t.Errorf("%d seats are left", n)
		}
	})
}

// Questions are asked one a second after the first five, once a minute each, and
// by all faces together no more than the vendor stands.
func TestAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig("SPY")
		r.slow = 10 * time.Millisecond
		h := New(r.market())
		defer h.Close()
		ann, bob, owner := h.Take(Viewer), h.Take(Operator), h.Take(Owner)
		asked := func() int { defer r.lock()(); n := len(r.asked); r.asked = nil; return n }
		began := time.Now()
		for i := range 10 {
			if bars, err := ann.Day(t.Context(), model.ContractID(i)); err != nil || bars[0].Contract != model.ContractID(i) {
				t.Fatal(bars, err)
			}
		}
		if took := time.Since(began); asked() != 10 || took < 4*time.Second || took > 7*time.Second {
			t.Errorf("ten questions took %v", took)
		}
		var all sync.WaitGroup
		for range 5 {
			for _, p := range []*Place{ann, bob} {
				all.Go(func() {
					if _, err := p.Day(t.Context(), 42); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if n := asked(); n != 1 {
			t.Errorf("the same was asked %d times", n)
		}
		time.Sleep(2 * time.Minute)
		if _, err := bob.Day(t.Context(), 42); err != nil || asked() != 1 {
			t.Errorf("an old answer is given: %v", err)
		}

		r.err = errors.New("no")
		for range 3 {
			if err := bob.Lookup(t.Context(), "XQZ"); err != r.err {
				t.Errorf("looked up: %v", err)
			}
		}
		if n := asked(); n != 3 {
			t.Errorf("a failure is asked again %d times, want 3", n)
		}
		r.err = nil
		if err := ann.Lookup(t.Context(), "TSLA"); err == nil || !strings.Contains(err.Error(), "TSLA is not followed here") || asked() != 0 {
			t.Errorf("a viewer looks up: %v", err)
		}
		if err := ann.Lookup(t.Context(), "spy"); err != nil || asked() != 0 {
			t.Errorf("a viewer looks up what is followed: %v", err)
		}

		time.Sleep(time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		unlock := r.lock()
		r.slow = time.Second
		unlock()
		first := make(chan error)
		go func() {
			_, err := ann.Day(ctx, 1)
			first <- err
		}()
		synctest.Wait()
		second := make(chan error)
		go func() {
			_, err := bob.Day(t.Context(), 1)
			second <- err
		}()
		synctest.Wait()
		cancel() // who asked first goes; the other one has the answer
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("the first: %v", err)
		}
		if err := <-second; err != nil || asked() != 1 {
			t.Errorf("the second: %v", err)
		}
		unlock = r.lock()
		r.slow = 0
		unlock()

		var faces []*Place
		for range 50 {
			faces = append(faces, h.Take(Viewer))
		}
		ctx, cancel = context.WithTimeout(t.Context(), 5*time.Second+time.Millisecond)
		defer cancel()
		often := 0
		for i, p := range faces {
			for k := range 5 {
				all.Go(func() {
					if _, err := p.Day(ctx, model.ContractID(1000+10*i+k)); errors.Is(err, errOften) {
						r.mu.Lock()
						often++
						r.mu.Unlock()
					} else if err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if n := asked(); n > 21 || often != 250-n {
			t.Errorf("fifty faces asked %d times in 5 s, refused %d", n, often)
		}
		for range 20 {
			if _, err := owner.Day(t.Context(), 5); err != nil {
				t.Error(err)
			}
		}
		if n := asked(); n != 20 {
			t.Errorf("the owner asked 20 times, the market heard %d", n)
		}

		for _, p := range faces {
			all.Go(func() {
				list, err := p.Observe(t.Context(), nil)
				if err != nil || len(list) != 1 {
					t.Error(list, err)
				}
			})
		}
		all.Wait()
		if n := asked(); n != 1 {
			t.Errorf("all accounts were read %d times for fifty faces", n)
		}
		for _, p := range append(faces, ann, bob, owner) {
			p.Leave()
		}
		if _, err := ann.Day(t.Context(), 1); !errors.Is(err, errNobody) {
			t.Errorf("who has left asks: %v", err)
		}
	})
}

// A market of which nothing can be asked is looked at all the same.
func TestNothingToAsk(t *testing.T) {
	r := newRig("SPY")
	h := New(market.Open{Tape: &r.Tape})
	defer h.Close()
	p := h.Take(Viewer)
	if p.Seat() != nil || len(p.State().Tickers) != 1 {
		t.Errorf("%v, %v", p.Seat(), p.State())
	}
	p.Leave()
}
