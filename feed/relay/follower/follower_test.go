package follower

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/relay"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// blockOf is a block of ops that a publisher's book was told.
func blockOf(first uint64, start int64, key bool, e *daylog.Encoder) []byte {
	b := daylog.Block{First: first, Ops: e.Ops(), Start: start, Key: key, Raw: e.Len(), Stored: e.Bytes()}
	return b.Append(nil)
}

// ticking is a follower that has caught up with a publisher at noon.
func ticking(t *testing.T, noon int64) (f *Follower, next func(at int64) []byte) {
	f = New("hub", clock.New(), nil, tape.Options{})
	t.Cleanup(f.Close)
	op := uint64(0)
	next = func(at int64) []byte {
		var e daylog.Encoder
		if op == 0 {
			e.Key(book.New(tape.New(tape.Options{}), book.Options{}))
		}
		e.State(&model.State{Link: model.Live})
		e.Put(&book.Tick{Now: at})
		data := blockOf(op, at, op == 0, &e)
		op += uint64(e.Ops())
		return data
	}
	if err := f.Hello(relay.NewHello("sim", "e", 20_000, 0)); err != nil {
		t.Fatal(err)
	}
	if s := f.Market().State(); !s.Reading() {
		t.Errorf("before anything came it is %v: %q", s.Link, s.Reason)
	}
	if err := f.Block(next(noon)); err != nil {
		t.Fatal(err)
	}
	_, _, had := f.Wants()
	f.Position(relay.Position{Op: had, Tick: noon})
	if s := f.Market().State(); s.Link != model.Live || s.Via != "hub" {
		t.Errorf("it has all, and is %v via %q", s.Link, s.Via)
	}
	return f, next
}

// What is late says so from two seconds on, and is not Live from ten on, whether the
// publisher is heard of or not.
func TestFault94Late(t *testing.T) {
	faults.Open(t, 94)
	synctest.Test(t, func(t *testing.T) {
		noon := time.Now().UnixMilli()
		f, next := ticking(t, noon)
		_, _, had := f.Wants()
		for i := range 14 { // its position goes on, its blocks do not come
			time.Sleep(time.Second)
			f.Position(relay.Position{Op: had + uint64(i) + 1, Tick: time.Now().UnixMilli()})
			f.Look()
			s := f.Market().State()
			lag := int64(i+1) * 1000
			if lag < 2000 && s.Lag != 0 || lag >= 2000 && s.Lag != lag || (s.Link == model.Live) != (lag <= 10_000) {
				t.Errorf("%d ms behind: %v, lag %d", lag, s.Link, s.Lag)
			}
		}
		if err := f.Block(next(time.Now().UnixMilli())); err != nil {
			t.Fatal(err)
		}
		_, _, had = f.Wants()
		f.Position(relay.Position{Op: had, Tick: time.Now().UnixMilli()})
		f.Look()
		if s := f.Market().State(); s.Link != model.Live || s.Lag != 0 {
			t.Errorf("it has all again: %v, lag %d", s.Link, s.Lag)
		}
		time.Sleep(Mute + time.Second)
		f.Look()
		if s := f.Market().State(); s.Link != model.Behind || s.Reason != "hub does not answer" {
			t.Errorf("nothing is heard: %v: %q", s.Link, s.Reason)
		}
	})
}

// What the publisher's disk does not take is late, though all that is written is
// there: as while it hangs, or at the first block of another day.
func TestFault94NothingIsWritten(t *testing.T) {
	faults.Open(t, 94)
	synctest.Test(t, func(t *testing.T) {
		f, _ := ticking(t, time.Now().UnixMilli())
		_, _, had := f.Wants()
		for i := range 14 {
			time.Sleep(time.Second)
			f.Position(relay.Position{Op: had, Tick: time.Now().UnixMilli()})
			f.Look()
			s, lag := f.Market().State(), int64(i+1)*1000
			if lag > 3000 && s.Lag != lag || (s.Link == model.Live) != (lag <= 10_000) {
				t.Errorf("%d ms behind: %v, lag %d", lag, s.Link, s.Lag)
			}
		}
	})
}

