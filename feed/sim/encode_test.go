package sim

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestEncodedBarsReadBack writes any bar and reads it with encoding/json.
func TestEncodedBarsReadBack(t *testing.T) {
	m := NewMarket(Options{Seed: 1, Start: monday, Rate: 1, Tickers: []string{"SPX"}})
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int32Range(1, 900_000)
		sizes := rapid.Int64Range(1, 5_000_000)
		e := event{
			kind:     rapid.SampledFrom([]channel{channelA, channelAM}).Draw(t, "kind"),
			contract: m.contracts[rapid.IntRange(0, len(m.contracts)-1).Draw(t, "contract")],
			start:    rapid.Int64Range(0, 1<<42).Draw(t, "start"),
			open:     cents.Draw(t, "open"), high: cents.Draw(t, "high"), low: cents.Draw(t, "low"), close: cents.Draw(t, "close"),
			opening: cents.Draw(t, "opening"), count: rapid.Int32Range(1, 9999).Draw(t, "count"),
			volume: sizes.Draw(t, "volume"), dayVolume: sizes.Draw(t, "day volume"),
		}
		e.cents = e.volume * int64(cents.Draw(t, "vwap"))
		e.dayCents = e.dayVolume*int64(cents.Draw(t, "day vwap")) + 1
		f := Faults{RoundedVwap: rapid.Bool().Draw(t, "rounded"), OddNumbers: rapid.Bool().Draw(t, "odd")}
		text := appendEvent(nil, &e, &f)
		var got wireEvent
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		exact := 1e-8
		if f.RoundedVwap {
			exact = 0.5001e-4
		}
		width := second
		if e.kind == channelAM {
			width = minute
		}
		vwap, dayVwap := float64(e.cents)/float64(e.volume)/100, float64(e.dayCents)/float64(e.dayVolume)/100
		if got.EV != e.kind.String() || got.Sym != e.contract.symbol || got.V != float64(e.volume) || got.AV != float64(e.dayVolume) ||
			got.OP != dollars(e.opening) || got.O != dollars(e.open) || got.H != dollars(e.high) || got.L != dollars(e.low) ||
			rawCents(got.C) != e.close || math.Abs(got.VW-vwap) > exact || math.Abs(got.A-dayVwap) > exact ||
			math.Abs(got.Z-float64(e.volume)/float64(e.count)) > 0.5001 || got.S != e.start || got.E != e.start+width {
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
	m := NewMarket(Options{Seed: 1, Start: monday, Rate: 1})
	e := event{kind: channelT, contract: m.contracts[0], close: 512, volume: 10, exchange: 'C', code: 'I', start: 1765809012345, sequence: 32}
	plain := string(appendEvent(nil, &e, &Faults{}))
	want := `{"ev":"T","sym":"` + m.contracts[0].symbol + `","x":302,"p":5.12,"s":10,"c":[209],"t":1765809012345,"q":32}`
	if plain != want {
		t.Errorf("got %s\nwant %s", plain, want)
	}
	if odd := string(appendEvent(nil, &e, &Faults{OddNumbers: true})); strings.Contains(odd, `"c"`) {
		t.Errorf("got %s", odd)
	}
}
