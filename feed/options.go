package feed

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/tape"
)

// Subscribe says how the stream is asked for.
type Subscribe uint8

// Ways to subscribe. Auto asks for the channel's wildcard and falls back to
// the contracts by name; the others do the one only.
const (
	SubscribeAuto Subscribe = iota
	SubscribeContracts
	SubscribeAll
)

// Endpoint is where a stream is.
type Endpoint = massive.StreamOptions

// Wire is one WebSocket connection, as massive.Conn is.
type Wire interface {
	Read(ctx context.Context, buf []byte) ([]byte, error)
	Auth(ctx context.Context) error
	Subscribe(ctx context.Context, ch massive.Channel, symbols []string) error
	Unsubscribe(ctx context.Context, ch massive.Channel, symbols []string) error
	Ping(ctx context.Context) error
	Compressed() bool
	Heard() time.Time
	Partial() (since time.Time, coming bool)
	Close(code int, reason string) error
	CloseNow()
}

// Options set an Engine up. Tape and REST are required.
type Options struct {
	Tape  *tape.Writer
	Clock *clock.Clock // nil: one of its own; REST must be told of the same one

	Tickers   []string // underlyings followed
	Span      model.Span
	Subscribe Subscribe
	Feed      plan.Choice
	Realtime  Endpoint
	Delayed   Endpoint // without a URL there is no delayed host
	REST      rest.Source

	// Yield says, in words for the user, why to leave the stream to another program
	// until Retake; "" takes it.
	Yield string

	AutoRefresh    bool          // off: nothing is connected to until PollNow
	PollInterval   time.Duration // while Polling; 0 means 5 s
	EnrichInterval time.Duration // quotes of active contracts while Live; 0 means 30 s

	Late  func() bool // whether REST said that the plan's data is delayed; nil: it did not
	Sim   func() bool // whether the market turned out to be an invented one; once true it stays so; nil: it is not
	Log   *slog.Logger
	Rand  *rand.Rand
	Floor func(underlying string) float64 // premium in dollars from which a burst is shown; nil: $25k

	// Wall is the clock on the wall, which goes on while the machine sleeps;
	// nil means time.Now.
	Wall func() time.Time

	// Dial opens a connection; nil means massive.Dial.
	Dial func(ctx context.Context, at Endpoint, ch massive.Channel) (Wire, error)
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.New()
		o.Clock.Wall = o.Wall
	}
	if o.Span != model.Minute {
		o.Span = model.Second
	}
	if o.PollInterval <= 0 {
		o.PollInterval = 5 * time.Second
	}
	if o.EnrichInterval <= 0 {
		o.EnrichInterval = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if o.Floor == nil {
		o.Floor = func(string) float64 { return 25_000 }
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Dial == nil {
		o.Dial = func(ctx context.Context, at Endpoint, ch massive.Channel) (Wire, error) {
			conn, err := massive.Dial(ctx, at, ch)
			if err != nil {
				return nil, err
			}
			return conn, nil
		}
	}
	return o
}