// While the day is read a publisher may be silent for longer, but not for ever; and
// none of its rows is a new one, whatever breaks.
func TestSilentWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noon := time.Now().UnixMilli()
		f := New("hub", clock.New(), nil, tape.Options{})
		defer f.Close()
		expect := func(what, reason string, mute bool) {
			t.Helper()
			if f.Look() != mute {
				t.Errorf("%s: mute is %v", what, !mute)
			}
			if s := f.Market().State(); s.Link != model.Behind || s.Reason != reason || s.Present(100) != 100 {
				t.Errorf("%s: %v: %q, the present begins at %d", what, s.Link, s.Reason, s.Present(100))
			}
		}
		f.Via("process 1")
		time.Sleep(muteReading + time.Second)
		expect("it said nothing at all", "process 1 does not answer", true)
		var e daylog.Encoder
		e.Key(book.New(tape.New(tape.Options{}), book.Options{}))
		e.State(&model.State{Link: model.Live})
		if err := f.Hello(relay.NewHello("sim", "e", 20_000, 0)); err != nil {
			t.Fatal(err)
		}
		f.Position(relay.Position{Op: 1000, Tick: noon})
		if err := f.Block(blockOf(0, noon, true, &e)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(muteReading - time.Second)
		expect("it may take a while", reading, false)
		time.Sleep(2 * time.Second)
		expect("it hangs", "process 1 does not answer", true)
		f.Lost("process 1 has ended")
		expect("it broke", "process 1 has ended", true)
	})
}

// Blocks are applied once, in their order, or not at all: what was sent twice is
// passed over, what is missing or damaged begins it anew, of whatever is torn
// nothing is applied.
func TestBlocksOutOfOrder(t *testing.T) {
	noon := int64(1_795_798_800_000)
	rng := rand.New(rand.NewPCG(1, 2))
	f, next := ticking(t, noon)
	one, two, three := next(noon+1000), next(noon+2000), next(noon+3000)
	_, _, before := f.Wants()
	if err := f.Block(two); !errors.Is(err, ErrAnew) {
		t.Errorf("a block is missing: %v", err)
	}
	for range 200 {
		bad := append([]byte{}, one...)
		bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
		if err := f.Block(bad); err == nil {
			t.Fatal("a damaged block is applied")
		}
		if err := f.Block(one[:rng.IntN(len(one))]); err == nil {
			t.Fatal("a torn block is applied")
		}
	}
	if _, _, now := f.Wants(); now != before {
		t.Errorf("from op %d to %d", before, now)
	}
	for _, data := range [][]byte{one, one, two, one, two, three} {
		if err := f.Block(data); err != nil {
			t.Error(err)
		}
	}
	later := append([]byte{40, 1, 'x'}, 0)[:3] // an op that nobody knows
	_, _, had := f.Wants()
	b := daylog.Block{First: had, Ops: 1, Start: noon, Raw: len(later), Stored: later}
	if err := f.Block(b.Append(nil)); !errors.Is(err, relay.ErrNewer) || !strings.Contains(relay.Words(err), "newer") {
		t.Errorf("a newer op: %v", err)
	}
	b.Stored = []byte{80, 1, 'x'} // one that may be passed over
	if err := f.Block(b.Append(nil)); err != nil {
		t.Errorf("an op that may be passed over: %v", err)
	}
}

// Who is cut between the word of what comes next and that itself goes on behind
// what it has: of the day and the epoch before.
func TestCutBehindAHello(t *testing.T) {
	f, next := ticking(t, 1_795_798_800_000)
	epoch, date, had := f.Wants()
	for _, h := range []relay.Hello{relay.NewHello("sim", "another", date, had), relay.NewHello("sim", "another", date+1, 0)} {
		if err := f.Hello(h); err != nil {
			t.Fatal(err)
		}
		if e, d, n := f.Wants(); e != epoch || d != date || n != had {
			t.Errorf("it goes on at %q, %v, op %d, not at %q, %v, op %d", e, d, n, epoch, date, had)
		}
	}
	if err := f.Hello(relay.NewHello("sim", "another", date, had)); err != nil {
		t.Fatal(err)
	}
	if err := f.Block(next(1_795_798_801_000)); err != nil {
		t.Fatal(err)
	}
	if e, d, n := f.Wants(); e != "another" || d != date || n <= had {
		t.Errorf("it has %q, %v, op %d", e, d, n)
	}
}
