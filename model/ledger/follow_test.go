package ledger

import (
	"math"
	"slices"
	"testing"

	"optflow/model"
	"optflow/model/filter"
)

func testEnv() filter.Env { return filter.Env{Now: func() int64 { return day.At(10, 0).UnixMilli() }} }

func TestWhen(t *testing.T) {
	at := func(d model.Date, hour, minute int) int64 { return d.At(hour, minute).UnixMilli() }
	seen := func(d model.Date, hour, minute int) func(*Alert) {
		return func(a *Alert) { a.Date, a.Seen = d.String(), at(d, hour, minute) }
	}
	contract := func(symbol string, edit func(*Alert)) func(*Alert) {
		return func(a *Alert) { edit(a); a.Contract = symbol }
	}
	friday := day + 4 // after Thanksgiving, until 13:00
	for name, test := range map[string]struct {
		edit func(*Alert)
		h    Horizon
		want int64
		why  string
	}{
		"5 minutes":                 {seen(day, 10, 0), After5m, at(day, 10, 5), ""},
		"30 minutes":                {seen(day, 10, 0), After30m, at(day, 10, 30), ""},
		"5 minutes before the end":  {seen(day, 15, 55), After5m, at(day, 16, 0), ""},
		"4 minutes before the end":  {seen(day, 15, 56), After5m, 0, LostClosed},
		"SPY trades on":             {contract("O:SPY261218C00655000", func(a *Alert) { seen(day, 15, 56)(a); a.Underlying = "SPY" }), After5m, at(day, 16, 1), ""},
		"close":                     {seen(day, 10, 0), AtClose, at(day, 16, 0), ""},
		"early close":               {seen(friday, 10, 0), AtClose, at(friday, 13, 0), ""},
		"seen after the close":      {seen(day, 16, 1), AtClose, 0, LostClosed},
		"next open":                 {seen(day, 10, 0), NextOpen, at(day+1, 9, 30), ""},
		"over Thanksgiving":         {seen(day+2, 10, 0), NextOpen, at(friday, 9, 30), ""},
		"next close, early":         {seen(day+2, 10, 0), NextClose, at(friday, 13, 0), ""},
		"over the weekend":          {seen(friday, 10, 0), NextClose, at(day+7, 16, 0), ""},
		"expiry":                    {seen(day, 10, 0), AtExpiry, at(model.MakeDate(2026, 12, 18), 16, 0), ""},
		"expiry on the same day":    {contract("O:NVDA261123C00180000", seen(day, 10, 0)), AtExpiry, at(day, 16, 0), ""},
		"no next open":              {contract("O:NVDA261123C00180000", seen(day, 10, 0)), NextOpen, 0, LostExpired},
		"no morning":                {contract("O:NVDA261123C00180000", seen(day, 10, 0)), InMorning, 0, LostExpired},
		"settled at the open":       {contract("O:SPX261218C06800000", func(a *Alert) { seen(day, 10, 0)(a); a.Underlying = "SPX" }), AtExpiry, at(model.MakeDate(2026, 12, 18), 9, 30), ""},
		"morning":                   {seen(day, 10, 0), InMorning, at(day+1, 6, 45), ""},
		"the morning after holiday": {seen(day+2, 10, 0), InMorning, at(friday, 6, 45), ""},
		"a ticker":                  {contract("NVDA", seen(day, 10, 0)), AtExpiry, 0, "a ticker does not expire"},
		"a ticker's close":          {contract("NVDA", seen(day, 10, 0)), NextClose, at(day+1, 16, 0), ""},
	} {
		got, why := followed(fired(test.edit)).When(test.h, cal)
		if got != test.want || why != test.why {
			t.Errorf("%s: %d %q, want %d %q", name, got, why, test.want, test.why)
		}
	}
}

