package rules

import (
	"slices"
	"testing"

	"optflow/model"
)

// account tells a contract's day.
func (r *rig) account(contract int, second float64, day, past int64) []Event {
	r.at.Now = start + int64(second*1000)
	r.watch.At(r.at)
	a := model.Account{
		Contract: r.ids[contract], Date: model.TradingDate(r.at.Now), Day: day, Past: past, Exact: day - past, Premium: float64(day) * 1000,
		DayVwap: 10, Last: r.at.Now - 500, OpenInterest: 1000, IV: 0.4, Delta: 0.5,
	}
	r.watch.Accounts([]model.Account{a}, func(string) float64 { return 180 })
	return r.drain()
}

// A contract fires when false turns true; true at the start only arms.
func TestContractEdges(t *testing.T) {
	type step struct {
		second float64
		day    int64
		past   int64
		want   []string
	}
	for name, test := range map[string]struct {
		rule  Written
		steps []step
	}{
		"false, then true":    {Written{When: "vol>1000"}, []step{{0, 900, 900, nil}, {1, 1100, 900, []string{"fired a"}}, {2, 1200, 900, nil}}},
		"true at the start":   {Written{When: "vol>1000"}, []step{{0, 1100, 1100, nil}, {1, 1200, 1100, nil}}},
		"new, all of it seen": {Written{When: "vol>1000"}, []step{{0, 1100, 0, []string{"fired a"}}, {1, 1200, 0, nil}}},
		"again after false":   {Written{When: "vol=900..1000"}, []step{{0, 100, 100, nil}, {1, 900, 100, []string{"fired a"}}, {2, 1100, 100, nil}, {3, 950, 100, []string{"fired a"}}}},
		"rearm": {Written{When: "vol=900..1000", Rearm: "60s"}, []step{
			{0, 100, 100, nil}, {1, 900, 100, []string{"fired a"}}, {2, 1100, 100, nil}, {3, 950, 100, []string{"held a rearm"}}, {4, 960, 100, nil},
			{5, 1100, 100, nil}, {66, 1100, 100, nil}, {67, 950, 100, []string{"fired a"}}}},
		"unknown between is no edge": {Written{When: "vol>1000 vol/oi>0"}, []step{{0, 900, 900, nil}, {1, 1100, 900, []string{"fired a"}}, {-1, 0, 0, nil}, {3, 1200, 900, nil}}},
	} {
		test.rule.Name, test.rule.On = "a", "contract"
		r := newRig(t, test.rule)
		ids := map[string]bool{}
		for i, s := range test.steps {
			if s.second < 0 { // its open interest is not known
				a := model.Account{Contract: r.ids[0], Date: day, Day: 1150, Past: 900, OpenInterest: model.Unknown, IV: model.Unknown, Delta: model.Unknown}
				r.watch.Accounts([]model.Account{a}, func(string) float64 { return model.Unknown })
				if st, _ := r.watch.Stats("a"); len(r.drain()) > 0 || st.Lacked != 1 || st.Lacks.String() != "OI" {
					t.Errorf("%s: unknown: %+v", name, st)
				}
				continue
			}
			got := r.account(0, s.second, s.day, s.past)
			if !slices.Equal(said(got), s.want) {
				t.Errorf("%s, step %d: %q, want %q", name, i, said(got), s.want)
			}
			for _, e := range got {
				if ids[e.ID] {
					t.Errorf("%s: id %s twice", name, e.ID)
				}
				ids[e.ID] = true
			}
		}
	}
}

// After a restart what had fired must be false for as long as before, and what
// is told again from earlier does not fire.
func TestContractEdgesOverRestart(t *testing.T) {
	rule := Written{Name: "a", When: "vol=900..1000", On: "contract", Rearm: "60s"}
	r := newRig(t, rule)
	r.account(0, 0, 100, 100)
	r.account(0, 1, 900, 100)
	r.crash(false, rule)
	for i, second := range []float64{2, 3} {
		if got := r.account(0, second, 1100-int64(i)*150, 1100); len(got) > 0 && got[0].Kind == Fired {
			t.Errorf("at %v s: %q", second, said(got))
		}
	}
	r.account(0, 4, 1100, 1100)
	r.account(0, 70, 1100, 1100)
	if got := r.account(0, 71, 950, 1100); !slices.Equal(said(got), []string{"fired a"}) {
		t.Errorf("false for a minute: %q", said(got))
	}
	rule.Rearm = ""
	r.restart(rule)
	r.account(0, 100, 100, 100)
	r.account(0, 101, 900, 100)
	r.crash(false, rule)
	for second := range 103 {
		if got := r.account(0, float64(second), 850+int64(second%2)*100, 0); len(got) > 0 {
			t.Fatalf("told again from the start: %q at %d s", said(got), second)
		}
	}
	if got := r.account(0, 103, 950, 0); !slices.Equal(said(got), []string{"fired a"}) {
		t.Errorf("and from there on: %q", said(got))
	}
}

func TestTickerEdges(t *testing.T) {
	r := newRig(t, Written{Name: "a", When: "nvda prem>=100m", On: "ticker", Cooldown: "60s"})
	if accounts, totals := r.watch.Wants(); accounts || !totals {
		t.Error("it does not say that it wants totals alone")
	}
	var got []Event
	for second, premium := range []float64{90e6, 101e6, 102e6, 99e6, 103e6} {
		r.at.Now = start + int64(second)*1000
		r.watch.At(r.at)
		r.watch.Totals([]model.Totals{{Underlying: "NVDA", CallPremium: premium, Spot: 180}, {Underlying: "SPY", CallPremium: 2 * premium, Spot: 655}})
		got = append(got, r.drain()...)
	}
	if !slices.Equal(said(got), []string{"fired a", "held a cooldown"}) || got[0].Symbol() != "NVDA" || got[0].Row.Premium != 101e6 {
		t.Errorf("%q %+v", said(got), got)
	}
}
