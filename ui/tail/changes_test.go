package tail

import (
	"bytes"
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/market"
)

// TestTextSaysWhatChanged: a line of a row that was printed before says what is
// other than it was, and nothing else.
func TestTextSaysWhatChanged(t *testing.T) {
	const of = "SIM 10:41:26 NVDA 180 call, expires 18 Dec 2026 in 25 days: "
	for _, c := range []struct {
		name   string
		kind   model.Kind
		change func(*model.Row)
		want   string
	}{
		{"nothing", model.KindBar, func(*model.Row) {}, "corrected, revision 1"},
		{"size", model.KindBar, func(r *model.Row) { r.Size, r.Premium = 2000, 970_000 },
			"corrected to 2,000 contracts, was 2,310, no longer whale, premium $970,000, was $1.12 million, revision 1"},
		{"grew", model.KindBurst, func(r *model.Row) {
			r.Size, r.Premium, r.Vwap, r.Span, r.DayVolume, r.Prints = 2710, 1_317_060, 4.86, 3000, 3504, 12
			r.Certainty = model.CertaintyFair
		}, "grew by 400 to 2,710 contracts, price 4.86, was 4.85, premium $1.32 million, was $1.12 million, probably at the ask, was at the ask, " +
			"about 12 prints, was one print, day volume 3,504, in a burst of 3 seconds, revision 1"},
		{"twin", model.KindBurst, func(r *model.Row) { r.Flags |= model.FlagTwin }, "changed, now twin of another contract, revision 1"},
		{"side", model.KindBar, func(r *model.Row) { r.Side, r.Certainty = model.SideUnknown, model.CertaintyNone },
			"corrected, no longer known: at the ask, revision 1"},
		{"taken back", model.KindBar, func(r *model.Row) { r.Size, r.Premium = 0, 0 }, "taken back, its contracts are in other rows, revision 1"},
		{"withdrawn", model.KindBurst, func(r *model.Row) { r.Size, r.Premium = 0, 0 }, "withdrawn, part of another burst now, revision 1"},
		{"gap", model.KindGap, func(r *model.Row) { r.Size = 300 }, "gap, 300 contracts missing until 10:41:27, lost, was 2,310, revision 1"},
		{"gap filled", model.KindGap, func(r *model.Row) { r.Size = 0 }, "gap filled, revision 1"},
	} {
		m := newHandmade(t)
		id := m.contract(nvda)
		was := sampleRow(id)
		was.Kind = c.kind
		if c.kind == model.KindGap {
			was.Reason = model.GapLost
		}
		now := was
		c.change(&now)
		now.Revision = 1
		p := newPrinter(Options{Format: Text})
		p.print(&model.Burst{Row: now}, &model.Burst{Row: was}, m.tape.Contracts.At(id), "1s")
		if got := string(p.batch); got != of+c.want+"\n" {
			t.Errorf("%s:\n%swant\n%s%s", c.name, got, of, c.want)
		}
	}
}

// TestTextFollowsRows: the corrections of windows and the growth of bursts are
// told from the tape itself.
func TestTextFollowsRows(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	first := m.tape.Append(unknownRow(id, sampleStart, 400, 40_000))
	again := unknownRow(id, sampleStart, 380, 38_000)
	again.Revision, again.Replaces = 1, uint32(m.tape.Appended()-first)
	m.tape.Append(again)
	out, err := m.run(Options{Format: Text})
	if err != nil || !strings.Contains(out, "days: corrected to 380 contracts, was 400, premium $38,000, was $40,000, revision 1\n") {
		t.Errorf("%v: %s", err, out)
	}
	m = newHandmade(t)
	id = m.contract(nvda)
	var b bytes.Buffer
	p := newPrinter(Options{Market: market.Open{Tape: &m.tape.Tape}, Interval: burst.Interval10s, Out: &b})
	for i, size := range []uint32{400, 25} {
		m.tape.Append(unknownRow(id, sampleStart+int64(i)*2000, size, float64(size)*100))
		m.tape.Publish()
		if err := p.drain(); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.String(); !strings.Contains(got, "days: grew by 25 to 425 contracts, premium $42,500, was $40,000, in a burst of 3 seconds, revision 1\n") {
		t.Errorf("%s", got)
	}
}
