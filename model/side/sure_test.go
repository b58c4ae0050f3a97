package side

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

func TestJudge(t *testing.T) {
	const start = 1_000_000
	// Quotes are given as they changed, in ms from the window's start.
	type q struct {
		at       int64
		bid, ask float64
	}
	tests := []struct {
		name            string
		low, high, vwap float64
		span            model.Span
		quotes          []q
		side            model.Side
		certainty       model.Certainty
		none            bool
	}{
		{"one quote all the time", 2, 2, 2, model.Second, []q{{-250, 1.9, 2}}, model.SideAsk, model.CertaintySure, false},
		{"it changed too late to be alone", 2, 2, 2, model.Second, []q{{-249, 1.9, 2}}, 0, 0, true},
		{"the one before agrees", 2, 2, 2, model.Second, []q{{-249, 1.9, 2}, {-5000, 1.8, 2}}, model.SideAsk, model.CertaintySure, false},
		{"the one before does not", 2, 2, 2, model.Second, []q{{-249, 1.9, 2}, {-5000, 1.9, 2.1}}, model.SideAsk, model.CertaintyLoose, false},
		{"what was before that does not count", 2, 2, 2, model.Second, []q{{-250, 1.9, 2}, {-251, 1.9, 2.1}}, model.SideAsk, model.CertaintySure, false},
		{"the quote moved away during the window", 2, 2, 2, model.Second, []q{{500, 2, 2.1}, {-900, 1.9, 2}}, model.SideAsk, model.CertaintyLoose, false},
		{"it moved after the window", 2, 2, 2, model.Second, []q{{1000, 2, 2.1}, {-900, 1.9, 2}}, model.SideAsk, model.CertaintySure, false},
		{"only sizes changed", 2, 2, 2, model.Second, []q{{900, 1.9, 2}, {500, 1.9, 2}, {-900, 1.9, 2}}, model.SideAsk, model.CertaintySure, false},
		{"beyond every one", 2, 2, 2, model.Second, []q{{500, 1.9, 1.95}, {-900, 1.8, 1.9}}, model.SideAboveAsk, model.CertaintySure, false},
		{"beyond one of them", 2, 2, 2, model.Second, []q{{500, 1.8, 1.9}, {-900, 1.9, 2}}, model.SideAsk, model.CertaintySure, false},
		{"near one, at another", 2, 2, 2, model.Second, []q{{500, 1.5, 2.01}, {-900, 1.5, 2}}, model.SideNearAsk, model.CertaintySure, false},
		{"beyond, at and near", 1, 1, 1, model.Second, []q{{500, 1.1, 2}, {200, 0.99, 2}, {-900, 1, 2}}, model.SideNearBid, model.CertaintySure, false},
		{"both sides of it", 2, 2, 2, model.Second, []q{{500, 2, 2.1}, {200, 1.9, 2}, {-900, 1.9, 2.1}}, model.SideMid, model.CertaintyLoose, false},
		{"between always", 2, 2, 2, model.Second, []q{{500, 1.9, 2.1}, {-900, 1.8, 2.2}}, model.SideMid, model.CertaintySure, false},
		{"a minute has no near", 2, 2, 2, model.Minute, []q{{50_000, 1.5, 2.01}, {-900, 1.5, 2}}, model.SideAsk, model.CertaintyLoose, false},
		{"crossed for a moment", 2, 2, 2, model.Second, []q{{500, 1.9, 2}, {499, 2.1, 2}, {-900, 1.9, 2}}, model.SideAsk, model.CertaintyLoose, false},
		{"crossed all the time", 2, 2, 2, model.Second, []q{{-900, 2.1, 2}}, model.SideUnknown, model.CertaintyNone, false},
		{"crossed at the end", 2, 2, 2, model.Second, []q{{500, 2.1, 2}, {-900, 1.9, 2}}, model.SideAsk, model.CertaintyLoose, false},
		{"not sure is never beyond", 2, 2, 2, model.Second, []q{{500, 2, 2.1}, {-900, 1.8, 1.9}}, model.SideAsk, model.CertaintyLoose, false},
		{"they disagree and do not reach back", 2, 2, 2, model.Second, []q{{600, 1.9, 2.1}, {500, 1.9, 2}}, model.SideAsk, model.CertaintyLoose, false},
		{"they agree and do not reach back", 2, 2, 2, model.Second, []q{{600, 1.9, 2}, {500, 1.8, 2}}, 0, 0, true},
		{"no quote", 2, 2, 2, model.Second, nil, 0, 0, true},
		{"no price", math.NaN(), math.NaN(), math.NaN(), model.Second, []q{{-900, 1.9, 2}}, model.SideUnknown, model.CertaintyNone, false},
	}
	for _, test := range tests {
		var quotes []model.Quote
		for _, q := range test.quotes {
			quotes = append(quotes, model.Quote{Bid: q.bid, Ask: q.ask, Updated: start + q.at})
		}
		v, ok := Judge(Trades{test.low, test.high, test.vwap, start, test.span}, quotes)
		if ok == test.none || v.Side != test.side || v.Certainty != test.certainty {
			t.Errorf("%s: %q %q %v, want %q %q", test.name, v.Side, v.Certainty, ok, test.side, test.certainty)
		}
	}
}

