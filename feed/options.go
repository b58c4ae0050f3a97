package feed

import (
	"log/slog"
	"math/rand/v2"
	"time"

	"optflow/feed/link"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/tape"
)

// Options set an Engine up. Tape, Stream and REST are required.
type Options struct {
	Tape  *tape.Writer
	Book  *book.Book   // that writes to Tape and has been told something; nil: an empty one
	Clock *clock.Clock // nil: one of its own; REST must be told of the same one

	Tickers   []string // underlyings followed
	Span      model.Span
	Subscribe link.Subscribe
	Feed      plan.Choice
	Stream    source.Stream
	REST      rest.Source

	// Yield says, in words for the user, why to leave the stream to another program
	// until Retake; "" takes it.
	Yield string

	AutoRefresh    bool          // off: nothing is connected to until PollNow
	PollInterval   time.Duration // while Polling; 0 means 5 s
	EnrichInterval time.Duration // quotes of active contracts while Live; 0 means 30 s

	Recorder Recorder // nil: nothing is written down

	Late  func() bool // whether REST said that the plan's data is delayed; nil: it did not
	Sim   func() bool // whether the market turned out to be an invented one; once true it stays so; nil: it is not
	Log   *slog.Logger
	Rand  *rand.Rand
	Floor func(underlying string) float64 // premium in dollars from which a burst is shown; nil: $25k

	Machine clock.Machine // the time that it runs on
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.On(o.Machine)
	}
	o.Machine = o.Machine.OrReal()
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
	return o
}

// beliefs are those that follow from the settings.
func (o *Options) beliefs() plan.Beliefs {
	key, delayed := o.Stream.Hosts()
	return plan.NewBeliefs(o.Feed, key, delayed)
}
