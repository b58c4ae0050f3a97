package attach

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"optflow/feed"
	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/feed/relay/bus"
	"optflow/feed/relay/follower"
	"optflow/feed/seat"
	"optflow/model"
	"optflow/model/clock"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/model/tape"
)

// Hub is a NATS server at which a market is published, or followed.
type Hub struct {
	URL     string
	Feed    string // the name of the feed there; "" the only one
	Keys    string // folder of hub.nk, a seed, and hub-ca.pem; "" none
	Version string
	Log     *slog.Logger
}

func (h *Hub) options() bus.Options {
	o := bus.Options{URL: h.URL, Name: "optflow " + h.Version}
	if h.Keys != "" {
		o.Seed, o.CA = filepath.Join(h.Keys, "hub.nk"), filepath.Join(h.Keys, "hub-ca.pem")
	}
	return o
}

// Publish publishes what a recorder writes of a market until ctx ends. Fenced hears
// that another feed publishes, and "" once none does.
func (h *Hub) Publish(ctx context.Context, m market.Market, record *history.Recorder, fenced func(why string)) error {
	c, err := bus.Connect(h.options())
	if err != nil {
		return err
	}
	defer c.Close()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for record.Position().Date == 0 { // its name is not known before
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
	hall := seat.New(m)
	defer hall.Close()
	name := bus.Named(record.Position().Store.Feed())
	p := bus.Publisher{
		Conn: c, Day: LogOf(name, h.Version, record, m.Clock().Now), Log: h.Log, Fenced: fenced,
		Desk:      relay.NewDesk(m, func() market.Seat { return hall.Take(seat.Viewer).Seat() }),
		Operators: relay.NewDesk(m, func() market.Seat { return hall.Take(seat.Operator).Seat() }),
	}
	return p.Run(ctx)
}

// Followed is a market that is followed at a hub.
type Followed struct {
	hub    *Hub
	sink   *follower.Follower
	remote *relay.Remote
	hall   *seat.Hall

	ask atomic.Pointer[asked] // nil: nobody yet
}

type asked func(ctx context.Context, ask relay.Ask) (relay.Answer, error)

// FollowHub is one that runs with Run.
func FollowHub(h *Hub) *Followed {
	f := &Followed{hub: h}
	f.remote = relay.NewRemote(f.asks, func() *model.Contracts { return f.sink.Market().Contracts() })
	f.sink = follower.New("hub", clock.New(), f.remote, tape.Options{})
	f.sink.Lost("connecting to the hub")
	f.hall = seat.New(f.sink.Market())
	return f
}

// Market is the market for a face, with tickers to begin with; none are all.
func (f *Followed) Market(tickers ...string) market.Market {
	return f.hall.Take(seat.Owner, tickers...)
}

// Accounts are those of the day as they are now.
func (f *Followed) Accounts() []model.Account { return f.sink.Accounts() }

func (f *Followed) asks(ctx context.Context, ask relay.Ask) (relay.Answer, error) {
	send := f.ask.Load()
	if send == nil {
		return relay.Answer{}, errNobody
	}
	return (*send)(ctx, ask)
}

// Run follows until ctx ends.
func (f *Followed) Run(ctx context.Context) error {
	c, err := bus.Connect(f.hub.options())
	if err != nil {
		return err
	}
	defer c.Close()
	defer f.sink.Close()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	feed := ""
	for feed == "" {
		if feed, err = bus.Feed(ctx, c, f.hub.Feed); err != nil {
			feed = ""
			f.sink.Lost(why(err, c.IsConnected()))
			select {
			case <-ctx.Done():
				return nil
			case <-look.C:
			}
		}
	}
	var ask asked = func(ctx context.Context, ask relay.Ask) (relay.Answer, error) { return bus.Ask(ctx, c, feed, ask) }
	f.ask.Store(&ask)
	var parts sync.WaitGroup
	defer parts.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts.Go(crash.Guarded("asks", func() { f.remote.Run(ctx) }))
	parts.Go(crash.Guarded("hub's watch", func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				f.sink.Look()
			}
		}
	}))
	err = bus.Follow(ctx, c, feed, f.sink)
	if errors.Is(err, relay.ErrNewer) { // which no waiting mends
		f.sink.Lost(relay.Words(err))
		<-ctx.Done()
		return nil
	}
	return err
}

// why says why nothing is followed yet.
func why(err error, connected bool) string {
	if !connected {
		return "hub does not answer"
	}
	return err.Error()
}

// Fence keeps why nothing is published at a hub, for the user.
type Fence struct{ why atomic.Pointer[string] }

// Say takes why, "" for nothing.
func (f *Fence) Say(why string) { f.why.Store(&why) }

// With is a recorder whose trouble is that as well.
func (f *Fence) With(r feed.Recorder) feed.Recorder { return fenced{r, f} }

type fenced struct {
	feed.Recorder
	fence *Fence
}

func (f fenced) Trouble() string {
	trouble := f.Recorder.Trouble()
	if why := f.fence.why.Load(); trouble == "" && why != nil && *why != "" {
		trouble = "hub: " + *why
	}
	return trouble
}