// What is due is said until it is written; what the calendar rules out is said
// at once.
func TestDue(t *testing.T) {
	a := fired(func(a *Alert) { a.Seen = day.At(15, 50).UnixMilli() })
	k := fired(func(k *Alert) { k.ID, k.Event, k.Seen, k.Start = "k", "control", a.Seen, 5 })
	l := New()
	l.Add(a)
	l.Add(k)
	due := func(hour, minute int) (out []string) {
		for _, d := range l.Due(cal, day.At(hour, minute).UnixMilli()) {
			text := d.Of.ID + " " + string(d.Horizon)
			if d.Quote {
				text += " quote"
			}
			if d.Missed {
				text += " missed"
			}
			if d.Lost != "" {
				text += " lost: " + d.Lost
				l.Add(&Mark{ID: d.Of.ID, Horizon: d.Horizon, Lost: d.Lost})
			}
			out = append(out, text)
		}
		return out
	}
	if got, want := due(15, 50), []string{"a 30m lost: after the close", "k 30m lost: after the close"}; !slices.Equal(got, want) {
		t.Errorf("at once %q, want %q", got, want)
	}
	if got := l.Next(cal, a.Seen); got != day.At(15, 55).UnixMilli() {
		t.Errorf("next at %d", got)
	}
	if got, want := due(15, 56), []string{"a 5m quote", "k 5m"}; !slices.Equal(got, want) {
		t.Errorf("after 6 minutes %q, want %q", got, want)
	}
	l.Add(&Mark{ID: "k", Horizon: After5m, Spot: 180})
	if got, want := due(16, 0), []string{"a 5m quote missed", "a close quote", "k close"}; !slices.Equal(got, want) {
		t.Errorf("at the close %q, want %q", got, want)
	}
	m := mark(a, After5m, 5, 5.1, 181)
	m.Quote.Basis = RestQuote
	l.Add(m)
	if got, want := due(16, 0), []string{"a entry quote missed", "a close quote", "k close"}; !slices.Equal(got, want) {
		t.Errorf("filled by a rest-quote %q, want %q", got, want)
	}
	l.Add(&Mark{ID: "a", Horizon: Entry, Quote: &Quote{Bid: 4.8, Ask: 5, Read: a.Seen, Basis: RestQuote}})
	if got, want := due(16, 0), []string{"a close quote", "k close"}; !slices.Equal(got, want) {
		t.Errorf("with its entry %q, want %q", got, want)
	}
	l.Add(mark(a, AtClose, 5, 5.1, 181))
	l.Add(&Mark{ID: "k", Horizon: AtClose, Spot: 180})
	l.Add(&Morning{ID: "a", OI: 5, Volume: 5})
	if got := due(16, 30); len(got) != 0 {
		t.Errorf("all written: %q", got)
	}
}

