package sim

import (
	"slices"
	"testing"
	"time"

	"optflow/feed/sim/exchange"
)

// TestStreamedQuotesAreTheHistory: channel Q carries every quote, once, in order.
func TestStreamedQuotesAreTheHistory(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 12, Start: monday, Rate: 400, Tickers: []string{"SPY"}}, ServerOptions{})
		p := f.login()
		p.send(`{"action":"subscribe","params":"Q.` + busy + `"}`)
		p.expect("success subscribed to: Q." + busy)
		var got []exchange.Quote
		for _, e := range p.during(30 * time.Second) {
			got = append(got, exchange.Quote{
				Symbol: e.Sym, Time: e.T, Bid: e.BP, Ask: e.AP, BidSize: e.BS, AskSize: e.AS,
				BidExchange: e.BX, AskExchange: e.AX, Sequence: e.Q,
			})
		}
		if len(got) < 200 {
			t.Fatalf("only %d quotes", len(got))
		}
		want := f.market.Quotes(busy, got[0].Time, got[len(got)-1].Time)[1:]
		for i := range want {
			want[i].SIP = 0 // not on the wire
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d quotes came, %d were", len(got), len(want))
		}
	})
}
