package ui

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/model/session"
)

// fixtureLedger is what came of two versions of a rule on 24 days and of another
// one on six, with controls; its outcomes are drawn, alike on one day.
func fixtureLedger(sim bool) *ledger.Ledger {
	book, cal, random := ledger.New(), (*session.Calendar)(nil), rand.New(rand.NewPCG(3, 4))
	day := model.MakeDate(2026, 9, 1)
	n := 0
	add := func(event, rule, version string, date model.Date, minute int, up float64) {
		n++
		seen := date.At(10, minute).UnixMilli()
		a := &ledger.Alert{
			V: 1, Event: event, ID: fmt.Sprint(n), Rule: rule, Version: version, On: "burst", Contract: "O:NVDA270115C00180000", Underlying: "NVDA",
			Date: date.String(), Start: seen - 2_000, End: seen - 1_000, Seen: seen, Price: 4.8, Size: 500, Premium: 240_000, Side: "A", Certainty: "sure",
			Quote: &ledger.Quote{Bid: 4.75, Ask: 4.85, Read: seen, Basis: ledger.Snapshot}, Spot: 178, Volume: 3_000, OI: 1_840, IV: .4, Delta: .5, DTE: 60, Sim: sim,
		}
		if event == "control" {
			a.Quote = nil
		}
		book.Add(a)
		for _, h := range []ledger.Horizon{ledger.After5m, ledger.After30m} {
			ms := map[ledger.Horizon]int64{ledger.After5m: 5 * 60_000, ledger.After30m: 30 * 60_000}[h]
			move := up + random.NormFloat64()
			m := &ledger.Mark{V: 1, Event: "mark", ID: a.ID, Horizon: h, Due: seen + ms, Spot: ledger.Number(178 + move/10), SpotRead: seen + ms}
			if bid := 4.75 + move/20; n%17 != 0 {
				m.Quote = &ledger.Quote{Bid: ledger.Number(bid), Ask: ledger.Number(bid + .1), Read: seen + ms, Basis: ledger.Snapshot}
			} else {
				m.Lost = "no quote"
			}
			book.Add(m)
		}
		if event == "fired" {
			book.Add(&ledger.Morning{V: 1, Event: "morning", ID: a.ID, Read: seen, OI: ledger.Number(1_840 + 2_700 + 20*(n%9)), Volume: 3_000})
		}
	}
	for i := range 34 {
		mood := random.NormFloat64() / 2
		for minute := 0; minute < 50; minute += 5 {
			add("control", "", "", day, minute, mood)
		}
		if i >= 10 {
			for minute := range 3 {
				add("fired", "nvda asks", "v1", day, 7*minute, mood)
				add("fired", "nvda asks", "v2", day, 7*minute+3, mood+.4)
			}
			if i < 16 {
				add("fired", "whales", "w1", day, 30, mood)
			}
		}
		day = cal.Next(day)
	}
	return book
}

// keptLedger gives a screen a ledger.
func keptLedger(book *ledger.Ledger, skipped ledger.Skipped, err error) func(*Options) {
	return func(o *Options) {
		withDesk(o)
		o.Ledger = func() (*ledger.Ledger, ledger.Skipped, error) { return book, skipped, err }
	}
}

// Rates stand with their days and intervals, what is too few has none, and what
// must be said stands below, in every window.
func TestLedgerPage(t *testing.T) {
	for _, size := range sizes {
		s := newStage(t, size[0], size[1], keptLedger(fixtureLedger(false), ledger.Skipped{Torn: 1}, nil)).fill()
		s.state(func(st *model.State) { st.Sim = false })
		s.keys("L")
		s.shows("Ledger  30m after the alert was seen", "3 versions tried: one in 20 looks good by chance", "nvda asks          2   72", "whales             1    6", "too few (30 alerts on 20 days are needed)",
			"LOST", "not a profit", "36 to 87", "spreads cost more than most", "an interval with 0 inside shows no difference", "left out: 1 line of the ledger")
		checkCells(t, s.m.View().Content, size[0], size[1])
		s.keys("]")
		s.shows("Ledger  close after the alert was seen")
		s.keys("[", "[")
		s.shows("Ledger  5m after the alert was seen")
		s.keys("esc")
		if s.m.page.Name() != "Tape" {
			t.Errorf("esc leads to %s", s.m.page.Name())
		}
	}
}

// The page says where there is nothing, where prices are invented, and where
// nothing can be read.
func TestLedgerPageSaysWhy(t *testing.T) {
	for _, c := range []struct {
		options func(*Options)
		says    []string
	}{
		{keptLedger(ledger.New(), ledger.Skipped{}, nil), []string{"prices are invented: these rates mean nothing", "no alert has fired yet", "a on a row or a filter of the tape makes a rule"}},
		{keptLedger(fixtureLedger(true), ledger.Skipped{}, nil), []string{"prices are invented: these rates mean nothing", "nvda asks"}},
		{keptLedger(fixtureLedger(false), ledger.Skipped{}, nil), []string{"no alert has fired yet"}}, // of real ones, on a simulated market
		{keptLedger(nil, ledger.Skipped{}, errors.New("read 2026-11.jsonl: permission denied")), []string{"permission denied"}},
		{nil, []string{"no ledger is kept here"}},
	} {
		s := newStage(t, 80, 24, c.options).fill()
		s.keys("L")
		s.shows(append(c.says, "an interval with 0 inside")...)
	}
}

// No rate and no interval is shown of few alerts, whatever they came to.
func TestFewShowNothing(t *testing.T) {
	s := newStage(t, 200, 50, keptLedger(fixtureLedger(true), ledger.Skipped{}, nil)).fill()
	s.keys("L")
	for line := range strings.Lines(s.screen()) {
		if strings.Contains(line, "whales") && strings.ContainsAny(strings.SplitN(line, "whales", 2)[1], "%+") {
			t.Errorf("%q has rates of 6 alerts", line)
		}
	}
}
