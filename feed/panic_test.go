package feed

import (
	"context"
	"strings"
	"testing"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/model/tape"
)

// bomb is a wire that goes off in one of its methods.
type bomb struct {
	*torrent
	in string
}

func (b bomb) tick(at string) {
	if b.in == at {
		panic("gone off in " + at)
	}
}

func (b bomb) Read(ctx context.Context, buf []byte) ([]byte, error) {
	b.tick("read")
	return b.torrent.Read(ctx, buf)
}

func (b bomb) Login(ctx context.Context) error {
	b.tick("login")
	if b.in == "close" {
		b.said <- `[{"ev":"status","status":"auth_failed","message":"no"}]`
		return nil
	}
	return b.torrent.Login(ctx)
}

func (b bomb) Subscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	b.tick("subscribe")
	return b.torrent.Subscribe(ctx, ch, symbols)
}

func (b bomb) CloseNow() { b.tick("close"); b.torrent.CloseNow() }

// A panic of anything that the engine starts ends Run with an error, so that
// main can give the terminal back.
func TestPanicEndsTheRun(t *testing.T) {
	for _, in := range []string{"dial", "read", "login", "subscribe", "close"} {
		t.Run(in, func(t *testing.T) {
			e := New(Options{
				Tape: tape.New(tape.Options{}), REST: newMarket(), Tickers: []string{"SPY"}, AutoRefresh: true,
				Stream: &massive.Streams{Connect: func(context.Context, Endpoint, link.Channel) (Wire, error) {
					b := bomb{newTorrent(nil), in}
					b.tick("dial")
					return b, nil
				}},
			})
			if err := e.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "gone off in "+in) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}
