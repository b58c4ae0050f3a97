package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"optflow/feed/relay"
	"optflow/model/crash"
)

// Sink is who follows (follower.Follower).
type Sink interface {
	Hello(relay.Hello) error
	Block(data []byte) error
	Position(relay.Position)
	Anew()
	Lost(why string)
}

// Feed finds which feed a hub has: the one named, or the only one.
func Feed(ctx context.Context, c *nats.Conn, named string) (string, error) {
	if named != "" {
		return Named(named), nil
	}
	js, err := jetstream.New(c)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	var all []string
	list := js.StreamNames(ctx)
	for name := range list.Name() {
		if feed, ours := strings.CutPrefix(name, (names{}).stream()); ours {
			all = append(all, feed)
		}
	}
	switch {
	case list.Err() != nil:
		return "", fmt.Errorf("asking which feeds there are: %w", list.Err())
	case len(all) == 0:
		return "", errors.New("nothing was published there")
	case len(all) > 1:
		return "", fmt.Errorf("there are several feeds, name one behind the host: /%s", strings.Join(all, ", /"))
	}
	return all[0], nil
}

// Follow tells a sink what is published of a feed, from the start of its last day
// on, until ctx ends. Whatever breaks goes on where it was.
func Follow(ctx context.Context, c *nats.Conn, feed string, to Sink) error {
	js, err := jetstream.New(c)
	if err != nil {
		return fmt.Errorf("following the hub: %w", err)
	}
	f := &follow{js: js, names: names{feed}, to: to, back: make(chan struct{}, 1)}
	positions, err := c.Subscribe(f.names.position(), func(m *nats.Msg) {
		if kind, payload, err := relay.NewReader(strings.NewReader(string(m.Data))).Next(); err == nil && kind == relay.TypePosition {
			if p, err := relay.ReadPosition(payload); err == nil {
				to.Position(p)
			}
		}
	})
	if err != nil {
		return fmt.Errorf("following the hub: %w", err)
	}
	defer func() { _ = positions.Unsubscribe() }()
	states := c.StatusChanged(nats.CONNECTED, nats.RECONNECTING)
	defer c.RemoveStatusListener(states)
	crash.Go("hub's state", func() {
		for s := range states {
			if s == nats.CONNECTED {
				select {
				case f.back <- struct{}{}:
				default:
				}
			}
		}
	})
	for ctx.Err() == nil {
		err := f.read(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, relay.ErrNewer):
			return err
		case errors.Is(err, errAnew):
			to.Anew()
			f.next = 0
		case !c.IsConnected():
			to.Lost("the hub does not answer")
		}
		select {
		case <-ctx.Done():
		case <-f.back:
		case <-time.After(again):
		}
	}
	return nil
}

var errAnew = errors.New("to be begun anew")

// follow is one reading of a stream.
type follow struct {
	js    jetstream.JetStream
	names names
	to    Sink
	next  uint64 // sequence number; 0: the start of the last day
	made  time.Time
	whole whole
	back  chan struct{} // there is a connection anew
}

// read hands messages on until something breaks.
func (f *follow) read(ctx context.Context) error {
	from, err := f.begin(ctx)
	if err != nil {
		return err
	}
	cons, err := f.js.OrderedConsumer(ctx, f.names.stream(), jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{f.names.days()}, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from, MaxResetAttempts: 1,
	})
	if err != nil {
		return fmt.Errorf("reading the stream: %w", err)
	}
	messages, err := cons.Messages(jetstream.PullHeartbeat(time.Second), jetstream.PullMaxMessages(256))
	if err != nil {
		return fmt.Errorf("reading the stream: %w", err)
	}
	defer messages.Stop()
	reading, stop := context.WithCancel(ctx)
	defer stop()
	crash.Go("following", func() { // a hub that is there again may have lost all: the stream is looked at anew
		select {
		case <-f.back:
			stop()
		case <-reading.Done():
		}
	})
	f.next = from
	for {
		m, err := messages.Next(jetstream.NextContext(reading))
		if err != nil {
			return fmt.Errorf("reading the stream: %w", err)
		}
		if err := f.take(m); err != nil {
			return err
		}
	}
}

// begin is the sequence number at which to go on.
func (f *follow) begin(ctx context.Context) (from uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	stream, err := f.js.Stream(ctx, f.names.stream())
	if err != nil {
		return 0, fmt.Errorf("reading the stream: %w", err)
	}
	info := stream.CachedInfo()
	if !f.made.IsZero() && !info.Created.Equal(f.made) || f.next > info.State.LastSeq+1 { // the hub lost what it had
		f.made, f.next = info.Created, 0
		return 0, errAnew
	}
	f.made = info.Created
	if f.next > 0 {
		return f.next, nil
	}
	last, err := lastBlock(ctx, stream, info.State)
	if err != nil {
		return 0, fmt.Errorf("asking for the last day: %w", err)
	}
	if last == nil {
		return info.State.LastSeq + 1, nil
	}
	first, err := stream.GetMsg(ctx, 1, jetstream.WithGetMsgSubject(last.Subject))
	if err != nil {
		return 0, fmt.Errorf("asking for the start of the day: %w", err)
	}
	return first.Sequence, nil
}

// take hands a message on.
func (f *follow) take(m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return fmt.Errorf("reading the stream: %w", err)
	}
	if meta.Sequence.Stream < f.next {
		return nil
	}
	if m.Headers().Get(headEpoch) == "" { // no publisher's
		f.next = meta.Sequence.Stream + 1
		return nil
	}
	if text := m.Headers().Get(headHello); text != "" {
		hello, err := relay.ReadHello([]byte(text))
		if err == nil {
			err = f.to.Hello(hello)
		}
		if err != nil {
			return f.broken(err)
		}
	}
	block, err := f.whole.add(m.Data(), m.Headers().Get(headPart))
	if err == nil && block != nil {
		err = f.to.Block(block)
	}
	if err != nil {
		return f.broken(err)
	}
	f.next = meta.Sequence.Stream + 1
	return nil
}

// broken is an error after which the sink begins anew, unless it cannot read it at
// all.
func (f *follow) broken(err error) error {
	if errors.Is(err, relay.ErrNewer) {
		return err
	}
	return errors.Join(errAnew, err)
}