func TestEnter(t *testing.T) {
	for name, test := range map[string]struct {
		q    *Quote
		want string
	}{
		"good":            {&Quote{Bid: 4.8, Ask: 5, Read: 1_000}, ""},
		"read 10 s after": {&Quote{Bid: 4.8, Ask: 5, Read: 11_000}, ""},
		"read 11 s after": {&Quote{Bid: 4.8, Ask: 5, Read: 12_000}, "late quote at entry"},
		"half of the mid": {&Quote{Bid: 3, Ask: 5, Read: 1_000}, ""},
		"wide":            {&Quote{Bid: 2.9, Ask: 5, Read: 1_000}, "wide at entry"},
		"no bid":          {&Quote{Bid: 0, Ask: 0.05, Read: 1_000}, "no bid at entry"},
		"no ask":          {&Quote{Bid: 1, Ask: None, Read: 1_000}, "no quote at entry"},
		"crossed":         {&Quote{Bid: 5, Ask: 4, Read: 1_000}, "no quote at entry"},
		"none":            {nil, "no quote at entry"},
		"unknown bid":     {&Quote{Bid: None, Ask: 5, Read: 1_000}, "no bid at entry"},
	} {
		if got := test.q.Enter(1_000); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// A loser is never lost for being hard to sell: without a bid it is worth
// nothing, however wide and old its quote.
func TestReturn(t *testing.T) {
	for name, test := range map[string]struct {
		edit     func(*Alert)
		mark     func(*Mark)
		bid, ask float64
		mid, net float64
		lost     string
	}{
		"a gain":           {bid: 5.8, ask: 6, mid: 5.9/4.9 - 1, net: 5.8/5 - 1},
		"no bid":           {bid: 0, ask: 0.05, mid: -1, net: -1},
		"no bid, asked 50": {bid: 0, ask: 50, mid: -1, net: -1},
		"wide":             {bid: 0.1, ask: 9, mid: 4.55/4.9 - 1, net: 0.1/5 - 1},
		"stale":            {bid: 5.8, ask: 6, mark: func(m *Mark) { m.Quote.Read += 212_000 }, lost: "stale 212 s"},
		"a minute late":    {bid: 5.8, ask: 6, mark: func(m *Mark) { m.Quote.Read += 60_000 }, mid: 5.9/4.9 - 1, net: 5.8/5 - 1},
		"no quote":         {mark: func(m *Mark) { m.Quote = nil }, lost: "no quote"},
		"halted":           {mark: func(m *Mark) { m.Quote, m.Lost = nil, "halted" }, lost: "halted"},
		"no entry":         {edit: func(a *Alert) { a.Quote = nil }, bid: 5.8, ask: 6, lost: "no quote at entry"},
		"wide entry":       {edit: func(a *Alert) { a.Quote.Bid = 1 }, bid: 5.8, ask: 6, lost: "wide at entry"},
		"two bases":        {bid: 5.8, ask: 6, mark: func(m *Mark) { m.Quote.Basis = RestQuote }, lost: "no quote at entry"},
		"bought by nobody": {edit: func(a *Alert) { a.Side = "B" }, bid: 5.8, ask: 6, mid: 5.9/4.9 - 1, net: math.NaN()},
	} {
		a := fired(test.edit)
		m := mark(a, After30m, test.bid, test.ask, 181)
		if test.mark != nil {
			test.mark(m)
		}
		r, lost, open := followed(a, m).Return(After30m)
		if open || lost != test.lost || lost == "" && (!near(r.Mid, test.mid) || !near(r.Net, test.net)) {
			t.Errorf("%s: %+v %q", name, r, lost)
		}
	}
	if _, _, open := followed(fired(nil)).Return(After30m); !open {
		t.Error("without a mark it is not open")
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 || math.IsNaN(a) && math.IsNaN(b) }

func TestAtExpiry(t *testing.T) {
	for name, test := range map[string]struct {
		symbol string
		edit   func(*Alert, *Mark)
		spot   float64
		want   float64 // net
		lost   string
	}{
		"call in the money":     {symbol: nvda, spot: 190, want: 10.0/5 - 1},
		"call out of the money": {symbol: nvda, spot: 170, want: -1},
		"put in the money":      {symbol: "O:NVDA261218P00180000", spot: 170, want: 10.0/5 - 1},
		"late spot":             {symbol: nvda, edit: func(_ *Alert, m *Mark) { m.SpotLate = true }, spot: 190, lost: "spot late"},
		"adjusted":              {symbol: nvda, edit: func(a *Alert, _ *Mark) { a.Adjusted = true }, spot: 190, lost: "adjusted"},
		"no spot":               {symbol: nvda, edit: func(_ *Alert, m *Mark) { m.Spot = None }, spot: 190, lost: "no spot"},
	} {
		a := fired(func(a *Alert) { a.Contract = test.symbol })
		m := mark(a, AtExpiry, 0, 0, test.spot)
		m.Quote = nil
		if test.edit != nil {
			test.edit(a, m)
		}
		r, lost, _ := followed(a, m).Return(AtExpiry)
		if lost != test.lost || lost == "" && !near(r.Net, test.want) {
			t.Errorf("%s: %+v %q", name, r, lost)
		}
	}
}

func TestHit(t *testing.T) {
	put := "O:NVDA261218P00180000"
	for name, test := range map[string]struct {
		contract, side, certainty string
		edit                      func(*Alert, *Mark)
		spot                      float64
		want                      Outcome
		lost                      string
	}{
		"call at the ask, up":   {nvda, "A", "sure", nil, 181, Hit, ""},
		"call at the ask, down": {nvda, "AA", "sure", nil, 179, Miss, ""},
		"call at the bid, down": {nvda, "b", "fair", nil, 179, Hit, ""},
		"put at the ask, down":  {put, "a", "sure", nil, 179, Hit, ""},
		"put at the bid, down":  {put, "BB", "sure", nil, 179, Miss, ""},
		"where it was":          {nvda, "A", "sure", nil, 180, Tie, ""},
		"middle":                {nvda, "M", "sure", nil, 181, Sideless, ""},
		"unknown":               {nvda, "", "", nil, 181, Sideless, ""},
		"loose":                 {nvda, "A", "loose", nil, 181, Sideless, ""},
		"late spot":             {nvda, "A", "sure", func(_ *Alert, m *Mark) { m.SpotLate = true }, 181, Lost, "spot late"},
		"late spot at entry":    {nvda, "A", "sure", func(a *Alert, _ *Mark) { a.SpotLate = true }, 181, Lost, "spot late"},
		"no spot":               {nvda, "A", "sure", func(_ *Alert, m *Mark) { m.Spot = None }, 181, Lost, "no spot"},
		"stale spot":            {nvda, "A", "sure", func(_ *Alert, m *Mark) { m.SpotRead += 90_000 }, 181, Lost, "stale 90 s"},
		"no quote, but a spot":  {nvda, "A", "sure", func(_ *Alert, m *Mark) { m.Quote, m.Lost = nil, "no quote" }, 181, Hit, ""},
		"gone":                  {nvda, "A", "sure", func(_ *Alert, m *Mark) { m.Quote, m.Spot, m.Lost = nil, None, "expired" }, 181, Lost, "expired"},
	} {
		a := fired(func(a *Alert) { a.Contract, a.Side, a.Certainty = test.contract, test.side, test.certainty })
		m := mark(a, After30m, 5, 5.1, test.spot)
		if test.edit != nil {
			test.edit(a, m)
		}
		if got, lost := followed(a, m).Hit(After30m); got != test.want || lost != test.lost {
			t.Errorf("%s: %d %q, want %d %q", name, got, lost, test.want, test.lost)
		}
	}
}

// What was given up and found after all counts.
func TestFoundAfterAll(t *testing.T) {
	a := fired(nil)
	f := followed(a, &Mark{ID: a.ID, Horizon: After30m, Lost: "no quote", Spot: None}, mark(a, After30m, 5.8, 6, 181))
	if o, lost := f.Hit(After30m); o != Hit || lost != "" {
		t.Errorf("%d %q", o, lost)
	}
	if r, lost, _ := f.Return(After30m); lost != "" || !near(r.Net, 5.8/5-1) {
		t.Errorf("%+v %q", r, lost)
	}
}
