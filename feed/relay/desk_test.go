package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

// owner is a market whose seats note what they hear.
type owner struct {
	*tape.Writer
	mu    sync.Mutex
	seats []*chair
}

type chair struct {
	market.Seat
	owner *owner
	said  []string
}

func newOwner(t *testing.T, symbols ...string) *owner {
	o := &owner{Writer: tape.New(tape.Options{})}
	for _, s := range symbols {
		if _, err := o.Registry.Intern(s); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o *owner) market() market.Market {
	return market.Open{Tape: &o.Tape, Sit: func() market.Seat {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.seats = append(o.seats, &chair{owner: o})
		return o.seats[len(o.seats)-1]
	}}
}

func (c *chair) say(format string, args ...any) {
	c.owner.mu.Lock()
	defer c.owner.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

// heard is what the last seat was told since the last time.
func (o *owner) heard() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.seats) == 0 {
		return nil
	}
	c := o.seats[len(o.seats)-1]
	said := c.said
	c.said = nil
	return said
}

func (c *chair) Aside()                       { c.say("aside") }
func (c *chair) Follow(tickers []string)      { c.say("follow %v", tickers) }
func (c *chair) Window(span model.Span)       { c.say("window %d", span) }
func (c *chair) AutoRefresh(on bool)          { c.say("auto %v", on) }
func (c *chair) Watch(ids []model.ContractID) { c.say("watch %v", ids) }
func (c *chair) Know(symbols []string)        { c.say("know %v", symbols) }
func (c *chair) PollNow()                     { c.say("poll") }
func (c *chair) Retake()                      { c.say("retake") }
func (c *chair) Leave()                       { c.say("leave") }
func (c *chair) Lookup(_ context.Context, s string) error {
	return fmt.Errorf("no options on %s: %w", s, market.ErrNotInPlan)
}

func (c *chair) Day(_ context.Context, id model.ContractID) ([]model.Bar, error) {
	return []model.Bar{{Contract: id, Span: model.Minute, Start: 60_000, Volume: 3, Close: 1.25, DayVwap: model.Unknown}}, nil
}

func (c *chair) Snapshots(_ context.Context, symbols []string) (list []model.Snapshot, err error) {
	for i, s := range symbols {
		list = append(list, model.Snapshot{Symbol: s, HasQuote: true, Quote: model.Quote{Bid: float64(i), Ask: 2, Read: 5}, Spot: model.Unknown, Read: 5})
	}
	return list, nil
}

func (c *chair) AsOf(_ context.Context, symbol string, at int64) (model.Snapshot, error) {
	return model.Snapshot{Symbol: symbol, Read: at, Spot: 600.5}, nil
}

func (c *chair) Interest(context.Context, string, model.Date) (model.Interest, error) {
	return model.Interest{Lots: -1, Volume: 12, ByDate: true}, nil
}

const one, two = "O:SPY261218C00600000", "O:SPY261218P00600000"

// remote is a follower of the desk, over words as they are sent. Its book has the
// contracts the other way round.
func remote(t *testing.T, d *Desk) (*Remote, *model.Contracts) {
	own := newOwner(t, two, one)
	return NewRemote(func(ctx context.Context, ask Ask) (a Answer, err error) {
		text, err := json.Marshal(ask)
		if err != nil {
			return a, err
		}
		if ask, err = ReadAsk(text); err != nil {
			return a, err
		}
		if text, err = json.Marshal(d.Ask(ctx, "ann", ask)); err != nil {
			return a, err
		}
		return ReadAnswer(text)
	}, func() *model.Contracts { return own.Contracts }), own.Contracts
}

// What the faces of a follower want reaches a seat of its own at the publisher's
// market, until they leave or nothing is heard of them.
func TestWishesAndLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOwner(t, one, two)
		d := NewDesk(o.market(), o.market().Seat)
		r, _ := remote(t, d)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { r.Run(ctx) })
		s := r.Seat()
		expect := func(what string, want ...string) {
			t.Helper()
			synctest.Wait()
			if got := o.heard(); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		expect("who said nothing")
		s.Watch([]model.ContractID{0, 1, 7})
		expect("watching", "aside", "watch [1 0]")
		s.Watch([]model.ContractID{0, 1})
		expect("the same again")
		s.Follow([]string{"TSLA"})
		expect("following", "follow [TSLA]", "auto true")
		s.Window(model.Minute)
		expect("another window", "follow [TSLA]", "window 60000", "auto true")
		s.PollNow()
		s.Retake()
		s.Know([]string{one})
		expect("orders", "poll", "retake", "know ["+one+"]")
		time.Sleep(3 * Lease)
		expect("the lease is renewed", "watch [1 0]", "watch [1 0]", "watch [1 0]", "watch [1 0]", "watch [1 0]", "watch [1 0]", "watch [1 0]", "watch [1 0]", "watch [1 0]")
		s.Leave()
		s.Follow([]string{"AMD"})
		expect("who leaves is gone", "leave")

		r.Seat().Follow([]string{"QQQ"})
		expect("another one", "aside", "follow [QQQ]", "auto true")
		stop()
		running.Wait()
		time.Sleep(Lease - time.Second)
		expect("not yet")
		time.Sleep(2 * time.Second)
		expect("its lease ends", "leave")
		d.Leave("ann")
	})
}