// drawRandom draws a source of evenly spread numbers.
func drawRandom(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
}

// drawQuotes draws how a quote moved before, in and after a window, the newest
// first: a few cents, or the sizes only.
func drawQuotes(r *rand.Rand, start int64) []model.Quote {
	bid, width := 195+r.IntN(11), 1+r.IntN(8)
	times := []int64{-70_000}
	for range r.IntN(8) {
		if at := r.Int64N(2000) - 500; r.IntN(3) > 0 {
			times = append(times, at)
		} else {
			times = append(times, at*40)
		}
	}
	slices.Sort(times)
	var quotes []model.Quote
	for _, at := range slices.Compact(times) {
		quotes = append(quotes, model.Quote{Bid: float64(bid) / 100, Ask: float64(bid+width) / 100, Updated: start + at})
		if r.IntN(2) == 0 {
			bid += r.IntN(7) - 3
			width = max(width+r.IntN(5)-2, 0)
		}
	}
	slices.Reverse(quotes)
	return quotes
}

func drawTrades(r *rand.Rand, start int64) Trades {
	low := 193 + r.IntN(18)
	high := low + max(0, r.IntN(9)-4)
	vwap := low + r.IntN(high-low+1)
	span := []model.Span{model.Second, model.Second, model.Second, model.Minute}[r.IntN(4)]
	return Trades{Low: float64(low) / 100, High: float64(high) / 100, Vwap: float64(vwap) / 100, Start: start, Span: span}
}

// inForce are the quotes that trades may have met.
func inForce(w Trades, quotes []model.Quote) (list []model.Quote) {
	for _, q := range quotes {
		if q.Updated < w.End() {
			list = append(list, q)
			if q.Updated <= w.Start-SureBefore {
				break
			}
		}
	}
	return list
}

// A sure side holds against each quote in force by itself, claims no more than
// the least of them, and is sure whichever of them are left out.
func TestSureHoldsAgainstEveryQuote(t *testing.T) {
	const start = 1_000_000_000
	sure := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawRandom(t)
		w, quotes := drawTrades(r, start), drawQuotes(r, start)
		v, ok := Judge(w, quotes)
		if v.Certainty < model.CertaintySure && (v.Side == model.SideAboveAsk || v.Side == model.SideBelowBid) {
			t.Fatalf("%q is claimed of a quote that may have moved", v.Side)
		}
		if !ok || v.Certainty != model.CertaintySure {
			return
		}
		sure++
		least := uint8(9)
		force := inForce(w, quotes)
		for _, q := range force {
			side := w.against(q)
			if familyOf[side] != familyOf[v.Side] {
				t.Fatalf("%q is sure, and %+v says %q", v.Side, q, side)
			}
			least = min(least, claims[side])
		}
		if claims[v.Side] != least || w.against(v.Quote) != v.Side {
			t.Fatalf("%q rests on %+v", v.Side, v.Quote)
		}
		fewer := []model.Quote{force[len(force)-1]}
		if r.IntN(2) == 0 {
			fewer = append([]model.Quote{force[0]}, fewer...)
		}
		if u, ok := Judge(w, fewer); !ok || u.Certainty != model.CertaintySure || familyOf[u.Side] != familyOf[v.Side] || claims[u.Side] < claims[v.Side] {
			t.Fatalf("%q by all, %+v by some of them", v.Side, u)
		}
	})
	if sure < 10 {
		t.Errorf("only %d were sure", sure)
	}
}

