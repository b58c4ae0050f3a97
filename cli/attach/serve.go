package attach

import (
	"context"
	"errors"
	"os"
	"sync"

	"optflow/feed"
	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/feed/relay/socket"
	"optflow/model"
	"optflow/model/crash"
	"optflow/model/market"
)

// LogOf is the day log of a recorder as carriers are lent it.
func LogOf(name, version string, record *history.Recorder, now func() int64) *relay.Log {
	hello := relay.NewHello(name, "", 0, 0)
	hello.Process, hello.Optflow = os.Getpid(), version
	return &relay.Log{
		Hello: hello,
		Follow: func(date model.Date, from uint64) relay.Blocks {
			return record.Follow(record.Position().Store, date, from)
		},
		Position: func() (model.Date, uint64) {
			at := record.Position()
			return at.Date, at.Next
		},
		Trouble: record.Trouble, Now: now,
	}
}

// serve serves followers until ctx ends. That nobody can follow ends nothing else.
func (s *Shared) serve(ctx context.Context, engine *feed.Engine, record *history.Recorder) error {
	l, err := socket.Listen(s.o.Socket)
	if err != nil {
		s.o.Log.Warn("nobody can attach", "err", err)
		<-ctx.Done()
		return nil
	}
	m := engine.Market()
	server := socket.Server{
		Day: LogOf(s.o.Name, s.o.Version, record, s.o.Clock.Now), Log: s.o.Log,
		Desk: relay.NewDesk(m, func() market.Seat { return m.Seat() }),
	}
	if err := server.Serve(ctx, l); err != nil {
		s.o.Log.Warn("nobody can attach any more", "err", err)
		<-ctx.Done()
	}
	s.heirs = server.Left()
	return nil
}

// Part is something that runs until its context ends.
type Part struct {
	Where string // in words, for what breaks there
	Run   func(context.Context) error
}

// Together runs parts until one of them or ctx ends, and returns once all have.
func Together(ctx context.Context, parts ...Part) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for _, p := range parts {
		all.Go(crash.Guarded(p.Where, func() {
			defer cancel()
			if err := crash.Call(p.Where, func() error { return p.Run(ctx) }); err != nil && !errors.Is(err, context.Canceled) {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		}))
	}
	all.Wait()
	return errors.Join(errs...)
}
