package cli

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"optflow/config"
	"optflow/feed"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/plan"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/crash"
	"optflow/model/tape"
)

// market is the feed as the faces see it, and what keeps it running.
type market struct {
	tape    *tape.Writer
	clock   *clock.Clock
	engine  *feed.Engine
	builtin *builtin // nil when the data comes from elsewhere
	more    []part   // what else runs with it

	invented atomic.Bool // the data is a simulator's, ours or another's
	late     atomic.Bool // REST said that the plan is a delayed one
}

// part is something that runs until its context ends.
type part struct {
	where string
	run   func(context.Context) error
}

// onServer learns from the server's name whether the data is invented.
func (m *market) onServer(name string) {
	if name == massive.SimulatorServer {
		m.invented.Store(true)
	}
}

// newMarket wires settings, clients and engine together. It neither sends nor
// waits; run does.
func newMarket(s *config.Settings, log *slog.Logger) (*market, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m := &market{tape: tape.New(tape.Options{}), clock: clock.New()}
	at, builtin, err := endpointsOf(s)
	if err != nil {
		return nil, err
	}
	m.builtin = builtin
	m.invented.Store(builtin != nil)
	if err := at.lacksKey(s); err != nil {
		return nil, err
	}
	rest, err := api.NewREST(api.RESTOptions{
		BaseURL: at.rest, Key: at.key, Now: m.clock.Now,
		OnDate:   func(server, wall time.Time) { m.clock.Set(server.UnixMilli(), wall) },
		OnServer: m.onServer, OnLate: func() { m.late.Store(true) },
	})
	if err != nil {
		return nil, usageError{err}
	}
	yield := ""
	if m.builtin == nil {
		yield = m.claim(s, log)
	}
	m.engine = feed.New(feed.Options{
		Tape: m.tape, Clock: m.clock, REST: rest,
		Yield: yield, Tickers: s.Tickers, Span: model.Span(s.Window.Milliseconds()),
		Subscribe: subscribeModes[s.Subscribe], Feed: feedChoices[s.Feed],
		Stream:      at.streams(m.onServer),
		AutoRefresh: s.AutoRefresh, PollInterval: s.PollInterval, EnrichInterval: s.EnrichInterval,
		Late: m.late.Load, Sim: m.invented.Load, Log: log, Floor: rulesOf(s).FloorOf,
	})
	return m, nil
}

// run works until ctx ends or a part fails, and returns once all of it ended.
func (m *market) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		errs  []error
	)
	parts := append([]part{{"feed", m.engine.Run}}, m.more...)
	if m.builtin != nil {
		parts = append(parts, part{"simulated market", m.builtin.serve})
	}
	for _, p := range parts {
		group.Go(crash.Guarded(p.where, func() {
			defer cancel()
			if err := crash.Call(p.where, func() error { return p.run(ctx) }); err != nil && !errors.Is(err, context.Canceled) {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		}))
	}
	group.Wait()
	return errors.Join(errs...)
}

var subscribeModes = map[string]feed.Subscribe{
	"auto": feed.SubscribeAuto, "contracts": feed.SubscribeContracts, "all": feed.SubscribeAll,
}

var feedChoices = map[string]plan.Choice{
	"auto": plan.AnyHost, "realtime": plan.RealtimeOnly, "delayed": plan.DelayedOnly,
}