// Where low and high lie apart a letter may not hold for most of the size.
func TestDoubtInTheWindowsPrices(t *testing.T) {
	quotes := []model.Quote{{Bid: 1.00, Ask: 1.20, Updated: -900}} // outer quarters: to 1.05, from 1.15
	for _, test := range []struct {
		name            string
		low, high, vwap float64
		side            model.Side
		certainty       model.Certainty
	}{
		{"all in the middle", 1.06, 1.14, 1.10, model.SideMid, model.CertaintySure},
		{"some at the ask, most cannot be", 1.10, 1.20, 1.11, model.SideMid, model.CertaintySure},
		{"most may be near the ask", 1.05, 1.20, 1.14, model.SideMid, model.CertaintyFair},
		{"either side may hold most", 1.00, 1.20, 1.10, model.SideMid, model.CertaintySure},
		{"the bid may", 1.00, 1.20, 1.08, model.SideMid, model.CertaintyFair},
		{"the ask may", 1.00, 1.20, 1.12, model.SideMid, model.CertaintyFair},
		{"all near the ask", 1.15, 1.18, 1.16, model.SideNearAsk, model.CertaintySure},
		{"its mean near the ask", 1.10, 1.20, 1.16, model.SideNearAsk, model.CertaintySure},
		{"most of it cannot be lower", 1.10, 1.20, 1.19, model.SideNearAsk, model.CertaintySure},
		{"its mean near the bid", 1.00, 1.10, 1.04, model.SideNearBid, model.CertaintySure},
		{"at the ask and through it", 1.20, 1.30, 1.21, model.SideAsk, model.CertaintySure},
		{"all beyond", 1.21, 1.30, 1.22, model.SideAboveAsk, model.CertaintySure},
	} {
		v, _ := Judge(Trades{test.low, test.high, test.vwap, 0, model.Second}, quotes)
		if v.Side != test.side || v.Certainty != test.certainty {
			t.Errorf("%s: %q %q, want %q %q", test.name, v.Side, v.Certainty, test.side, test.certainty)
		}
	}
}

// Whatever the trades were that make a window: all of it is where a sure A or B
// says, the mean of it where a or b does, with nothing at the other edge, and M is
// sure where neither side has 70 %.
func TestSureHoldsForMostOfTheSize(t *testing.T) {
	sure := map[model.Side]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := drawRandom(t)
		bid, width := 100+r.IntN(5), 1+r.IntN(24)
		q := model.Quote{Bid: float64(bid) / 100, Ask: float64(bid+width) / 100, Updated: -900}
		w := Trades{Low: math.Inf(1), Span: model.Second}
		sizes := map[Family]float64{}
		total := 0.0
		middle := bid - 2 + r.IntN(width+4)
		for range 1 + r.IntN(4) {
			cents := middle + r.IntN(7) - 3
			if r.IntN(3) == 0 {
				cents = bid + r.IntN(2)*width
			}
			price, size := float64(cents)/100, float64(1+r.IntN(40))
			w.Low, w.High = min(w.Low, price), max(w.High, price)
			w.Vwap += price * size
			total += size
			one := Trades{Low: price, High: price, Vwap: price, Span: model.Second}
			sizes[familyOf[one.against(q)]] += size
		}
		w.Vwap = math.Round(w.Vwap/total*1e4) / 1e4 // as the vendor rounds it
		v, _ := Judge(w, []model.Quote{q})
		if v.Certainty != model.CertaintySure {
			return
		}
		sure[v.Side]++
		const slack = 0.02 // of the rounded vwap in a range of a few cents
		of := familyOf[v.Side]
		switch {
		case of == FamilyMid && (sizes[FamilyAsk] > (most+slack)*total || sizes[FamilyBid] > (most+slack)*total),
			v.Side == model.SideNearAsk && (w.Vwap < q.Ask-(q.Ask-q.Bid)/4-slack/100 || w.Low <= q.Bid+1e-6),
			v.Side == model.SideNearBid && (w.Vwap > q.Bid+(q.Ask-q.Bid)/4+slack/100 || w.High >= q.Ask-1e-6),
			claims[v.Side] > 1 && sizes[of] < total:
			t.Fatalf("%q is sure of %+v in %+v, with sizes %v", v.Side, w, q, sizes)
		}
	})
	if len(sure) < 5 {
		t.Errorf("sure of %v", sure)
	}
}
