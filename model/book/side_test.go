package book

import (
	"testing"

	"optflow/model"
)

// sideTest is a contract whose quotes are read.
type sideTest struct{ *ledgerTest }

func newSideTest(t *testing.T) *sideTest { return &sideTest{newLedgerTest(t)} }

// quote reads a quote of 1.90 to ask, which changed at one time, at another.
func (s *sideTest) quote(ask float64, updated, read int64) {
	snap := s.newSnapshot(0, 0)
	snap.Read, snap.HasDay, snap.HasQuote = read, false, true
	snap.Quote = model.Quote{Bid: 1.9, Ask: ask, Updated: updated, Read: read}
	s.book.Apply(&Snapshot{snap, ModeEnrich})
}

func (s *sideTest) last() model.Row {
	rows := s.latest(model.KindBar)
	return rows[len(rows)-1]
}

func (s *sideTest) expect(when string, side model.Side, certainty model.Certainty, revision uint16) {
	s.Helper()
	if r := s.last(); r.Side != side || r.Certainty != certainty || r.Revision != revision {
		s.Errorf("%s: %q %q version %d, want %q %q version %d", when, r.Side, r.Certainty, r.Revision, side, certainty, revision)
	}
}

// A reading after a window settles its row: a version that differs in its side
// only, is no correction, and moves bull and bear.
func TestReadingSettlesARow(t *testing.T) {
	s := newSideTest(t)
	s.bar(1, 1, 1)
	s.quote(2, at(2), at(3))
	s.bar(10, 100, 101)
	s.expect("read before", model.SideAsk, model.CertaintyLoose, 0)
	before := s.last()
	s.quote(2, at(2), at(13))
	s.expect("read too soon after", model.SideAsk, model.CertaintyLoose, 0)
	s.quote(2, at(2), at(14))
	s.expect("read after", model.SideAsk, model.CertaintySure, 1)
	after := s.last()
	if after.Replaces == 0 {
		t.Error("the version says that it is the first")
	}
	after.Revision, after.Replaces, after.Side, after.Certainty = before.Revision, before.Replaces, before.Side, before.Certainty
	if before.Premium != after.Premium || before.DayVolume != after.DayVolume || before.Identity() != after.Identity() || before.QuoteAge != after.QuoteAge {
		t.Errorf("%+v became %+v", before, after)
	}
	if c := s.book.Counters(); c.Corrections != 0 || c.Duplicates != 0 {
		t.Errorf("%+v", c)
	}
	if totals := s.book.Totals([]string{"SPY"})[0]; totals.Bull != 20_000 || totals.Premium != 20_200 {
		t.Errorf("bull %v of %v", totals.Bull, totals.Premium)
	}
	s.parts(101, 0, 101, 0, 0, 0)
	s.quote(2, at(2), at(15))
	s.quote(2.1, at(15), at(16))
	s.expect("settled", model.SideAsk, model.CertaintySure, 1)
	s.bar(10, 100, 101)
	s.expect("the bar again", model.SideAsk, model.CertaintySure, 1)
}

func TestReadingBeforeAndAfter(t *testing.T) {
	s := newSideTest(t)
	s.bar(1, 1, 1)
	s.quote(2, at(2), at(5))
	s.bar(10, 100, 101)
	s.quote(2, at(10)+400, at(15)) // another size
	s.expect("prices alike", model.SideAsk, model.CertaintyFair, 1)
	s.bar(20, 100, 201)
	s.quote(2.1, at(20)+400, at(25))
	s.expect("prices differ", model.SideAsk, model.CertaintyLoose, 0)
	s.quote(2, at(25)+1, at(26))
	s.expect("the next one says nothing of it", model.SideAsk, model.CertaintyLoose, 0)
	s.bar(200, 100, 301)
	s.expect("an old quote", model.SideAsk, model.CertaintyLoose, 0)
	s.quote(2.2, at(199), at(204))
	s.expect("in force all the time", model.SideMid, model.CertaintySure, 1)
	s.bar(400, 100, 401)
	s.quote(2, at(400)+1, at(404))
	s.expect("a newer one is nearer than an old one", model.SideAsk, model.CertaintyLoose, 1)
}

// A bar that comes when the reading after it is there is settled at once.
func TestLateBarIsSettledAtOnce(t *testing.T) {
	s := newSideTest(t)
	s.quote(2, at(2), at(60))
	s.bar(10, 100, 100)
	s.expect("late", model.SideAsk, model.CertaintySure, 0)
	s.book.Apply(&Delay{Delay: 900_000, Delayed: true})
	s.bar(20, 100, 200)
	s.expect("snapshots may be as late as the stream", model.SideAsk, model.CertaintyLoose, 0)
	s.quote(2, at(2), at(930))
	s.expect("so late that they cannot be", model.SideAsk, model.CertaintySure, 1)
}

