package tail

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
)

const nvda = "O:NVDA261218C00180000"

// The sample of the README and of the design, key by key and digit by digit.
const sampleJSON = `{"v":1,"kind":"bar","span":"1s","start":"2026-11-23T10:41:26-05:00","start_ms":1795448486000,"end_ms":1795448487000,` +
	`"contract":"O:NVDA261218C00180000","underlying":"NVDA","expiry":"2026-12-18","dte":25,"type":"call","strike":180,` +
	`"open":4.8,"high":4.9,"low":4.8,"close":4.85,"vwap":4.85,"size":2310,"premium":1120350,"prints":1,"day_volume":3104,` +
	`"spot":178.21,"open_interest":1840,"iv":0.41,"delta":0.48,"bid":4.75,"ask":4.85,"quote_ms":1795448485200,` +
	`"side":"A","side_sure":true,"source":"ws","revision":0,"delayed":false,"sim":true}` + "\n"

func TestFormats(t *testing.T) {
	past := func(r model.Row) model.Row { r.Flags |= model.FlagPast | model.FlagDelayed; r.Revision = 2; return r }
	polled := func(r model.Row) model.Row {
		r.Source, r.Span, r.Flags = model.SourceREST, 5023, model.FlagApproximate
		return r
	}
	for name, tc := range map[string]struct {
		row       func(model.ContractID) model.Row
		json, txt string
	}{
		"everything known": {
			sampleRow, sampleJSON,
			"SIM 10:41:26 NVDA 180 call, expires 18 Dec 2026 in 25 days: whale, unusual, larger than open interest, 2,310 contracts at 4.85, " +
				"premium $1.12 million, at the ask, one print, day volume 3,104, open interest 1,840, spot 178.21, implied volatility 41%, delta 0.48, in 1 second\n",
		},
		"nothing known": {
			func(id model.ContractID) model.Row { return past(unknownRow(id, sampleStart, 400, 40_000)) },
			`{"v":1,"kind":"bar","span":"1s","start":"2026-11-23T10:41:26-05:00","start_ms":1795448486000,"end_ms":1795448487000,` +
				`"contract":"O:NVDA261218C00180000","underlying":"NVDA","expiry":"2026-12-18","dte":25,"type":"call","strike":180,` +
				`"open":1,"high":1,"low":1,"close":1,"vwap":1,"size":400,"premium":40000,"source":"ws","revision":2,"delayed":true,"sim":false,"past":true}` + "\n",
			"10:41:26 NVDA 180 call, expires 18 Dec 2026 in 25 days: 400 contracts at 1, premium $40,000, in 1 second, from before the start, delayed feed, corrected, revision 2\n",
		},
		"polled": {
			func(id model.ContractID) model.Row { return polled(unknownRow(id, sampleStart+5, 400, 40_000)) },
			`{"v":1,"kind":"bar","span":"5.023s","start":"2026-11-23T10:41:26.005-05:00","start_ms":1795448486005,"end_ms":1795448491028,` +
				`"contract":"O:NVDA261218C00180000","underlying":"NVDA","expiry":"2026-12-18","dte":25,"type":"call","strike":180,` +
				`"open":1,"high":1,"low":1,"close":1,"vwap":1,"size":400,"premium":40000,"source":"rest","revision":0,"delayed":false,"sim":false,"approximate":true}` + "\n",
			"10:41:26 NVDA 180 call, expires 18 Dec 2026 in 25 days: 400 contracts at about 1, premium $40,000, in 5 seconds between polls\n",
		},
		"gap": {
			func(id model.ContractID) model.Row { return gapRow(id, sampleStart, 640) },
			`{"v":1,"kind":"gap","span":"13s","start":"2026-11-23T10:41:26-05:00","start_ms":1795448486000,"end_ms":1795448499000,` +
				`"contract":"O:NVDA261218C00180000","underlying":"NVDA","expiry":"2026-12-18","dte":25,"type":"call","strike":180,` +
				`"size":640,"reason":"lost","source":"ws","revision":0,"delayed":false,"sim":false}` + "\n",
			"10:41:26 NVDA 180 call, expires 18 Dec 2026 in 25 days: gap, 640 contracts missing until 10:41:39, lost\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newHandmade(t)
			m.tape.Append(tc.row(m.contract(nvda)))
			for format, want := range map[Format]string{JSON: tc.json, Text: tc.txt} {
				got, err := m.run(Options{Format: format})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", format, diff)
				}
			}
		})
	}
}

