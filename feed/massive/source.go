package massive

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
	"optflow/feed/source"
)

// Wire is one WebSocket connection, as Conn is.
type Wire interface {
	Read(ctx context.Context, buf []byte) ([]byte, error)
	Auth(ctx context.Context) error
	Subscribe(ctx context.Context, ch Channel, symbols []string) error
	Unsubscribe(ctx context.Context, ch Channel, symbols []string) error
	Ping(ctx context.Context) error
	Compressed() bool
	Heard() time.Time
	Partial() (since time.Time, coming bool)
	Close(code int, reason string) error
	CloseNow()
}

// Streams are the vendor's hosts.
type Streams struct {
	Realtime StreamOptions
	Delayed  StreamOptions // without a URL there is none

	// Connect opens a connection; nil means Dial.
	Connect func(ctx context.Context, at StreamOptions, ch Channel) (Wire, error)
}

// Hosts is source.Stream's.
func (s *Streams) Hosts() (key, delayed bool) {
	return s.Realtime.Key != nil && s.Realtime.Key.Reveal() != "", s.Delayed.URL != ""
}

// Open is source.Stream's.
func (s *Streams) Open(m source.Market) source.Source {
	connect := s.Connect
	if connect == nil {
		connect = func(ctx context.Context, at StreamOptions, ch Channel) (Wire, error) {
			conn, err := Dial(ctx, at, ch)
			if err != nil {
				return nil, err
			}
			return conn, nil
		}
	}
	decoder := Decoder{Contracts: m.Contracts, Intern: m.Intern, Keep: m.Keep, Key: s.Realtime.Key}
	return &stream{realtime: s.Realtime, delayed: s.Delayed, connect: connect, decoder: decoder}
}

// stream is the vendor's stream in our own words.
type stream struct {
	realtime, delayed StreamOptions
	connect           func(ctx context.Context, at StreamOptions, ch Channel) (Wire, error)
	decoder           Decoder
	batch             Batch
}

// Dial is source.Source's.
func (s *stream) Dial(d link.Dial) func(context.Context) (source.Conn, error) {
	at := s.realtime
	if d.Delayed {
		at = s.delayed
	}
	at.Compress = at.Compress && !d.Plain
	ch := NameOf(d.Channel)
	if s.decoder.Assume = 0; at.Dialect == Origin { // what has no name of a channel is on the one in the URL
		s.decoder.Assume = d.Channel
	}
	return func(ctx context.Context) (source.Conn, error) {
		wire, err := s.connect(ctx, at, ch)
		if err != nil {
			return nil, err
		}
		return &conversation{wire, at.Dialect}, nil
	}
}

// Refollow is source.Source's.
func (s *stream) Refollow() { s.decoder.Refollow() }

// Matters is source.Source's.
func (s *stream) Matters(message []byte) bool { return HasStatus(message) }

// Decode is source.Source's.
func (s *stream) Decode(message []byte, conn uint64, into *source.Batch) error {
	b := &s.batch
	b.Reset()
	err := s.decoder.Decode(message, b)
	clear(into.Words)
	words := into.Words[:0]
	*into = b.Batch
	into.Words = words
	for i := range b.Statuses {
		if word := s.word(&b.Statuses[i], conn); word != nil {
			into.Words = append(into.Words, word)
		}
	}
	return err
}

// word is a status in our own words, nil: of nothing that we know.
func (s *stream) word(status *Status, conn uint64) link.Event {
	if status.Word != subscribed && status.Word != unsubscribed {
		return link.Said{Conn: conn, Word: status.Word, Text: status.Message, Name: status.Status}
	}
	name, symbol, _ := strings.Cut(status.Pair, ".")
	a := link.Acknowledged{Conn: conn, Channel: channelNamed(name), Drop: status.Word == unsubscribed, All: symbol == everything}
	known := a.All
	if !known {
		a.ID, known = s.decoder.Contracts.Find([]byte(symbol))
	}
	if a.Channel == 0 || !known {
		return nil
	}
	return a
}

// End is source.Source's.
func (s *stream) End(err error) link.End {
	var undialled *wire.DialError
	var bye *CloseError
	switch {
	case errors.As(err, &undialled):
		return undialledEnd(undialled)
	case errors.As(err, &bye):
		return link.End{Kind: link.Goodbye, Code: bye.Code, Text: bye.Reason}
	case errors.Is(err, ErrTooBig):
		return link.End{Kind: link.TooBig}
	case errors.Is(err, ErrCompression):
		return link.End{Kind: link.Garbled}
	}
	return link.End{Kind: link.Cut, Text: err.Error()}
}

func undialledEnd(e *wire.DialError) link.End {
	end := link.End{Kind: link.Misplaced, Text: e.Error(), Remedy: wire.Remedy(e), Offer: e.Code == http.StatusSwitchingProtocols}
	switch {
	case e.Refused():
		end.Kind = link.KeyRefused
	case e.Entitlement():
		end.Kind = link.PlanLacks
	case e.Temporary():
		end.Kind, end.Least = link.Unreached, e.RetryAfter
	}
	return end
}

// channelNames are the vendor's names of the channels.
var channelNames = [...]Channel{link.SecondBars: ChannelA, link.MinuteBars: ChannelAM}

// NameOf is what the vendor calls a channel.
func NameOf(ch link.Channel) Channel { return channelNames[ch] }

// channelNamed is the channel that the vendor calls so, 0: it is none of ours.
func channelNamed(name string) link.Channel {
	return link.Channel(max(slices.Index(channelNames[:], Channel(name)), 0))
}

// conversation is a Wire as the engine speaks to it.
type conversation struct {
	Wire
	dialect Dialect
}

func (c *conversation) Login(ctx context.Context) error { return c.Auth(ctx) }

func (c *conversation) Subscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	return c.Wire.Subscribe(ctx, NameOf(ch), symbols)
}

func (c *conversation) Unsubscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	return c.Wire.Unsubscribe(ctx, NameOf(ch), symbols)
}

func (c *conversation) Bare() bool { return c.dialect == Origin }

func (c *conversation) Close() { _ = c.Wire.Close(1000, "") } // it is over either way
