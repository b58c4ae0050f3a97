package model

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestReadings(t *testing.T) {
	const start, end = 1_000_000, 1_001_000
	const after = end + SureAfter
	quote := func(updated, read int64) Quote { return Quote{Bid: 1.9, Ask: 2, Updated: updated, Read: read} }
	moved := func(q Quote) Quote { q.Ask = 2.1; return q }
	tests := []struct {
		name  string
		reads []Quote
		want  Certainty
	}{
		{"changed before, read after", []Quote{quote(start-250, after)}, CertaintySure},
		{"read a little too early", []Quote{quote(start-250, after-1)}, CertaintyNone},
		{"read much later", []Quote{quote(start-250, after+3_600_000)}, CertaintySure},
		{"changed a little too late", []Quote{quote(start-249, after)}, CertaintyFair},
		{"changed at the start", []Quote{quote(start, after)}, CertaintyFair},
		{"changed within", []Quote{quote(start+1, after)}, CertaintyNone},
		{"read before only", []Quote{quote(start-9_000, start-1)}, CertaintyNone},
		{"before and after alike", []Quote{quote(start-9_000, start-5_000), quote(start+500, after)}, CertaintyFair},
		{"and between", []Quote{quote(start-9_000, start-5_000), quote(start+300, start+400), quote(start+500, after)}, CertaintyFair},
		{"it moved between", []Quote{quote(start-9_000, start-5_000), moved(quote(start+300, start+400)), quote(start+500, after)}, CertaintyNone},
		{"before and after differ", []Quote{quote(start-9_000, start-5_000), moved(quote(start+500, after))}, CertaintyNone},
		{"the reading before is too old", []Quote{quote(start-90_000, start-60_001), quote(start+500, after)}, CertaintyNone},
		{"the one after is too new", []Quote{quote(start-9_000, start-5_000), quote(end+60_001, end+60_002)}, CertaintyNone},
		{"when it changed is unknown", []Quote{quote(0, start-5_000), quote(0, after)}, CertaintyFair},
		{"unknown, and read after only", []Quote{quote(0, after)}, CertaintyNone},
		{"read within, in force before", []Quote{quote(start-100, start+500), quote(start+700, after)}, CertaintyFair},
		{"the same twice", []Quote{quote(start-9_000, start-5_000), quote(start-9_000, after)}, CertaintySure},
		{"a server that is behind", []Quote{quote(start+500, start+900), quote(start-9_000, after)}, CertaintyFair},
		{"crossed", []Quote{{Bid: 3, Ask: 2, Updated: start - 9_000, Read: after}}, CertaintyNone},
	}
	for _, test := range tests {
		var r readings
		for _, q := range test.reads {
			r.add(q)
		}
		if v, _ := r.judge(Trades{2, 2, 2, start, Second}, SureAfter); v.Certainty != test.want {
			t.Errorf("%s: %d, want %d", test.name, v.Certainty, test.want)
		}
	}
}

func TestReadingsAreBounded(t *testing.T) {
	var r readings
	for i := range int64(20) {
		r.add(Quote{Bid: 1, Ask: 2, Updated: i/2*1000 + 1, Read: i * 1000})
	}
	if len(r) != readingsKept || cap(r) != readingsKept || r[0] != (Quote{Bid: 1, Ask: 2, Updated: 9001, Read: 19_000}) || r[1].Read != 17_000 {
		t.Errorf("%+v", r)
	}
}

// What readings call sure is sure by every quote there was, under the same
// letter, though they show what was half a second ago and our clock is up to two
// seconds fast: that is what SureAfter stands for.
func TestSureByReadingsIsSureByAllQuotes(t *testing.T) {
	const start = 1_000_000_000
	sure := 0
	rapid.Check(t, func(t *rapid.T) {
		random := drawRandom(t)
		w, quotes := drawTrades(random, start), drawQuotes(random, start)
		fast := random.Int64N(3) * 1000
		at := w.end() - 5000 + random.Int64N(8000)
		var r readings
		for range 1 + random.IntN(6) {
			at += 100 + random.Int64N(3000)
			shown := at - random.Int64N(2)*500
			q := quotes[slices.IndexFunc(quotes, func(q Quote) bool { return q.Updated <= shown })]
			q.Read = at + fast
			r.add(q)
		}
		v, ok := r.judge(w, SureAfter)
		if !ok || v.Certainty != CertaintySure {
			return
		}
		sure++
		if all, ok := Judge(w, quotes); !ok || all.Certainty != CertaintySure || all.Side != v.Side {
			t.Fatalf("readings say %q, all quotes %q %d", v.Side, all.Side, all.Certainty)
		}
	})
	if sure < 5 {
		t.Errorf("only %d were sure", sure)
	}
}
