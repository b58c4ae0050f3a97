package ledger

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/rules"
)

// drawRecord draws a record in which anything may be unknown.
func drawRecord(t *rapid.T) Record {
	number := func(name string) Number {
		if rapid.Bool().Draw(t, name+" known") {
			return Number(rapid.Float64Range(-1e6, 1e9).Draw(t, name))
		}
		return None
	}
	var quote *Quote
	if rapid.Bool().Draw(t, "quote") {
		quote = &Quote{Bid: number("bid"), Ask: number("ask"), Updated: rapid.Int64Range(0, 1<<41).Draw(t, "updated"), Read: 1, Basis: RestQuote}
	}
	id := rapid.StringMatching("[0-9a-f]{16}").Draw(t, "id")
	text := rapid.String().Draw(t, "text")
	switch rapid.IntRange(0, 4).Draw(t, "sort") {
	case 0, 1:
		a := &Alert{
			V: 1, Event: rapid.SampledFrom([]string{"fired", "control"}).Draw(t, "event"), ID: id, Rule: text, Contract: nvda, Underlying: "NVDA", Date: day.String(),
			Price: number("price"), Premium: number("premium"), Quote: quote, Spot: number("spot"), Volume: number("volume"), OI: number("oi"),
			IV: number("iv"), Delta: number("delta"), Size: rapid.Int64Range(0, 1e6).Draw(t, "size"), Sim: rapid.Bool().Draw(t, "sim"),
		}
		return a
	case 2:
		return &Mark{V: 1, Event: "mark", ID: id, Horizon: rapid.SampledFrom(Horizons()).Draw(t, "horizon"), Quote: quote, Spot: number("spot"), Lost: text}
	case 3:
		return &Morning{V: 1, Event: "morning", ID: id, OI: number("oi"), Volume: number("volume"), Gap: rapid.Bool().Draw(t, "gap")}
	}
	return &Revised{V: 1, Event: "revised", ID: id, At: rapid.Int64().Draw(t, "at")}
}

// alike compares records in which what is not known is NaN.
func alike(a, b Record) bool {
	x, errX := Append(nil, a)
	y, errY := Append(nil, b)
	return errX == nil && errY == nil && bytes.Equal(x, y) && reflect.TypeOf(a) == reflect.TypeOf(b)
}

// A line is read as it was written, whatever is in it, and a file that ends
// anywhere gives all lines that are whole and counts the torn one.
func TestLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var written []Record
		var content []byte
		var ends []int
		for range rapid.IntRange(1, 6).Draw(t, "records") {
			r := drawRecord(t)
			next, err := Append(content, r)
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(next[len(content):], []byte{'\n'}); n != 1 {
				t.Fatalf("%d ends of line in %q", n, next[len(content):])
			}
			written, content = append(written, r), next
			ends = append(ends, len(content))
		}
		cut := rapid.IntRange(0, len(content)).Draw(t, "cut")
		whole, torn := 0, 1
		for _, end := range ends {
			if end <= cut {
				whole++
			}
			if end == cut {
				torn = 0
			}
		}
		if cut == 0 {
			torn = 0
		}
		var got []Record
		s := Read(content[:cut], func(r Record) { got = append(got, r) })
		if len(got) != whole || s != (Skipped{Torn: torn}) {
			t.Fatalf("%d of %d records, %+v", len(got), whole, s)
		}
		for i := range got {
			if !alike(got[i], written[i]) {
				t.Fatalf("wrote %+v, read %+v", written[i], got[i])
			}
		}
	})
}

func TestWrongLines(t *testing.T) {
	content := `{"v":1,"event":"fired","id":"a","contract":"O:NVDA261218C00180000","date":"2026-11-23"}
{"v":1,"event":"fired","id":"a","contract":"O:NVDA261218C00180000","date":"yesterday"}
not json
{"v":1,"event":"mark","id":"","horizon":"5m"}
{"v":2,"event":"fired","id":"b"}
{"v":1,"event":"dream","id":"b"}
{"v":1,"event":"mark","id":"a","horizon":"2h"}

{"v":1,"event":"mark","id":"a","horizon":"5m","bid":"x","quote":{"bid":1.5}}
{"v":1,"event":"mar`
	n := 0
	s := Read([]byte(content), func(r Record) {
		n++
		if m, is := r.(*Mark); is && (m.Quote.Bid != 1.5 || m.Quote.Ask.Known() || m.Spot.Known()) {
			t.Errorf("%+v", m)
		}
	})
	if n != 2 || s != (Skipped{Torn: 1, Wrong: 4, Newer: 3}) {
		t.Errorf("%d records, %+v", n, s)
	}
}

func FuzzRead(f *testing.F) {
	line, err := Append(nil, fired(nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add([]byte(`{"v":1,"event":"mark","id":"a","horizon":"5m","quote":{}}` + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		l := New()
		Read(content, l.Add)
		l.Due(cal, day.At(16, 0).UnixMilli())
		l.Figures(After30m, cal, false)
	})
}

// The line of an event says what was known of it and nothing else.
func TestOfEvent(t *testing.T) {
	c, err := model.ParseContract(nvda)
	if err != nil {
		t.Fatal(err)
	}
	w, err := rules.Parse(rules.Written{Name: "whales", When: "whale"}, testEnv())
	if err != nil {
		t.Fatal(err)
	}
	nan := float32(model.Unknown)
	e := &rules.Event{
		Kind: rules.Held, ID: "a", Rule: w, At: 5000, Contract: &c, Date: day, First: 1000, Reason: rules.HeldCooldown,
		Row: model.Burst{Row: model.Row{Kind: model.KindBurst, Start: 1000, Span: 2000, Size: 100, Vwap: 5, Premium: 50_000, Side: model.SideAboveAsk, Certainty: model.CertaintyFair,
			DayVolume: model.UnknownCount, OpenInterest: 7, IV: nan, Delta: nan, Spot: nan, Flags: model.FlagSim}},
	}
	line, err := Append(nil, Of(e, nil, model.Unknown, false))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"v":1,"event":"fired","id":"a","rule":"whales","rule_version":"` + w.Version + `","on":"burst","held":"cooldown",` +
		`"contract":"O:NVDA261218C00180000","underlying":"NVDA","date":"2026-11-23","start_ms":1000,"end_ms":3000,"seen_ms":5000,` +
		`"price":5,"size":100,"premium":50000,"side":"AA","certainty":"fair","oi":7,"dte":25,"sim":true}` + "\n"
	if string(line) != want {
		t.Errorf("%s, want\n%s", line, want)
	}
	e.Rule, e.Kind = nil, rules.Unmatched
	if a := Of(e, nil, 180, false); !a.Control() || a.Spot != 180 {
		t.Errorf("%+v", a)
	}
}

func TestFile(t *testing.T) {
	if got := File(day); got != "2026-11.jsonl" {
		t.Error(got)
	}
}
