package massive

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"optflow/feed/link"
	"optflow/feed/source"
	"optflow/model"
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

// SourceOptions set a Source up.
type SourceOptions struct {
	Realtime, Delayed StreamOptions
	Contracts         *model.Registry
	Intern            func(symbol string) (model.ContractID, error) // as in Decoder
	Keep              func(underlying string) bool                  // as in Decoder

	// Dial opens a connection; nil means Dial of this package.
	Dial func(ctx context.Context, at StreamOptions, ch Channel) (Wire, error)
}

// Source is the vendor's stream in our own words.
type Source struct {
	o       SourceOptions
	decoder Decoder
	batch   Batch
}

var _ source.Source = (*Source)(nil)

// NewSource dials nothing yet.
func NewSource(o SourceOptions) *Source {
	if o.Dial == nil {
		o.Dial = func(ctx context.Context, at StreamOptions, ch Channel) (Wire, error) {
			conn, err := Dial(ctx, at, ch)
			if err != nil {
				return nil, err
			}
			return conn, nil
		}
	}
	return &Source{o: o, decoder: Decoder{Contracts: o.Contracts, Intern: o.Intern, Keep: o.Keep, Key: o.Realtime.Key}}
}

// Dial is source.Source's.
func (s *Source) Dial(d link.Dial) func(context.Context) (source.Conn, error) {
	at := s.o.Realtime
	if d.Delayed {
		at = s.o.Delayed
	}
	at.Compress = at.Compress && !d.Plain
	ch := wireName(d.Channel)
	if s.decoder.Assume = ""; at.Dialect == Origin { // what has no name of a channel is on the one in the URL
		s.decoder.Assume = ch
	}
	return func(ctx context.Context) (source.Conn, error) {
		wire, err := s.o.Dial(ctx, at, ch)
		if err != nil {
			return nil, err
		}
		return &conversation{wire, at.Dialect}, nil
	}
}

// Refollow is source.Source's.
func (s *Source) Refollow() { s.decoder.Refollow() }

// Matters is source.Source's.
func (s *Source) Matters(message []byte) bool { return HasStatus(message) }

// Decode is source.Source's.
func (s *Source) Decode(message []byte, conn uint64, into *source.Batch) error {
	b := &s.batch
	b.Reset()
	err := s.decoder.Decode(message, b)
	clear(into.Words)
	*into = source.Batch{
		Bars: b.Bars, Words: into.Words[:0], NewUnderlyings: b.NewUnderlyings, Samples: b.Samples,
		Events: b.Events, Filtered: b.Filtered, Beyond: b.Beyond, Malformed: b.Malformed,
	}
	for i := range b.Statuses {
		if word := s.word(&b.Statuses[i], conn); word != nil {
			into.Words = append(into.Words, word)
		}
	}
	return err
}

// meanings are the vendor's statuses in our own.
var meanings = [...]link.Word{
	StatusConnected: link.Greets, StatusAuthOK: link.TakesKey, StatusAuthFailed: link.RefusesKey, StatusNoWebSocket: link.NoStream,
	StatusAuthTimeout: link.LoginTooLate, StatusNotAuthorized: link.NotAuthorized, StatusMaxConnections: link.TakesSlot,
	StatusDelayedOnly: link.OnlyDelayed, StatusError: link.Errs,
}

// word is a status in our own words, nil: of nothing that we know.
func (s *Source) word(status *Status, conn uint64) link.Event {
	if status.Kind != StatusSubscribed && status.Kind != StatusUnsubscribed {
		return link.Said{Conn: conn, Word: meanings[status.Kind], Text: status.Message, Name: status.Status}
	}
	name, symbol, _ := strings.Cut(status.Pair, ".")
	a := link.Acknowledged{Conn: conn, Channel: ours(Channel(name)), Drop: status.Kind == StatusUnsubscribed, All: symbol == everything}
	known := a.All
	if !known {
		a.ID, known = s.o.Contracts.Find([]byte(symbol))
	}
	if a.Channel == 0 || !known {
		return nil
	}
	return a
}

// End is source.Source's.
func (s *Source) End(err error) link.End {
	var undialled *DialError
	var bye *CloseError
	switch {
	case errors.As(err, &undialled):
		return undialled.end()
	case errors.As(err, &bye):
		return link.End{Kind: link.Goodbye, Code: bye.Code, Text: bye.Reason}
	case errors.Is(err, ErrTooBig):
		return link.End{Kind: link.TooBig}
	case errors.Is(err, ErrCompression):
		return link.End{Kind: link.Garbled}
	}
	return link.End{Kind: link.Cut, Text: err.Error()}
}

func (e *DialError) end() link.End {
	end := link.End{Kind: link.Misplaced, Text: e.Error(), Offer: e.Code == http.StatusSwitchingProtocols}
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

// wireName is the vendor's name of a channel, and ours its reverse; 0: it is
// none of ours.
func wireName(c link.Channel) Channel { return ChannelOf(c.Span()) }

func ours(c Channel) link.Channel {
	if c.Span() == 0 {
		return 0
	}
	return link.BarsOf(c.Span())
}

// conversation is a Wire as the engine speaks to it.
type conversation struct {
	Wire
	dialect Dialect
}

func (c *conversation) Login(ctx context.Context) error { return c.Auth(ctx) }

func (c *conversation) Subscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	return c.Wire.Subscribe(ctx, wireName(ch), symbols)
}

func (c *conversation) Unsubscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	return c.Wire.Unsubscribe(ctx, wireName(ch), symbols)
}

func (c *conversation) Bare() bool { return c.dialect == Origin }

func (c *conversation) Close() { _ = c.Wire.Close(1000, "") } // it is over either way
