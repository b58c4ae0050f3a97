package sim

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// TestEncodedBarsReadBack writes any bar and reads it with encoding/json.
func TestEncodedBarsReadBack(t *testing.T) {
	m := exchange.NewMarket(exchange.Options{Seed: 1, Start: monday, Rate: 1, Tickers: []string{"SPX"}})
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int32Range(1, 900_000)
		sizes := rapid.Int64Range(1, 5_000_000)
		e := exchange.Event{
			Kind:     rapid.SampledFrom([]exchange.Channel{exchange.ChannelA, exchange.ChannelAM}).Draw(t, "kind"),
			Contract: m.Contracts[rapid.IntRange(0, len(m.Contracts)-1).Draw(t, "contract")],
			Start:    rapid.Int64Range(0, 1<<42).Draw(t, "start"),
			Open:     cents.Draw(t, "open"), High: cents.Draw(t, "high"), Low: cents.Draw(t, "low"), Close: cents.Draw(t, "close"),
			Opening: cents.Draw(t, "opening"), Count: rapid.Int32Range(1, 9999).Draw(t, "count"),
			Volume: sizes.Draw(t, "volume"), DayVolume: sizes.Draw(t, "day volume"),
		}
		e.Cents = e.Volume * int64(cents.Draw(t, "vwap"))
		e.DayCents = e.DayVolume*int64(cents.Draw(t, "day vwap")) + 1
		f := exchange.Faults{RoundedVwap: rapid.Bool().Draw(t, "rounded"), OddNumbers: rapid.Bool().Draw(t, "odd")}
		text := appendEvent(nil, &e, &f)
		var got wireEvent
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		exact := 1e-8
		if f.RoundedVwap {
			exact = 0.5001e-4
		}
		width := basis.Second
		if e.Kind == exchange.ChannelAM {
			width = basis.Minute
		}
		vwap, dayVwap := float64(e.Cents)/float64(e.Volume)/100, float64(e.DayCents)/float64(e.DayVolume)/100
		if got.EV != e.Kind.String() || got.Sym != e.Contract.Symbol || got.V != float64(e.Volume) || got.AV != float64(e.DayVolume) ||
			got.OP != exchange.Dollars(e.Opening) || got.O != exchange.Dollars(e.Open) || got.H != exchange.Dollars(e.High) || got.L != exchange.Dollars(e.Low) ||
			rawCents(got.C) != e.Close || math.Abs(got.VW-vwap) > exact || math.Abs(got.A-dayVwap) > exact ||
			math.Abs(got.Z-float64(e.Volume)/float64(e.Count)) > 0.5001 || got.S != e.Start || got.E != e.Start+width {
			t.Fatalf("%+v became %s", e, text)
		}
		if !f.OddNumbers && strings.Contains(string(text), "e+") {
			t.Fatalf("odd number without the fault: %s", text)
		}
	})
}

func TestOddNumbers(t *testing.T) {
	for n, want := range map[int64]string{7: "7.0", 99_999: "99999.0", 2_384_421: "2.384421e+06"} {
		if got := string(appendCount(nil, n, true)); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int32]string{0: "0", 5: "0.05", 50: "0.5", 100: "1", 51234: "512.34"} {
		if got := string(appendCents(nil, n)); got != want {
			t.Errorf("%d cents are %s, want %s", n, got, want)
		}
	}
}

func TestOddTradesLackConditions(t *testing.T) {
	m := exchange.NewMarket(exchange.Options{Seed: 1, Start: monday, Rate: 1})
	e := exchange.Event{Kind: exchange.ChannelT, Contract: m.Contracts[0], Close: 512, Volume: 10, Exchange: 'C', Code: 'I', Start: 1765809012345, Sequence: 32}
	plain := string(appendEvent(nil, &e, &exchange.Faults{}))
	want := `{"ev":"T","sym":"` + m.Contracts[0].Symbol + `","x":302,"p":5.12,"s":10,"c":[209],"t":1765809012345,"q":32}`
	if plain != want {
		t.Errorf("got %s\nwant %s", plain, want)
	}
	if odd := string(appendEvent(nil, &e, &exchange.Faults{OddNumbers: true})); strings.Contains(odd, `"c"`) {
		t.Errorf("got %s", odd)
	}
}
