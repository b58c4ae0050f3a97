package backtest

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/model"
	"optflow/model/alert"
	"optflow/model/book"
	"optflow/model/filter"
	"optflow/model/rules"
)

var monday = model.MakeDate(2026, 11, 23)

func rule(t testing.TB, w alert.Rule) *rules.Rule {
	t.Helper()
	w.Name = "the rule"
	r, err := rules.Parse(w, filter.Env{Now: func() int64 { return monday.At(12, 0).UnixMilli() }})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tested asks a rule of a day that is saved.
func tested(t testing.TB, d *historytest.Day, w alert.Rule, after string) ([]*Hit, Session) {
	t.Helper()
	day := d.Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{})
	o := Options{Rule: rule(t, w)}
	if after != "" {
		var err error
		if o.After, err = ParseAfter(after); err != nil {
			t.Fatal(err)
		}
	}
	hits, s, err := New(o).Day(context.Background(), day, nil)
	if err != nil {
		t.Fatal(err)
	}
	return hits, s
}

// seen is what is known of hits, as text: NaN equals NaN.
func seen(hits []*Hit) (all []string) {
	for _, h := range hits {
		e := h.Event
		e.Rule, e.Contract, e.Row.Contract = nil, nil, 0
		all = append(all, fmt.Sprintf("%s %+v", h.Contract.Symbol, e))
	}
	return all
}

// A hit is what was known when it matched. Whatever comes later, corrections and
// trades planted among it, leaves each hit before it as it was.
func TestNoHindsight(t *testing.T) {
	for seed := range uint64(5) {
		until := func(later func(d *historytest.Day)) []*Hit {
			d := historytest.New(t, monday, seed)
			d.Seconds(240)
			at := d.Now
			later(d)
			hits, _ := tested(t, d, alert.Rule{When: "prem>=50k"}, "")
			var before []*Hit
			for _, h := range hits {
				if h.At <= at {
					before = append(before, h)
				}
			}
			return before
		}
		alone := until(func(*historytest.Day) {})
		if len(alone) < 10 {
			t.Fatalf("%d hits", len(alone))
		}
		planted := until(func(d *historytest.Day) {
			for k := range historytest.Symbols {
				for back := int64(1000); back < 200_000; back += 1000 {
					if row := d.Book.Window(d.ID(k), d.Now-back, model.Second); row != nil {
						d.Bar(k, d.Now-back, max(1, int64(row.Size)*3), 9.99)
					}
				}
			}
			d.Tick(250)
			d.Seconds(60)
		})
		if got, want := seen(planted), seen(alone); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: what came later changed what was known:\n%s\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		changed := 0
		for _, h := range planted {
			if h.Last != nil {
				changed++
			}
		}
		if changed == 0 {
			t.Error("no hit has another last version")
		}
	}
}

// trade is a trade of the first contract, 180 calls of NVDA.
func trade(d *historytest.Day, lots int64, price float64) {
	d.Tick(1000)
	d.Trade(0, lots, price)
	d.Tick(250)
	d.Tick(750)
}

func TestWhatBecameOfAHit(t *testing.T) {
	d := historytest.New(t, monday, 1)
	d.Snapshot(0, 5, 178.20)
	trade(d, 200, 5) // 100k
	first := d.Now
	trade(d, 100, 5) // grows
	for range 20 {
		d.Tick(1000)
	}
	trade(d, 300, 5)
	start := d.Now/1000*1000 - 2000
	d.Tick(250)
	d.Bar(0, start, 1, 5) // corrected to next to nothing
	for range 280 {
		d.Tick(1000)
	}
	d.Snapshot(0, 5, 179.10)
	for range 60 {
		d.Tick(1000)
	}
	hits, s := tested(t, d, alert.Rule{When: "nvda prem>=100k"}, "5m,30m,close")
	if len(hits) != 2 || s.Hits != 2 || s.Held != 0 || s.Revised != 1 {
		t.Fatalf("%d hits, %+v", len(hits), s)
	}
	a, b := hits[0], hits[1]
	if a.Row.Size != 200 || a.At > first || a.Last == nil || a.Last.Size != 300 || a.Revised || a.Withdrawn || math.Abs(a.Spot-178.20) > 1e-4 {
		t.Errorf("%+v", a)
	}
	if b.Row.Size != 300 || b.Last == nil || b.Last.Size != 1 || !b.Revised {
		t.Errorf("%+v", b)
	}
	five, half, closes := a.After[0], a.After[1], a.After[2]
	if five.Spot != 179.10 || five.Why != "" || math.Abs(five.Change-(179.10/178.20-1)) > 1e-6 || five.At != a.At+5*60_000 {
		t.Errorf("%+v", five)
	}
	if half.Why != "the recording ends before" || half.Spot == half.Spot || closes.Why != "the recording ends before" || closes.At != monday.At(16, 0).UnixMilli() {
		t.Errorf("%+v, %+v", half, closes)
	}
}

