package sim

import (
	"fmt"
	"testing"
	"time"

	"optflow/feed/sim/exchange"
)

// interests is what the endpoint states of a contract, by date.
func (f *floorUnderTest) interests(symbol, query string) map[string]int64 {
	f.t.Helper()
	var got struct{ Results []interestRow }
	if resp := f.get("/options/v1/open-interest?ticker="+symbol+query, &got); resp.StatusCode != 200 {
		f.t.Fatalf("%d", resp.StatusCode)
	}
	by := map[string]int64{}
	for _, row := range got.Results {
		by[row.Date] = row.Interest
	}
	return by
}

// The open interest of a day is stated on the morning after, changes by the day's
// volume at most, and is what the snapshots show then.
func TestOpenInterestByDate(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 6, Start: monday.Add(12*time.Hour + 30*time.Minute), Rate: 5, Tickers: []string{"SPY"}}, ServerOptions{}) // 23:11
		const friday, first = "2026-11-20", "2026-11-23"
		before, volumes := map[string]float64{}, map[string]int64{}
		time.Sleep(48 * time.Minute)
		for _, row := range f.wholeChain("SPY") {
			before[row.Details.Ticker], volumes[row.Details.Ticker] = row.OpenInterest, count(row.Day.Volume)
		}
		time.Sleep(6*time.Hour + 25*time.Minute) // not yet 6:30
		symbol := ""
		for s := range before {
			if volumes[s] > 100 {
				symbol = s
			}
		}
		if got := f.interests(symbol, ""); len(got) != 1 || float64(got[friday]) != before[symbol] {
			t.Errorf("before the morning: %v, want Friday's %v only", got, before[symbol])
		}
		time.Sleep(20 * time.Minute)
		checked := 0
		for _, row := range f.wholeChain("SPY") {
			s := row.Details.Ticker
			old, listed := before[s]
			if checked == 40 || !listed {
				continue
			}
			checked++
			got := f.interests(s, "&date="+first)
			if d := float64(got[first]) - old; len(got) != 1 || float64(got[first]) != row.OpenInterest || d > float64(volumes[s])+200 || -d > float64(volumes[s])+200 {
				t.Errorf("%s: stated %v, shown %v, was %v, traded %d", s, got, row.OpenInterest, old, volumes[s])
			}
		}
		if checked < 40 {
			t.Errorf("%d contracts", checked)
		}
		if got := f.interests("O:SPY261218C00999000", ""); len(got) != 0 {
			t.Errorf("of a contract that is not listed: %v", got)
		}
		if resp := f.get("/options/v1/open-interest", nil); resp.StatusCode != 400 {
			t.Errorf("without a ticker: %d", resp.StatusCode)
		}
	})
}

// Bars of an underlying are the spots that the snapshots show.
func TestSpotBars(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Tickers: []string{"SPY"}}, ServerOptions{})
		time.Sleep(3 * time.Minute)
		now := f.market.Now().UnixMilli()
		end := now / 60_000 * 60_000
		var got struct{ Results []aggBar }
		f.get(fmt.Sprintf("/v2/aggs/ticker/SPY/range/1/minute/%d/%d?sort=desc", end-5*60_000, now), &got)
		if len(got.Results) != 5 || got.Results[0].Start != end-60_000 {
			t.Fatalf("%+v, want the five minutes that are over", got.Results)
		}
		for i, b := range got.Results {
			if b.Low > b.Close || b.High < b.Close || b.Close < 100 || i > 0 && b.Start != got.Results[i-1].Start-60_000 {
				t.Errorf("%+v", b)
			}
		}
		m := f.market
		m.Hold()
		want := m.UnderlyingOf("SPY").At(end - 1000)
		m.Release()
		if got.Results[0].Close != want {
			t.Errorf("closes at %v, the spot was %v", got.Results[0].Close, want)
		}
		poor := serve(t, exchange.Options{Seed: 1, Start: monday, Tickers: []string{"SPY"}, Plan: exchange.Plan{NoUnderlying: true, NoSnapshots: true}}, ServerOptions{})
		for _, path := range []string{fmt.Sprintf("/v2/aggs/ticker/SPY/range/1/minute/%d/%d", end, now), "/options/v1/open-interest?ticker=" + busy} {
			if resp := poor.get(path, nil); resp.StatusCode != 403 {
				t.Errorf("%s of a plan without: %d", path, resp.StatusCode)
			}
		}
	})
}
