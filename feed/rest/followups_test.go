package rest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/market"
	"optflow/model/side"
)

const followed = "O:SPY261218C00100000"

// asked is an answer and how often it came.
type asked[A any] struct {
	answer A
	err    error
	times  int
}

func (a *asked[A]) take(answer A, err error) { a.answer, a.err, a.times = answer, err, a.times+1 }

// followUp has a desk ask something, and lets a second pass.
func followUp[A any](b *bench, ask func(func(A, error))) asked[A] {
	var got asked[A]
	ask(got.take)
	b.pass(time.Second)
	return got
}

func TestFollowupsReadNow(t *testing.T) {
	b := newBench("SPY")
	b.server.quoted = true
	b.pass(5 * time.Second)
	b.forget()
	got := followUp(b, func(reply func([]model.Snapshot, error)) { b.Followups.Now(b.m, b.server.symbols[:3], reply) })
	if got.err != nil || got.times != 1 || len(got.answer) != 3 || got.answer[0].Quote.Ask != 2 || b.count("quotes 3") != 1 {
		t.Errorf("%+v, asked %q", got, b.server.asked)
	}
	b.server.fail = denies("quotes", source.ErrorNotEntitled)
	for range 3 {
		if got := followUp(b, func(reply func([]model.Snapshot, error)) { b.Followups.Now(b.m, b.server.symbols, reply) }); !errors.Is(got.err, market.ErrNotInPlan) || got.times != 1 {
			t.Errorf("not in the plan: %v, %d times", got.err, got.times)
		}
	}
	if n := b.count("quotes 40"); n != 2 { // what has worked in this run is believed to be denied the second time
		t.Errorf("what is not in the plan was asked %d times", n)
	}
	b.server.fail = nil
	b.pass(time.Minute)
	if got := followUp(b, func(reply func([]model.Snapshot, error)) { b.Followups.Now(b.m, b.server.symbols, reply) }); got.err != nil {
		t.Errorf("a plan that was mended: %v", got.err)
	}
}

// Who rests asks nothing, and who waits is told so.
func TestFollowupsRest(t *testing.T) {
	b := newBench("SPY")
	var got asked[[]model.Snapshot]
	b.Followups.Now(b.m, b.server.symbols, got.take)
	b.Pause(b.m)
	if got.times != 1 || got.err == nil {
		t.Errorf("dropped: %+v", got)
	}
	b.m.Resting = true
	if got := followUp(b, func(reply func(model.Interest, error)) { b.Followups.Interest(b.m, followed, b.m.Day, reply) }); got.times != 1 || got.err == nil {
		t.Errorf("at rest: %+v", got)
	}
	b.m.Resting = false
	b.Standing.Stop()
	if got := followUp(b, func(reply func(model.Snapshot, error)) { b.Followups.AsOf(b.m, followed, b.m.Market-60_000, reply) }); got.times != 1 || got.err == nil {
		t.Errorf("with a key that is refused: %+v", got)
	}
	if b.count("quotes") != 0 {
		t.Errorf("asked %q", b.server.asked)
	}
}

func TestFollowupsReadThePast(t *testing.T) {
	b := newBench("SPY")
	b.pass(5 * time.Second)
	asOf := func(at int64) asked[model.Snapshot] {
		return followUp(b, func(reply func(model.Snapshot, error)) { b.Followups.AsOf(b.m, followed, at, reply) })
	}
	at := b.m.Market - 60_000
	b.server.quotes = []model.Quote{{Bid: 3, Ask: 4, Updated: at - 7}}
	got := asOf(at)
	if a := got.answer; got.err != nil || !a.HasQuote || a.Quote.Bid != 3 || a.Quote.Read != at || a.Spot != 149 || a.OpenInterest == a.OpenInterest {
		t.Errorf("%+v", got)
	}
	b.server.quotes[0].Bid = model.Unknown // in force all the same, and no quote
	if got := asOf(at); got.err != nil || got.answer.HasQuote {
		t.Errorf("one side only: %+v", got)
	}
	b.server.quotes = nil
	if got := asOf(at); got.err != nil || got.answer.HasQuote || got.answer.Spot != 149 {
		t.Errorf("none: %+v", got)
	}
	if got := asOf(b.m.Market - side.SureAfter + 1); got.err == nil || !strings.Contains(got.err.Error(), "too early") {
		t.Errorf("too early: %v", got.err)
	}
	b.server.fail = denies("past spot", source.ErrorNotEntitled)
	if got := asOf(at); got.err != nil || got.answer.Spot == got.answer.Spot {
		t.Errorf("without a plan for stocks: %+v", got)
	}
	b.server.fail = denies("quotes by time", source.ErrorNotEntitled)
	asOf(at)
	if got := asOf(at); !errors.Is(got.err, market.ErrNotInPlan) {
		t.Errorf("without quotes by time: %v", got.err)
	}
	if got := asOf(at - 1); got.times != 1 {
		t.Errorf("%d answers", got.times)
	}
	if _, err := model.ParseContract("no contract"); err == nil {
		t.Fatal("a symbol that is none")
	}
	if got := followUp(b, func(reply func(model.Snapshot, error)) { b.Followups.AsOf(b.m, "no contract", at, reply) }); got.err == nil {
		t.Error("an answer about no contract")
	}
}

// A session's figures: by name where the plan has them, else from a snapshot of
// the morning after, whose day counts only if it is that session's.
func TestFollowupsReadInterest(t *testing.T) {
	b := newBench("SPY")
	b.server.volume, b.server.lots = 5, 77
	b.pass(5 * time.Second)
	today := b.m.Day
	before := b.Calendar.Before(today)
	interest := func(session model.Date) asked[model.Interest] {
		return followUp(b, func(reply func(model.Interest, error)) { b.Followups.Interest(b.m, followed, session, reply) })
	}
	if got := interest(before); got.err != nil || got.answer != (model.Interest{Lots: 77, Volume: -1, ByDate: true}) {
		t.Errorf("by name: %+v", got)
	}
	b.server.lots = -1
	if got := interest(before); got.err != nil || got.answer != (model.Interest{Lots: 1, Volume: -1}) {
		t.Errorf("by snapshot: %+v", got)
	}
	if got := interest(b.Calendar.Before(before)); got.err != nil || got.answer != (model.Interest{Lots: -1, Volume: -1}) {
		t.Errorf("of a session long past: %+v", got)
	}
	b.server.fail = denies("interest", source.ErrorNotEntitled)
	interest(before)
	if got := interest(before); got.err != nil || got.answer.Lots != 1 {
		t.Errorf("without the endpoint: %+v", got)
	}
	b.server.fail = func(what string) error {
		return &source.Failure{Kind: source.ErrorNotEntitled, Message: "no " + what}
	}
	if got := interest(before); !errors.Is(got.err, market.ErrNotInPlan) {
		t.Errorf("without anything: %+v", got)
	}
	b.server.fail = nil
	b.m.Market = (today + 1).At(6, 0).UnixMilli()
	b.server.now = func() int64 { return today.At(15, 59).UnixMilli() }
	if got := interest(today); got.err != nil || got.answer != (model.Interest{Lots: -1, Volume: 5}) {
		t.Errorf("before the figures are out: %+v", got)
	}
}