// A corrected bar stays on the side where it was unless its prices moved, and
// then it is judged by the quote of its time, not by the present one.
func TestCorrectionKeepsItsQuote(t *testing.T) {
	s := newSideTest(t)
	s.bar(1, 1, 1)
	s.quote(1.95, at(2), at(3))
	s.bar(10, 100, 101)
	s.book.Apply(&Sides{Contract: s.id, Start: at(10), Span: model.Second, Quotes: []model.Quote{{Bid: 1.9, Ask: 1.95, Updated: at(9)}}})
	s.expect("settled", model.SideAboveAsk, model.CertaintySure, 1)
	s.quote(2.2, at(30), at(31))
	s.bar(10, 120, 121)
	s.expect("more of the same price", model.SideAboveAsk, model.CertaintySure, 2)
	wider := s.newBar(10, 130, 131)
	wider.Low = 1.95
	s.book.Apply(&Bar{Bar: wider})
	s.expect("another price", model.SideAsk, model.CertaintyLoose, 3)
	if r := s.last(); r.Ask != 1.95 {
		t.Errorf("judged by an ask of %v", r.Ask)
	}
	s.book.Apply(&Sides{Contract: s.id, Start: at(10), Span: model.Second, Quotes: []model.Quote{{Bid: 1.9, Ask: 1.95, Updated: at(9)}}})
	s.expect("looked up again", model.SideAsk, model.CertaintySure, 4)
	if c := s.book.Counters(); c.Corrections != 2 {
		t.Errorf("%d corrections", c.Corrections)
	}
}

func TestSettleSide(t *testing.T) {
	s := newSideTest(t)
	s.bar(1, 1, 1)
	s.quote(2, at(2), at(3))
	s.bar(10, 100, 101)
	settleAt := func(start int64, quotes ...model.Quote) bool {
		in := Sides{Contract: s.id, Start: start, Span: model.Second, Quotes: quotes}
		s.book.Apply(&in)
		return in.Enough
	}
	settle := func(quotes ...model.Quote) bool { return settleAt(at(10), quotes...) }
	if settle() || settle(model.Quote{Bid: 1.9, Ask: 2, Updated: at(10)}) {
		t.Error("judged by too little")
	}
	s.expect("too little", model.SideAsk, model.CertaintyLoose, 0)
	if !settle(model.Quote{Bid: 1.9, Ask: 1.99, Updated: at(10) + 10}, model.Quote{Bid: 1.9, Ask: 2, Updated: at(9)}) {
		t.Error("not judged")
	}
	s.expect("proven", model.SideAsk, model.CertaintySure, 1)
	if r := s.last(); r.Ask != 2 || r.QuoteAge != 1000 {
		t.Errorf("rests on %v, %d ms old", r.Ask, r.QuoteAge)
	}
	settle(model.Quote{Bid: 1.9, Ask: 2.1, Updated: at(10) + 10}, model.Quote{Bid: 1.9, Ask: 2, Updated: at(9)})
	s.expect("disproven", model.SideAsk, model.CertaintyLoose, 2)
	settle(model.Quote{Bid: 2.1, Ask: 2, Updated: at(9)})
	s.expect("crossed", model.SideUnknown, model.CertaintyNone, 3)
	if w := s.book.Window(s.id, at(10), model.Second); w == nil || w.Revision != 3 {
		t.Errorf("%+v", w)
	}
	if s.book.Window(s.id, at(11), model.Second) != nil || s.book.Window(s.id, at(10), model.Minute) != nil || s.book.Window(99, at(10), model.Second) != nil ||
		settleAt(at(11), model.Quote{Bid: 1.9, Ask: 2, Updated: at(9)}) {
		t.Error("a window that there is not")
	}
}

// Polled rows are never more than "~", however good the quote.
func TestPolledRowsAreNotSure(t *testing.T) {
	s := newSideTest(t)
	s.snapshot(ModeBaseline, 1, 10)
	s.quote(2, at(1), at(2))
	s.snapshot(ModePoll, 5, 110)
	s.quote(2, at(1), at(30))
	s.snapshot(ModePoll, 35, 210)
	s.quote(2, at(1), at(60))
	for _, r := range s.latest(model.KindBar) {
		if r.Source != model.SourceREST || r.Side != model.SideAsk || r.Certainty != model.CertaintyLoose {
			t.Errorf("%+v", r)
		}
	}
	s.parts(210, 10, 0, 200, 0, 0)
}
