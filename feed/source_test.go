package feed

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"optflow/feed/link"
	"optflow/feed/source"
	"optflow/model"
)

// telegraph is a source that speaks a wire of its own, in lines of words.
type telegraph struct {
	market source.Market
	lines  chan string
}

func (g *telegraph) Hosts() (key, delayed bool) { return true, false }

func (g *telegraph) Open(m source.Market) source.Source {
	g.market, g.lines = m, make(chan string, 64)
	return g
}

func (g *telegraph) Dial(link.Dial) func(context.Context) (source.Conn, error) {
	return func(context.Context) (source.Conn, error) {
		g.lines <- "hello"
		return key{g}, nil
	}
}

func (g *telegraph) Matters(message []byte) bool { return !strings.HasPrefix(string(message), "bar ") }
func (g *telegraph) Refollow()                   {}
func (g *telegraph) End(err error) link.End      { return link.End{Kind: link.Cut, Text: err.Error()} }

func (g *telegraph) Decode(message []byte, conn uint64, into *source.Batch) error {
	*into = source.Batch{Bars: into.Bars[:0], Words: into.Words[:0], Events: 1}
	words := strings.Fields(string(message))
	switch words[0] {
	case "hello":
		into.Words = append(into.Words, link.Said{Conn: conn, Word: link.Greets})
	case "in":
		into.Words = append(into.Words, link.Said{Conn: conn, Word: link.TakesKey})
	case "all":
		into.Words = append(into.Words, link.Acknowledged{Conn: conn, Channel: link.SecondBars, All: true})
	case "bar":
		id, err := g.market.Intern(words[1])
		start, wrong := strconv.ParseInt(words[2], 10, 64)
		if err != nil || wrong != nil {
			return errors.Join(err, wrong)
		}
		into.Bars = append(into.Bars, model.Bar{Contract: id, Start: start, Span: model.Second, Volume: 7, DayVolume: 7, Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1, DayVwap: 1})
	}
	return nil
}

// key is what the operator at our end sends with.
type key struct{ *telegraph }

func (k key) Read(ctx context.Context, buf []byte) ([]byte, error) {
	select {
	case line := <-k.lines:
		return append(buf[:0], line...), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (k key) Login(context.Context) error { k.lines <- "in"; return nil }

func (k key) Subscribe(context.Context, link.Channel, []string) error { k.lines <- "all"; return nil }

func (k key) Unsubscribe(context.Context, link.Channel, []string) error { return nil }
func (k key) Ping(context.Context) error                                { return nil }
func (k key) Bare() bool                                                { return false }
func (k key) Compressed() bool                                          { return false }
func (k key) Heard() time.Time                                          { return time.Now() }
func (k key) Partial() (time.Time, bool)                                { return time.Time{}, false }
func (k key) Close()                                                    {}
func (k key) CloseNow()                                                 {}

// The engine reads from whatever says what it has to say in our types.
func TestASourceOfAnotherKind(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		symbol := chainSymbols("SPY", 1)[0]
		g := &telegraph{}
		r := newRig(t, newMarket(symbol), func(o *Options) { o.Stream = g })
		r.live(time.Second)
		start := time.Now().Truncate(time.Second).Add(-time.Second).UnixMilli()
		g.lines <- "bar " + symbol + " " + strconv.FormatInt(start, 10)
		r.await(time.Second, "booked", func(*model.State) bool {
			row := r.sideOf(symbol, start)
			return row.Kind == model.KindBar && row.Size == 7
		})
	})
}
