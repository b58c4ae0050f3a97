package side

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

func TestReadings(t *testing.T) {
	const start, end = 1_000_000, 1_001_000
	const after = end + SureAfter
	quote := func(updated, read int64) model.Quote {
		return model.Quote{Bid: 1.9, Ask: 2, Updated: updated, Read: read}
	}
	moved := func(q model.Quote) model.Quote { q.Ask = 2.1; return q }
	tests := []struct {
		name  string
		reads []model.Quote
		want  model.Certainty
	}{
		{"changed before, read after", []model.Quote{quote(start-250, after)}, model.CertaintySure},
		{"read a little too early", []model.Quote{quote(start-250, after-1)}, model.CertaintyNone},
		{"read much later", []model.Quote{quote(start-250, after+3_600_000)}, model.CertaintySure},
		{"changed a little too late", []model.Quote{quote(start-249, after)}, model.CertaintyFair},
		{"changed at the start", []model.Quote{quote(start, after)}, model.CertaintyFair},
		{"changed within", []model.Quote{quote(start+1, after)}, model.CertaintyNone},
		{"read before only", []model.Quote{quote(start-9_000, start-1)}, model.CertaintyNone},
		{"before and after alike", []model.Quote{quote(start-9_000, start-5_000), quote(start+500, after)}, model.CertaintyFair},
		{"and between", []model.Quote{quote(start-9_000, start-5_000), quote(start+300, start+400), quote(start+500, after)}, model.CertaintyFair},
		{"it moved between", []model.Quote{quote(start-9_000, start-5_000), moved(quote(start+300, start+400)), quote(start+500, after)}, model.CertaintyNone},
		{"before and after differ", []model.Quote{quote(start-9_000, start-5_000), moved(quote(start+500, after))}, model.CertaintyNone},
		{"the reading before is too old", []model.Quote{quote(start-90_000, start-60_001), quote(start+500, after)}, model.CertaintyNone},
		{"the one after is too new", []model.Quote{quote(start-9_000, start-5_000), quote(end+60_001, end+60_002)}, model.CertaintyNone},
		{"when it changed is unknown", []model.Quote{quote(0, start-5_000), quote(0, after)}, model.CertaintyFair},
		{"unknown, and read after only", []model.Quote{quote(0, after)}, model.CertaintyNone},
		{"read within, in force before", []model.Quote{quote(start-100, start+500), quote(start+700, after)}, model.CertaintyFair},
		{"the same twice", []model.Quote{quote(start-9_000, start-5_000), quote(start-9_000, after)}, model.CertaintySure},
		{"a server that is behind", []model.Quote{quote(start+500, start+900), quote(start-9_000, after)}, model.CertaintyFair},
		{"crossed", []model.Quote{{Bid: 3, Ask: 2, Updated: start - 9_000, Read: after}}, model.CertaintyNone},
	}
	for _, test := range tests {
		var r Readings
		for _, q := range test.reads {
			r.Add(q)
		}
		if v, _ := r.Judge(Trades{2, 2, 2, start, model.Second}, SureAfter); v.Certainty != test.want {
			t.Errorf("%s: %d, want %d", test.name, v.Certainty, test.want)
		}
	}
}

func TestReadingsAreBounded(t *testing.T) {
	var r Readings
	for i := range int64(20) {
		r.Add(model.Quote{Bid: 1, Ask: 2, Updated: i/2*1000 + 1, Read: i * 1000})
	}
	if len(r) != readingsKept || cap(r) != readingsKept || r[0] != (model.Quote{Bid: 1, Ask: 2, Updated: 9001, Read: 19_000}) || r[1].Read != 17_000 {
		t.Errorf("%+v", r)
	}
}

// What readings call sure is sure by every quote there was, under the same
// letter, though they show what was half a second ago and our clock is up to two
// seconds fast: that is what SureAfter stands for.
func TestSureByReadingsIsSureByAllQuotes(t *testing.T) {
	sure := 0
	rapid.Check(t, func(t *rapid.T) {
		random := drawRandom(t)
		for range 5 { // few are sure
			if sureByReadings(t, random) {
				sure++
			}
		}
	})
	if sure < 5 {
		t.Errorf("only %d were sure", sure)
	}
}

// sureByReadings draws trades and quotes, and reports whether readings of these make
// a side sure; then all quotes must.
func sureByReadings(t *rapid.T, random *rand.Rand) bool {
	const start = 1_000_000_000
	w, quotes := drawTrades(random, start), drawQuotes(random, start)
	fast := random.Int64N(3) * 1000
	at := w.End() - 5000 + random.Int64N(8000)
	var r Readings
	for range 1 + random.IntN(6) {
		at += 100 + random.Int64N(3000)
		shown := at - random.Int64N(2)*500
		q := quotes[slices.IndexFunc(quotes, func(q model.Quote) bool { return q.Updated <= shown })]
		q.Read = at + fast
		r.Add(q)
	}
	v, ok := r.Judge(w, SureAfter)
	if !ok || v.Certainty != model.CertaintySure {
		return false
	}
	if all, ok := Judge(w, quotes); !ok || all.Certainty != model.CertaintySure || all.Side != v.Side {
		t.Fatalf("readings say %q, all quotes %q %d", v.Side, all.Side, all.Certainty)
	}
	return true
}