// Whatever a row holds, every line is valid JSON, and JSON and CSV say the same.
func TestFormatsAgree(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	c := m.tape.Contracts.At(id)
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float32(), rapid.Just(float32(math.NaN())), rapid.Just(float32(math.Inf(1))), rapid.Just(float32(4.85)))
		count := rapid.OneOf(rapid.Uint32(), rapid.Just(uint32(model.UnknownCount)))
		r := model.Row{
			Start: sampleStart + rapid.Int64Range(-1e9, 1e9).Draw(t, "start"), Contract: id,
			Span: model.Span(rapid.Int32Range(1, 4_000_000).Draw(t, "span")), Size: count.Draw(t, "size"),
			Premium: rapid.Float64().Draw(t, "premium"), DayVolume: count.Draw(t, "day"),
			Open: value.Draw(t, "open"), High: value.Draw(t, "high"), Low: value.Draw(t, "low"), Close: value.Draw(t, "close"),
			Vwap: value.Draw(t, "vwap"), Prints: value.Draw(t, "prints"), Spot: value.Draw(t, "spot"), IV: value.Draw(t, "iv"),
			Delta: value.Draw(t, "delta"), Bid: value.Draw(t, "bid"), Ask: value.Draw(t, "ask"), OpenInterest: count.Draw(t, "oi"),
			QuoteAge: rapid.Int32().Draw(t, "age"), Revision: rapid.Uint16().Draw(t, "revision"),
			Kind:   rapid.SampledFrom([]model.Kind{model.KindBar, model.KindGap, model.KindBurst}).Draw(t, "kind"),
			Source: rapid.SampledFrom([]model.Source{model.SourceWS, model.SourceREST, model.SourceBackfill}).Draw(t, "source"),
			Side:   model.Side(rapid.IntRange(0, 7).Draw(t, "side")), Certainty: model.Certainty(rapid.IntRange(0, 3).Draw(t, "sure")),
			Reason: model.GapReason(rapid.IntRange(0, 5).Draw(t, "reason")), Flags: model.Flags(rapid.IntRange(0, 15).Draw(t, "flags")),
		}
		l := line{row: &model.Burst{Row: r}, contract: c, span: spanName(r.Span)}
		object := make(map[string]any)
		dec := json.NewDecoder(strings.NewReader(string(jsonLine(nil, columns, &l))))
		dec.UseNumber()
		if err := dec.Decode(&object); err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(strings.NewReader(string(csvLine(csvHeader(nil, columns), columns, &l)))).ReadAll()
		if err != nil || len(table) != 2 {
			t.Fatalf("csv: %v, %d lines", err, len(table))
		}
		for i, name := range table[0] {
			value, known := object[name]
			delete(object, name)
			cell := table[1][i]
			switch value := value.(type) {
			case nil:
				if known || cell != "" {
					t.Fatalf("%s: JSON leaves it out, CSV has %q", name, cell)
				}
			case string:
				if value != cell {
					t.Fatalf("%s: JSON %q, CSV %q", name, value, cell)
				}
			case json.Number:
				if value.String() != cell {
					t.Fatalf("%s: JSON %s, CSV %q", name, value, cell)
				}
			case bool:
				if (cell == "true") != value {
					t.Fatalf("%s: JSON %v, CSV %q", name, value, cell)
				}
			}
		}
		if len(object) != 0 {
			t.Fatalf("not in the CSV: %v", object)
		}
		if text := (textFormat{zone: model.NewYork}).line(nil, &l); strings.Count(string(text), "\n") != 1 || strings.Contains(string(text), "NaN") {
			t.Fatalf("text: %q", text)
		}
	})
}

