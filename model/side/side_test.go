package side

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

func TestSideOf(t *testing.T) {
	nan := math.NaN()
	quote := model.Quote{Bid: 1.00, Ask: 1.20}
	tests := []struct {
		name            string
		low, high, vwap float64
		quote           model.Quote
		span            model.Span
		want            model.Side
	}{
		{"at the ask", 1.20, 1.20, 1.20, quote, model.Second, model.SideAsk},
		{"at the ask and above", 1.20, 1.25, 1.21, quote, model.Second, model.SideAsk},
		{"all above the ask", 1.21, 1.25, 1.23, quote, model.Second, model.SideAboveAsk},
		{"at the bid", 1.00, 1.00, 1.00, quote, model.Second, model.SideBid},
		{"at the bid and below", 0.98, 1.00, 0.99, quote, model.Second, model.SideBid},
		{"all below the bid", 0.97, 0.99, 0.98, quote, model.Second, model.SideBelowBid},
		{"middle", 1.10, 1.10, 1.10, quote, model.Second, model.SideMid},
		{"upper quarter", 1.15, 1.15, 1.15, quote, model.Second, model.SideNearAsk},
		{"just under the quarter", 1.14, 1.14, 1.14, quote, model.Second, model.SideMid},
		{"lower quarter", 1.05, 1.05, 1.05, quote, model.Second, model.SideNearBid},
		{"upper quarter but the bid was hit", 1.00, 1.20, 1.18, quote, model.Second, model.SideMid},
		{"lower quarter but the ask was lifted", 1.00, 1.20, 1.02, quote, model.Second, model.SideMid},
		{"minute bars have no outer quarter", 1.15, 1.15, 1.15, quote, model.Minute, model.SideMid},
		{"minute bar at the ask", 1.20, 1.22, 1.21, quote, model.Minute, model.SideAsk},
		{"float32 rounding is not a difference", float64(float32(1.2)) - 1e-7, 1.2, 1.2, quote, model.Second, model.SideAsk},
		{"zero bid, at the ask", 0.05, 0.05, 0.05, model.Quote{Ask: 0.05}, model.Second, model.SideAsk},
		{"zero bid, near it", 0.01, 0.01, 0.01, model.Quote{Ask: 0.05}, model.Second, model.SideNearBid},
		{"locked, at the price", 1, 1, 1, model.Quote{Bid: 1, Ask: 1}, model.Second, model.SideMid},
		{"locked, through it", 0.9, 1.1, 1, model.Quote{Bid: 1, Ask: 1}, model.Second, model.SideMid},
		{"locked, from it up", 1, 1.1, 1.05, model.Quote{Bid: 1, Ask: 1}, model.Second, model.SideAsk},
		{"locked, above", 1.1, 1.1, 1.1, model.Quote{Bid: 1, Ask: 1}, model.Second, model.SideAboveAsk},
		{"crossed", 1.1, 1.1, 1.1, model.Quote{Bid: 1.2, Ask: 1}, model.Second, model.SideUnknown},
		{"no quote", 1.1, 1.1, 1.1, model.Quote{}, model.Second, model.SideUnknown},
		{"bid only", 1.1, 1.1, 1.1, model.Quote{Bid: 1}, model.Second, model.SideUnknown},
		{"negative bid", 1.1, 1.1, 1.1, model.Quote{Bid: -1, Ask: 1}, model.Second, model.SideUnknown},
		{"quote is no number", 1.1, 1.1, 1.1, model.Quote{Bid: nan, Ask: nan}, model.Second, model.SideUnknown},
		{"range is no number", nan, nan, 1.1, quote, model.Second, model.SideUnknown},
		{"vwap is no number", 1.1, 1.1, nan, quote, model.Second, model.SideUnknown},
		{"range upside down", 1.2, 1.1, 1.15, quote, model.Second, model.SideUnknown},
		{"infinite", 1.1, math.Inf(1), 1.1, quote, model.Second, model.SideUnknown},
		{"no price", 0, 0, 0, quote, model.Second, model.SideUnknown},
	}
	for _, test := range tests {
		trades := Trades{Low: test.low, High: test.high, Vwap: test.vwap, Span: test.span}
		if got := trades.against(test.quote); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

var mirrored = map[model.Side]model.Side{
	model.SideUnknown: model.SideUnknown, model.SideMid: model.SideMid, model.SideAsk: model.SideBid, model.SideBid: model.SideAsk,
	model.SideAboveAsk: model.SideBelowBid, model.SideBelowBid: model.SideAboveAsk, model.SideNearAsk: model.SideNearBid, model.SideNearBid: model.SideNearAsk,
}

// Turning every price upside down around 100 dollars turns the side around.
func TestSideMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.IntRange(9_900, 10_100)
		price := func(c int) float64 { return float64(c) / 100 }
		low := cents.Draw(t, "low")
		high := rapid.IntRange(low, 10_100).Draw(t, "high")
		vwap := rapid.IntRange(low, high).Draw(t, "vwap")
		bid := cents.Draw(t, "bid")
		ask := cents.Draw(t, "ask")
		span := rapid.SampledFrom([]model.Span{model.Second, model.Minute}).Draw(t, "span")
		flip := func(c int) float64 { return price(20_000 - c) }
		trades := Trades{Low: price(low), High: price(high), Vwap: price(vwap), Span: span}
		side := trades.against(model.Quote{Bid: price(bid), Ask: price(ask)})
		trades = Trades{Low: flip(high), High: flip(low), Vwap: flip(vwap), Span: span}
		other := trades.against(model.Quote{Bid: flip(ask), Ask: flip(bid)})
		if mirrored[side] != other {
			t.Fatalf("%q mirrored is %q", side, other)
		}
		if side.AskSide() != other.BidSide() || side.Bullish(model.Call) != other.Bearish(model.Call) ||
			side.Bullish(model.Call) != side.Bearish(model.Put) || side.AskSide() && side.BidSide() {
			t.Fatalf("%q and %q are no mirrors", side, other)
		}
		if span == model.Minute && (side == model.SideNearAsk || side == model.SideNearBid) {
			t.Fatalf("%q on a minute bar", side)
		}
		if (side == model.SideUnknown) != (bid > ask) {
			t.Fatalf("bid %d ask %d gave %q", bid, ask, side)
		}
	})
}

func TestSideNames(t *testing.T) {
	for side, want := range []string{"", "M", "A", "B", "AA", "BB", "a", "b", ""} {
		if got := model.Side(side).String(); got != want {
			t.Errorf("side %d prints %q, want %q", side, got, want)
		}
	}
	for certainty, want := range []string{"", "~", "?", ""} {
		if got := model.Certainty(certainty).String(); got != want {
			t.Errorf("certainty %d prints %q, want %q", certainty, got, want)
		}
	}
}
