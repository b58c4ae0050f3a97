package tail

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

// The day of the sample of docs/tail.md: 23 November 2026, 10:41:26 in New York.
const sampleStart = int64(1795448486000)

// sampleRow is the row of that object.
func sampleRow(id model.ContractID) model.Row {
	return model.Row{
		Start: sampleStart, Contract: id, Span: model.Second, Size: 2310, Premium: 1120350, DayVolume: 3104,
		Open: 4.80, High: 4.90, Low: 4.80, Close: 4.85, Vwap: 4.85, Prints: 1,
		Spot: 178.21, IV: 0.41, Delta: 0.48, Bid: 4.75, Ask: 4.85, OpenInterest: 1840, QuoteAge: 800,
		Source: model.SourceWS, Side: model.SideAsk, Certainty: model.CertaintySure, Flags: model.FlagSim,
	}
}

// unknownRow is a row of which nothing but the trades is known.
func unknownRow(id model.ContractID, start int64, size uint32, premium float64) model.Row {
	nan := float32(math.NaN())
	return model.Row{
		Start: start, Contract: id, Span: model.Second, Size: size, Premium: premium, DayVolume: model.UnknownCount,
		Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1, Prints: nan,
		Spot: nan, IV: nan, Delta: nan, Bid: nan, Ask: nan, OpenInterest: model.UnknownCount, QuoteAge: model.NoQuote,
	}
}

func gapRow(id model.ContractID, start int64, size uint32) model.Row {
	r := unknownRow(id, start, size, 0)
	r.Kind, r.Reason, r.Span = model.KindGap, model.GapLost, 13_000
	return r
}

// handmade is a hand-made tape.
type handmade struct {
	t    testing.TB
	tape *tape.Writer
}

func newHandmade(t testing.TB) *handmade {
	return &handmade{t: t, tape: tape.New(tape.Options{})}
}

func (m *handmade) contract(symbol string) model.ContractID {
	m.t.Helper()
	id, err := m.tape.Registry.Intern(symbol)
	if err != nil {
		m.t.Fatal(err)
	}
	return id
}

// run runs tail over what the tape holds until its end.
func (m *handmade) run(o Options) (string, error) {
	m.t.Helper()
	m.tape.Publish()
	var out bytes.Buffer
	o.Market = market.Open{Tape: &m.tape.Tape}
	if o.Out == nil {
		o.Out = &out
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Run(ctx, o)
	return out.String(), err
}

// decoded are the objects of a JSON output.
func decoded(t rapid.TB, out string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(out) {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		all = append(all, one)
	}
	return all
}
