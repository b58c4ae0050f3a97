package massive

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
	"optflow/feed/source"
)

// Streams are the vendor's hosts.
type Streams struct {
	Realtime StreamOptions
	Delayed  StreamOptions // without a URL there is none

	// Connect opens a connection; nil means Dial.
	Connect func(ctx context.Context, at StreamOptions, ch link.Channel) (source.Conn, error)
}

// Hosts is source.Stream's.
func (s *Streams) Hosts() (key, delayed bool) {
	return s.Realtime.Key != nil && s.Realtime.Key.Reveal() != "", s.Delayed.URL != ""
}

// Open is source.Stream's.
func (s *Streams) Open(m source.Market) source.Source {
	return &stream{hosts: *s, decoder: Decoder{Contracts: m.Contracts, Intern: m.Intern, Keep: m.Keep, Key: s.Realtime.Key}}
}

// stream is the vendor's stream in our own words.
type stream struct {
	hosts   Streams
	decoder Decoder
	batch   Batch
}

// Dial is source.Source's.
func (s *stream) Dial(d link.Dial) func(context.Context) (source.Conn, error) {
	at := s.hosts.Realtime
	if d.Delayed {
		at = s.hosts.Delayed
	}
	at.Compress = at.Compress && !d.Plain
	if s.decoder.Assume = 0; at.Dialect == Origin { // what has no name of a channel is on the one in the URL
		s.decoder.Assume = d.Channel
	}
	return func(ctx context.Context) (source.Conn, error) {
		if s.hosts.Connect != nil {
			return s.hosts.Connect(ctx, at, d.Channel)
		}
		conn, err := Dial(ctx, at, d.Channel)
		if err != nil {
			return nil, err
		}
		return conn, nil
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
	a := link.Acknowledged{Conn: conn, Channel: channelOf([]byte(name)), Drop: status.Word == unsubscribed, All: symbol == everything}
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
var channelNames = [...]string{link.SecondBars: "A", link.MinuteBars: "AM"}

// NameOf is what the vendor calls a channel.
func NameOf(ch link.Channel) string { return channelNames[ch] }

// channelOf is the channel that the vendor calls so, 0: it is none of ours.
func channelOf(name []byte) link.Channel {
	switch string(name) {
	case "A":
		return link.SecondBars
	case "AM":
		return link.MinuteBars
	}
	return 0
}
