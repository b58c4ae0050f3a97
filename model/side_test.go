package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestSideOf(t *testing.T) {
	nan := math.NaN()
	quote := Quote{Bid: 1.00, Ask: 1.20}
	tests := []struct {
		name            string
		low, high, vwap float64
		quote           Quote
		span            Span
		want            Side
	}{
		{"at the ask", 1.20, 1.20, 1.20, quote, Second, SideAsk},
		{"at the ask and above", 1.20, 1.25, 1.21, quote, Second, SideAsk},
		{"all above the ask", 1.21, 1.25, 1.23, quote, Second, SideAboveAsk},
		{"at the bid", 1.00, 1.00, 1.00, quote, Second, SideBid},
		{"at the bid and below", 0.98, 1.00, 0.99, quote, Second, SideBid},
		{"all below the bid", 0.97, 0.99, 0.98, quote, Second, SideBelowBid},
		{"middle", 1.10, 1.10, 1.10, quote, Second, SideMid},
		{"upper quarter", 1.15, 1.15, 1.15, quote, Second, SideNearAsk},
		{"just under the quarter", 1.14, 1.14, 1.14, quote, Second, SideMid},
		{"lower quarter", 1.05, 1.05, 1.05, quote, Second, SideNearBid},
		{"upper quarter but the bid was hit", 1.00, 1.20, 1.18, quote, Second, SideMid},
		{"lower quarter but the ask was lifted", 1.00, 1.20, 1.02, quote, Second, SideMid},
		{"minute bars have no outer quarter", 1.15, 1.15, 1.15, quote, Minute, SideMid},
		{"minute bar at the ask", 1.20, 1.22, 1.21, quote, Minute, SideAsk},
		{"float32 rounding is not a difference", float64(float32(1.2)) - 1e-7, 1.2, 1.2, quote, Second, SideAsk},
		{"zero bid, at the ask", 0.05, 0.05, 0.05, Quote{Ask: 0.05}, Second, SideAsk},
		{"zero bid, near it", 0.01, 0.01, 0.01, Quote{Ask: 0.05}, Second, SideNearBid},
		{"locked, at the price", 1, 1, 1, Quote{Bid: 1, Ask: 1}, Second, SideMid},
		{"locked, through it", 0.9, 1.1, 1, Quote{Bid: 1, Ask: 1}, Second, SideMid},
		{"locked, from it up", 1, 1.1, 1.05, Quote{Bid: 1, Ask: 1}, Second, SideAsk},
		{"locked, above", 1.1, 1.1, 1.1, Quote{Bid: 1, Ask: 1}, Second, SideAboveAsk},
		{"crossed", 1.1, 1.1, 1.1, Quote{Bid: 1.2, Ask: 1}, Second, SideUnknown},
		{"no quote", 1.1, 1.1, 1.1, Quote{}, Second, SideUnknown},
		{"bid only", 1.1, 1.1, 1.1, Quote{Bid: 1}, Second, SideUnknown},
		{"negative bid", 1.1, 1.1, 1.1, Quote{Bid: -1, Ask: 1}, Second, SideUnknown},
		{"quote is no number", 1.1, 1.1, 1.1, Quote{Bid: nan, Ask: nan}, Second, SideUnknown},
		{"range is no number", nan, nan, 1.1, quote, Second, SideUnknown},
		{"vwap is no number", 1.1, 1.1, nan, quote, Second, SideUnknown},
		{"range upside down", 1.2, 1.1, 1.15, quote, Second, SideUnknown},
		{"infinite", 1.1, math.Inf(1), 1.1, quote, Second, SideUnknown},
		{"no price", 0, 0, 0, quote, Second, SideUnknown},
	}
	for _, test := range tests {
		if got := SideOf(test.low, test.high, test.vwap, test.quote, test.span); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

var mirrored = map[Side]Side{
	SideUnknown: SideUnknown, SideMid: SideMid, SideAsk: SideBid, SideBid: SideAsk,
	SideAboveAsk: SideBelowBid, SideBelowBid: SideAboveAsk, SideNearAsk: SideNearBid, SideNearBid: SideNearAsk,
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
		span := rapid.SampledFrom([]Span{Second, Minute}).Draw(t, "span")
		flip := func(c int) float64 { return price(20_000 - c) }
		side := SideOf(price(low), price(high), price(vwap), Quote{Bid: price(bid), Ask: price(ask)}, span)
		other := SideOf(flip(high), flip(low), flip(vwap), Quote{Bid: flip(ask), Ask: flip(bid)}, span)
		if mirrored[side] != other {
			t.Fatalf("%q mirrored is %q", side, other)
		}
		if side.AskSide() != other.BidSide() || side.Bullish(Call) != other.Bearish(Call) ||
			side.Bullish(Call) != side.Bearish(Put) || side.AskSide() && side.BidSide() {
			t.Fatalf("%q and %q are no mirrors", side, other)
		}
		if span == Minute && (side == SideNearAsk || side == SideNearBid) {
			t.Fatalf("%q on a minute bar", side)
		}
		if (side == SideUnknown) != (bid > ask) {
			t.Fatalf("bid %d ask %d gave %q", bid, ask, side)
		}
	})
}

func TestSideNames(t *testing.T) {
	for side, want := range []string{"", "M", "A", "B", "AA", "BB", "a", "b", ""} {
		if got := Side(side).String(); got != want {
			t.Errorf("side %d prints %q, want %q", side, got, want)
		}
	}
	for certainty, want := range []string{"", "~", "?", ""} {
		if got := Certainty(certainty).String(); got != want {
			t.Errorf("certainty %d prints %q, want %q", certainty, got, want)
		}
	}
}
