package attach

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"optflow/feed/relay"
	"optflow/feed/relay/follower"
	"optflow/feed/relay/socket"
	"optflow/model"
	"optflow/model/crash"
	"optflow/model/tape"
)

var errNobody = errors.New("there is nobody to ask now")

func (s *Shared) follower(holder int) {
	var f *follower.Follower
	s.remote = relay.NewRemote(func(ctx context.Context, ask relay.Ask) (relay.Answer, error) {
		c := s.client.Load()
		if c == nil {
			return relay.Answer{}, errNobody
		}
		return c.Ask(ctx, ask)
	}, func() *model.Contracts { return f.Market().Contracts() })
	f = follower.New(whose(holder), s.o.Clock, s.remote, tape.Options{})
	s.follow = f
}

// hello is ours to a publisher.
func (s *Shared) hello() relay.Hello {
	h := relay.NewHello(s.o.Name, "", 0, 0)
	h.Optflow = s.o.Version
	if s.follow != nil {
		h.Epoch, h.Date, h.From = s.follow.Wants()
	}
	return h
}

// answers reports whether there is somebody to be followed.
func (s *Shared) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, dialMost)
	defer cancel()
	h := relay.NewHello(s.o.Name, "", 0, 0)
	c, err := socket.Dial(ctx, s.o.Socket, h)
	if err != nil {
		return false
	}
	return c.Breathes(ctx)
}

// attached follows the program that has the key until it has ended and the mark is
// ours, or it cannot be followed. Then the accounts are handed over.
func (s *Shared) attached(ctx context.Context, holder int) (accounts *had, mine bool, who int, err error) {
	if s.follow == nil {
		s.follower(holder)
	}
	s.dock.Move(s.follow.Market())
	f := s.follow
	accountsOf := f.Accounts
	s.last.Store(&accountsOf)
	own, cancel := context.WithCancel(ctx)
	var parts sync.WaitGroup
	defer parts.Wait()
	defer cancel()
	parts.Go(crash.Guarded("asks", func() { s.remote.Run(own) }))
	for who = holder; ; {
		var hung bool
		hung, err = s.session(ctx, f, &who)
		if ctx.Err() != nil {
			return nil, false, who, nil
		}
		if hung || errors.Is(err, relay.ErrNewer) {
			break
		}
		s.o.Log.Info("no longer attached", "why", err)
		why := trouble(whose(who), err)
		f.Lost(cmp.Or(why, whose(who)+" has ended"))
		if mine, who, err = s.heir(ctx, who); mine || err != nil {
			if errors.Is(err, errMute) && why != "" {
				err = errTrouble(why)
			}
			break
		}
	}
	if ctx.Err() != nil {
		return nil, false, who, nil
	}
	s.follow = nil
	if until, last := f.Until(); until > 0 && f.Caught() {
		accounts = &had{follower: f, until: until, last: last}
		accounts.Tape, accounts.Book = f.Give()
	}
	return accounts, mine, who, err
}

// errTrouble is why somebody cannot be followed who has not ended.
type errTrouble string

func (e errTrouble) Error() string { return string(e) }

// trouble is what somebody said was the matter at the end of a talk, "" nothing.
func trouble(whose string, err error) string {
	var bye socket.Bye
	if errors.As(err, &bye) && bye != socket.Ends {
		return whose + ": " + bye.Error()
	}
	return ""
}

// session follows over one connection, until that ends; hung is that nothing comes
// while it does not.
func (s *Shared) session(ctx context.Context, f *follower.Follower, who *int) (hung bool, err error) {
	dialing, done := context.WithTimeout(ctx, dialMost)
	c, err := socket.Dial(dialing, s.o.Socket, s.hello())
	done()
	if err != nil {
		return false, err
	}
	if c.Publisher.Process != 0 {
		*who = c.Publisher.Process
	}
	f.Via(whose(*who))
	s.client.Store(c)
	s.remote.Again()
	defer s.client.Store(nil)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	crash.Go("following", func() { ended <- c.Run(ctx, f) })
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			if errors.Is(err, follower.ErrAnew) && ctx.Err() == nil {
				f.Anew()
			}
			return false, err
		case <-look.C:
			if f.Look() {
				cancel()
				return true, errors.Join(errMute, <-ended)
			}
		}
	}
}

var errMute = errors.New("nothing comes any more")

// heir waits until the mark is ours, or the next one who has it can be followed.
func (s *Shared) heir(ctx context.Context, who int) (mine bool, holder int, err error) {
	for over := time.Now().Add(inherit); ctx.Err() == nil; {
		if mine, holder, err = s.o.Claim(); mine || err != nil {
			return mine, holder, err
		}
		holder = cmp.Or(holder, who)
		if s.answers(ctx) {
			return false, holder, nil
		}
		if time.Now().After(over) {
			return false, holder, errMute
		}
		select {
		case <-ctx.Done():
		case <-time.After(swift):
		}
	}
	return false, holder, nil
}