// What a face has numbered reaches whoever is there first: a face begins before its
// program has found anybody to follow. Who begins anew is told again.
func TestKnownBeforeAnybodyIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOwner(t, one, two)
		d := NewDesk(o.market(), o.market().Seat)
		there := false
		r := NewRemote(func(ctx context.Context, ask Ask) (Answer, error) {
			if !there {
				return Answer{}, errors.New("nobody")
			}
			return d.Ask(ctx, "ann", ask), nil
		}, nil)
		s := r.Seat()
		s.Know([]string{one})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { r.Run(ctx) })
		synctest.Wait()
		there = true
		told := "know [" + one + "]"
		for _, step := range []struct {
			what  string
			do    func()
			hears bool
		}{
			{"somebody is there", r.Again, true},
			{"an hour in which nothing is new", func() { time.Sleep(time.Hour) }, false},
			{"somebody else is there", r.Again, true},
		} {
			step.do()
			synctest.Wait()
			if said := o.heard(); slices.Contains(said, told) != step.hears {
				t.Errorf("%s: told %q", step.what, said)
			}
		}
		stop()
		running.Wait()
		d.Leave("ann")
	})
}

func TestQuestions(t *testing.T) {
	o := newOwner(t, one, two)
	d := NewDesk(o.market(), o.market().Seat)
	defer d.Leave("ann")
	r, contracts := remote(t, d)
	s, ctx := r.Seat(), t.Context()
	if err := s.Lookup(ctx, "XQZ"); !errors.Is(err, market.ErrNotInPlan) || err.Error() != "no options on XQZ: not in the plan" {
		t.Errorf("looked up: %v", err)
	}
	bars, err := s.Day(ctx, 0)
	if err != nil || len(bars) != 1 || bars[0].Contract != 0 || bars[0].Close != 1.25 || bars[0].DayVwap == bars[0].DayVwap {
		t.Errorf("day of %s: %+v, %v", contracts.At(0).Symbol, bars, err)
	}
	if _, err := s.Day(ctx, 9); err == nil {
		t.Error("a contract that nobody knows has a day")
	}
	list, err := s.Snapshots(ctx, []string{one, two})
	if err != nil || len(list) != 2 || list[1].Symbol != two || list[1].Quote.Bid != 1 || list[0].Spot == list[0].Spot {
		t.Errorf("snapshots %+v, %v", list, err)
	}
	if got, err := s.AsOf(ctx, two, 77); err != nil || got.Symbol != two || got.Read != 77 || got.Spot != 600.5 {
		t.Errorf("as of: %+v, %v", got, err)
	}
	if got, err := s.Interest(ctx, two, 20_000); err != nil || got != (model.Interest{Lots: -1, Volume: 12, ByDate: true}) {
		t.Errorf("interest: %+v, %v", got, err)
	}
	if a := d.Ask(ctx, "ann", Ask{V: 1, Verb: "sing"}); a.Error == "" {
		t.Error("a verb that nobody knows is answered")
	}
}

// More followers than there may be are told so.
func TestLeasesAreBounded(t *testing.T) {
	o := newOwner(t)
	d := NewDesk(o.market(), o.market().Seat)
	for i := range mostOfOne + 10 {
		a := d.Ask(t.Context(), fmt.Sprint("bob/", i%3), Ask{V: 1, Seat: uint32(i), Verb: Poll})
		if (a.Error == "") != (i < mostOfOne) {
			t.Fatalf("seat %d of one guest: %q", i, a.Error)
		}
	}
	for i := mostOfOne; i < mostFollowers+10; i++ {
		a := d.Ask(t.Context(), fmt.Sprint("guest ", i), Ask{V: 1, Verb: Poll})
		if (a.Error == "") != (i < mostFollowers) {
			t.Fatalf("seat %d: %q", i, a.Error)
		}
	}
	for i := range mostFollowers {
		d.Leave(fmt.Sprint("guest ", i))
		d.Leave(fmt.Sprint("bob/", i%3))
	}
	if a := d.Ask(t.Context(), "ann", Ask{V: 1, Verb: Poll}); a.Error != "" {
		t.Error(a.Error)
	}
	d.Leave("ann")
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.seats {
		if c.said[len(c.said)-1] != "leave" {
			t.Fatalf("a seat is left: %v", c.said)
		}
	}
}
