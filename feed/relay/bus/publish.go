package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/model"
	"optflow/model/crash"
)

const (
	// ahead are the messages that may be on their way without an answer.
	ahead = 128
	// replicas that a stream has where the hub has three servers or more.
	replicas = 3
)

// Publisher copies a day log to the stream of its feed. All of it is required.
type Publisher struct {
	Conn *nats.Conn
	Day  *relay.Log
	// Desk answers asks; Operators those that change what is followed.
	Desk, Operators *relay.Desk
	Log             *slog.Logger
	// Fenced hears that another feed publishes, and "" once it does no more.
	Fenced func(why string)

	names names
	js    jetstream.JetStream
}

// errFenced says that somebody else has published behind our back.
var errFenced = errors.New("another feed publishes")

// Run publishes until ctx ends. Whatever breaks is tried again: the log waits.
func (p *Publisher) Run(ctx context.Context) error {
	var err error
	if p.js, err = jetstream.New(p.Conn); err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	p.names = names{p.Day.Hello.Feed}
	said := ""
	say := func(why string) {
		if why != said {
			said = why
			p.Fenced(why)
		}
	}
	for ctx.Err() == nil {
		wait := again
		switch err := p.publish(ctx, func() { say("") }); {
		case errors.Is(err, errFenced):
			say(errFenced.Error())
			wait = positionEvery
		case err != nil && ctx.Err() == nil:
			p.Log.Info("publishing stopped, and goes on", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// publish finds out what the stream has, and publishes what it has not, until
// something breaks.
func (p *Publisher) publish(ctx context.Context, mine func()) error {
	stream, err := p.stream(ctx)
	if err != nil {
		return err
	}
	has, last, err := p.has(ctx, stream)
	if err != nil {
		return err
	}
	if has.Epoch != "" && !p.Day.GoesOn(ctx, has.Epoch, has.Date, has.From) {
		if alive, err := p.another(ctx); err != nil || alive {
			return errors.Join(errFenced, err)
		}
	}
	mine()
	ctx, cancel := context.WithCancel(ctx)
	var parts sync.WaitGroup
	defer parts.Wait()
	defer cancel()
	lost := make(chan error, 1)
	parts.Go(crash.Guarded("position", func() { p.positions(ctx) }))
	stop, err := p.answer(ctx, &parts)
	if err != nil {
		return err
	}
	defer stop()
	w := &writer{Publisher: p, last: last, answers: make(chan jetstream.PubAckFuture, ahead), lost: lost, cancel: cancel}
	parts.Go(crash.Guarded("answers", func() { w.check(ctx) }))
	err = p.Day.Walk(ctx, has, func(hello *relay.Hello, b *history.Block) error { return w.write(ctx, hello, b) })
	cancel()
	select {
	case why := <-lost:
		return why
	default:
		return err
	}
}

// stream makes sure that there is one.
func (p *Publisher) stream(ctx context.Context) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	if s, err := p.js.Stream(ctx, p.names.stream()); err == nil {
		return s, nil
	}
	c := jetstream.StreamConfig{
		Name: p.names.stream(), Subjects: []string{p.names.days()}, Storage: jetstream.FileStorage, MaxAge: keepFor, Duplicates: sameFor,
		DenyDelete: true, Replicas: 1, Discard: jetstream.DiscardOld,
	}
	if len(p.Conn.DiscoveredServers())+1 >= replicas {
		c.Replicas = replicas
	}
	s, err := p.js.CreateStream(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("making the stream: %w", err)
	}
	return s, nil
}

// has is what the stream has: its last block, and the sequence number of that.
func (p *Publisher) has(ctx context.Context, stream jetstream.Stream) (has relay.Hello, last uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	info, err := stream.Info(ctx)
	if err != nil {
		return has, 0, fmt.Errorf("asking what the stream has: %w", err)
	}
	last = info.State.LastSeq
	m, err := lastBlock(ctx, stream, info.State)
	if err != nil {
		return has, last, fmt.Errorf("asking for the last block: %w", err)
	}
	if m == nil {
		return has, last, nil
	}
	has.Epoch = m.Header.Get(headEpoch)
	if has.Date, err = dayOf(m.Subject); err != nil {
		return has, last, fmt.Errorf("asking for the last block: %w", err)
	}
	// One of which parts are missing is sent again, and what nobody can read.
	has.From, _ = strconv.ParseUint(m.Header.Get(headNext), 10, 64)
	return has, last, nil
}

// another listens whether somebody else publishes.
func (p *Publisher) another(ctx context.Context) (alive bool, err error) {
	sub, err := p.Conn.SubscribeSync(p.names.position())
	if err != nil {
		return false, err
	}
	defer func() { _ = sub.Unsubscribe() }()
	ctx, cancel := context.WithTimeout(ctx, 3*positionEvery)
	defer cancel()
	_, err = sub.NextMsgWithContext(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return false, nil
	}
	return err == nil, err
}

// positions says how far the log is.
func (p *Publisher) positions(ctx context.Context) {
	tick := time.NewTicker(positionEvery)
	defer tick.Stop()
	for {
		if p.Day.Trouble() == "" {
			_ = p.Conn.Publish(p.names.position(), relay.AppendPosition(nil, p.Day.At())) // lost with the hub
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// writer sends blocks one behind the other.
type writer struct {
	*Publisher
	epoch   string
	date    model.Date
	run     string // marks what is said again on purpose
	last    uint64 // sequence number of the last message
	answers chan jetstream.PubAckFuture
	lost    chan error
	cancel  context.CancelFunc
}

// write sends a block without waiting for the answer.
func (w *writer) write(ctx context.Context, hello *relay.Hello, b *history.Block) error {
	if hello != nil {
		if hello.Fresh && w.last > 0 && w.run == "" {
			w.run = fmt.Sprintf("-after-%d", w.last)
		}
		w.epoch, w.date = hello.Epoch, hello.Date
	}
	most := int(w.Conn.MaxPayload()) - 4<<10
	all, err := w.names.messages(w.epoch, w.run, w.date, hello, b, most)
	if err != nil {
		return err
	}
	for _, m := range all {
		answer, err := w.js.PublishMsgAsync(m, jetstream.WithExpectLastSequence(w.last), jetstream.WithRetryAttempts(0), jetstream.WithStallWait(callFor))
		if err != nil {
			return fmt.Errorf("publishing a block: %w", err)
		}
		w.last++
		select {
		case w.answers <- answer:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// check reads the answers, and ends it all with the first that is none.
func (w *writer) check(ctx context.Context) {
	for {
		var answer jetstream.PubAckFuture
		select {
		case answer = <-w.answers:
		case <-ctx.Done():
			return
		}
		var err error
		select {
		case <-answer.Ok():
			continue
		case err = <-answer.Err():
		case <-time.After(callFor):
			err = context.DeadlineExceeded
		case <-ctx.Done():
			return
		}
		w.lost <- fmt.Errorf("publishing a block: %w", err)
		w.cancel()
		return
	}
}
