package feed

import (
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/massive/wire"
	"optflow/model"
)

// A server that does not understand us goes on without compression, and only if
// that does not help is its stream left alone. An hour later it is offered again.
func TestFault26CompressionGoesFirst(t *testing.T) {
	for name, end := range map[string]error{
		"its words":   closeWith(1007),
		"our reading": massive.ErrCompression,
	} {
		t.Run(name, func(t *testing.T) {
			faults.Open(t, 26)
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				m.server.compresses = true
				r := newRig(t, m, func(o *Options) { streams(o).Realtime.Compress = true })
				for n := range 3 {
					r.live(time.Minute)
					r.server.last().cut(end)
					s := r.await(time.Second, "not live", func(s *model.State) bool { return s.Link != model.Live })
					if went := strings.HasSuffix(s.Reason, ", going on without compression"); went != (n == 2) {
						t.Errorf("reason %d is %q", n, s.Reason)
					}
				}
				r.live(time.Minute)
				if got, want := r.server.offered(), []bool{true, true, true, false}; !slices.Equal(got, want) {
					t.Fatalf("offered %v, want %v", got, want)
				}
				time.Sleep(link.PlainFor)
				r.server.last().cut(closeWith(1000))
				r.await(time.Minute, "dials", func(*model.State) bool { return r.server.dialled() == 5 })
				if got := r.server.offered(); !got[4] {
					t.Error("not offered again")
				}
			})
		})
	}
}

// Without compression there is nothing to leave off.
func TestFault26PlainStreamIsLeftAlone(t *testing.T) {
	faults.Open(t, 26)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		r := newRig(t, m, func(o *Options) { streams(o).Realtime.Compress = true }) // the server declines
		for range 3 {
			r.live(time.Minute)
			r.server.last().cut(closeWith(1007))
			r.await(time.Second, "not live", func(s *model.State) bool { return s.Link != model.Live })
		}
		if s := r.state(); s.Reason != "server and client do not understand each other" {
			t.Errorf("reason %q", s.Reason)
		}
		if slices.Contains(r.server.offered(), false) {
			t.Errorf("offered %v", r.server.offered())
		}
	})
}

// A server that answers the offer with what we cannot do is dialled without it.
func TestCompressionAnsweredWrongly(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.dialErr = &wire.DialError{Kind: wire.DialNotWebSocket, Code: 101, Host: "realtime"}
		r := newRig(t, m, func(o *Options) { streams(o).Realtime.Compress = true })
		r.await(time.Minute, "dials again", func(*model.State) bool { return r.server.dialled() == 2 })
		if got := r.server.offered(); !got[0] || got[1] {
			t.Errorf("offered %v", got)
		}
	})
}