func TestCSVIsSafeInASpreadsheet(t *testing.T) {
	for text, want := range map[string]string{
		"":                "",
		"NVDA":            "NVDA",
		`=HYPERLINK("x")`: `"'=HYPERLINK(""x"")"`,
		"+1":              "'+1",
		"-1":              "'-1",
		"@x":              "'@x",
		"\tx":             "'\tx",
		"a,b":             `"a,b"`,
		"a\nb":            "\"a\nb\"",
		`a"b`:             `"a""b"`,
	} {
		if got := string(guardCSV([]byte("keep,"+text), 5)); got != "keep,"+want {
			t.Errorf("%q: %q, want %q", text, got, "keep,"+want)
		}
	}
}

func TestQuoteJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		var back string
		if err := json.Unmarshal(quoteJSON([]byte("keep"+text), 4)[4:], &back); err != nil {
			t.Fatal(err)
		}
		if back != text {
			t.Fatalf("%q came back as %q", text, back)
		}
	})
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		999: "$999", 999.6: "$1,000", 9_999: "$10,000", 1000: "$1,000", 25_000: "$25,000", 33_849: "$33,800", 411_300: "$411,000", 999_700: "$1.00 million",
		1_120_350: "$1.12 million", 11_204_000: "$11.2 million", 102e6: "$102 million", 2.5e9: "$2.50 billion", 0: "$0",
	} {
		if got := string(appendMoney(nil, v)); got != want {
			t.Errorf("money %v: %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float32]string{1: "1", 1.0004: "1.0004", 4.6666665: "4.67", 31: "31", float32(math.NaN()): ""} {
		if got := string(appendPrints(nil, v)); got != want {
			t.Errorf("prints %v: %s, want %s", v, got, want)
		}
	}
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := string(appendGrouped(nil, n)); got != want {
			t.Errorf("grouped %d: %s, want %s", n, got, want)
		}
	}
	for span, want := range map[model.Span]string{model.Second: "1s", model.Minute: "1m", 10_000: "10s", 1_800_000: "30m", 5023: "5.023s"} {
		if got := spanName(span); got != want {
			t.Errorf("span %d: %s, want %s", span, got, want)
		}
	}
}

// The terms of a contract that is not standard are stated, so that nobody has to
// guess what multiplied the premium.
func TestTermsAreStated(t *testing.T) {
	for _, tt := range []struct {
		symbol string
		shares float64
		json   string
		text   string
	}{
		{"O:SDS1261218C00012000", 20, `,"adjusted":true,"multiplier":100,"deliverable":20}`, "SDS1 12 call, adjusted contract, expires"},
		{"O:AAPL7261218C00180000", 10, `,"multiplier":10,"deliverable":10}`, "AAPL7 180 call, mini, expires"},
		{"O:XSP261218C00650000", 100, `,"sim":false}`, "XSP 650 call, expires"},
	} {
		tape := tape.New(tape.Options{})
		id, err := tape.Registry.Intern(tt.symbol)
		if err != nil {
			t.Fatal(err)
		}
		tape.Registry.SetShares(id, tt.shares)
		row := unknownRow(id, sampleStart, 400, 40_000)
		l := &line{row: &model.Burst{Row: row}, contract: tape.Contracts.At(id), span: "1s"}
		if got := string(jsonLine(nil, columns, l)); !strings.HasSuffix(got, tt.json+"\n") {
			t.Errorf("%s: %s", tt.symbol, got)
		}
		if got := string(textFormat{zone: model.NewYork}.line(nil, l)); !strings.Contains(got, tt.text) {
			t.Errorf("%s: %s", tt.symbol, got)
		}
	}
}