// What a rule holds back is a hit that is said to be held; a filter has no limits.
func TestHeldBack(t *testing.T) {
	made := func() *historytest.Day {
		d := historytest.New(t, monday, 1)
		for range 70 {
			trade(d, 200, 5)
			for range 30 {
				d.Tick(1000)
			}
		}
		return d
	}
	hits, s := tested(t, made(), alert.Rule{When: "nvda", Cooldown: "5m"}, "")
	if len(hits) != 70 || s.Hits+s.Held != 70 || s.Hits > 8 || hits[1].Reason != rules.HeldCooldown {
		t.Errorf("%d hits, %+v", len(hits), s)
	}
	day := made().Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{})
	free, err := rules.Ringing(alert.Rule{Name: "filter", When: "nvda"}, model.DefaultRules(), filter.Env{})
	if err != nil {
		t.Fatal(err)
	}
	hits, s, err = New(Options{Rule: free}).Day(context.Background(), day, nil)
	if err != nil || len(hits) != 70 || s.Hits != 70 {
		t.Errorf("%d hits, %+v, %v", len(hits), s, err)
	}
}

// A rule that fires once is spent for the days after, and what fired is not told
// again on them.
func TestOnceOverDays(t *testing.T) {
	test := New(Options{Rule: rule(t, alert.Rule{When: "nvda", Once: true})})
	for i, date := range []model.Date{monday, monday + 1} {
		d := historytest.New(t, date, 1)
		trade(d, 200, 5)
		d.Tick(1000)
		day := d.Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{Rules: book.Rules + 1})
		hits, s, err := test.Day(context.Background(), day, nil)
		if err != nil || len(hits) != 1 || s.Hits != 1-i || s.Held != i || !s.Older {
			t.Errorf("day %d: %d hits, %+v, %v", i, len(hits), s, err)
		}
	}
}

// Rules of contracts and tickers are asked of the day as it was by then.
func TestRulesOfTheDay(t *testing.T) {
	d := historytest.New(t, monday, 1)
	d.Tell(&book.Baseline{Ticker: "NVDA", Read: d.Now})
	for range 15 {
		d.Tick(1000)
	}
	for range 10 {
		trade(d, 100, 5)
	}
	hits, _ := tested(t, d, alert.Rule{When: "vol>=500", On: "contract"}, "5m")
	if len(hits) != 1 || hits[0].Row.DayVolume != 500 || hits[0].Last != nil {
		t.Errorf("%+v", hits)
	}
	hits, _ = tested(t, d, alert.Rule{When: "nvda vol>=500", On: "ticker"}, "close")
	if len(hits) != 1 || hits[0].Contract.Symbol != "" || hits[0].After[0].Why == "" {
		t.Errorf("%+v", hits)
	}
}

func TestCancelledIsPartial(t *testing.T) {
	d := historytest.New(t, monday, 1)
	d.Seconds(600)
	day := d.Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{})
	ctx, cancel := context.WithCancel(context.Background())
	hits, s, err := New(Options{Rule: rule(t, alert.Rule{When: "prem>=50k"})}).Day(ctx, day, func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	})
	if err == nil || !s.Partial || len(hits) == 0 {
		t.Errorf("%d hits, %+v, %v", len(hits), s, err)
	}
}

func TestParseAfter(t *testing.T) {
	if all, err := ParseAfter("5m, 1h30m,close"); err != nil || len(all) != 3 || all[1].By.Minutes() != 90 || all[2].By != 0 {
		t.Errorf("%v, %v", all, err)
	}
	for _, wrong := range []string{"", "soon", "-5m", "0s", "48h", "5m,300s"} {
		if _, err := ParseAfter(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
