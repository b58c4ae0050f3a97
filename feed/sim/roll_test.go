package sim

import (
	"testing"
	"time"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

func TestDayRolls(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		start := monday.Add(13*time.Hour + 15*time.Minute) // 23:56
		f := serve(t, exchange.Options{Seed: 6, Start: start, Rate: 60, Tickers: []string{"SPY", "SPX"}}, ServerOptions{})
		before := map[string]chainRow{}
		time.Sleep(4*time.Minute - 100*time.Millisecond)
		for _, row := range f.wholeChain("SPY") {
			before[row.Details.Ticker] = row
		}
		const expiring = "O:SPY261123C00656000"
		if before[expiring].Details.Ticker == "" {
			t.Fatal("no contract expires today")
		}
		time.Sleep(3 * time.Second)
		after := map[string]chainRow{}
		yesterdays, today := 0, map[string]int64{}
		for _, tr := range f.market.Trades("") {
			if tr.Time >= basis.StartOfDay(model.TradingDate(start.UnixMilli())+1) {
				today[tr.Symbol] += tr.Size
			}
		}
		for _, row := range f.wholeChain("SPY") {
			after[row.Details.Ticker] = row
			old := before[row.Details.Ticker]
			if day := count(row.Day.Volume); day != today[row.Details.Ticker] {
				t.Errorf("%s: volume %d after midnight, %d traded", row.Details.Ticker, day, today[row.Details.Ticker])
			}
			if count(row.Day.Volume) > 0 && row.Day.LastUpdated != basis.StartOfDay(model.TradingDate(start.UnixMilli())+1)*1e6 {
				t.Errorf("%s: last_updated %d is not today", row.Details.Ticker, row.Day.LastUpdated)
			}
			if old.Day.Close > 0 && row.Day.PreviousClose == old.Day.Close {
				yesterdays++
			}
		}
		if _, listed := after[expiring]; listed {
			t.Error("an expired contract is still listed")
		}
		if yesterdays < 100 {
			t.Errorf("only %d contracts have yesterday's close as their previous one", yesterdays)
		}
		var gone page
		if resp := f.get("/v3/reference/options/contracts/"+expiring, &gone); resp.StatusCode != 404 {
			t.Errorf("the expired contract answers %d", resp.StatusCode)
		}
		var expired struct{ Results []reference }
		f.get("/v3/reference/options/contracts?underlying_ticker=SPY&expired=true&limit=1000", &expired)
		if len(expired.Results) == 0 {
			t.Error("no expired contracts")
		}
		// Tuesday's dailies are two weeks on: a new expiry was listed.
		fresh := 0
		for symbol := range after {
			if _, old := before[symbol]; !old {
				fresh++
			}
		}
		if fresh == 0 {
			t.Error("nothing new was listed")
		}
	})
}
